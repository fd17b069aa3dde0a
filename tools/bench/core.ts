// Steps of the core per second, nothing checked and nothing looked at.
//
// Interface: measureCore.

import { Core } from "../../src/model/core.js";
import { SETTINGS, randomCase, setupOf } from "../../test/helpers/cases.js";
import { SEED } from "../../test/seed.js";
import { rateOf } from "./measure.js";
import type { Measured } from "./measure.js";

const PROGRAMS = 100;
/** Runs of each program from one saved state. */
const RUNS = 50;

/** Steps of random programs per second. A reset is paid once for all runs of a program. */
export function measureCore(repeats: number): Measured {
  const core = new Core();
  const cases = Array.from({ length: PROGRAMS }, (_, index) => randomCase(SEED, index));
  const title = {
    name: "core",
    unit: "steps/s",
    note: `${PROGRAMS} random programs, ${RUNS} runs each from a saved state`,
  };
  return rateOf(title, repeats, () => {
    let steps = 0;
    for (const [index, { program, schedule }] of cases.entries()) {
      core.reset(setupOf(program, SETTINGS[index % SETTINGS.length]!));
      const start = core.save();
      for (let run = 0; run < RUNS; run++) {
        core.load(start);
        steps += core.runBytes(schedule, false).steps;
      }
    }
    return steps;
  });
}
