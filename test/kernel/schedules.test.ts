// All orders of calls.

import { expect, test } from "vitest";
import type { Program } from "../../src/language/program.js";
import { callSchedules } from "../../src/kernel/schedules.js";
import { program } from "./programs.js";

const two: Program = program([], 0, [
  [
    ["close", 3],
    ["close", 4],
  ],
  [
    ["close", 5],
    ["close", 6],
  ],
]);

/** The same program, with one call waiting for others. */
function waiting(call: number, after: number[]): Program {
  const threads = two.threads.map((thread) => ({
    ...thread,
    calls: thread.calls.map((c) => (c.id === call ? { ...c, after } : c)),
  }));
  return { ...two, threads };
}

test("two threads of two calls have six orders, the first thread first", () => {
  const all = callSchedules(two, 100);
  expect(all.map((picks) => picks.join(""))).toEqual([
    "0011",
    "0101",
    "0110",
    "1001",
    "1010",
    "1100",
  ]);
});

test("the limit cuts", () => {
  expect(callSchedules(two, 4)).toEqual(callSchedules(two, 100).slice(0, 4));
  expect(callSchedules(two, 0)).toEqual([]);
});

test("a call comes after those it waits for", () => {
  expect(callSchedules(waiting(2, [0]), 100).map((p) => p.join(""))).toEqual([
    "0011",
    "0101",
    "0110",
  ]);
});

test("a call that waits for itself is left out, with those behind it", () => {
  expect(callSchedules(waiting(2, [2]), 100)).toEqual([[0, 0]]);
});

test("a program without calls has one order", () => {
  expect(callSchedules(program([], 0, []), 5)).toEqual([[]]);
});
