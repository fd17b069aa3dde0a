// The sentences: src/viz/scene/caption.ts.

import { expect, test } from "vitest";
import type { Trace } from "../../src/trace/trace.js";
import { captionOf } from "../../src/viz/scene/caption.js";
import { timelineOf } from "../../src/viz/scene/timeline.js";
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
  const THEN_TIMER = [0, 1];
  const trace = recordFile("socket/tcp-more-holds-back.litmus", "linux", THEN_TIMER);
  const timer = trace.steps.findIndex(({ phase }) => phase === "timer");
  expect(captionOf(trace, timer, timer + 1)).toBe("Timer of s.a sends what was held back.");
});

/** What a run of a scenario tells, call by call. */
function told(file: string, picks: readonly number[] = []): string[] {
  const trace = recordFile(file, "linux", picks);
  const ends = timelineOf([trace]).moments.flatMap((m) => (m.endsCall ? m.done : []));
  return ends.slice(1).map((done, i) => captionOf(trace, ends[i]!, done));
}

test("a page goes into a socket by reference, is changed there, and is received as it has become", () => {
  const lines = told("socket-late.litmus");
  expect(lines.slice(1)).toEqual([
    "server's splice puts frame 1 (page 0 of f) into the queue of s.b by reference: nothing is copied.",
    "writer's pwrite stores 0xf0 in frame 1, where a frag of s.b still points.",
    ...[1024, 3072].map(
      (bytes) =>
        `receiver's read gets 0xf0 from a frag of s.b (${bytes} bytes of frame 1), not the 0x1f that the frag ` +
        "began with: pwrite() in writer changed frame 1 in place at step 12; " +
        "nothing copied it, as splice() took its reference at step 8 without a mark.",
    ),
  ]);
});

test("a socket that copies says so, and a write has no slot or frag to point at yet", () => {
  const lines = told("socket/dgram-splice-copies.litmus");
  expect(lines[1]).toBe("t's splice puts frame 2 into the queue of s.b, as a private copy.");
  expect(lines[3]).toBe("t's read gets 0x1f from a frag of s.b (4096 bytes of frame 2).");
  expect(told("socket/write-copies.litmus")[1]).toBe(
    "t's write puts frame 2 into the queue of s.b; t's write stores 0x1f in frame 2.",
  );
});

test("a card transmits what a frag holds; the acknowledgement drops it", () => {
  const lines = told("wire-retransmit.litmus");
  expect(lines.slice(1, 4)).toEqual([
    "server's splice puts frame 1 (page 0 of f) into the queue of w by reference: nothing is copied.",
    "The network card transmits 0x1f from a frag of w (4096 bytes of frame 1).",
    "The acknowledgement drops 1 frag of w.",
  ]);
  const loopback = told("wire-loopback-zerocopy.litmus");
  expect(loopback[1]).toMatch(/into the queue of w, copied on arrival\.$/);
  expect(loopback[2]).toMatch(/^The receiver gets 0x1f from a frag of w /);
});

test("a step names the end that takes a page, as it is spelled", () => {
  const trace = recordFile("socket-late.litmus", "linux");
  const push = trace.steps.findIndex(({ events }) => events.some((e) => e.kind === "frag-push"));
  expect(captionOf(trace, push, push + 1)).toMatch(
    /^s\.b takes frame 1 \(page 0 of f\) by reference;/,
  );
});

test("a call that nothing else tells of returns, or waits: its start and its result are not one", () => {
  const [returns] = told("socket/write-copies.litmus");
  expect(returns).toBe("t's pread(f, 4096, 0) returns 4096.");
  const trace = recordFile("io_uring/error-cancels.litmus", "linux");
  const lines = trace.steps.map((_, step) => captionOf(trace, step, step + 1));
  expect(lines.join("\n")).toContain("completes with -1 ECANCELED");
  for (const line of told("io_uring/error-cancels.litmus"))
    expect(line).not.toMatch(/(begins|calls) .* = -?\d/);
});

test("a step of which no event tells says what the call does in it", () => {
  const files = [
    "socket-late",
    "samba/read-failover",
    "tee/copy-never-merges",
    "mmap-store",
    "punch-pages",
  ];
  const lines = files
    .map((file) => recordFile(`${file}.litmus`, "linux"))
    .flatMap((trace) => trace.steps.map((_, step) => captionOf(trace, step, step + 1)));
  expect(lines.filter((line) => line.includes("goes on"))).toEqual([]);
  expect(lines).toContain("smbd's read is awake, and looks again.");
});

test("call by call the acknowledgement is told, too", () => {
  const trace = recordFile("samba/read-failover.litmus", "linux");
  const ack = trace.steps.findIndex(({ phase }) => phase === "ack");
  expect(captionOf(trace, ack, ack + 2)).toBe("The acknowledgement drops 2 frags of c.");
});
