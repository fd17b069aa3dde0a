// The mail's story in five beats: src/viz/first/beats.ts.

import { expect, test } from "vitest";
import { BEAT_MS, beatsOf } from "../../src/viz/first/beats.js";
import { Runner } from "../../src/viz/runner.js";
import { FIRST } from "../../src/viz/scenario.js";

const { program, models, order } = FIRST;

test("five beats tell how the bytes changed, in less than 12 seconds", () => {
  const [trace] = new Runner().run(program, models, order).traces;
  const beats = beatsOf(trace!);
  expect(beats).toHaveLength(5);
  expect(beats.length * BEAT_MS).toBeLessThan(12_000);
  expect(beats.map((b) => b.done)).toEqual([...beats.map((b) => b.done)].sort((a, b) => a - b));
  expect(beats[0]!.caption).toContain("(1 → 2)");
  expect(beats[2]!.caption).toContain("0x1f becomes 0xf0");
  expect(beats[4]!.caption).toContain("got 0xf0 where splice() had put 0x1f");
});

test("a run in which nobody gets changed bytes has no story", () => {
  const [trace] = new Runner().run(program, [{ ...models[0]!, policy: "cow" }], order).traces;
  expect(() => beatsOf(trace!)).toThrow(/does not tell/);
});
