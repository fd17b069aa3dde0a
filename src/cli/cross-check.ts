// The same program and schedule on this machine's kernel and on the model.
//
// Interface: CrossChecker, Case, Checked, Sight, sightOf.
// Observed but not allowed is a divergence. Each one is seen again in a process of its own before it
// counts: what happens only in a used process is a failure of the executor, not of the model.
// With a white box the kernel's own state is compared too, before the first call and after each.

import { setImmediate } from "node:timers/promises";
import { conform } from "../compare/conform.js";
import type { Divergence } from "../compare/conform.js";
import { keepCalls } from "../compare/edit.js";
import { choicesIn } from "../compare/cache-choices.js";
import { conformMoments } from "../compare/whitebox-run.js";
import { shrinkProgram } from "../compare/shrink.js";
import type { Attempt } from "../kernel/wire.js";
import type { Call, Program, Thread } from "../language/program.js";
import { DEFAULT_SOCKET, needsLoopback } from "../language/socket-kinds.js";
import { Core, TooLarge } from "../model/core.js";
import { parsePolicy } from "../model/policies.js";
import { momentsOfPicks, outcomesOfPicks, type Allowed } from "../model/schedule.js";
import { CoreTrap } from "../model/trap.js";
import type { Outcome } from "../trace/outcome.js";
import type { Snapshot } from "../trace/snapshot.js";
import type { World } from "../trace/world.js";
import type { KernelHere } from "./backends.js";
import { trapOnPicks, trapText } from "./trap.js";

/** A program and the order in which its threads start their calls. */
export interface Case {
  readonly program: Program;
  readonly picks: readonly number[];
}

/** What the white box saw, and the worlds of the model that are nearest to it. */
export interface Sight {
  readonly snapshots: readonly Snapshot[];
  readonly worlds: readonly World[];
}

/** What became of one case. `sight`: with a white box. */
export type Checked =
  | {
      readonly kind: "equal";
      readonly observed: Outcome;
      readonly allowed: readonly Outcome[];
      readonly sight?: Sight;
    }
  | {
      readonly kind: "diverged";
      readonly observed: Outcome;
      readonly divergence: Divergence;
      readonly sight?: Sight;
    }
  /** The run left the model, or is too large for it. */
  | { readonly kind: "unmodelled"; readonly observed: Outcome; readonly reason: string }
  /** The core trapped. */
  | { readonly kind: "trapped"; readonly observed: Outcome; readonly reason: string }
  /** The kernel gave no outcome. */
  | { readonly kind: "failed"; readonly reason: string };

/** What the white box saw of a case that was compared. */
export const sightOf = (checked: Checked): Sight | undefined =>
  checked.kind === "equal" || checked.kind === "diverged" ? checked.sight : undefined;

/** What the model says of a case. */
type Modelled = Allowed | CoreTrap;

/** Programs that the model runs before the kernel's side gets its turn: a few milliseconds. */
const SLICE = 8;
/** Attempts at a smaller program, each a run on both sides. */
const SHRINK_ATTEMPTS_MAX = 600;

const isOfUring = ({ syscall }: Call, { chain }: Thread): boolean =>
  chain !== undefined || syscall === "io_uring_enter";

/** Compares one kernel with the model under policy `linux`. */
export class CrossChecker {
  readonly #kernel: KernelHere;
  readonly #core = new Core();
  readonly #policy = parsePolicy("linux");

  constructor(kernel: KernelHere) {
    this.#kernel = kernel;
  }

