// The typed face of the search in assembly/explore/, over whichever machine an instance holds.
//
// Interface: Search: start, run in slices, facts, final states, the way to a state; checkpoint and resume; boxes
// for several workers (search-together.ts). The owner of the instance sets the machine to its first state.
// States are named by indices, which mean nothing to another search.

import type { CalibrationExports } from "../../build/core/calibration-exports.js";
import type { CoreExports } from "../../build/core/exports.js";
import * as abi from "../../assembly/abi/explore.js";

/** What both instances export: the search, and memory. */
export type SearchExports = Pick<CoreExports, keyof CoreExports & keyof CalibrationExports>;

/** Which reductions are on. All final states stay under each of them, up to the names that a symmetry takes away. */
export interface Reductions {
  /** Frames that differ in their numbers alone are one. */
  readonly frames: boolean;
  /** Threads that run the same are one, whichever bytes they write. */
  readonly threads: boolean;
  /** Of the enabled actions only as many are tried as all final states need. */
  readonly actions: boolean;
}

export const NO_REDUCTIONS: Reductions = { frames: false, threads: false, actions: false };
export const ALL_REDUCTIONS: Reductions = { frames: true, threads: true, actions: true };

/** How to search. */
export interface SearchOptions {
  readonly order: "breadth" | "depth";
  readonly reductions: Reductions;
  /** "fingerprints": hashes alone are kept; breadth first only, no ways. */
  readonly mode: "exact" | "fingerprints";
  /** Bound of the search's memory, bytes; 4 GiB at most. */
  readonly memoryBytesMax: number;
  /** This worker and how many there are; breadth first only. */
  readonly own?: { readonly worker: number; readonly workers: number };
  /** This shard and how many there are; breadth first only. */
  readonly shard?: { readonly shard: number; readonly shards: number };
}

export const SEARCH_DEFAULTS: SearchOptions = {
  order: "breadth",
  reductions: NO_REDUCTIONS,
  mode: "exact",
  memoryBytesMax: 2 ** 31,
};

/** How a search stands. "level done": of several workers, this one waits for the others. "foreign": what was resumed
 *  belongs to another machine. */
export type SearchStatus = (typeof STATUSES)[number];
const STATUSES = [
  "running",
  "done",
  "out of memory",
  "level done",
  "too large",
  "foreign",
] as const;

/** What is known of one property. */
export interface Violation {
  /** Transitions that violate it. */
  readonly transitions: number;
  /** The state before the first of them, its action, and the steps up to and with it; 0 without one. */
  readonly state: number;
  readonly action: number;
  readonly steps: number;
}

/** What is known of a search. */
export interface SearchFacts {
  readonly status: SearchStatus;
  /** Distinct states, and how many of them are not yet expanded. */
  readonly states: number;
  readonly frontier: number;
  /** Actions performed, towards known states too. */
  readonly transitions: number;
  /** Breadth first the level, depth first the deepest state. */
  readonly depth: number;
  readonly finals: number;
  /** Memory claimed. */
  readonly bytes: number;
  /** Expected number of states that fingerprints have missed: n² / 2⁶⁵; 0 in an exact search. */
  readonly missedExpected: number;
  /** One per property that the machine knows. */
  readonly violations: readonly Violation[];
}

/** One search at a time on one instance. */
export class Search {
  readonly #core: SearchExports;
  #mode: SearchOptions["mode"] = "exact";
  #inbox = 0;

  constructor(core: SearchExports) {
    this.#core = core;
  }

  /** Begins at the machine's present state; what was searched before is forgotten. */
  start(options: SearchOptions = SEARCH_DEFAULTS): SearchStatus {
    const core = this.#core;
    this.#mode = options.mode;
    this.#inbox = 0;
    core.exploreOwn(options.own?.worker ?? 0, options.own?.workers ?? 1);
    const status = core.exploreStart(
      options.order === "breadth" ? abi.ORDER_BREADTH : abi.ORDER_DEPTH,
      wordOf(options.reductions),
      options.mode === "exact" ? abi.MODE_EXACT : abi.MODE_FINGERPRINT,
      options.memoryBytesMax,
    );
    if (options.shard) core.exploreShard(options.shard.shard, options.shard.shards);
    return STATUSES[status]!;
  }

