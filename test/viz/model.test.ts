// Whatever the model can run, the scene can draw: random programs under the page's two policies, and
// every other policy and profile.

import { expect, test } from "vitest";
import { randomProgram } from "../../src/arbitraries/index.js";
import { Core } from "../../src/model/core.js";
import { POLICIES } from "../../src/model/policies.js";
import { PROFILES } from "../../src/model/profiles.js";
import { follow } from "../../src/model/lock-step.js";
import { traceOf } from "../../src/model/trace.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import type { Trace } from "../../src/trace/trace.js";
import type { Run } from "../../src/viz/runner.js";
import { captionOf } from "../../src/viz/scene/caption.js";
import { layoutOf } from "../../src/viz/scene/layout.js";
import { provenanceOf } from "../../src/viz/scene/provenance.js";
import { stageScene } from "../../src/viz/scene/stage.js";
import { threadScene } from "../../src/viz/scene/threads.js";
import { timelineOf, worldAt } from "../../src/viz/scene/timeline.js";

const SEED = 20230209;
const RUNS = 60;

/** Two traces of a random program, on one schedule. */
function randomRun(index: number): Run {
  const core = new Core();
  const { program, picks } = randomProgram(SEED, index, { grid: 512, threadsMax: 3 });
  const profile = PROFILES[index % PROFILES.length]!;
  const [left, right] = [0, 1 + (index % (POLICIES.length - 1))].map((row) => ({
    program,
    profile,
    policy: POLICIES[row]!,
    environment: ENVIRONMENT,
  }));
  const lead = traceOf(core, left!, picks);
  const { trace, pace } = follow(core, right!, lead);
  const traces = [lead, trace];
  return { traces, timeline: timelineOf(traces, pace) };
}

/** What is wrong with a trace's picture after `done` steps. */
function faultsOf(trace: Trace, scene: ReturnType<typeof stageScene>, done: number): string[] {
  const world = worldAt(trace, done);
  const busy = world.tasks.some((t) => t.state === "in-call" || t.state === "asleep");
  const faults: string[] = [];
  if (scene.folios.length !== world.folios.length) faults.push("a folio is missing");
  for (const [i, { title, holders, strip }] of scene.folios.entries()) {
    const held = holders.reduce((sum, { refs }) => sum + refs, 0);
    if (held !== world.folios[i]!.refs) faults.push(`${title}: too many holders`);
    if (!busy && holders.some(({ kind }) => kind === "call"))
      faults.push(`${title}: nobody holds a reference`);
    const size = strip.runs.reduce((sum, run) => sum + run.size, 0);
    if (Math.abs(size - 1) > 1e-9) faults.push(`${title}: the strip has a gap`);
  }
  const drawn = scene.pipes.flatMap((p) => p.slots.filter((s) => s.used !== undefined));
  const used = world.pipes.flatMap((p) => p.slots);
  if (drawn.length !== used.length) faults.push("a slot is missing");
  const rows = scene.files.flatMap((f) => f.pages.filter(({ frame }) => frame > 0));
  const cached = new Set(world.inodes.flatMap((inode) => inode.pages.filter((frame) => frame > 0)));
  for (const { frame } of rows) cached.delete(frame);
  const others = scene.folios.flatMap(({ frame, title }) => (cached.has(frame) ? [title] : []));
  faults.push(...others.map((title) => `${title} has no row of its own`));
  const pointing = [
    ...rows,
    ...scene.mappings.flatMap((m) => m.entries.filter(({ frame }) => frame > 0)),
    ...used.filter(({ frame }) => frame > 0),
    ...world.sockets.flatMap((s) => s.frags.filter(({ frame }) => frame > 0)),
  ];
  if (scene.references.length !== pointing.length) faults.push("a line is missing");
  return faults;
}

test(`${RUNS} random runs: every reference has a holder and a line, every step a sentence`, () => {
  let steps = 0;
  for (let index = 0; index < RUNS; index++) {
    const { traces, timeline } = randomRun(index);
    const layout = layoutOf(traces, 400);
    expect(timeline.moments.at(-1)!.done).toEqual(traces.map((t) => t.steps.length));
    for (const trace of traces) {
      for (let done = 0; done <= trace.steps.length; done++) {
        const faults = faultsOf(trace, stageScene(trace, layout, done), done);
        const caption = captionOf(trace, Math.max(0, done - 1), done);
        if (!caption.endsWith(".")) faults.push(`no sentence: ${caption}`);
        if (faults.length > 0) expect(faults, `run ${index} after ${done} steps`).toEqual([]);
        steps++;
      }
    }
    for (const lane of threadScene(traces, timeline, timeline.moments.length - 1))
      for (const call of lane.calls) {
        const status = traces.map((t) => t.outcome.results[call.call]!.status);
        const done = status.every((s) => s === "returned");
        expect([call.text, call.state]).toEqual([call.text, done ? "done" : "running"]);
      }
  }
  expect(steps).toBeGreaterThan(RUNS * 10);
});

test("what the readers got is what their calls returned", () => {
  let seen = 0;
  for (let index = 0; index < RUNS; index++) {
    const { traces } = randomRun(index);
    for (const trace of traces) {
      const last = provenanceOf(trace).at(trace.steps.length);
      const grid = trace.start.gridBytes;
      for (const { call, status, data } of trace.outcome.results) {
        if (status !== "returned" || data.length === 0) continue;
        const cells = last.takenBy(call).flatMap((t) => [...t.cells]);
        expect(cells, `run ${index}, call ${call}`).toEqual([
          ...data.filter((_, i) => i % grid === 0),
        ]);
        seen++;
      }
    }
  }
  expect(seen).toBeGreaterThan(RUNS / 2);
});
