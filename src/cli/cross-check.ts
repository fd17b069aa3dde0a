// The same program and schedule on this machine's kernel and on the model.
//
// Interface: CrossChecker, Case, Checked.
// Observed but not allowed is a divergence. Each one is seen again in a process of its own before it
// counts: what happens only in a used process is a failure of the executor, not of the model.

import { setImmediate } from "node:timers/promises";
import { conform } from "../compare/conform.js";
import type { Divergence } from "../compare/conform.js";
import { shrinkProgram } from "../compare/shrink.js";
import type { Attempt } from "../kernel/wire.js";
import type { Program } from "../language/program.js";
import { Core, TooLarge } from "../model/core.js";
import { parsePolicy } from "../model/policies.js";
import { outcomesOfPicks, type Allowed } from "../model/schedule.js";
import type { Outcome } from "../trace/outcome.js";
import type { KernelHere } from "./backends.js";

/** A program and the order in which its threads start their calls. */
export interface Case {
  readonly program: Program;
  readonly picks: readonly number[];
}

/** What became of one case. */
export type Checked =
  | { readonly kind: "equal"; readonly observed: Outcome; readonly allowed: readonly Outcome[] }
  | { readonly kind: "diverged"; readonly observed: Outcome; readonly divergence: Divergence }
  /** The run left the model, or is too large for it. */
  | { readonly kind: "unmodelled"; readonly observed: Outcome; readonly reason: string }
  /** The kernel gave no outcome. */
  | { readonly kind: "failed"; readonly reason: string };

/** Programs that the model runs before the kernel's side gets its turn: a few milliseconds. */
const SLICE = 8;
/** Attempts at a smaller program, each a run on both sides. */
const SHRINK_ATTEMPTS_MAX = 600;

/** Compares one kernel with the model under policy `linux`. */
export class CrossChecker {
  readonly #kernel: KernelHere;
  readonly #core = new Core();
  readonly #policy = parsePolicy("linux");

  constructor(kernel: KernelHere) {
    this.#kernel = kernel;
  }

  /** Checks a batch; the model runs while the kernel does. */
  async check(cases: readonly Case[]): Promise<Checked[]> {
    const attempts = this.#kernel.executor.attempt(cases);
    const allowed: Allowed[] = [];
    for (const [i, each] of cases.entries()) {
      // The kernel's frames come and go between two slices of the model's work.
      if (i % SLICE === 0) await setImmediate();
      allowed.push(this.#allowed(each));
    }
    const observed = await attempts;
    const all: Checked[] = [];
    for (const [i, each] of cases.entries()) {
      const checked = compare(each, observed[i]!, allowed[i]!);
      all.push(checked.kind === "diverged" ? await this.#again(each, allowed[i]!) : checked);
    }
    return all;
  }

  /** The smallest case that still diverges. */
  async shrink(from: Case): Promise<Case> {
    const fails = async (program: Program, picks: readonly number[]): Promise<boolean> => {
      const [checked] = await this.check([{ program, picks }]);
      return checked?.kind === "diverged";
    };
    return shrinkProgram(from.program, from.picks, fails, { attemptsMax: SHRINK_ATTEMPTS_MAX });
  }

  async #again(each: Case, allowed: Allowed): Promise<Checked> {
    const [attempt] = await this.#kernel.executor.attempt([{ ...each, fresh: true }]);
    return compare(each, attempt!, allowed);
  }

  #allowed({ program, picks }: Case): Allowed {
    const { profile, environment } = this.#kernel;
    const core = this.#core;
    const setup = { program, profile, policy: this.#policy, environment };
    try {
      return outcomesOfPicks(core, setup, picks);
    } catch (error) {
      if (error instanceof TooLarge)
        return { outcomes: [], complete: false, unmodelled: error.message };
      throw error;
    }
  }
}

function compare({ program }: Case, attempt: Attempt, allowed: Allowed): Checked {
  if (!attempt.ok) return { kind: "failed", reason: `${attempt.failure}: ${attempt.reason}` };
  const observed = attempt.outcome;
  if (allowed.unmodelled !== undefined)
    return { kind: "unmodelled", observed, reason: allowed.unmodelled };
  const divergence = conform(observed, allowed.outcomes, program);
  if (divergence === undefined) return { kind: "equal", observed, allowed: allowed.outcomes };
  const reason = "more wake-up orders than can be followed";
  if (!allowed.complete) return { kind: "unmodelled", observed, reason };
  return { kind: "diverged", observed, divergence };
}
