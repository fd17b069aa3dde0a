// P1 under policy linux: random programs find the race by themselves, and shrinking leaves the mail's
// three calls: a splice, a write to the same page, a read of the pipe.

import fc from "fast-check";
import { expect, test } from "vitest";
import { programs, schedules } from "../../src/arbitraries/index.js";
import { printProgram } from "../../src/language/print.js";
import { callsOf } from "../../src/language/program.js";
import type { Program } from "../../src/language/program.js";
import { Core } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { PROFILES } from "../../src/model/profiles.js";
import { setupOf } from "../helpers/cases.js";
import { breaksSnapshot } from "../helpers/laws.js";

/** Fixed: which race is found and how far it shrinks is a matter of the seed. */
const SEED_OF_THE_RACE = 3;

const core = new Core();
const policy = parsePolicy("linux");
const READERS = new Set(["read", "splice"]);
const WRITERS = new Set(["write", "pwrite", "store", "ftruncate", "fallocate", "sendfile"]);

test.each(PROFILES)("linux breaks P1 on $name, and three calls show it", (profile) => {
  const promise = fc.property(programs({ grid: 1024 }), schedules(), (program, schedule) => {
    return !breaksSnapshot(core, setupOf(program, { profile, policy }), schedule);
  });
  const found = fc.check(promise, { seed: SEED_OF_THE_RACE, numRuns: 2000 });
  expect(found.failed, "linux keeps P1").toBe(true);
  const [program, schedule] = found.counterexample!;
  const text = printProgram(program);
  const names = callsOf(program).map((call) => call.syscall);
  expect(names.length, text).toBe(3);
  expect(names.filter((name) => name === "splice").length, text).toBeGreaterThanOrEqual(1);
  expect(
    names.some((name) => WRITERS.has(name)),
    text,
  ).toBe(true);
  expect(
    names.some((name) => READERS.has(name)),
    text,
  ).toBe(true);
  expect(isRaceOf(program, schedule, profile), text).toBe(true);
});

/** Whether the case breaks P1 under linux and keeps it under cow and copy. */
function isRaceOf(
  program: Program,
  schedule: Uint8Array,
  profile: (typeof PROFILES)[number],
): boolean {
  const breaks = (name: string): boolean =>
    breaksSnapshot(core, setupOf(program, { profile, policy: parsePolicy(name) }), schedule);
  return breaks("linux") && !breaks("cow") && !breaks("copy");
}
