// The common axis of two traces: src/viz/scene/timeline.ts.

import { expect, test } from "vitest";
import { callSpans, timelineOf } from "../../src/viz/scene/timeline.js";
import { fixtureRun, linuxTrace } from "./fixture.js";

const { traces, timeline } = fixtureRun();
const [left, right] = traces as [(typeof traces)[0], (typeof traces)[0]];

test("every call ends at a stop on both sides", () => {
  const ends = timeline.moments.filter((m) => m.endsCall).slice(1);
  expect(ends).toHaveLength(5);
  for (const { done } of ends)
    for (const [side, trace] of traces.entries()) {
      const last = trace.steps[done[side]! - 1]!;
      expect(last.events.some((e) => e.kind === "call-return")).toBe(true);
    }
});

test("one trace alone: a moment for each step, the same stops", () => {
  const alone = timelineOf([linuxTrace()]);
  expect(alone.moments.map((m) => m.done)).toEqual([[0], ...left.steps.map((_, i) => [i + 1])]);
  expect(alone.moments.filter((m) => m.endsCall)).toHaveLength(6);
});

test("another thread that goes on makes a stop, a call's own steps make none", () => {
  const steps = [left.steps[0]!, { ...left.steps[1]!, task: 1 }, left.steps[2]!];
  const { moments } = timelineOf([{ ...left, steps }]);
  expect(moments.map((m) => m.endsCall)).toEqual([true, true, true, true]);
  expect(timelineOf([{ ...left, steps: left.steps.slice(0, 3) }]).moments[1]!.endsCall).toBe(false);
});

test("calls stand on the axis from their start to their return", () => {
  const spans = callSpans(timeline, traces);
  expect(spans.map((s) => s.call)).toEqual([0, 3, 4, 1, 2]);
  const stops = timeline.moments.flatMap((m, i) => (m.endsCall ? [i] : []));
  for (const [i, span] of spans.entries())
    expect(span).toMatchObject({ from: stops[i], to: stops[i + 1], returned: true });
  expect(right.steps.length).toBe(left.steps.length + 2);
});
