// vmsplice out of a pipe, where no claim shows it: what leaves the model, and whom it wakes.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { traceOf } from "../../../src/model/trace.js";
import type { Trace } from "../../../src/trace/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

const MAP = "m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)";

function traced(body: string): Trace {
  const { program } = parseProgram(`litmus out\n${body}\n`);
  return traceOf(new Core(), {
    program: program!,
    profile: parseProfile("6.18/ext4"),
    policy: parsePolicy("linux"),
    environment: ENVIRONMENT,
  });
}

test("a page that is copied onto itself at another offset leaves the model, at the same one it stays", () => {
  const onto = (offset: number): Trace =>
    traced(`pipe p
thread t {
  ${MAP}
  store(m, 0x11 * 4096, 0)
  vmsplice(p.w, m, 2048, 0, 0)
  vmsplice(p.r, m, 2048, ${offset}, 0)
}`);
  expect(onto(512).outcome.results[3]?.status).toBe("blocked");
  expect(onto(0).outcome.results[3]?.status).toBe("returned");
});

test("a slot that spans two pages of memory is freed, and wakes a writer, with its second page alone", () => {
  const { steps } = traced(`pipe p size 4096
thread t {
  write(p.w, 0x11 * 4096)
  ${MAP}
  s: vmsplice(p.r, m, 4096, 4000, 0) = 4096
}`);
  const used = steps.map(({ world }) => world.pipes[0]!.slots.length);
  const copies = steps.filter(({ events }) => events.some(({ kind }) => kind === "consume"));
  expect(copies).toHaveLength(2);
  expect(used[steps.indexOf(copies[0]!)]).toBe(1);
  expect(used[steps.indexOf(copies[1]!)]).toBe(0);
});
