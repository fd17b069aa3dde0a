// Opening a FIFO, step by step: what no schedule of whole calls shows.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { traceOf, traceOfSteps } from "../../../src/model/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

function setupOf(body: string): Parameters<typeof traceOf>[1] {
  const { program, diagnostics } = parseProgram(`litmus fifo\n${body}\n`);
  expect(diagnostics).toEqual([]);
  return {
    program: program!,
    profile: parseProfile("6.18/ext4"),
    policy: parsePolicy("linux"),
    environment: ENVIRONMENT,
  };
}

test("an open in progress keeps the ring that the last close would take", () => {
  const setup = setupOf(`thread a {
  mkfifo("q", 0600)
  q = open("q", O_RDWR)
  w: write(q, "abc")
  close(q)
}
thread b {
  after a:w
  q = open("q", O_RDWR | O_NONBLOCK)
  read(q, 10)
}`);
  const readAfter = (schedule: readonly number[]) =>
    traceOfSteps(new Core(), setup, schedule).outcome.results[5]!;
  // mkfifo, two steps of open, two of write; then close has two.
  const written = [0, 0, 0, 0, 0];
  expect(readAfter([...written, 1, 0, 0]).ret).toBe(3);
  expect(readAfter([...written, 0, 0, 1]).ret).toBe(-1);
});

test("an open that waits has its number, and its ring, and is woken by the partner's second step", () => {
  const setup = setupOf(`file f
thread a {
  m: mkfifo("q", 0600)
  r = open("q", O_RDONLY)
}
thread b {
  after a:m
  g = open("f", O_RDONLY)
  w = open("q", O_WRONLY)
}`);
  const { steps, outcome } = traceOf(new Core(), setup, [0, 0, 1, 1]);
  expect(outcome.results.map(({ ret }) => ret)).toEqual([0, 4, 5, 6]);
  const waits = steps.map(({ world }) => world.pipes[0]?.readWaiters.length ?? 0);
  expect(waits).toEqual([0, 0, 1, 1, 1, 0, 0]);
  expect(steps.at(-1)?.phase).toBe("partner");
  expect(steps.at(-1)?.world.pipes[0]).toMatchObject({ name: "q", readers: 1, writers: 1 });
});

test("a writer that is refused leaves nothing behind", () => {
  const setup = setupOf(`thread a {
  mkfifo("q", 0600)
  open("q", O_WRONLY | O_NONBLOCK)
  open("q", O_RDWR)
}`);
  const { steps, outcome } = traceOf(new Core(), setup);
  expect(outcome.results.map(({ ret, errno }) => [ret, errno])).toEqual([
    [0, 0],
    [-1, 6],
    [3, 0],
  ]);
  expect(steps.map(({ world }) => world.pipes.length)).toEqual([0, 1, 0, 1, 1]);
});
