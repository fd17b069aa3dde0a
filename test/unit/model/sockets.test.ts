// UNIX sockets where no claim can look: between the two steps of shutdown(), what other readers take, and what a splice that
// sleeps has locked.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { outcomesOfOrders } from "../../../src/model/orders.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

const setupOf = (threads: string): Setup => {
  const { program, diagnostics } = parseProgram(`litmus sockets\npipe p\nsocket s\n${threads}`);
  expect(diagnostics).toEqual([]);
  const settings = { profile: parseProfile("6.18/ext4"), policy: parsePolicy("linux") };
  return { program: program!, ...settings, environment: ENVIRONMENT };
};

/** Steps the task until it cannot go on, or has entered its call and taken so many steps. */
function run(core: Core, task: number, stepsMax = 100): void {
  for (let i = 0; i < stepsMax && core.enabled().includes(task); i++) core.step(task);
}

test("an end that is shut down knows it before the other one does", () => {
  const core = new Core();
  core.reset(
    setupOf(`thread a {
  shutdown(s.a, SHUT_RDWR)
}
thread b {
  send(s.b, "x", MSG_NOSIGNAL)
  recv(s.b, 1, MSG_DONTWAIT)
}
`),
  );
  run(core, 0, 2);
  run(core, 1);
  const [, send, recv] = core.outcome().results;
  expect([send!.ret, recv!.ret]).toEqual([-1, -1]);
  run(core, 0);
  expect(core.world().sockets.map(({ sendsNoMore }) => sendsNoMore)).toEqual([true, true]);
});

test("who waits for all may lose a part to another reader", () => {
  const { outcomes } = outcomesOfOrders(
    new Core(),
    setupOf(`thread a {
  recv(s.b, 4, MSG_WAITALL)
}
thread b {
  recv(s.b, 2, 0)
}
thread c {
  send(s.a, "ab", 0)
  send(s.a, "cd", 0)
  close(s.a)
}
`),
  );
  const taken = outcomes.map(({ results }) => results.slice(0, 2).map(({ data }) => data.length));
  expect(taken).toContainEqual([2, 2]);
  expect(taken).not.toContainEqual([4, 2]);
});

test("a splice that sleeps for bytes has its pipe locked, and an outcome leaves that out", () => {
  const core = new Core();
  core.reset(
    setupOf(`thread a {
  splice(s.b, NULL, p.w, NULL, 4096, 0)
}
thread b {
  poll(p.r, POLLIN, 0)
  close(p.r)
}
`),
  );
  run(core, 0);
  run(core, 1);
  expect(core.enabled()).toEqual([]);
  const { results, pipes } = core.outcome();
  expect(results.map(({ status }) => status)).toEqual(["blocked", "returned", "blocked"]);
  expect(pipes.map(({ fd }) => fd)).toEqual([5, 6]);
  expect(core.world().pipes[0]!.lockedBy).toBe(0);
});
