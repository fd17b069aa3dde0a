// The final states of a search as outcomes, each outcome once.
//
// Interface: Finals, Found.

import { outcomeKey } from "../trace/outcome-key.js";
import type { Outcome } from "../trace/outcome.js";
import type { Core } from "./core.js";

/** An outcome, and the first final state found that has it. */
export interface Found {
  readonly key: string;
  readonly outcome: Outcome;
  /** Index of the state in the search: its own, or that of one in which equal threads have changed places. */
  readonly state: number;
  /** Why the run left the model, if it did: then the outcome is none. */
  readonly unmodelled?: string;
}

/** Collects outcomes while a search goes on; the core is left at some state of the search. */
export class Finals {
  readonly #core: Core;
  readonly #found = new Map<string, Found>();
  #seen = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  /** The distinct outcomes found so far, in the order in which they were found. */
  all(): ReadonlyMap<string, Found> {
    const { raw } = this.#core;
    for (; this.#seen < raw.exploreFinals(); this.#seen++) this.#note(raw.finalAt(this.#seen));
    return this.#found;
  }

  /** Where equal threads are one, a state stands for all its variants. */
  #note(state: number): void {
    const { raw } = this.#core;
    for (let variant = raw.variants() - 1; variant >= 0; variant--) {
      raw.loadState(state);
      raw.vary(variant);
      this.#noteRun(state);
    }
  }

  #noteRun(state: number): void {
    const unmodelled = this.#core.unmodelled();
    const outcome = this.#core.outcome();
    const key = unmodelled === undefined ? outcomeKey(outcome) : `not modelled: ${unmodelled}`;
    if (this.#found.has(key)) return;
    const found = { key, outcome, state };
    this.#found.set(key, unmodelled === undefined ? found : { ...found, unmodelled });
  }
}
