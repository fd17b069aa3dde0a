// What is said where the core trapped: whose fault it is, and what to report.
//
// Interface: trapFailure, trapText, trapOf, trapOnPicks.

import { printProgram } from "../language/print.js";
import type { Core, Setup } from "../model/core.js";
import { traceOf } from "../model/trace.js";
import { CoreTrap } from "../model/trap.js";
import { TokenError, encodeToken } from "../trace/token.js";
import { CannotRun } from "./exit.js";

/** As the failure of a whole command. */
export const trapFailure = (trap: CoreTrap): CannotRun =>
  new CannotRun(sentenceOf(trap), remedyOf(trap));

/** As a reason why one of several runs gave nothing. */
export const trapText = (trap: CoreTrap): string => `${sentenceOf(trap)}; ${remedyOf(trap)}`;

/** An error as a value if it is a trap; otherwise it is thrown on. */
export function trapOf(error: unknown): CoreTrap {
  if (error instanceof CoreTrap) return error;
  throw error;
}

const sentenceOf = ({ message }: CoreTrap): string =>
  `the core trapped, and that is a defect of splicelab: ${message}`;

function remedyOf(trap: CoreTrap): string {
  const token = tokenOf(trap);
  return token === undefined
    ? "report it with the scenario and the command line"
    : `report it with the command line and this token, which holds the scenario: ${token}`;
}

/** The run up to the trap, or the scenario alone where the core led the run; undefined where no token can hold it. */
function tokenOf({ setup, schedule }: CoreTrap): string | undefined {
  if (setup === undefined) return undefined;
  const { program, profile, policy, tear } = setup;
  const text = printProgram(program);
  const names = { profile: profile.name, policy: policy.name, ...(tear ? { tear } : {}) };
  try {
    return encodeToken({ text, ...names, schedule, cursor: schedule.length });
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    return undefined;
  }
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
