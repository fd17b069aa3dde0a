// The run that decides a scenario's condition, found by a short search: for who wants to see it, not to prove anything.
//
// Interface: decidingRun, Deciding.

import type { Setup } from "../../model/core.js";
import { ALL_REDUCTIONS } from "../../model/search.js";
import type { Edge } from "../edge.js";
import { shownWitnesses } from "./report.js";
import { searchAll } from "./search.js";
import { priceText, tokenOf } from "./witness-text.js";

const MEMORY_BYTES = 1 << 30;
/** Some seconds of a search, and of that for the cheapest schedule. */
const BOUNDS = {
  transitions: 2_000_000,
  witnessTransitions: 2_000_000,
  memoryBytes: MEMORY_BYTES,
};

/** What was found. */
export interface Deciding {
  /** Absent where no run decides the condition, and none gets stuck. */
  readonly token?: string;
  /** What the run shows, or what the search came to. */
  readonly told: string;
}

/** Searches for the cheapest run that is a counterexample of `forall`, or an example; or one that gets stuck. */
export async function decidingRun(edge: Edge, text: string, setup: Setup): Promise<Deciding> {
  const options = {
    order: "breadth",
    reductions: ALL_REDUCTIONS,
    mode: "exact",
    memoryBytesMax: MEMORY_BYTES,
  } as const;
  const witnesses = "deciding";
  const task = { setup, options, bounds: BOUNDS, witnesses, workers: 1, hash: "" } as const;
  const result = await searchAll(edge, task);
  const report = { text, setup, result, witnesses, summary: false } as const;
  const found = shownWitnesses(report).find(({ seen }) => seen.witness !== undefined);
  if (found?.seen.witness === undefined)
    return {
      told: `no run that decides the condition was found (${result.word}: ${result.because})`,
    };
  const { title, seen } = found;
  return {
    token: tokenOf(report, seen.witness!, "over"),
    told: `${title}${seen.shows || "the only outcome"} (${priceText(seen)})`,
  };
}
