// The checks that are to find every defect of assembly/mutants.ts, one case after the other.
//
// Interface: KILLERS, Killer, firstFailure. Each killer runs one case in every setting.
// The same functions are the properties of test/properties/, where other cases are tried.

import type { Core, Setup } from "../../src/model/core.js";
import {
  CORNERS,
  CLAIMS,
  REFERENCE_SETTINGS,
  SETTINGS,
  SOCKETS,
  cornerCase,
  daemonCase,
  claimCase,
  randomCase,
  setupOf,
} from "./cases.js";
import type { Case, Setting } from "./cases.js";
import {
  brokenClaim,
  brokenLaw,
  differsFromCopy,
  gridDifference,
  leftAfterDrain,
  promises,
} from "./laws.js";
import { CORPUS, corpusCase, otherVerdict } from "./corpus.js";
import { disagreement } from "./lockstep.js";

type Check = (core: Core, setup: Setup, schedule: Uint8Array) => string | undefined;

/** A check, with how often it is tried on a core before that core has survived it. */
export interface Killer {
  readonly name:
    | "corpus"
    | "laws"
    | "sockets"
    | "daemons"
    | "drain"
    | "grid"
    | "copy"
    | "corners"
    | "claims"
    | "reference";
  readonly check: Check;
  readonly cases: (seed: number, index: number) => Case;
  /** Cases, each run in every setting. */
  readonly casesMax: number;
  readonly settings: readonly Setting[];
}

/** How often each corner is run: once in program order, then along random schedules. */
const ROUNDS_PER_CORNER = 12;

/** Programs that may have sockets and wires, which the reference model does not. */
const socketCase: Killer["cases"] = (seed, index) => randomCase(seed, index, SOCKETS);

/** The order in which they are tried: the sooner done, the sooner. */
export const KILLERS: readonly Killer[] = [
  {
    ...{ name: "corpus", check: otherVerdict, cases: corpusCase, casesMax: CORPUS.length },
    settings: SETTINGS.filter(({ policy }) => policy.name === "linux"),
  },
  {
    ...{ name: "claims", check: brokenClaim },
    ...{ cases: claimCase, casesMax: ROUNDS_PER_CORNER * CLAIMS.length },
    settings: SETTINGS.filter(({ policy }) => promises(policy.name, "P4")),
  },
  {
    ...{ name: "corners", check: disagreement },
    ...{ cases: cornerCase, casesMax: ROUNDS_PER_CORNER * CORNERS.length },
    settings: REFERENCE_SETTINGS,
  },
  { name: "laws", check: brokenLaw, cases: randomCase, casesMax: 120, settings: SETTINGS },
  {
    ...{ name: "sockets", check: brokenLaw, cases: socketCase, casesMax: 160 },
    settings: REFERENCE_SETTINGS,
  },
  { name: "daemons", check: brokenLaw, cases: daemonCase, casesMax: 30, settings: SETTINGS },
  { name: "drain", check: leftAfterDrain, cases: randomCase, casesMax: 60, settings: SETTINGS },
  { name: "grid", check: gridDifference, cases: randomCase, casesMax: 30, settings: SETTINGS },
  { name: "copy", check: differsFromCopy, cases: randomCase, casesMax: 60, settings: SETTINGS },
  {
    ...{ name: "reference", check: disagreement, cases: plainCase, casesMax: 80 },
    settings: REFERENCE_SETTINGS,
  },
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
  { check, cases, casesMax, settings }: Killer,
  make: () => Core,
  seed: number,
): Kill | undefined {
  const core = make();
  let runs = 0;
  for (let index = 0; index < casesMax; index++) {
    const { program, schedule } = cases(seed, index);
    for (const setting of settings) {
      const setup = setupOf(program, setting);
      const failure = check(core, setup, schedule);
      runs++;
      if (failure !== undefined) return { runs, failure, setup, schedule };
    }
  }
  return undefined;
}
