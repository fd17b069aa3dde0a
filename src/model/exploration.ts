// Every interleaving of one scenario: the core's search, its final states as outcomes, and who can come to wait.
//
// Interface: Exploration, EXPLORE_DEFAULTS, TooLargeToExplore.
// Nothing here knows clocks or workers.

import { blame } from "../language/blame.js";
import { outcomeKey } from "../trace/outcome-key.js";
import type { Core, Setup } from "./core.js";
import { Finals } from "./finals.js";
import type { Found } from "./finals.js";
import { ALL_REDUCTIONS, SEARCH_DEFAULTS, Search } from "./search.js";
import type { SearchFacts, SearchOptions } from "./search.js";
import { waitsOf } from "./waits.js";
import type { FoundWait } from "./waits.js";

/** How to explore where nobody says otherwise: with every reduction. */
export const EXPLORE_DEFAULTS: SearchOptions = { ...SEARCH_DEFAULTS, reductions: ALL_REDUCTIONS };

/** A scenario whose states are too large to be explored. */
export class TooLargeToExplore extends Error {
  override readonly name = "TooLargeToExplore";
}

/** Bytes of one state at most: above, a search would not get far. A state is kept as what differs from the first. */
export const STATE_BYTES_MAX = 1024 * 1024;

const thousands = (value: number): string => value.toLocaleString("en");

/** One search over all schedules of a scenario. The core is its own until it is thrown away. */
export class Exploration {
  readonly #core: Core;
  readonly #setup: Setup;
  readonly #finals: Finals;
  /** The search itself: run it in slices. */
  readonly search: Search;

  /** Begins a search. Throws TooLarge and TooLargeToExplore. */
  constructor(
    core: Core,
    setup: Setup,
    options: SearchOptions = EXPLORE_DEFAULTS,
    stateBytesMax = STATE_BYTES_MAX,
  ) {
    this.#core = core;
    this.#setup = setup;
    this.#finals = new Finals(core);
    core.reset(setup);
    const bytes = core.raw.stateSize();
    if (bytes > stateBytesMax)
      throw new TooLargeToExplore(
        `a state of this scenario takes ${thousands(bytes)} bytes, more than the ${thousands(stateBytesMax)} of a search: ` +
          (blame(setup.program) || "use fewer calls, files and pipes"),
      );
    this.search = new Search(core.raw);
    this.search.start(options);
  }

  /** The distinct outcomes found so far, in the order in which they were found. */
  outcomes(): readonly Found[] {
    return [...this.#finals.all().values()];
  }

  /** Reads outcomes of the final states found so far, of so many runs at most, into `read`; whether all are read. */
  readOutcomes(runsMax: number): boolean {
    return this.#finals.read(runsMax);
  }

  /** The distinct outcomes read so far, likewise. */
  get read(): readonly Found[] {
    return this.#finals.list;
  }

  /** The tasks that wait, in some state found so far, for a folio that a slot or a frag holds (P4); in a search
   *  by several workers, `all` is what each knows. Where equal threads are one, a task stands for all of them. */
  waits(all: readonly SearchFacts[] = [this.search.facts()]): readonly FoundWait[] {
    const { raw } = this.#core;
    const variants = Array.from({ length: raw.variants() }, (_, variant) => variant);
    const found = waitsOf(all).flatMap((wait) =>
      variants.map((variant) => ({ ...wait, task: raw.variedAction(variant, wait.task) })),
    );
    const tasks = new Map(found.map((wait) => [wait.task, wait]));
    return [...tasks.values()].sort((a, b) => a.task - b.task);
  }

  /** The schedule of the search's own way to an outcome, not of the shortest. A search by fingerprints has none. */
  scheduleTo({ state, key }: Found): number[] {
    return this.scheduleAlong(this.search.way(state), key);
  }

  /** The schedule to an outcome along packed states, of this search or of one like it. */
  scheduleAlong(way: readonly Uint8Array[], key: string): number[] {
    const core = this.#core;
    for (const varied of this.#variantsOf(this.#along(way))) {
      this.#replay(varied);
      if (outcomeKey(core.outcome()) === key) return varied;
    }
    throw new Error("the way to an outcome does not lead to it");
  }

  /** The schedule after which a task waits, likewise. */
  scheduleToWait({ task, state }: FoundWait, way = this.search.way(state)): number[] {
    const core = this.#core;
    for (const varied of this.#variantsOf(this.#along(way))) {
      this.#replay(varied);
      const before = core.save();
      for (const action of core.enabled()) {
        core.load(before);
        core.step(action);
        if ((core.raw.unboundedMask() >>> task) & 1) return [...varied, action];
      }
    }
    throw new Error("the way to a wait does not lead to it");
  }

  /** The actions along packed states, as the machine takes them that changes no thread's place. */
  #along(way: readonly Uint8Array[]): number[] {
    this.#core.reset(this.#setup);
    return this.search.actions(way, (action) => {
      this.#core.step(action);
    });
  }

  /** A schedule with the equal threads in each of their orders. */
  #variantsOf(schedule: readonly number[]): number[][] {
    const { raw } = this.#core;
    return Array.from({ length: raw.variants() }, (_, variant) =>
      schedule.map((action) => raw.variedAction(variant, action)),
    );
  }

  #replay(schedule: readonly number[]): void {
    this.#core.reset(this.#setup);
    for (const action of schedule) this.#core.step(action);
  }
}
