// Reads decisions out of one whole number, the most important decision first.
//
// Interface: Digits, NUMBER_MAX, intervalOf.
// A number below 2^48 is a point in an interval; each decision cuts the interval into parts as long as
// the choices are likely, and goes on in the part with the point (arithmetic decoding). Every number
// decodes, 0 decodes to the first choice everywhere, and a number made smaller keeps its leading
// decisions. So a generator of numbers is a generator of whatever is decoded, and shrinks as numbers do.

/** Numbers to decode are 0 to this one. */
export const NUMBER_MAX = 2 ** 48 - 1;

/** The numbers whose first decision among `weights` is `index`: from the first to before the second. */
export function intervalOf(weights: readonly number[], index: number): [from: number, to: number] {
  const unit = Math.floor((NUMBER_MAX + 1) / weights.reduce((sum, weight) => sum + weight, 0));
  const before = weights.slice(0, index).reduce((sum, weight) => sum + weight, 0);
  return [unit * before, unit * (before + weights[index]!)];
}

/** Takes decisions from a number. Once the number is used up, each is the first choice. */
export class Digits {
  #rest: number;
  #range = NUMBER_MAX + 1;

  constructor(value: number) {
    this.#rest = value;
  }

  /** A number from 0 to `count` - 1, all equally likely. */
  pick(count: number): number {
    const unit = Math.floor(this.#range / count);
    if (unit === 0) return 0;
    const digit = Math.min(Math.floor(this.#rest / unit), count - 1);
    this.#narrow(unit * digit, digit === count - 1 ? this.#range - unit * digit : unit);
    return digit;
  }

  /** One of the values, all equally likely. */
  of<T>(values: readonly T[]): T {
    return values[this.pick(values.length)]!;
  }

  /** Index into `weights`, each as likely as its weight; the weights add up to at most 1000. */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    const unit = Math.floor(this.#range / total);
    if (unit === 0) return 0;
    const last = weights.length - 1;
    let index = 0;
    let from = 0;
    while (index < last && this.#rest >= from + unit * weights[index]!)
      from += unit * weights[index++]!;
    this.#narrow(from, index === last ? this.#range - from : unit * weights[index]!);
    return index;
  }

  /** True `percent` times in a hundred; false for the number 0. */
  rarely(percent: number): boolean {
    return this.weighted([100 - percent, percent]) === 1;
  }

  #narrow(from: number, range: number): void {
    this.#rest -= from;
    this.#range = range;
  }
}
