// The checks that are to find every defect of assembly/mutants.ts, one case after the other.
//
// Interface: KILLERS, Killer, firstFailure. Each killer runs one case in every setting.
// The same functions are the properties of test/properties/, where other cases are tried.

import type { Core, Setup } from "../../src/model/core.js";
import { CORNERS, SETTINGS, cornerCase, randomCase, setupOf } from "./cases.js";
import type { Case } from "./cases.js";
import { brokenLaw, gridDifference, leftAfterDrain } from "./laws.js";
import { disagreement } from "./lockstep.js";

type Check = (core: Core, setup: Setup, schedule: Uint8Array) => string | undefined;

/** A check, with how often it is tried on a core before that core has survived it. */
export interface Killer {
  readonly name: "laws" | "sockets" | "drain" | "grid" | "corners" | "reference";
  readonly check: Check;
  readonly cases: (seed: number, index: number) => Case;
  /** Cases, each run in every setting. */
  readonly casesMax: number;
}

/** How often each corner is run: once in program order, then along random schedules. */
const ROUNDS_PER_CORNER = 12;

/** Programs that may have sockets and wires, which the reference model does not. */
const socketCase: Killer["cases"] = (seed, index) =>
  randomCase(seed, index, { sockets: true, wires: true });

/** The order in which they are tried: the sooner done, the sooner. */
export const KILLERS: readonly Killer[] = [
  {
    ...{ name: "corners", check: disagreement },
    ...{ cases: cornerCase, casesMax: ROUNDS_PER_CORNER * CORNERS.length },
  },
  { name: "laws", check: brokenLaw, cases: randomCase, casesMax: 120 },
  { name: "sockets", check: brokenLaw, cases: socketCase, casesMax: 120 },
  { name: "drain", check: leftAfterDrain, cases: randomCase, casesMax: 60 },
  { name: "grid", check: gridDifference, cases: randomCase, casesMax: 30 },
  { name: "reference", check: disagreement, cases: randomCase, casesMax: 80 },
];

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
