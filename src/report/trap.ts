// What is said where the core trapped: whose fault it is, and what to report.
//
// Interface: Trapped, trapSentence, trapToken.

import { printProgram } from "../language/print.js";
import type { Program } from "../language/program.js";
import { TokenError, encodeToken } from "../trace/token.js";

interface TrappedSetup {
  readonly program: Program;
  readonly profile: { readonly name: string };
  readonly policy: { readonly name: string };
  readonly tear?: boolean;
}

/** What is told of a trap: src/model/trap.ts. */
export interface Trapped {
  readonly message: string;
  readonly setup?: TrappedSetup | undefined;
  readonly schedule: readonly number[];
}

/** One sentence, without its full stop. */
export const trapSentence = ({ message }: Trapped): string =>
  `the core trapped, and that is a defect of splicelab: ${message}`;

/** The run up to the trap, or the scenario alone where the core led the run; undefined where no token can hold it. */
export function trapToken({ setup, schedule }: Trapped): string | undefined {
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
