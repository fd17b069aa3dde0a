// What is drawn of the mail's story: the panels' geometry, in Node.

import { describe, expect, test } from "vitest";
import { parseProgram } from "../../src/language/parse-program.js";
import { Core } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import { traceOf } from "../../src/model/trace.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import { callTitle } from "../../src/viz/scene/call-text.js";
import { stripOf } from "../../src/viz/scene/content.js";
import { layoutOf } from "../../src/viz/scene/layout.js";
import { provenanceOf } from "../../src/viz/scene/provenance.js";
import { stageScene, type StageScene } from "../../src/viz/scene/stage.js";
import { threadScene } from "../../src/viz/scene/threads.js";
import { worldAt } from "../../src/viz/scene/timeline.js";
import { fixtureRun, PROGRAM } from "./fixture.js";

const { traces, timeline } = fixtureRun();
const stops = timeline.moments.filter((m) => m.endsCall);
const layout = layoutOf(traces, 560);

/** The scene of a side after a number of calls. */
function after(side: 0 | 1, calls: number): StageScene {
  return stageScene(traces[side]!, layout, stops[calls]!.done[side]!);
}

const folio = (scene: StageScene, frame: number) => scene.folios.find((f) => f.frame === frame);
const kindsOf = (scene: StageScene, frame: number) =>
  folio(scene, frame)!.holders.map(({ kind }) => kind);

describe("after the splice", () => {
  test("the hole has become page 0, and each folio has a slot's reference", () => {
    const scene = after(0, 1);
    expect(scene.files[0]!.pages.map((p) => p.label)).toEqual([
      "page 0 of f: frame 2",
      "page 1 of f: frame 1",
    ]);
    expect([2, 1].map((frame) => kindsOf(scene, frame))).toEqual([
      ["cache", "slot"],
      ["cache", "private", "slot"],
    ]);
    expect([2, 1].map((frame) => folio(scene, frame)!.refs)).toEqual([2, 3]);
    expect(scene.pipes[0]).toMatchObject({ usage: "2 of 16 slots" });
  });

  test("the flag counts on the cow side alone", () => {
    expect(after(0, 1).folios.map((f) => f.outside)).toEqual([0, 0]);
    expect(after(1, 1).folios.map((f) => f.outside)).toEqual([1, 1]);
  });

  test("nobody wrote the hole, the scenario wrote page 1", () => {
    const writers = after(0, 1).folios.map((f) => f.strip.runs.map((r) => r.writer));
    expect(writers).toEqual([["initial"], ["hole"]]);
  });
});

describe("after the writes", () => {
  test("linux: the slots show what the writes put there, and are marked as changed", () => {
    const slots = after(0, 3).pipes[0]!.slots.map((s) => s.used);
    expect(slots.map((s) => s?.strip.text)).toEqual([
      "0xf0 instead of 0x00",
      "0xf0 instead of 0x1f",
    ]);
    expect(slots.map((s) => s?.changed)).toEqual([true, true]);
    expect(slots.map((s) => s?.strip.runs[0]?.writer)).toEqual(["call-0", "call-1"]);
  });

  test("cow: the cache holds copies, the slots keep the old folios", () => {
    const scene = after(1, 3);
    expect(scene.files[0]!.pages.map((p) => p.frame)).toEqual([3, 4]);
    expect(scene.pipes[0]!.slots.map((s) => s.used?.strip.text)).toEqual(["0x00", "0x1f"]);
    expect(scene.pipes[0]!.slots.map((s) => s.used?.changed)).toEqual([false, false]);
    expect(folio(scene, 2)).toMatchObject({ refs: 1, detached: true, note: "detached" });
    expect(kindsOf(scene, 2)).toEqual(["slot"]);
    expect(folio(scene, 3)!.strip.runs[0]).toMatchObject({ byte: 0xf0, writer: "call-0" });
  });

  test("each slot and each cached page has a line to its folio", () => {
    const keys = after(1, 3).references.map((r) => [r.key, r.frame]);
    expect(keys).toEqual([
      ["cache 0:0", 3],
      ["cache 0:1", 4],
      ["slot 0:0", 2],
      ["slot 0:1", 1],
    ]);
  });
});

