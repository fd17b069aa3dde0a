// The lane of what the kernel does on its own: who, what, where on the axis, and how far it is.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseProgram } from "../../src/language/parse-program.js";
import { Runner } from "../../src/viz/runner.js";
import { backgroundScene } from "../../src/viz/scene/background.js";

const MODELS = ["linux", "cow"].map((policy) => ({ profile: "6.18/ext4", policy }));

/** A run of the corpus, call by call. */
function runOf(file: string, models = MODELS) {
  const { program } = parseProgram(readFileSync(`litmus/${file}.litmus`, "utf8"));
  return new Runner().run(program!, models, { picks: [] });
}

test("a card's steps are blocks at their place, those that follow each other one", () => {
  const { traces, timeline } = runOf("samba/read-failover", [MODELS[0]!]);
  const last = timeline.moments.length - 1;
  const all = backgroundScene(traces, timeline, last);
  expect(all.map(({ label }) => label)).toEqual([
    "nic c: transmit, 2 steps",
    "nic c: ack, 2 steps",
  ]);
  expect(all.map(({ head }) => head)).toEqual(["transmit", "ack"]);
  const steps = traces[0]!.steps.flatMap(({ background }, at) => (background ? [at] : []));
  expect(all[0]!.from * last).toBeCloseTo(steps[0]!);
  expect(all.reduce((sum, { size }) => sum + size * last, 0)).toBeCloseTo(steps.length);
});

test("a block says how far it is, and is the same one where it looks as before", () => {
  const { traces, timeline } = runOf("samba/read-failover");
  const first = timeline.moments.findIndex(({ done }) => {
    const step = traces[0]!.steps[done[0]! - 1];
    return step?.background !== undefined;
  });
  const at = (moment: number) => backgroundScene(traces, timeline, moment);
  expect(at(first - 1)[0]).toMatchObject({
    state: "next",
    label: expect.stringContaining("not yet") as string,
  });
  expect(at(first)[0]).toMatchObject({ state: "running" });
  expect(at(first + 1)[0]).toMatchObject({ state: "done" });
  expect(at(first)[1]).toBe(at(first - 1)[1]);
});

test("where only threads act there is no lane", () => {
  const { traces, timeline } = runOf("mail-race");
  expect(backgroundScene(traces, timeline, 0)).toEqual([]);
});
