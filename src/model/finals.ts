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
  readonly #list: Found[] = [];
  #seen = 0;
  /** Variants of the next final state that are read already. */
  #variants = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  /** The distinct outcomes found so far, in the order in which they were found. */
  all(): ReadonlyMap<string, Found> {
    this.read(Infinity);
    return this.#found;
  }

  /** Those that were read so far, in that order. */
  get list(): readonly Found[] {
    return this.#list;
  }

  /** Reads the outcomes of final states, of so many runs at most; whether all are read. Where equal threads are one, a
   *  state stands for all its variants, each a run. */
  read(runsMax: number): boolean {
    const { raw } = this.#core;
    const variants = raw.variants();
    for (let left = runsMax; this.#seen < raw.exploreFinals(); left--) {
      if (left <= 0) return false;
      const state = raw.finalAt(this.#seen);
      raw.loadState(state);
      raw.vary(variants - 1 - this.#variants++);
      this.#noteRun(state);
      if (this.#variants < variants) continue;
      this.#variants = 0;
      this.#seen++;
    }
    return true;
  }

  #noteRun(state: number): void {
    const unmodelled = this.#core.unmodelled();
    const outcome = this.#core.outcome();
    const key = unmodelled === undefined ? outcomeKey(outcome) : `not modelled: ${unmodelled}`;
    if (this.#found.has(key)) return;
    const found = { key, outcome, state, ...(unmodelled === undefined ? {} : { unmodelled }) };
    this.#found.set(key, found);
    this.#list.push(found);
  }
}
