// What went wrong, as the page tells it.
//
// Interface: Problem, problemOf.

import { TooLarge } from "../model/core.js";
import { UnknownName } from "../model/options.js";
import { CoreTrap } from "../model/trap.js";

/** What went wrong: with the scenario, with a link, or with splicelab itself. */
export interface Problem {
  readonly kind: "scenario" | "link" | "defect";
  readonly message: string;
  /** What to report of a defect. */
  readonly trap?: CoreTrap;
}

/** The problem that an error is. Throws what is none that people are told. */
export function problemOf(error: unknown): Problem {
  if (error instanceof TooLarge || error instanceof UnknownName)
    return { kind: "scenario", message: error.message };
  if (error instanceof CoreTrap) return { kind: "defect", message: error.message, trap: error };
  throw error;
}
