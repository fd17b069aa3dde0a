// Reads decisions out of one whole number, the most important decision first.
//
// Interface: Digits, NUMBER_MAX.
// A number below 2^48 is taken apart in a mixed radix, highest digit first: every number decodes, 0
// decodes to the first choice everywhere, and a number made smaller keeps its leading decisions. So
// a generator of numbers is a generator of whatever is decoded, and it shrinks as numbers do.

/** Numbers to decode are 0 to this one. */
export const NUMBER_MAX = 2 ** 48 - 1;

/** Takes digits from a number. Once the number is used up, every digit is 0. */
export class Digits {
  #rest: number;
  #range = NUMBER_MAX + 1;

  constructor(value: number) {
    this.#rest = value;
  }

  /** A number from 0 to `count` - 1. */
  pick(count: number): number {
    const unit = Math.floor(this.#range / count);
    if (unit === 0) return 0;
    const digit = Math.min(Math.floor(this.#rest / unit), count - 1);
    this.#rest = Math.min(this.#rest - digit * unit, unit - 1);
    this.#range = unit;
    return digit;
  }

  /** One of the values, all equally likely. */
  of<T>(values: readonly T[]): T {
    return values[this.pick(values.length)]!;
  }

  /** Index into `weights`, each as likely as its weight. */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let digit = this.pick(total);
    let index = 0;
    while (digit >= weights[index]!) digit -= weights[index++]!;
    return index;
  }

  /** True `percent` times in a hundred; false for the number 0. */
  rarely(percent: number): boolean {
    return this.pick(100) >= 100 - percent;
  }
}
