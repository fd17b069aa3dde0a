// All orders of calls.

import { expect, test } from "vitest";
import type { Program } from "../../src/language/program.js";
import { callSchedules, spreadSchedules } from "../../src/kernel/schedules.js";
import { parseProgram } from "../../src/language/parse-program.js";
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

test("requests start by themselves, once they are handed over", () => {
  const { program: requests } = parseProgram(
    "litmus x\nfile f\npipe p\nthread a { io_uring_enter(c) close(f) }\n" +
      "chain c { y: splice(f, 0, p.w, NULL, 1, 0) }\nthread b { after c:y close(p.r) }\n",
  );
  expect(callSchedules(requests!, 100).map((picks) => picks.join(""))).toEqual(["002", "020"]);
  expect(spreadSchedules(requests!, 1)).toEqual({ orders: [[0, 0, 2]], total: 2n });
});

test("a call that waits for itself is left out, with those behind it", () => {
  expect(callSchedules(waiting(2, [2]), 100)).toEqual([[0, 0]]);
});

test("a program without calls has one order", () => {
  expect(callSchedules(program([], 0, []), 5)).toEqual([[]]);
});

/** Threads of so many calls each. */
const threadsOf = (counts: readonly number[]): Program =>
  program(
    [],
    0,
    counts.map((count) => Array.from({ length: count }, () => ["close", 3] as const)),
  );

test("a spread begins with the first order, ends with the last, and is evenly spaced", () => {
  const all = callSchedules(two, 100);
  expect(spreadSchedules(two, 3)).toEqual({ orders: [all[0], all[2], all[5]], total: 6n });
  expect(spreadSchedules(two, 6)).toEqual({ orders: all, total: 6n });
  expect(spreadSchedules(two, 1)).toEqual({ orders: [all[0]], total: 6n });
  const some = spreadSchedules(threadsOf([3, 3]), 5).orders.map((picks) => picks.join(""));
  const twenty = callSchedules(threadsOf([3, 3]), 100).map((picks) => picks.join(""));
  expect(some).toEqual([0, 4, 9, 14, 19].map((nth) => twenty[nth]));
});

test("calls that wait are counted", () => {
  const program = waiting(2, [0]);
  const [first, , last] = callSchedules(program, 100);
  expect(spreadSchedules(program, 2)).toEqual({ orders: [first, last], total: 3n });
});

test("where there are too many orders to be counted they are spread all the same", () => {
  const free = threadsOf([20, 20, 20, 20, 20, 20, 20, 20]);
  const counted = spreadSchedules(free, 9);
  expect(counted.total! > 10n ** 130n).toBe(true);
  const threads = free.threads.map((thread, nth) => ({
    ...thread,
    calls: thread.calls.map((call, at) => (nth === 1 && at === 0 ? { ...call, after: [0] } : call)),
  }));
  const { orders, total } = spreadSchedules({ ...free, threads }, 9);
  expect(total).toBeUndefined();
  expect(orders).toHaveLength(9);
  expect(new Set(orders.map((picks) => picks[0])).size).toBeGreaterThan(5);
  for (const picks of orders) {
    expect(picks).toHaveLength(160);
    expect(picks.indexOf(0)).toBeLessThan(picks.indexOf(1));
  }
});
