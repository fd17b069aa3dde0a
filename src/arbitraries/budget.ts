// Keeps files short: how long any file of a program can get, whatever the order of its calls.
//
// Interface: Budget.
// One budget for all files, since descriptors can be closed and their numbers used again. An end that
// is given (offset plus length, a size, an initial content) counts by its maximum; what is written at a
// position that only the run knows is added up.

/** The bytes that calls may still write. */
export class Budget {
  readonly #maxBytes: number;
  #fixed: number;
  #floating = 0;

  constructor(maxBytes: number, longestBytes: number) {
    this.#maxBytes = maxBytes;
    this.#fixed = longestBytes;
  }

  /** A length that may be written at `offset`: `lenBytes` or less, 0 if there is no room. */
  takeAt(offset: number, lenBytes: number): number {
    const len = Math.max(0, Math.min(lenBytes, this.#maxBytes - this.#floating - offset));
    if (len > 0) this.#fixed = Math.max(this.#fixed, offset + len);
    return len;
  }

  /** Whether `lenBytes` may be written at an unknown position; if so they are taken. */
  takeAnywhere(lenBytes: number): boolean {
    const floating = this.#floating + lenBytes;
    if (floating > this.#maxBytes / 2 || this.#fixed + floating > this.#maxBytes) return false;
    this.#floating = floating;
    return true;
  }
}
