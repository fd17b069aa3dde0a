// When a draft is kept and when one is offered.
//
// Interface: Drafting.
// A text is kept shortly after a change, and at once when the page is left. What was written before is
// offered when a text is opened that has a draft beside it; without a link, the newest one is.

import { Drafts } from "./drafts.js";
import type { Draft, Storage } from "./drafts.js";

/** Between a change and its being kept: one write for a burst of keys. */
const KEEP_MS = 400;

/** What is needed of the browser. */
export interface Around {
  readonly storage: () => Storage;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class Drafting {
  readonly #drafts: Drafts;
  readonly #now: () => number;
  #pending: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The draft that is offered. */
  offered = $state.raw<Draft | undefined>();

  /** `linked`: the first text came with a link. */
  constructor({ storage, now }: Around, text: string, linked: boolean) {
    this.#drafts = new Drafts(storage);
    this.#now = now;
    this.#drafts.begin(text);
    const [newest] = this.#drafts.all();
    this.offered = linked || newest?.text === text ? this.#drafts.beside(text) : newest;
  }

  /** Another text is shown, from the gallery or from a link. */
  opened(text: string): void {
    this.flush();
    this.#drafts.begin(text);
    this.offered = this.#drafts.beside(text);
  }

  /** The text was changed by its author. */
  edited(text: string): void {
    this.#pending = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.flush();
    }, KEEP_MS);
  }

  /** Keeps what is not kept yet. */
  flush(): void {
    clearTimeout(this.#timer);
    if (this.#pending !== undefined) this.#drafts.keep(this.#pending, this.#now());
    this.#pending = undefined;
  }

  /** Takes the offered draft up; returns its text. */
  restore(): string | undefined {
    const draft = this.offered;
    if (draft === undefined) return undefined;
    this.flush();
    this.#drafts.resume(draft);
    this.offered = undefined;
    return draft.text;
  }

  /** Forgets the offered draft. */
  discard(): void {
    if (this.offered !== undefined) this.#drafts.discard(this.offered.name);
    this.offered = undefined;
  }

  /** Leaves the offered draft where it is. */
  later(): void {
    this.offered = undefined;
  }
}
