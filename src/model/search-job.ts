// A search as plain data, so that a worker can be told what to do: which machine, which first state, which
// options.
//
// Interface: SearchJob, openJob. A machine that workers may search gets a member here.

import type { CalibrationScenario } from "./calibration.js";
import { Calibration } from "./calibration.js";
import { Core } from "./core.js";
import type { Setup } from "./core.js";
import { Exploration } from "./exploration.js";
import type { Found } from "./finals.js";
import type { Search, SearchOptions } from "./search.js";

/** What to search. */
export type SearchJob = { readonly options: SearchOptions } & (
  | { readonly machine: "core"; readonly setup: Setup }
  | { readonly machine: "calibration"; readonly scenario: CalibrationScenario }
);

/** A search that has begun, and what its machine says of the final states. */
export interface OpenedJob {
  readonly search: Search;
  /** The outcomes found so far, without repetition, as text. */
  readonly outcomes: () => Set<string>;
  /** The same in full; empty where the machine knows them as text only. */
  readonly found: () => readonly Found[];
}

/** Begins a job in this thread. Throws TooLarge and TooLargeToExplore. */
export function openJob(job: SearchJob): OpenedJob {
  if (job.machine === "core") {
    const exploration = new Exploration(new Core(), job.setup, job.options);
    const found = () => exploration.outcomes();
    const outcomes = () => new Set(found().map(({ key }) => key));
    return { search: exploration.search, outcomes, found };
  }
  const machine = new Calibration();
  machine.reset(job.scenario);
  machine.search.start(job.options);
  return { search: machine.search, outcomes: () => machine.outcomes(), found: () => [] };
}
