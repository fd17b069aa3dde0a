// Runs of the properties per second, one after the other: reset, run and check of one case.
//
// Interface: measureProperties.

import { Core } from "../../src/model/core.js";
import { SETTINGS, setupOf } from "../../test/helpers/cases.js";
import { KILLERS } from "../../test/helpers/killers.js";
import { SEED } from "../../test/seed.js";
import { rateOf } from "./measure.js";
import type { Measured } from "./measure.js";

const CASES = 30;

/** One rate for each check of test/helpers/killers.ts. */
export function measureProperties(repeats: number): Measured[] {
  const core = new Core();
  return KILLERS.map(({ name, check, cases }) => {
    const note = `${CASES} cases in each of ${SETTINGS.length} settings`;
    return rateOf({ name: `property: ${name}`, unit: "runs/s", note }, repeats, () => {
      for (let index = 0; index < CASES; index++) {
        const { program, schedule } = cases(SEED, index);
        for (const setting of SETTINGS) check(core, setupOf(program, setting), schedule);
      }
      return CASES * SETTINGS.length;
    });
  });
}
