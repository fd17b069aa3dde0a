// A search as plain data, so that a worker can be told what to do: which machine, which first state, which
// options.
//
// Interface: SearchJob, openJob. A machine that workers may search gets a member here.

import type { CalibrationScenario } from "./calibration.js";
import { Calibration } from "./calibration.js";
import type { Search, SearchOptions } from "./search.js";

/** What to search. */
export interface SearchJob {
  readonly machine: "calibration";
  readonly scenario: CalibrationScenario;
  readonly options: SearchOptions;
}

/** A search that has begun, and what its machine says of the final states. */
export interface OpenedJob {
  readonly search: Search;
  /** The outcomes found so far, without repetition, as text. */
  readonly outcomes: () => Set<string>;
}

/** Begins a job in this thread. */
export function openJob({ scenario, options }: SearchJob): OpenedJob {
  const machine = new Calibration();
  machine.reset(scenario);
  machine.search.start(options);
  return { search: machine.search, outcomes: () => machine.outcomes() };
}
