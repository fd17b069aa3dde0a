// A run of a Program on the model, step by step.
//
// Interface: Trace, TraceStep. Made by src/model/trace.ts; read-only for everybody else.

import type { CallId, Program } from "../language/program.js";
import type { Event } from "./event.js";
import type { Outcome } from "./outcome.js";
import type { Price } from "./price.js";
import type { World } from "./world.js";

/** One step of one task, or of the kernel on its own. */
export interface TraceStep {
  /** The action: the number of a thread, or one behind the threads' for a background action. */
  readonly task: number;
  /** The call the step belongs to; absent for a background action. */
  readonly call?: CallId;
  /** Who acts, where it is no thread: "nic w". */
  readonly background?: string;
  /** The kind of the step, as in docs/steps.md. */
  readonly phase: string;
  readonly events: readonly Event[];
  /** The moment after the step. */
  readonly world: World;
}

/** A whole run. */
export interface Trace {
  readonly program: Program;
  /** The profile and policy as the command line spells them: "6.18/ext4", "cow". */
  readonly profile: string;
  readonly policy: string;
  /** Present where copies may tear. */
  readonly tear?: true;
  /** The action of each step: enough to replay the run. */
  readonly schedule: readonly number[];
  readonly start: World;
  readonly steps: readonly TraceStep[];
  readonly outcome: Outcome;
  /** Why the run left the model, if it did. */
  readonly unmodelled?: string;
  /** What the policy cost; absent where nobody counted. */
  readonly price?: Price;
}
