// The tree of timelines: no line crosses another, and a new timeline moves the others no more than it must.

import { expect, test } from "vitest";
import { drawnOf } from "../../../src/viz/tree/geometry.js";
import { letterOf, nameOf, treeOf } from "../../../src/viz/tree/layout.js";
import type { Branch, TimelineView } from "../../../src/viz/tree/layout.js";
import { numbersFrom } from "../../helpers/numbers.js";

const TIMELINES = 200;

/** Timelines as somebody makes them who forks whatever is there, one of ten from the start. */
function randomTimelines(seed: number): TimelineView[] {
  const next = numbersFrom(seed);
  const made: TimelineView[] = [];
  for (let id = 0; id < TIMELINES; id++) {
    const parent = id === 0 || next() % 10 === 0 ? undefined : made[next() % id]!;
    const steps = 20 + (next() % 12);
    made.push({
      id,
      ...(parent === undefined ? {} : { parent: parent.id }),
      forkedAt: parent === undefined ? 0 : next() % Math.min(steps, parent.schedule.length),
      schedule: Array.from({ length: steps }, () => 0),
      outcomeKey: `outcome ${next() % 9}`,
      label: "snapshot",
    });
  }
  return made;
}

/** Branches whose way down from its parent's row crosses the row of another. */
function crossings(branches: readonly Branch[]): string[] {
  return branches.flatMap(({ id, from, row, forkedAt }) => {
    const passed = from === undefined ? [] : branches.slice(from.row + 1, row);
    const crossed = passed.filter((each) => each.forkedAt < forkedAt);
    return crossed.map((each) => `${id} crosses ${each.id}`);
  });
}

test.each([1, 2, 3])(
  `${TIMELINES} timelines: a row for each, and no line crosses another (%i)`,
  (seed) => {
    const { branches, steps } = treeOf(randomTimelines(seed));
    expect(branches.map(({ row }) => row)).toEqual(branches.map((_, row) => row));
    expect(new Set(branches.map(({ id }) => id)).size).toBe(TIMELINES);
    expect(crossings(branches)).toEqual([]);
    for (const { from, forkedAt, end } of branches) {
      expect(forkedAt).toBeGreaterThanOrEqual(from?.forkedAt ?? 0);
      expect(end).toBeLessThanOrEqual(steps);
    }
  },
);

test("a new timeline moves those below it by one row, and nothing else", () => {
  const all = randomTimelines(4);
  let before = treeOf(all.slice(0, 20));
  for (let count = 21; count <= 120; count++) {
    const after = treeOf(all.slice(0, count));
    const place = after.branches.find(({ id }) => id === count - 1)!.row;
    const others = after.branches.filter(({ id }) => id !== count - 1);
    expect(others.map(({ id, outcome }) => [id, outcome])).toEqual(
      before.branches.map(({ id, outcome }) => [id, outcome]),
    );
    const rows = others.map((_, row) => row + (row < place ? 0 : 1));
    expect(others.map(({ row }) => row)).toEqual(rows);
    before = after;
  }
});

const timeline = (
  id: number,
  parent: number | undefined,
  forkedAt: number,
  outcomeKey = "x",
): TimelineView => ({
  id,
  ...(parent === undefined ? {} : { parent }),
  forkedAt,
  schedule: Array.from({ length: 20 }, () => 0),
  outcomeKey,
  label: "not snapshot",
});

test("one that was forked before its parent left its own belongs to that one", () => {
  const { branches } = treeOf([timeline(0, undefined, 0), timeline(1, 0, 9), timeline(2, 1, 4)]);
  expect(branches.map(({ id, from }) => [id, from?.id])).toEqual([
    [0, undefined],
    [1, 0],
    [2, 0],
  ]);
});

test("one without a parent leaves the one before it with which it has the most in common", () => {
  const played = (id: number, schedule: number[], parent?: number): TimelineView => ({
    ...timeline(id, parent, 0),
    schedule,
  });
  const { branches } = treeOf([
    played(7, [0, 0, 1], 3),
    played(8, [0, 1, 1], 4),
    played(9, [0, 1, 0]),
    played(10, [1, 0, 0]),
  ]);
  expect(branches.map(({ id, from, forkedAt }) => [id, from?.id, forkedAt])).toEqual([
    [7, undefined, 0],
    [8, 7, 1],
    [9, 8, 2],
    [10, undefined, 0],
  ]);
});

test("the current timeline is lit from the start to its end, along those that it left", () => {
  const tree = treeOf([
    timeline(0, undefined, 0),
    timeline(1, 0, 8),
    timeline(2, 1, 12),
    timeline(3, 0, 2),
  ]);
  const drawn = drawnOf(tree, 800, 2);
  expect(drawn.map(({ branch, lit }) => [branch.id, lit !== undefined])).toEqual([
    [0, true],
    [1, true],
    [2, true],
    [3, false],
  ]);
  const [first, second, third] = drawn;
  expect(first!.lit).not.toBe(first!.line);
  expect(third!.lit).toBe(third!.line);
  const x = /^M([\d.]+) /.exec(second!.lit!)![1]!;
  expect(first!.lit!.endsWith(`H${x}`)).toBe(true);
});

test("a timeline is named by where it comes from and what comes of it", () => {
  const { branches } = treeOf([timeline(0, undefined, 0), timeline(1, 0, 12, "y")]);
  expect(nameOf(branches[1]!)).toBe(
    "timeline 2, forked from timeline 1 after step 12, 20 steps, outcome B: not snapshot",
  );
  expect([0, 25, 26, 53].map(letterOf)).toEqual(["A", "Z", "A2", "B3"]);
});
