// The checks that are to find every defect of assembly/mutants.ts, one case after the other.
//
// Interface: KILLERS, Killer, firstFailure. Each killer runs one case in every setting.
// The same functions are the properties of test/properties/, where other cases are tried.

import type { Core, Setup } from "../../src/model/core.js";
import { CORNERS, MEMORY, SETTINGS, cornerCase, memoryCase, randomCase, setupOf } from "./cases.js";
import type { Case } from "./cases.js";
import { brokenClaim, brokenLaw, gridDifference, leftAfterDrain } from "./laws.js";
import { disagreement } from "./lockstep.js";

type Check = (core: Core, setup: Setup, schedule: Uint8Array) => string | undefined;

/** A check, with how often it is tried on a core before that core has survived it. */
export interface Killer {
  readonly name: "laws" | "drain" | "grid" | "corners" | "memory" | "reference";
  readonly check: Check;
  readonly cases: (seed: number, index: number) => Case;
  /** Cases, each run in every setting. */
  readonly casesMax: number;
}

/** How often each corner is run: once in program order, then along random schedules. */
const ROUNDS_PER_CORNER = 12;

/** The order in which they are tried: the sooner done, the sooner. */
export const KILLERS: readonly Killer[] = [
  {
    ...{ name: "memory", check: brokenClaim },
    ...{ cases: memoryCase, casesMax: ROUNDS_PER_CORNER * MEMORY.length },
  },
  {
    ...{ name: "corners", check: disagreement },
    ...{ cases: cornerCase, casesMax: ROUNDS_PER_CORNER * CORNERS.length },
  },
  { name: "laws", check: brokenLaw, cases: randomCase, casesMax: 120 },
  { name: "drain", check: leftAfterDrain, cases: randomCase, casesMax: 60 },
  { name: "grid", check: gridDifference, cases: randomCase, casesMax: 30 },
  { name: "reference", check: disagreement, cases: plainCase, casesMax: 80 },
];

/** What the reference model knows. */
function plainCase(seed: number, index: number): Case {
  return randomCase(seed, index, { memory: false });
}

/** A failure found by a killer. */
export interface Kill {
  /** Runs that it took: cases times settings. */
  readonly runs: number;
  readonly failure: string;
  readonly setup: Setup;
  readonly schedule: Case["schedule"];
}

/** The first failure of a killer on cores that `make` makes, or undefined. */
export function firstFailure(
  { check, cases, casesMax }: Killer,
  make: () => Core,
  seed: number,
): Kill | undefined {
  const core = make();
  let runs = 0;
  for (let index = 0; index < casesMax; index++) {
    const { program, schedule } = cases(seed, index);
    for (const setting of SETTINGS) {
      const setup = setupOf(program, setting);
      const failure = check(core, setup, schedule);
      runs++;
      if (failure !== undefined) return { runs, failure, setup, schedule };
    }
  }
  return undefined;
}
