// The sentences: src/viz/scene/caption.ts.

import { expect, test } from "vitest";
import type { Trace } from "../../src/trace/trace.js";
import { captionOf } from "../../src/viz/scene/caption.js";
import { fixtureRun } from "./fixture.js";
import { recordFile } from "./worlds.js";

const { traces: sides, timeline } = fixtureRun();
const traces = sides as [Trace, Trace];
const stops = timeline.moments.filter((m) => m.endsCall).map((m) => m.done);

/** One sentence per call. */
const story = (side: 0 | 1): string[] =>
  stops.slice(1).map((done, i) => captionOf(traces[side], stops[i]![side]!, done[side]!));

test("linux, call by call", () => {
  expect(story(0)).toEqual([
    "client's splice puts frame 2 (page 0 of f) and frame 1 (page 1 of f) into p by reference: nothing is copied.",
    "writer's pwrite stores 0xf0 in frame 2, where slot 0 of p still points.",
    "writer's pwrite stores 0xf0 in frame 1, where slot 1 of p still points.",
    "client's read gets 0xf0 from slot 0, not the 0x00 that the slot was filled with: " +
      "pwrite() in writer changed frame 2 in place at step 10; " +
      "nothing copied it, as splice() took its reference at step 4 without a mark.",
    "client's read gets 0xf0 from slot 1, not the 0x1f that the slot was filled with: " +
      "pwrite() in writer changed frame 1 in place at step 16; " +
      "nothing copied it, as splice() took its reference at step 5 without a mark.",
  ]);
});

test("cow, call by call", () => {
  expect(story(1)).toEqual([
    "client's splice puts frame 2 (page 0 of f) and frame 1 (page 1 of f) into p by reference: nothing is copied, and what is shared is marked.",
    "The page cache gets a copy, frame 3, in place of frame 2, and slot 0 of p keeps frame 2; writer's pwrite stores 0xf0 in frame 3.",
    "The page cache gets a copy, frame 4, in place of frame 1, and slot 1 of p keeps frame 1; writer's pwrite stores 0xf0 in frame 4.",
    "client's read gets 0x00 from slot 0, as it was when the slot was filled.",
    "client's read gets 0x1f from slot 1, as it was when the slot was filled.",
  ]);
});

test("step by step every step has a sentence of its own words", () => {
  for (const trace of traces)
    for (let done = 1; done <= trace.steps.length; done++)
      expect(captionOf(trace, done - 1, done)).toMatch(/^[A-Za-z].{8,}\.$/);
  expect(captionOf(traces[0], 0, 1)).toBe("client calls splice(f, 0, p.w, NULL, 8192, 0).");
  expect(captionOf(traces[0], 1, 2)).toBe("client takes the mutex of p.");
  const replace = traces[1].steps.findIndex((s) => s.phase === "replace");
  expect(captionOf(traces[1], replace, replace + 1)).toBe(
    "The page cache gets a copy, frame 3, in place of frame 2, and slot 0 of p keeps frame 2.",
  );
});

test("the start, and a step that only the other side takes", () => {
  expect(captionOf(traces[0], 0, 0)).toBe("Nothing has happened yet.");
  expect(captionOf(traces[0], 9, 9)).toContain("the other side");
});

test("a timer's step says what it does, capitalised though a thread is called by its first letter", () => {
  const trace = recordFile("socket/tcp-more-holds-back.litmus", "linux");
  const timer = trace.steps.findIndex(({ phase }) => phase === "timer");
  expect(captionOf(trace, timer, timer + 1)).toBe("Timer of s.a sends what was held back.");
});
