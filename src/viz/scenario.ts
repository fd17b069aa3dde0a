// What the page shows: one scenario of the corpus under two policies, on one schedule.
//
// Interface: Sides, loadSides. The model runs here, once, when the page opens.

import text from "../../litmus/mail-ordered.litmus?raw";
import { parseProgram } from "../language/parse-program.js";
import type { Program } from "../language/program.js";
import { Core } from "../model/core.js";
import { parsePolicy } from "../model/policies.js";
import { parseProfile } from "../model/profiles.js";
import { traceOf } from "../model/trace.js";
import { ENVIRONMENT } from "../trace/environment.js";
import type { Trace } from "../trace/trace.js";

/** Two traces, left and right, and a line of prose about each policy. */
export interface Sides {
  readonly traces: readonly [Trace, Trace];
  readonly prose: readonly [string, string];
}

const PROFILE = "6.18/ext4";
const POLICIES = ["linux", "cow"] as const;
/** Who starts a call, pick by pick: both writes fall between the splice and the reads. */
const PICKS = ["client", "writer", "writer", "client", "client"] as const;

/** Runs the scenario twice. Throws if the scenario does not parse: it is part of the project. */
export function loadSides(): Sides {
  const { program, diagnostics } = parseProgram(text);
  if (program === undefined) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  const core = new Core();
  const [left, right] = POLICIES;
  return {
    traces: [runUnder(core, program, left), runUnder(core, program, right)],
    prose: [parsePolicy(left).doc, parsePolicy(right).doc],
  };
}

function runUnder(core: Core, program: Program, policy: string): Trace {
  const picks = PICKS.map((name) => program.threads.findIndex((t) => t.name === name));
  const setup = {
    program,
    profile: parseProfile(PROFILE),
    policy: parsePolicy(policy),
    environment: ENVIRONMENT,
  };
  return traceOf(core, setup, picks);
}
