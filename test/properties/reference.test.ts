// The core and the reference model agree: after every step the same tasks can step and P1 has the same
// answer; at the end the outcomes are equal. On random programs, and on every corner. The reference model knows
// no mappings and no holes that are punched.

import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { environments, programs, schedules } from "../../src/arbitraries/index.js";
import type { Program } from "../../src/language/program.js";
import { Core } from "../../src/model/core.js";
import type { Setup } from "../../src/model/core.js";
import type { Environment } from "../../src/trace/environment.js";
import {
  CORNERS,
  REFERENCE_SETTINGS as SETTINGS,
  cornerCase,
  describeCase,
  setupOf,
} from "../helpers/cases.js";
import type { Setting } from "../helpers/cases.js";
import { disagreement } from "../helpers/lockstep.js";
import { RUNS_FACTOR, SEED } from "../seed.js";

const PROGRAMS = 600 * RUNS_FACTOR;
const ROUNDS_PER_CORNER = 6 * RUNS_FACTOR;

/** A core that has trapped cannot be used again: shrinking goes on with a new one. */
let core = new Core();
let runs = 0;
let skipped = 0;

function expectAgreement(setup: Setup, schedule: Uint8Array): void {
  runs++;
  const difference = disagreement(core, setup, schedule, () => skipped++);
  if (difference === undefined) return;
  core = new Core();
  throw new Error(describeCase(setup, schedule, difference));
}

afterAll(() => {
  console.log(`reference: ${runs} runs, ${skipped} of them left the model`);
});

test("on random programs and schedules", { timeout: 60_000 * RUNS_FACTOR }, () => {
  // Cells of a few bytes make the reference model slow; the grid is none of its matters.
  const program = fc.oneof(
    programs({ threadsMax: 3, callsMax: 10, grid: 512, memory: false }),
    programs({ threadsMax: 3, callsMax: 10, grid: 1024, memory: false }),
    programs({ threadsMax: 2, callsMax: 12, grid: 4096, memory: false }),
  );
  fc.assert(
    fc.property(
      ...[program, schedules(160), fc.constantFrom(...SETTINGS), environments()],
      (each: Program, schedule: Uint8Array, setting: Setting, environment: Environment) => {
        expectAgreement({ ...setupOf(each, setting), environment }, schedule);
      },
    ),
    { numRuns: PROGRAMS },
  );
  expect(skipped).toBeLessThan(runs / 20);
});

describe("on the corner", () => {
  test.each(CORNERS.map((program, index) => ({ name: program.name, index })))(
    "$name",
    ({ index }) => {
      for (let round = 0; round < ROUNDS_PER_CORNER; round++) {
        const { program, schedule } = cornerCase(SEED, index + round * CORNERS.length);
        for (const setting of SETTINGS) expectAgreement(setupOf(program, setting), schedule);
      }
    },
  );
});
