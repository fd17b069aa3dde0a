// The state of the page: src/viz/laboratory.svelte.ts.

import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { Laboratory } from "../../src/viz/laboratory.svelte.js";
import { FIRST, RACE } from "../../src/viz/scenario.js";
import { WAIT_MS } from "../../src/viz/written.svelte.js";

afterEach(() => {
  vi.useRealTimers();
});

const first = () => new Laboratory(FIRST.text, FIRST.models, FIRST.order);
const race = () => new Laboratory(RACE.text, RACE.models, RACE.order);

/** What the reader's first call got. */
const got = (lab: Laboratory, side = 0): number =>
  lab.playback.run.traces[side]!.outcome.results[1]!.data[0]!;

test("a choice forks a timeline, and the old one stays", () => {
  const lab = first();
  expect(got(lab)).toBe(0xf0);
  lab.playback.step();
  expect(lab.choices.map((c) => c.name)).toEqual(["client", "writer"]);
  lab.choose(0);
  expect(got(lab)).toBe(0x1f);
  expect(lab.playback.stop).toBe(2);
  expect(lab.timelines.map((t) => [t.id, t.parent])).toEqual([
    [0, undefined],
    [1, 0],
  ]);
  lab.goTo(0);
  expect(got(lab)).toBe(0xf0);
  expect(lab.playback.stop).toBe(1);
});

test("what the kernel does on its own can be chosen, too, each step by its name", () => {
  const lab = first();
  lab.open(readFileSync("litmus/wire-retransmit.litmus", "utf8"));
  const named = lab.playback.moments.flatMap((_, at) => {
    lab.playback.goTo(at);
    return lab.choices.map((c) => c.name);
  });
  expect(named).toEqual(
    expect.arrayContaining(["nic w: transmit", "nic w: ack", "nic w: retransmit"]),
  );
  expect(named).not.toContain("nic w");
});

test("the same choice again makes no second timeline", () => {
  const lab = first();
  lab.playback.step();
  lab.choose(1);
  expect(lab.timelines).toHaveLength(1);
  expect(lab.current).toBe(0);
});

test("a step of a thread alone makes a timeline of small steps", () => {
  const lab = first();
  lab.playback.setGrain("step");
  lab.playback.step();
  expect(lab.choices.map((c) => c.name)).toEqual(["client"]);
  lab.playback.seek(Infinity);
  expect(lab.choices).toEqual([]);
});

test("errors in the text keep the last good run, marked stale", () => {
  const lab = race();
  lab.playback.step();
  lab.edit(RACE.text.replace("4096)\n", "4096\n"));
  expect(lab.isStale).toBe(true);
  expect(lab.diagnostics.length).toBeGreaterThan(0);
  expect(lab.program.name).toBe("mail-ordered");
  lab.edit(RACE.text.replaceAll("0xf0", "0xee"));
  expect([lab.isStale, lab.diagnostics.length, got(lab)]).toEqual([false, 0, 0xee]);
  expect(lab.playback.stop).toBe(1);
});

test("another model keeps the order of the threads, and its timelines", () => {
  const lab = race();
  lab.playback.step();
  lab.choose(0);
  lab.setModels([{ profile: "6.18/xfs", policy: "copy" }]);
  expect(lab.playback.run.traces.map((t) => t.policy)).toEqual(["copy"]);
  expect(lab.timelines.map((t) => t.parent)).toEqual([undefined, 0]);
  lab.goTo(0);
  const starts = lab.trace.steps.flatMap(({ events }) =>
    events.flatMap((e) => (e.kind === "call-start" ? [e.call] : [])),
  );
  expect(starts).toEqual([0, 3, 4, 1, 2]);
  expect(got(lab)).toBe(0);
});

test("what the two models do differently first is the copy", () => {
  const lab = race();
  lab.playback.goTo(lab.divergence!);
  expect([...lab.playback.interests[lab.playback.moment]!]).toEqual(["copy"]);
});

test("a link brings all of it back", () => {
  const lab = race();
  lab.playback.step();
  lab.choose(0);
  const witness = lab.witness();
  const other = first();
  other.openWitness(witness);
  expect(other.witness()).toEqual(witness);
  expect(other.models).toEqual(RACE.models);
  expect(other.playback.stop).toBe(lab.playback.stop);
});

test("a link with an unknown policy says what there is, and the page stays", () => {
  const lab = first();
  lab.openWitness({ ...lab.witness(), policy: "cowe" });
  expect(lab.problem?.message).toMatch(/no policy "cowe": there are linux/);
  expect(got(lab)).toBe(0xf0);
});

test("a scenario that is too long to keep is refused", () => {
  const lab = first();
  const calls = Array.from({ length: 190 }, () => "  pread(f, 1048576, 0)\n").join("");
  lab.open(`litmus long\n"."\nfile f = 0x01 * 1048576\nthread t {\n${calls}}\nforall snapshot\n`);
  expect(lab.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  expect(lab.problem?.message).toMatch(/too long to be kept whole/);
  expect(lab.program.name).toBe("mail-page");
});

test("a run in which copies tear is a timeline of its own, and its link says so", () => {
  const lab = race();
  const { schedule } = lab.trace;
  lab.play(schedule, true);
  expect(lab.trace.tear).toBe(true);
  expect(lab.timelines.map((t) => t.tear)).toEqual([false, true]);
  const other = first();
  other.openWitness(lab.witness());
  expect([other.trace.tear, other.timelines[0]!.tear]).toEqual([true, true]);
  lab.goTo(0);
  expect(lab.trace.tear).toBeUndefined();
  expect(lab.witness().tear).toBeUndefined();
});

test("what takes long to read and run waits until nobody has typed for a moment", () => {
  vi.useFakeTimers();
  const long = (name: string): string =>
    `litmus ${name}\n"."\nfile f = 0x1f * 4096\n${"# a long text\n".repeat(400)}thread t {\n  read(f, 1)\n}\n`;
  const lab = first();
  lab.edit(long("a"));
  lab.edit(long("ab"));
  expect([lab.text, lab.isStale, lab.program.name]).toEqual([long("ab"), false, "mail-page"]);
  vi.advanceTimersByTime(WAIT_MS);
  expect([lab.shownText, lab.program.name]).toEqual([long("ab"), "ab"]);
  lab.edit("# much too long\n".repeat(20_000));
  expect([lab.isStale, lab.diagnostics[0]!.message]).toEqual([
    true,
    "the text is longer than 256 KiB",
  ]);
  lab.edit(long("abc"));
  lab.open(FIRST.text);
  vi.advanceTimersByTime(WAIT_MS);
  expect(lab.program.name).toBe("mail-page");
});
