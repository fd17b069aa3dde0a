// Every outcome of a scenario in one call, for who uses the library: the command has progress, workers and checkpoints, too.
//
// Interface: explore, Explored, ReachedOutcome.

import type { Outcome } from "../trace/outcome.js";
import { Core } from "./core.js";
import type { Setup } from "./core.js";
import { endingOf } from "./ending.js";
import type { Ending } from "./ending.js";
import { EXPLORE_DEFAULTS, Exploration } from "./exploration.js";

/** An outcome, and a schedule that leads to it: not the shortest. */
export interface ReachedOutcome {
  readonly outcome: Outcome;
  /** The tasks of the steps, as traceOfSteps takes them. */
  readonly schedule: readonly number[];
}

/** What a search gave. */
export interface Explored {
  /** "complete": what is not among `reached` is impossible, with this profile and policy. */
  readonly ending: Ending;
  /** The distinct outcomes, in the order in which they were found. */
  readonly reached: readonly ReachedOutcome[];
  /** Distinct states. */
  readonly states: number;
}

/** Searches every schedule, for at most so many transitions. Throws TooLarge and TooLargeToExplore. */
export function explore(setup: Setup, transitionsMax = Infinity): Explored {
  const options = EXPLORE_DEFAULTS;
  const exploration = new Exploration(new Core(), setup, options);
  const status = exploration.search.runAll(transitionsMax);
  const { states } = exploration.search.facts();
  const found = exploration.outcomes();
  const reached = found
    .filter(({ unmodelled }) => unmodelled === undefined)
    .map((each) => ({ outcome: each.outcome, schedule: exploration.scheduleTo(each) }));
  return { ending: endingOf({ status, found, options, stopped: false }), reached, states };
}
