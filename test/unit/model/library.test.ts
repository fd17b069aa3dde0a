// What the library offers beside the command: src/index.ts.

import fc from "fast-check";
import { expect, test } from "vitest";
import { programs, schedules } from "../../../src/arbitraries/index.js";
import * as lab from "../../../src/index.js";

const { program } = lab.parseProgram(`litmus race
file f = 0x1f * 4096
pipe p
thread a { splice(f, 0, p.w, NULL, 4096, 0)  a = read(p.r, 4096) }
thread b { pwrite(f, 0xf0 * 4096, 0) }`);
const setupWith = (policy: string): lab.Setup => ({
  program: program!,
  profile: lab.parseProfile("6.18/ext4"),
  policy: lab.parsePolicy(policy),
  environment: lab.ENVIRONMENT,
});

test.each([
  ["linux", [false, true, true]],
  ["cow", [true, true]],
])("explore finds every outcome, and a way to each: %s", (policy, snapshots) => {
  const { ending, reached, states } = lab.explore(setupWith(policy));
  expect(ending).toEqual({ word: "complete" });
  expect(states).toBeGreaterThan(10);
  expect(reached.map(({ outcome }) => outcome.snapshot).sort()).toEqual(snapshots);
  for (const { outcome, schedule } of reached) {
    const again = lab.traceOfSteps(new lab.Core(), setupWith(policy), schedule).outcome;
    expect(lab.differences(again, outcome, program!)).toEqual([]);
  }
});

test("explore says when it has not seen all", () => {
  const { ending } = lab.explore(setupWith("linux"), 20);
  expect(ending).toEqual({ word: "bounded", bound: "transitions" });
});

test.each([
  [{ profile: "6.18/ext4" }, "the profile of a set-up is no name: give parseProfile(name)"],
  [{ policy: "cow" }, "the policy of a set-up is no name: give parsePolicy(name)"],
])("a name where a row is meant is refused: %j", (part, message) => {
  const setup = { ...setupWith("linux"), ...part } as unknown as lab.Setup;
  expect(() => lab.traceOf(new lab.Core(), setup)).toThrow(new TypeError(message));
});

test("the README's property holds", () => {
  fc.assert(
    fc.property(programs(), schedules(), (each, schedule) => {
      const core = new lab.Core();
      core.reset({ ...setupWith("copy"), program: each });
      core.runBytes(schedule, false);
      if (core.unmodelled() === undefined) expect(core.snapshotHolds()).toBe(true);
    }),
    { numRuns: 50 },
  );
});
