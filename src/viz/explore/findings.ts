// The outcomes of one search as the page wants them, and which of them it has not been told of yet.
//
// Interface: Findings.

import { hasLostWake, isBlocked } from "../../compare/goals.js";
import { countsOf, NO_COUNTS } from "../../compare/judge.js";
import type { Counts } from "../../compare/judge.js";
import { observe, observed } from "../../compare/observe.js";
import type { Program } from "../../language/program.js";
import type { Witness } from "../../model/wanted-witnesses.js";
import type { Outcome } from "../../trace/outcome.js";
import type { Finding } from "./protocol.js";

/** What a search or a sample tells of an outcome. */
interface Seen {
  readonly key: string;
  readonly outcome: Outcome;
  readonly drawn?: number;
}

/** Outcomes in the order in which they were found. */
export class Findings {
  readonly #program: Program;
  readonly #all: Finding[] = [];
  readonly #places = new Map<string, number>();
  readonly #news = new Set<number>();
  #counts: Counts = NO_COUNTS;
  #minimal = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  get all(): readonly Finding[] {
    return this.#all;
  }

  /** How all of them count together. */
  get counts(): Counts {
    return this.#counts;
  }

  /** How many have their cheapest witness. */
  get minimal(): number {
    return this.#minimal;
  }

  at(key: string): Finding | undefined {
    return this.#all[this.#places.get(key) ?? -1];
  }

  /** Adds an outcome; one that is known may have been drawn more often. */
  add({ key, outcome, drawn }: Seen): void {
    const known = this.at(key);
    if (known) {
      if (drawn !== known.drawn) this.#put({ ...known, ...(drawn === undefined ? {} : { drawn }) });
      return;
    }
    const counts = countsOf(this.#program, [outcome]);
    this.#counts = {
      positive: this.#counts.positive + counts.positive,
      negative: this.#counts.negative + counts.negative,
      unknown: this.#counts.unknown + counts.unknown,
      either: this.#counts.either + counts.either,
      excluded: this.#counts.excluded + counts.excluded,
    };
    this.#places.set(key, this.#all.length);
    this.#put({
      key,
      shows: observe(this.#program, outcome),
      parts: observed(this.#program, outcome),
      counts,
      blocked: isBlocked({ outcome }),
      lostWake: hasLostWake({ outcome }),
      ...(drawn === undefined ? {} : { drawn }),
    });
  }

  /** Notes a witness. */
  witness(key: string, witness: Witness): void {
    const known = this.at(key)!;
    if (witness.minimal) this.#minimal++;
    this.#put({ ...known, witness });
  }

  #put(finding: Finding): void {
    const place = this.#places.get(finding.key)!;
    this.#all[place] = finding;
    this.#news.add(place);
  }

  /** What is new since it was last asked. */
  takeNews(): (readonly [number, Finding])[] {
    const news = [...this.#news].map((place) => [place, this.#all[place]!] as const);
    this.#news.clear();
    return news;
  }
}