describe("after the reads", () => {
  test("the race is marked on the left and absent on the right", () => {
    const got = ([0, 1] as const).map((side) =>
      after(side, 5).readers.map((r) => [r.strip?.text, r.changed, r.verdict]),
    );
    expect(got).toEqual([
      [
        ["0xf0 instead of 0x00", true, "was 0x00 at splice"],
        ["0xf0 instead of 0x1f", true, "was 0x1f at splice"],
      ],
      [
        ["0x00", false, "as it was at splice"],
        ["0x1f", false, "as it was at splice"],
      ],
    ]);
  });

  test("a reader that has not run shows nothing", () => {
    const [a, b] = after(0, 4).readers;
    expect([a!.state, b!.state, b!.strip]).toEqual(["returned", "next", undefined]);
  });
});

describe("layout", () => {
  test("frames that were the same page stand together", () => {
    const frames = [...layout.folios].sort(([, a], [, b]) => a.y - b.y).map(([frame]) => frame);
    expect(frames).toEqual([2, 3, 1, 4]);
  });
});

test("provenance names one writer per cell, in every state", () => {
  for (const trace of traces)
    for (let done = 0; done <= trace.steps.length; done++) {
      const { writers } = provenanceOf(trace).at(done);
      for (const f of worldAt(trace, done).folios)
        expect(writers.get(f.frame), `frame ${f.frame} after ${done}`).toHaveLength(f.cells.length);
    }
});

test("cells of one value and one writer are one run", () => {
  const cells = Uint8Array.of(0, 0, 0x1f, 0x1f);
  const { runs, text } = stripOf(PROGRAM, { cells, writers: ["hole", "hole", "initial", 3] });
  expect(text).toBe("0x00, 0x1f, 0x1f");
  expect(runs.map((r) => [r.from, r.size, r.writer])).toEqual([
    [0, 0.5, "hole"],
    [0.5, 0.25, "initial"],
    [0.75, 0.25, "call-0"],
  ]);
});

test("lanes: calls in program order, with their state and result", () => {
  const lanes = threadScene(traces, timeline, timeline.moments.indexOf(stops[1]!) + 1);
  expect(lanes.map((l) => l.calls.map((c) => [c.head, c.state, c.result]))).toEqual([
    [
      ["s: splice", "done", "= 8192"],
      ["a = read", "next", ""],
      ["b = read", "next", ""],
    ],
    [
      ["pwrite", "running", ""],
      ["pwrite", "next", ""],
    ],
  ]);
});

test("calls read like C", () => {
  expect(PROGRAM.threads.flatMap((t) => t.calls.map((c) => callTitle(PROGRAM, c)))).toEqual([
    "splice(f, 0, p.w, NULL, 8192, 0)",
    "a = read(p.r, 4096)",
    "b = read(p.r, 4096)",
    "pwrite(f, 0xf0 * 4096, 0)",
    "pwrite(f, 0xf0 * 4096, 4096)",
  ]);
});

test("bytes that were never a file's are not told to be as they were at splice", () => {
  const { program } = parseProgram(`litmus written
file f = 0x1f * 4096
pipe p
pipe q
thread t {
  write(p.w, 0x07 * 10)
  a = read(p.r, 10)
  splice(f, 0, q.w, NULL, 10, 0)
  b = read(q.r, 10)
}
`);
  const model = { profile: parseProfile("6.18/ext4"), policy: parsePolicy("linux") };
  const trace = traceOf(new Core(), { program: program!, ...model, environment: ENVIRONMENT });
  const { readers } = stageScene(trace, layoutOf([trace], 560), trace.steps.length);
  expect(readers.map(({ verdict }) => verdict)).toEqual(["", "as it was at splice"]);
});
