// What a run cost under its policy, beside the calls' own copies.
//
// Interface: Price, PRICE_NAMES. Counted by assembly/price.ts, in this order; never part of a state.

/** The counters, by name. */
export const PRICE_NAMES = [
  "pagesCopied",
  "bytesCopied",
  "foliosAllocated",
  "waits",
  "steals",
  "markChanges",
  "pagesReadBack",
  "pagesWritten",
] as const;

/** One number for each; bytesCopied in bytes. */
export type Price = Readonly<Record<(typeof PRICE_NAMES)[number], number>>;
