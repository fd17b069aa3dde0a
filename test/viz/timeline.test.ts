// The common axis of two traces: src/viz/scene/timeline.ts.

import { expect, test } from "vitest";
import { alignTraces, callSpans } from "../../src/viz/scene/timeline.js";
import { cowTrace, linuxTrace } from "./fixture.js";

const left = linuxTrace();
const right = cowTrace();
const timeline = alignTraces(left, right);

test("the axis holds the longer side's steps, and both sides reach their end", () => {
  expect(right.steps.length).toBe(left.steps.length + 2);
  expect(timeline.moments).toHaveLength(right.steps.length + 1);
  expect(timeline.moments.at(-1)!.done).toEqual([left.steps.length, right.steps.length]);
});

test("every call ends a round on both sides", () => {
  const ends = timeline.moments.filter((m) => m.endsRound).slice(1);
  expect(ends).toHaveLength(5);
  for (const { done } of ends)
    for (const [side, trace] of [left, right].entries()) {
      const last = trace.steps[done[side]! - 1]!;
      expect(last.events.some((e) => e.kind === "call-return")).toBe(true);
    }
});

test("only the policy's own step leaves the other side where it was", () => {
  const alone = timeline.moments.filter(
    (m, i) => i > 0 && m.done[0] === timeline.moments[i - 1]!.done[0],
  );
  expect(alone.map((m) => right.steps[m.done[1] - 1]!.phase)).toEqual(["replace", "replace"]);
});

test("a side without a round waits", () => {
  const short = { ...left, steps: left.steps.slice(0, 6) };
  const { moments, rounds } = alignTraces(short, right);
  expect(rounds).toHaveLength(5);
  expect(moments.at(-1)!.done).toEqual([6, right.steps.length]);
});

test("calls stand on the axis from their start to their return", () => {
  const spans = callSpans(timeline, [left, right]);
  expect(spans.map((s) => s.call)).toEqual([0, 3, 4, 1, 2]);
  for (const [i, span] of spans.entries()) expect(span).toMatchObject(timeline.rounds[i]!);
});
