// The outcome table: lines, columns, what only one model allows, and moving through it by keys.

import { expect, test } from "vitest";
import { NO_COUNTS } from "../../../src/compare/judge.js";
import type { Finding } from "../../../src/viz/explore/protocol.js";
import { moved, settled } from "../../../src/viz/explore/moving.js";
import { tableOf } from "../../../src/viz/explore/table.js";

/** An outcome with registers a and b; `steps` of its witness. */
function finding(a: string, b: string, holds: boolean, steps = 5, key = `${a}${b}`): Finding {
  const parts = [
    { place: "c:a", value: a },
    { place: "c:b", value: b },
  ];
  return {
    key,
    shows: `c:a=${a}; c:b=${b}`,
    parts,
    counts: { ...NO_COUNTS, [holds ? "positive" : "negative"]: 1 },
    blocked: false,
    lostWake: false,
    witness: { schedule: Array.from({ length: steps }, () => 0), preemptions: 1, minimal: true },
  };
}

const LINUX = { findings: [finding("1", "2", true), finding("1", "3", false)], complete: true };
const COW = { findings: [finding("1", "2", true)], complete: true };

test("a place that never changes is told once, and is no column", () => {
  const { constant, columns, rows } = tableOf([LINUX]);
  expect(constant).toEqual([{ place: "c:a", value: "1" }]);
  expect(columns).toEqual(["c:b"]);
  expect(rows.map(({ values, sign }) => [values, sign])).toEqual([
    [["2"], "*"],
    [["3"], " "],
  ]);
});

test("what only one model allows is marked; it is proven where the other was searched whole", () => {
  const only = (complete: boolean) =>
    tableOf([LINUX, { ...COW, complete }]).rows.map((row) => row.only);
  expect(only(true)).toEqual([undefined, { side: 0, proven: true }]);
  expect(only(false)).toEqual([undefined, { side: 0, proven: false }]);
  expect(tableOf([LINUX]).rows.every((row) => row.only === undefined)).toBe(true);
});

test("outcomes that show the same are one line, with the cheapest of their witnesses", () => {
  const same = [finding("1", "2", true, 9, "x"), finding("1", "2", false, 4, "y")];
  const [row] = tableOf([{ findings: same, complete: true }]).rows;
  expect([row!.sign, row!.cells[0]!.outcomes, row!.cells[0]!.best.key]).toEqual(["?", 2, "y"]);
});

test("an outcome that lacks a place has no value there", () => {
  const blocked = {
    ...finding("1", "2", true, 5, "z"),
    shows: "t blocked",
    parts: [{ value: "t blocked" }],
  };
  const { columns, rows } = tableOf([
    { findings: [finding("1", "2", true), blocked], complete: true },
  ]);
  expect(columns).toEqual(["c:a", "c:b"]);
  expect(rows[1]!.values).toEqual([undefined, undefined]);
  expect(rows[1]!.remarks).toEqual(["t blocked"]);
});

test("keys go from one outcome to the next, past those that a model does not allow", () => {
  const [, cell] = tableOf([LINUX]).rows.map(({ cells }) => cells[0]!);
  const rows = [
    { cells: [undefined, cell] },
    { cells: [cell, undefined] },
    { cells: [cell, cell] },
  ];
  const top = { row: 0, side: 1 };
  expect(settled({ row: 0, side: 0 }, rows)).toEqual(top);
  expect(moved("ArrowDown", top, rows)).toEqual({ row: 2, side: 1 });
  expect(moved("ArrowLeft", { row: 2, side: 1 }, rows)).toEqual({ row: 2, side: 0 });
  expect(moved("Home", { row: 2, side: 0 }, rows)).toEqual({ row: 1, side: 0 });
  expect(moved("End", top, rows)).toEqual({ row: 2, side: 1 });
  expect(moved("ArrowUp", top, rows)).toBeUndefined();
  expect(moved("x", top, rows)).toBeUndefined();
});
