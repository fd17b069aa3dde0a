// What a search gave, and what its driver shares: slices, bounds, words.
//
// Interface: ExploreReport, SearchResult, Seen, SeenWait, Bounds; opened, breathe, SLICE, sliceOf.

import type { Wait } from "../../compare/waits.js";
import { TooLarge } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { TooLargeToExplore } from "../../model/exploration.js";
import type { SearchFacts } from "../../model/search.js";
import type { Word } from "../../model/ending.js";
import type { Witness } from "../../model/wanted-witnesses.js";
import type { Outcome } from "../../trace/outcome.js";
import { CannotRun } from "../exit.js";
import type { Which } from "../../compare/goals.js";

/** An outcome of a search and how to come to it. */
export interface Seen {
  readonly key: string;
  readonly outcome: Outcome;
  /** observe() of the outcome. */
  readonly shows: string;
  /** Undefined where none was looked for or found. */
  readonly witness: Witness | undefined;
  /** Runs of a sample that had it. */
  readonly drawn?: number;
}

/** A task that can come to wait for a folio that a slot or a frag holds (P4). */
export interface SeenWait {
  readonly task: number;
  /** What it waits for at the end of the witness; both undefined where a search by fingerprints kept no way. */
  readonly wait: Wait | undefined;
  readonly witness: Witness | undefined;
}

/** One part of a search that was split. */
export interface Shard {
  readonly shard: number;
  readonly shards: number;
  /** Whether this part was searched to its end. */
  readonly whole: boolean;
}

/** How a search ended. */
export interface SearchResult {
  readonly word: Word;
  /** What the word means here: the bound that was reached, the size of the sample, why it left the model. */
  readonly because: string;
  readonly outcomes: readonly Seen[];
  readonly waits: readonly SeenWait[];
  /** Absent for samples. */
  readonly facts?: SearchFacts;
  /** All states of a search that was cut off, about; absent where nobody can tell. */
  readonly statesAbout?: number;
  readonly shard?: Shard;
  readonly seconds: number;
}

/** What was explored, and what came of it. */
export interface ExploreReport {
  readonly text: string;
  readonly setup: Setup;
  readonly result: SearchResult;
  /** Whose witnesses were looked for and are shown; of waits the cheapest, all, or none. */
  readonly witnesses: Which;
  /** No line for each outcome. */
  readonly summary: boolean;
}

/** Bounds of a search. */
export interface Bounds {
  /** Transitions of the search over all schedules. */
  readonly transitions: number;
  /** Transitions of the search for minimal witnesses; 0 leaves it out. */
  readonly witnessTransitions: number;
  /** Memory of either, bytes. */
  readonly memoryBytes: number;
}

/** Transitions between two looks at the clock and at Ctrl-C, at most: some 30 ms. */
export const SLICE = 20_000;

/** Slices are that much finer than what is done: so that a growing search is seen level by level. */
const FINENESS = 64;
const FIRST_SLICE = 500;

/** The next slice of a search that has done `done` transitions of `bound`; 0 at its end. */
export const sliceOf = (done: number, bound: number): number =>
  Math.max(0, Math.min(SLICE, Math.max(FIRST_SLICE, Math.ceil(done / FINENESS)), bound - done));

/** Turns what cannot be explored into a message for people. */
export function opened<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof TooLargeToExplore)
      throw new CannotRun(
        error.message,
        "use offsets and lengths that share a larger power of two, smaller files and pipes; or draw random runs: explore --sample 10000",
      );
    if (error instanceof TooLarge) throw new CannotRun(error.message);
    throw error;
  }
}

/** Lets other work of this process go on: signals, the progress display. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