  /** Checks a batch; the model runs while the kernel does, or behind it where it follows what the white box saw. `again`: what
   *  diverges is run once more. */
  async check(cases: readonly Case[], again = true): Promise<Checked[]> {
    const { executor, whitebox: snapshots } = this.#kernel;
    const attempts = executor.attempt(cases.map((each) => ({ ...each, snapshots })));
    const seen = snapshots ? await attempts : [];
    const allowed: Modelled[] = [];
    for (const [i, each] of cases.entries()) {
      // The kernel's frames come and go between two slices of the model's work.
      if (i % SLICE === 0) await setImmediate();
      allowed.push(this.#allowed(each, seen[i]));
    }
    const observed = await attempts;
    const all: Checked[] = [];
    for (const [i, each] of cases.entries()) {
      const checked = compare(each, observed[i]!, allowed[i]!);
      const doubtful = again && checked.kind === "diverged";
      all.push(doubtful ? await this.#again(each) : checked);
    }
    return all;
  }

  /** The case as this machine can run it: without a network device, a socket is a UNIX one; without io_uring there are no requests. */
  fit(wanted: Case): Case {
    const { threads } = wanted.program;
    const { program, picks } = this.#kernel.hasUring
      ? wanted
      : keepCalls(wanted, (call, thread) => !isOfUring(call, threads[thread]!));
    if (this.#kernel.host.hasTcp) return { program, picks };
    const sockets = program.sockets.map((socket) =>
      needsLoopback(socket.kind) ? { ...socket, kind: DEFAULT_SOCKET } : socket,
    );
    return { program: { ...program, sockets }, picks };
  }

  /** The smallest case that still diverges. */
  async shrink(from: Case): Promise<Case> {
    // A white box would need a new executor for each of many programs.
    const again = !this.#kernel.whitebox;
    const fails = async (program: Program, picks: readonly number[]): Promise<boolean> => {
      const [checked] = await this.check([{ program, picks }], again);
      return checked?.kind === "diverged";
    };
    return shrinkProgram(from.program, from.picks, fails, { attemptsMax: SHRINK_ATTEMPTS_MAX });
  }

  async #again(each: Case): Promise<Checked> {
    const { executor, whitebox: snapshots } = this.#kernel;
    const [attempt] = await executor.attempt([{ ...each, snapshots, fresh: true }]);
    return compare(each, attempt!, this.#allowed(each, attempt));
  }

  /** What the model allows; with what the white box saw it follows what the kernel has chosen. */
  #allowed({ program, picks }: Case, attempt?: Attempt): Modelled {
    const { profile, environment, whitebox } = this.#kernel;
    const core = this.#core;
    const setup = { program, profile, policy: this.#policy, environment };
    try {
      if (!whitebox) return outcomesOfPicks(core, setup, picks);
      return momentsOfPicks(
        core,
        setup,
        picks,
        attempt?.ok ? choicesIn(program, attempt) : undefined,
      );
    } catch (error) {
      if (error instanceof TooLarge)
        return { outcomes: [], complete: false, unmodelled: error.message };
      if (error instanceof CoreTrap) return trapOnPicks(core, setup, picks, error);
      throw error;
    }
  }
}

function compare({ program }: Case, attempt: Attempt, allowed: Modelled): Checked {
  if (!attempt.ok) return { kind: "failed", reason: `${attempt.failure}: ${attempt.reason}` };
  const observed = attempt.outcome;
  if (allowed instanceof CoreTrap) return { kind: "trapped", observed, reason: trapText(allowed) };
  if (allowed.unmodelled !== undefined)
    return { kind: "unmodelled", observed, reason: allowed.unmodelled };
  const { divergence, sight } = judge(program, attempt, allowed);
  const seen = sight === undefined ? {} : { sight };
  if (divergence === undefined)
    return { kind: "equal", observed, allowed: allowed.outcomes, ...seen };
  const reason = "more wake-up orders than can be followed";
  if (!allowed.complete) return { kind: "unmodelled", observed, reason };
  return { kind: "diverged", observed, divergence, ...seen };
}

/** The divergence of an attempt, if it is one. */
function judge(
  program: Program,
  { outcome, snapshots }: Extract<Attempt, { ok: true }>,
  { outcomes, moments }: Allowed,
): { readonly divergence?: Divergence | undefined; readonly sight?: Sight } {
  if (snapshots === undefined || moments === undefined)
    return { divergence: conform(outcome, outcomes, program) };
  const ways = outcomes.map((allowed, i) => ({ outcome: allowed, worlds: moments[i]! }));
  const { worlds, divergence } = conformMoments(program, { outcome, snapshots }, ways);
  return { divergence, sight: { snapshots, worlds } };
}