  /** Goes on for so many transitions, or to the end. */
  run(transitionsMax: number): SearchStatus {
    return STATUSES[this.#core.exploreRun(transitionsMax)]!;
  }

  /** Goes on to the end, or to the end of a level, but for at most so many transitions. */
  runAll(transitionsMax = Infinity): SearchStatus {
    const end = this.#core.exploreTransitions() + transitionsMax;
    let status = this.#status();
    for (let left = transitionsMax; status === "running" && left > 0;) {
      status = this.run(Math.min(left, 1 << 24));
      left = end - this.#core.exploreTransitions();
    }
    return status;
  }

  #status(): SearchStatus {
    return STATUSES[this.#core.exploreStatus()]!;
  }

  facts(): SearchFacts {
    const core = this.#core;
    const states = core.exploreStates();
    return {
      status: this.#status(),
      states,
      frontier: core.exploreFrontier(),
      transitions: core.exploreTransitions(),
      depth: core.exploreDepth(),
      finals: core.exploreFinals(),
      bytes: core.exploreBytes(),
      missedExpected: this.#mode === "exact" ? 0 : states ** 2 / 2 ** 65,
      violations: Array.from({ length: core.properties() }, (_, property) => ({
        transitions: core.violations(property),
        state: core.violationState(property) >>> 0,
        action: core.violationAction(property),
        steps: core.violationSteps(property),
      })),
    };
  }

  /** The final states found so far. */
  finals(): number[] {
    const count = this.#core.exploreFinals();
    return Array.from({ length: count }, (_, nth) => this.#core.finalAt(nth) >>> 0);
  }

  /** Brings the machine to a state. */
  load(state: number): void {
    this.#core.loadState(state);
  }

  /** The state before a state of this worker, its owner, and the packed state; undefined before the first state. */
  before(state: number): { readonly state: number; readonly worker: number } | undefined {
    if (this.#mode !== "exact") throw new Error("a search by fingerprints keeps no ways");
    const parent = this.#core.parentOfState(state) >>> 0;
    return parent === 0 ? undefined : { state: parent, worker: this.#core.workerOfState(state) };
  }

  /** The packed states on the way from the first state to `state`, that one included, the first left out. Of a
   *  search by one worker. */
  way(state: number): Uint8Array[] {
    const states: Uint8Array[] = [];
    for (
      let at = state, before = this.before(at);
      before;
      at = before.state, before = this.before(at)
    )
      states.push(this.packed(at));
    return states.reverse();
  }

  /** The actions from the machine's present state along packed states: those of a way, of this search or of one like it.
   *  The machine is not moved: `act` performs each action. */
  actions(way: readonly Uint8Array[], act: (action: number) => void): number[] {
    return way.map((packed) => {
      new Uint8Array(this.#core.memory.buffer).set(packed, this.#core.wantedAt() >>> 0);
      const action = this.#core.actionTowards(packed.length);
      if (action < 0) throw new Error("the way does not begin at the machine's state");
      act(action);
      return action;
    });
  }

  /** A copy of a packed state: equal states are equal bytes. */
  packed(state: number): Uint8Array {
    const core = this.#core;
    return this.#copy(core.packedState(state) >>> 0, core.packedBytes(state));
  }

  #copy(at: number, bytes: number): Uint8Array {
    return new Uint8Array(this.#core.memory.buffer, at, bytes).slice();
  }

  /** Everything that is known, to be resumed. Parts are copies. */
  checkpoint(): Uint8Array[] {
    const core = this.#core;
    return Array.from({ length: core.checkpointParts() }, (_, part) =>
      this.#copy(core.partAt(part) >>> 0, core.partBytes(part)),
    );
  }

  /** Goes on with a checkpoint; the machine is at the first state of that search. */
  resume(
    parts: readonly Uint8Array[],
    options: Pick<SearchOptions, "mode" | "memoryBytesMax">,
  ): SearchStatus {
    const core = this.#core;
    this.#mode = options.mode;
    this.#inbox = 0;
    const put = (part: number): void => {
      new Uint8Array(core.memory.buffer).set(parts[part]!, core.partAt(part) >>> 0);
    };
    if (parts[0]?.length !== core.partBytes(0)) return "foreign";
    if (core.resumeStart(options.memoryBytesMax) !== abi.STATUS_RUNNING) return this.#status();
    put(0);
    const table = options.mode === "exact" ? 0 : parts.at(-1)!.length;
    if (core.resumeChunks(table) !== abi.STATUS_RUNNING) return this.#status();
    for (let part = 1; part < parts.length; part++) put(part);
    return STATUSES[core.resumeEnd()]!;
  }

  /** Takes out what another worker owns. */
  takeOutbox(worker: number): Uint8Array[] {
    const core = this.#core;
    const chunks: Uint8Array[] = [];
    for (let bytes = core.outboxBytes(worker); bytes > 0; bytes = core.outboxBytes(worker)) {
      chunks.push(this.#copy(core.outboxAt(worker) >>> 0, bytes));
      core.outboxDrop(worker);
    }
    return chunks;
  }

  /** Takes in a chunk that another worker had for this one. */
  putInbox(chunk: Uint8Array): SearchStatus {
    const core = this.#core;
    this.#inbox = core.inboxAt(this.#inbox) >>> 0;
    if (this.#inbox === 0) return "out of memory";
    new Uint8Array(core.memory.buffer).set(chunk, this.#inbox);
    return STATUSES[core.inbox(this.#inbox, chunk.length)]!;
  }

  /** Of several workers: goes on to the next level. Returns the states in it. */
  nextLevel(): number {
    return this.#core.exploreLevel();
  }
}

function wordOf({ frames, threads, actions }: Reductions): number {
  return (
    (frames ? abi.REDUCE_FRAMES : 0) |
    (threads ? abi.REDUCE_THREADS : 0) |
    (actions ? abi.REDUCE_ACTIONS : 0)
  );
}
