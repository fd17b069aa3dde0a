// Every interleaving of one scenario, searched in slices by the core's engine (assembly/explore/).
//
// Interface: Exploration, ExploreOptions, Progress, REDUCTIONS.
// A search ends complete, or bounded by memory; a final state in which the run has left the model makes the
// verdict unmodelled. Nothing here knows clocks or workers.

import * as abi from "../../assembly/abi/explore.js";
import type { Core, Setup } from "./core.js";
import { Finals } from "./finals.js";
import type { Found } from "./finals.js";

/** What a search leaves out because something else stands for it. */
export const REDUCTIONS = ["actions", "frames", "threads"] as const;
export type Reduction = (typeof REDUCTIONS)[number];

const REDUCTION_BITS: Readonly<Record<Reduction, number>> = {
  actions: abi.REDUCE_ACTIONS,
  frames: abi.REDUCE_FRAMES,
  threads: abi.REDUCE_THREADS,
};

/** How to search. */
export interface ExploreOptions {
  /** Breadth first if absent: the first path to a state is a shortest one. */
  readonly order?: "breadth" | "depth";
  /** All if absent. */
  readonly reductions?: readonly Reduction[];
  /** Keep 64-bit hashes of states only; then a state may be missed. */
  readonly fingerprints?: boolean;
  /** Bytes that the search may use; MEMORY_BYTES if absent. */
  readonly memoryBytes?: number;
  /** One part of a search that is split among several, from 0. */
  readonly shard?: { readonly index: number; readonly count: number };
}

/** Memory of a search where nobody names a bound. */
export const MEMORY_BYTES = 2 ** 31;

/** How a search stands. */
export interface Progress {
  readonly states: number;
  readonly transitions: number;
  /** States that wait to be expanded. */
  readonly frontier: number;
  /** Steps of the deepest state that was expanded. */
  readonly depth: number;
  /** Final states found. */
  readonly finals: number;
  readonly bytes: number;
}

/** Why a search does not go on. */
export type Ended = "running" | "complete" | "memory";

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
  #status: number;

  /** Begins a search. Throws TooLarge and TooLargeToExplore. */
  constructor(core: Core, setup: Setup, options: ExploreOptions = {}) {
    this.#core = core;
    this.#setup = setup;
    this.#finals = new Finals(core);
    core.reset(setup);
    const { raw } = core;
    if (raw.stateSize() > STATE_BYTES_MAX)
      throw new TooLargeToExplore(
        `a state of this scenario takes ${raw.stateSize()} bytes, more than ${STATE_BYTES_MAX} that a search keeps: ` +
          `use smaller files and pipes, or offsets and lengths that share a larger power of two`,
      );
    const reductions = (options.reductions ?? REDUCTIONS).reduce(
      (bits, each) => bits | REDUCTION_BITS[each],
      0,
    );
    this.#status = raw.exploreStart(
      options.order === "depth" ? abi.ORDER_DEPTH : abi.ORDER_BREADTH,
      reductions,
      options.fingerprints === true ? abi.MODE_FINGERPRINT : abi.MODE_EXACT,
      options.memoryBytes ?? MEMORY_BYTES,
    );
    if (options.shard) raw.exploreShard(options.shard.index, options.shard.count);
  }

  /** Goes on for about `transitions` transitions. */
  run(transitions: number): Ended {
    this.#status = this.#core.raw.exploreRun(transitions);
    return this.ended();
  }

  /** Goes on to the end. */
  runAll(): Ended {
    while (this.run(1 << 20) === "running");
    return this.ended();
  }

  /** Why the search does not go on. */
  ended(): Ended {
    if (this.#status === abi.STATUS_RUNNING) return "running";
    if (this.#status === abi.STATUS_DONE) return "complete";
    if (this.#status === abi.STATUS_OUT_OF_MEMORY) return "memory";
    throw new Error(`the search stopped with status ${this.#status}`);
  }

  /** How the search stands. */
  progress(): Progress {
    const { raw } = this.#core;
    return {
      states: raw.exploreStates(),
      transitions: raw.exploreTransitions(),
      frontier: raw.exploreFrontier(),
      depth: raw.exploreDepth(),
      finals: raw.exploreFinals(),
      bytes: raw.exploreBytes(),
    };
  }

  /** The distinct outcomes found so far, in the order in which they were found. */
  outcomes(): readonly Found[] {
    return [...this.#finals.all().values()];
  }

  /** The schedule of a path to a state of the search: breadth first, with no more steps than any other path that the
   *  search has looked at. */
  scheduleTo(state: number): number[] {
    const { raw } = this.#core;
    const path: number[] = [];
    for (let at = state; at !== raw.firstState(); at = raw.parentOfState(at)) path.push(at);
    this.#core.reset(this.#setup);
    return path.reverse().map((next) => {
      const action = raw.actionTowards(next);
      if (action < 0) throw new Error("a path of the search cannot be walked again");
      this.#core.step(action);
      return action;
    });
  }
}
