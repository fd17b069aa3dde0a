// Work in slices that take about so many milliseconds, however fast the machine is.
//
// Interface: Slices, for work that is told how much to do; aWhile, for work piece by piece.

/** A slice aims at this: of a hundred in which a search has to stop. */
const SLICE_MS = 10;
const FIRST = 32;
const LARGEST = 100_000;
/** From one slice to the next it grows by this factor at most. */
const GROWTH = 4;

/** Sizes of slices of one kind of work. */
export class Slices {
  readonly #now: () => number;
  #size = FIRST;

  /** `now`: milliseconds since some moment. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Does a slice of `work`, which is told how much to do, `most` at most. */
  run<T>(work: (amount: number) => T, most = Infinity): T {
    const amount = Math.min(this.#size, most);
    const started = this.#now();
    const result = work(amount);
    const took = Math.max(this.#now() - started, 0.01);
    const fitting = Math.floor((amount * SLICE_MS) / took);
    this.#size = Math.max(1, Math.min(fitting, this.#size * GROWTH, LARGEST));
    return result;
  }
}

/** Does pieces of work for about a slice, one at least; whether there is more to do. `piece` says so, too. */
export function aWhile(now: () => number, piece: () => boolean, lastsMs = SLICE_MS): boolean {
  const started = now();
  let more = piece();
  while (more && now() - started < lastsMs) more = piece();
  return more;
}
