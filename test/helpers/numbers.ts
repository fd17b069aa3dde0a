// Numbers by chance that are the same for the same seed.
//
// Interface: numbersFrom; numbersBelow, Below.

/** Gives whole numbers from 0 to 2^32 - 1: mulberry32. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return (x ^ (x >>> 14)) >>> 0;
  };
}

/** Gives a number from 0 on, below a bound. */
export type Below = (bound: number) => number;

/** The same numbers, each below a bound. */
export function numbersBelow(seed: number): Below {
  const next = numbersFrom(seed);
  return (bound) => next() % bound;
}
