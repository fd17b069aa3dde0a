// TCP where no claim can look: who has the socket's lock, what sendfile holds back, and whose pages an skb holds.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { outcomesOfPicks } from "../../../src/model/schedule.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

function setupOf(threads: string): Setup {
  const { program, diagnostics } = parseProgram(
    `litmus tcp\nfile f = 0x1f * 8192\npipe p\nsocket s tcp\n${threads}`,
  );
  expect(diagnostics).toEqual([]);
  const settings = { profile: parseProfile("6.18/ext4"), policy: parsePolicy("linux") };
  return { program: program!, ...settings, environment: ENVIRONMENT };
}

/** A core before the first step of these threads. */
function coreOf(threads: string): Core {
  const core = new Core();
  core.reset(setupOf(threads));
  return core;
}

/** Steps the task until `done`, or until it cannot go on. */
function run(core: Core, task: number, done = (): boolean => false): void {
  for (let i = 0; i < 100 && core.enabled().includes(task) && !done(); i++) core.step(task);
}

/** The frags that wait at s.b. */
const waiting = (core: Core): number => core.world().sockets[1]!.frags.length;

test("who receives has the socket's lock: a send on the same end waits, one on the other does not", () => {
  const core = coreOf(`thread a {
  write(s.a, "abc")
  read(s.b, 3)
}
thread b {
  write(s.b, "x")
}
thread c {
  write(s.a, "y")
}
`);
  run(core, 0, () => core.world().sockets[1]!.lockedBy !== undefined);
  run(core, 1);
  run(core, 2);
  const [, read, sent, other] = core.outcome().results;
  expect([read!.status, sent!.status, other!.status]).toEqual(["blocked", "blocked", "returned"]);
  run(core, 0);
  run(core, 1);
  expect(core.outcome().results.map(({ ret }) => ret)).toEqual([3, 3, 1, 1]);
});

test("what sendfile holds back nobody finds before the end of its input", () => {
  const core = coreOf(`thread a {
  sendfile(s.a, f, 0, 10000)
}
thread b {
  recv(s.b, 10000, MSG_DONTWAIT)
  ioctl(s.b, FIONREAD)
}
`);
  run(core, 0, () => waiting(core) > 0);
  run(core, 1);
  const [sent, received, asked] = core.outcome().results;
  expect([sent!.status, received!.errno, asked!.out]).toEqual(["blocked", 11, 0]);
  run(core, 0);
  expect(core.outcome().pipes.at(-1)!.bytes.length).toBe(8192);
});

test("an skb goes with its last byte: frags of two sends leave the queue together", () => {
  const core = coreOf(`thread a {
  splice(f, 0, p.w, NULL, 4096, 0)
  splice(p.r, NULL, s.a, NULL, 4096, 0)
  write(s.a, "abc")
  read(s.b, 4097)
  read(s.b, 2)
}
`);
  run(core, 0, () => core.outcome().results[3]!.status === "returned");
  expect(waiting(core)).toBe(2);
  run(core, 0);
  expect(waiting(core)).toBe(0);
});

const MORE = `thread a {
  send(s.a, "abc", MSG_MORE)
}
thread b {
  read(s.b, 10)
}
`;

test("what is held back comes when the timer runs, and the run is not over before", () => {
  const core = coreOf(MORE);
  run(core, 1);
  run(core, 0);
  expect(core.enabledThreads()).toEqual([]);
  expect(core.isOver()).toBe(false);
  const [timer] = core.enabledLate();
  expect(core.background(timer!)).toBe("timer of s.a");
  core.step(timer!);
  run(core, 1);
  expect(core.outcome().results[1]!.ret).toBe(3);
  expect(core.isOver()).toBe(true);
});

test("call by call, the timer may run before the next call or behind it", () => {
  const setup = setupOf(`thread a {
  send(s.a, "abc", MSG_MORE)
  recv(s.b, 10, MSG_DONTWAIT)
}
`);
  const { outcomes, complete } = outcomesOfPicks(new Core(), setup, []);
  expect(complete).toBe(true);
  const received = new Set(outcomes.map(({ results }) => results[1]!.ret));
  expect([...received].sort()).toEqual([-1, 3]);
});

test("the timer runs within a call's round or in one of its own: who waits for a notification starts one or two rounds later", () => {
  const setup = setupOf(`
thread a {
  io_uring_enter(c)
  after c:y.notif
  recv(s.b, 10, 0)
}
chain c {
  y: send(s.a, "abc", MSG_MORE | MSG_ZEROCOPY)
}
`);
  const { outcomes } = outcomesOfPicks(new Core(), setup, [0]);
  const started = new Set(outcomes.map(({ results }) => results[1]!.startedAt));
  expect([...started].sort()).toEqual([1, 2]);
});
