// Every interleaving of one scenario: the core's search, its final states as outcomes, and who can come to wait.
//
// Interface: Exploration, EXPLORE_DEFAULTS, TooLargeToExplore.
// Nothing here knows clocks or workers.

import type { Core, Setup } from "./core.js";
import { Finals } from "./finals.js";
import type { Found } from "./finals.js";
import { ALL_REDUCTIONS, SEARCH_DEFAULTS, Search } from "./search.js";
import type { SearchOptions } from "./search.js";
import { waitsOf } from "./waits.js";
import type { FoundWait } from "./waits.js";

/** How to explore where nobody says otherwise: with every reduction. */
export const EXPLORE_DEFAULTS: SearchOptions = { ...SEARCH_DEFAULTS, reductions: ALL_REDUCTIONS };

/** A scenario whose states are too large to be explored. */
export class TooLargeToExplore extends Error {
  override readonly name = "TooLargeToExplore";
}

/** Bytes of one state at most: above, a search would not get far. */
export const STATE_BYTES_MAX = 64 * 1024;

/** One search over all schedules of a scenario. The core is its own until it is thrown away. */
export class Exploration {
  readonly #core: Core;
  readonly #setup: Setup;
  readonly #finals: Finals;
  /** The search itself: run it in slices. */
  readonly search: Search;

  /** Begins a search. Throws TooLarge and TooLargeToExplore. */
  constructor(core: Core, setup: Setup, options: SearchOptions = EXPLORE_DEFAULTS) {
    this.#core = core;
    this.#setup = setup;
    this.#finals = new Finals(core);
    core.reset(setup);
    const bytes = core.raw.stateSize();
    if (bytes > STATE_BYTES_MAX)
      throw new TooLargeToExplore(
        `a state of this scenario takes ${bytes} bytes, more than the ${STATE_BYTES_MAX} of a search: ` +
          `use smaller files and pipes, or offsets and lengths that share a larger power of two`,
      );
    this.search = new Search(core.raw);
    this.search.start(options);
  }

  /** The distinct outcomes found so far, in the order in which they were found. */
  outcomes(): readonly Found[] {
    return [...this.#finals.all().values()];
  }

  /** The tasks that wait, in some state found so far, for a folio that a slot or a frag holds (P4). */
  waits(): readonly FoundWait[] {
    return waitsOf([this.search.facts()]);
  }

  /** The schedule of the search's own way to a state, not of the shortest. A search by fingerprints has none. */
  scheduleTo(state: number): number[] {
    return this.scheduleAlong(this.search.way(state));
  }

  /** The schedule along packed states, of this search or of one like it. */
  scheduleAlong(way: readonly Uint8Array[]): number[] {
    this.#core.reset(this.#setup);
    return this.search.actions(way, (action) => {
      this.#core.step(action);
    });
  }
}
