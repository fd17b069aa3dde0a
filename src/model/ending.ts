// How a search ended: the word that says what its outcomes are worth, and which bound it reached.
//
// Interface: Word, Bound, Ending, endingOf, COMPLETE. How to move a bound is for the edge to say: a flag, a button.

import type { Found } from "./finals.js";
import type { SearchOptions, SearchStatus } from "./search.js";

/** What a verdict is worth. Only *complete* is a proof, of these bounds and this profile. */
export type Word = "complete" | "bounded" | "sampled" | "unmodelled";

/** What kept a search from its end. "state": one state is larger than a search can keep. */
export type Bound = "memory" | "state" | "stopped" | "transitions" | "shard" | "fingerprints";

/** The word, and what it rests on. */
export type Ending =
  | { readonly word: "complete" }
  | { readonly word: "bounded"; readonly bound: Bound }
  | { readonly word: "unmodelled"; readonly why: string };

/** What "complete" means. */
export const COMPLETE = "every schedule of this scenario, with this profile and policy";

/** What is known at the end. */
interface Ended {
  readonly status: SearchStatus;
  readonly found: readonly Pick<Found, "unmodelled">[];
  readonly options: Pick<SearchOptions, "mode" | "shard">;
  /** Somebody asked to stop. */
  readonly stopped: boolean;
}

/** The ending of a search. A run that left the model comes first: nothing is claimed then. */
export function endingOf({ status, found, options, stopped }: Ended): Ending {
  const why = found.find(({ unmodelled }) => unmodelled !== undefined)?.unmodelled;
  if (why !== undefined) return { word: "unmodelled", why };
  if (status === "out of memory") return { word: "bounded", bound: "memory" };
  if (status === "too large") return { word: "bounded", bound: "state" };
  if (status !== "done") return { word: "bounded", bound: stopped ? "stopped" : "transitions" };
  if (options.shard) return { word: "bounded", bound: "shard" };
  return options.mode === "exact"
    ? { word: "complete" }
    : { word: "bounded", bound: "fingerprints" };
}
