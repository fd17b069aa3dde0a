// One order of the calls on a kernel beside the model: the same comparison as the command line makes.
//
// Interface: besideModel, Beside; playedOrder, Played.

import { choicesIn } from "../../compare/cache-choices.js";
import { differences, messageOf, sameOutcome } from "../../compare/conform.js";
import { conformMoments } from "../../compare/whitebox-run.js";
import type { Program } from "../../language/program.js";
import { type Core, type Setup, TooLarge } from "../../model/core.js";
import { parsePolicy } from "../../model/policies.js";
import { parseProfile } from "../../model/profiles.js";
import { momentsOfPicks, outcomesOfPicks } from "../../model/schedule.js";
import { traceOf } from "../../model/trace.js";
import { CoreTrap } from "../../model/trap.js";
import { readOrder } from "../../report/kernel-data.js";
import type { OrderData } from "../../report/kernel-data.js";
import type { OrderSeen } from "../../report/kernel-run.js";
import type { Environment } from "../../trace/environment.js";
import type { Outcome } from "../../trace/outcome.js";
import type { World } from "../../trace/world.js";
import type { SeenRun } from "./read.js";

/** A kernel's order of the calls, and what the model has for it. */
export interface Beside {
  readonly kernel: OrderData;
  /** The outcome that is nearest among those that the model allows. */
  readonly model?: Outcome;
  /** With a white box: the model's worlds before the first call and after each. */
  readonly worlds?: readonly World[];
  /** Sentences about what the model does not have so; none: it allows the run. */
  readonly differs: readonly string[];
  /** Why nothing can be compared. */
  readonly why?: string;
}

/** An order of the calls for the stage. */
export interface Played {
  readonly profile: string;
  readonly policy: string;
  /** The action of each step, as in witness tokens. */
  readonly schedule: readonly number[];
}

/** An order as a schedule of the model. Throws TooLarge or CoreTrap. */
export function playedOrder(core: Core, seen: SeenRun, order: OrderSeen, policy: string): Played {
  const setup = setupOf(seen, policy);
  const { schedule } = traceOf(core, setup, readOrder(seen.program, order).picks);
  return { profile: seen.run.profile, policy, schedule };
}

function setupOf({ program, run }: SeenRun, policy: string): Setup {
  const environment = run.environment as Environment;
  const [profile, named] = [parseProfile(run.profile), parsePolicy(policy)];
  return { program, profile, policy: named, environment };
}

/** Compares one order under a policy; the profile is the one that the kernel was found to have. */
export function besideModel(core: Core, seen: SeenRun, order: OrderSeen, policy: string): Beside {
  const kernel = readOrder(seen.program, order);
  if (kernel.outcome === undefined)
    return { kernel, differs: [], why: (order.because ?? ["the kernel gave nothing"]).join("; ") };
  try {
    return compared(core, setupOf(seen, policy), { ...kernel, outcome: kernel.outcome });
  } catch (error) {
    if (!(error instanceof TooLarge) && !(error instanceof CoreTrap)) throw error;
    return { kernel, differs: [], why: error.message };
  }
}

type Ran = OrderData & { readonly outcome: Outcome };

function compared(core: Core, setup: Setup, kernel: Ran): Beside {
  const { program } = setup;
  const { picks, outcome, snapshots } = kernel;
  const allowed =
    snapshots === undefined
      ? outcomesOfPicks(core, setup, picks)
      : momentsOfPicks(core, setup, picks, choicesIn(program, { outcome, snapshots }));
  if (allowed.unmodelled !== undefined) return { kernel, differs: [], why: allowed.unmodelled };
  const { outcomes, moments } = allowed;
  if (snapshots === undefined || moments === undefined) {
    const model = nearest(outcome, outcomes, program);
    const found = differences(outcome, model, program);
    return { kernel, model, differs: sentences(found, outcomes.length) };
  }
  const ways = outcomes.map((each, i) => ({ outcome: each, worlds: moments[i]! }));
  const { worlds, divergence } = conformMoments(program, { outcome, snapshots }, ways);
  const way = ways.find((each) => each.worlds === worlds);
  const differs = divergence?.message.split("\n") ?? [];
  return { kernel, ...(way && { model: way.outcome }), worlds, differs };
}

function nearest(seen: Outcome, outcomes: readonly Outcome[], program: Program): Outcome {
  const same = outcomes.find((outcome) => sameOutcome(seen, outcome));
  if (same !== undefined) return same;
  const counted = outcomes.map((outcome) => ({
    outcome,
    count: differences(seen, outcome, program).length,
  }));
  return counted.reduce((best, each) => (each.count < best.count ? each : best)).outcome;
}

const sentences = (found: ReturnType<typeof differences>, outcomes: number): string[] =>
  found.length === 0 ? [] : messageOf(found, outcomes).split("\n");
