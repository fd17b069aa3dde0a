// What a command says where the core trapped.
//
// Interface: trapFailure, trapText, trapOf, trapOnPicks.

import type { Core, Setup } from "../model/core.js";
import { traceOf } from "../model/trace.js";
import { CoreTrap } from "../model/trap.js";
import { trapSentence, trapToken } from "../report/trap.js";
import { CannotRun } from "./exit.js";

/** As the failure of a whole command. */
export const trapFailure = (trap: CoreTrap): CannotRun =>
  new CannotRun(trapSentence(trap), remedyOf(trap));

/** As a reason why one of several runs gave nothing. */
export const trapText = (trap: CoreTrap): string => `${trapSentence(trap)}; ${remedyOf(trap)}`;

/** An error as a value if it is a trap; otherwise it is thrown on. */
export function trapOf(error: unknown): CoreTrap {
  if (error instanceof CoreTrap) return error;
  throw error;
}

function remedyOf(trap: CoreTrap): string {
  const token = trapToken(trap);
  return token === undefined
    ? "report it with the scenario and the command line"
    : `report it with the command line and this token, which holds the scenario: ${token}`;
}

/** The trap of a run by picks once more, step by step, so that its schedule is known; the trap as it is where it does
 *  not come again. */
export function trapOnPicks(
  core: Core,
  setup: Setup,
  picks: readonly number[],
  trap: CoreTrap,
): CoreTrap {
  try {
    traceOf(core, setup, picks);
    return trap;
  } catch (error) {
    return trapOf(error);
  }
}
