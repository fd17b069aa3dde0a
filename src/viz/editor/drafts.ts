// Drafts: what somebody writes survives a reload, and a link that is opened does not overwrite it.
//
// Interface: Draft, Drafts; DRAFTS_MAX. Where the browser forbids to keep anything nothing is kept, and nothing fails.
// A draft belongs to the name of its scenario; there is one for each name, and the oldest make room.

/** Drafts that are kept: some weeks of work, and well within what a browser keeps. */
export const DRAFTS_MAX = 20;
/** UTF-16 units of a draft; a longer one, five times the largest of the corpus and more, is not kept. */
export const DRAFT_LENGTH_MAX = 64 * 1024;

const KEY = "splicelab-drafts";

/** A text that was written, and when, in milliseconds since 1970. */
export interface Draft {
  readonly name: string;
  readonly text: string;
  readonly at: number;
}

/** What is needed of `localStorage`. */
export type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

/** The name of a scenario, as its text gives it; "" without one. */
export const nameOf = (text: string): string => /^\s*litmus\s+([\w-]+)/m.exec(text)?.[1] ?? "";

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { name, text, at } = value as Partial<Record<keyof Draft, unknown>>;
  return typeof name === "string" && typeof text === "string" && typeof at === "number";
}

/** Under which name a draft goes on that another one of its name has put aside. */
const earlier = (name: string): string => `${name} (earlier)`;

/** The drafts of this browser, and the text that is written now. */
export class Drafts {
  readonly #open: () => Storage;
  /** What the present text began as. */
  #began: string | undefined;
  /** The name under which the present text was kept last. */
  #own: string | undefined;

  /** `open` gives the browser's storage, and may throw where that is forbidden. */
  constructor(open: () => Storage) {
    this.#open = open;
  }

  /** All drafts, the newest first. */
  all(): Draft[] {
    try {
      const kept: unknown = JSON.parse(this.#open().getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isDraft).sort((a, b) => b.at - a.at) : [];
    } catch {
      return [];
    }
  }

  /** A text is opened; what is written from now on is a draft of its own. A text that is a draft already goes on. */
  begin(text: string): void {
    const same = this.all().find((each) => each.text === text);
    this.#began = same === undefined ? text : undefined;
    this.#own = same?.name;
  }

  /** The text goes on from a draft. */
  resume({ name }: Draft): void {
    this.#began = undefined;
    this.#own = name;
  }

  /** Keeps the present text, in place of what was kept of it before. The text that was opened is no draft. A draft of
   *  the same name from before is put aside, not overwritten. Returns whether the text is kept. */
  keep(text: string, at: number): boolean {
    const others = this.all().filter(({ name }) => name !== this.#own);
    if (text === this.#began || text.trim() === "") {
      if (this.#own !== undefined) this.#write(others);
      this.#own = undefined;
      return false;
    }
    if (text.length > DRAFT_LENGTH_MAX) return false;
    const name = nameOf(text);
    const aside = others.find((each) => each.name === name && each.text !== text);
    const rest = others.filter((each) => each.name !== name);
    this.#own = name;
    return this.#write([
      { name, text, at },
      ...(aside === undefined ? rest : putAside(aside, rest)),
    ]);
  }

  /** The draft that a text which is opened has beside it: the one of its name, if it is another text. */
  beside(text: string): Draft | undefined {
    const name = nameOf(text);
    return this.all().find((each) => each.name === name && each.text !== text);
  }

  /** Forgets the draft of a name. */
  discard(name: string): void {
    this.#write(this.all().filter((each) => each.name !== name));
  }

  #write(drafts: readonly Draft[]): boolean {
    try {
      this.#open().setItem(KEY, JSON.stringify(drafts.slice(0, DRAFTS_MAX)));
      return true;
    } catch {
      return false;
    }
  }
}

function putAside(draft: Draft, others: readonly Draft[]): Draft[] {
  const moved = { ...draft, name: earlier(draft.name) };
  const kept = [moved, ...others.filter(({ name }) => name !== moved.name)];
  return kept.sort((a, b) => b.at - a.at);
}
