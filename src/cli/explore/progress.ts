// How far a search has come, and about how far it still has to go.
//
// Interface: Progress. Whole levels give the estimate (src/model/growth.ts): there is none depth first, none of
// a shard, which leaves out most of a level, and none in the first moments.

import { Core } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { Growth, shareText, shortestRun, timeText } from "../../model/growth.js";
import type { SearchFacts, SearchOptions } from "../../model/search.js";
import type { Edge } from "../edge.js";
import { thousands } from "../../trace/amounts.js";

/** Shows a line of progress after each slice or level. */
export class Progress {
  readonly #edge: Edge;
  readonly #growth: Growth | undefined;
  readonly #started: number;
  readonly #why: string;
  /** States of before: those of a checkpoint were found in another time. */
  #resumed: number | undefined;
  #expanded = 0;

  constructor(edge: Edge, setup: Setup, options: SearchOptions) {
    this.#edge = edge;
    this.#started = edge.now();
    const levels = options.order === "breadth" && options.shard === undefined;
    this.#growth = levels ? new Growth(shortestRun(new Core(), setup)) : undefined;
    this.#why = levels
      ? "too early to say how much is left"
      : `nobody can say how much is left ${options.shard ? "of a shard" : "depth first"}`;
  }

  /** All states, about; undefined where nobody can tell. */
  about(): number | undefined {
    return this.#growth?.statesAbout();
  }

  /** Shows how far one search is: somewhere in a level. */
  note(facts: SearchFacts): void {
    const { depth, states, frontier } = facts;
    this.#growth?.note({ depth, states: frontier, before: states - frontier });
    this.#show(facts);
  }

  /** Shows how far several workers are, when a level is over: what they found for each other is not known yet. */
  noteWhole(facts: SearchFacts): void {
    const { depth, states, frontier } = facts;
    const before = this.#expanded;
    this.#expanded = states - frontier;
    this.#growth?.note({ depth, states: this.#expanded - before, before });
    this.#show(facts);
  }

  #show(facts: SearchFacts): void {
    const { states, transitions, frontier, depth } = facts;
    this.#resumed ??= facts.states;
    const seconds = Math.max((this.#edge.now() - this.#started) / 1000, 0.001);
    const perSecond = (states - this.#resumed) / seconds;
    const about = this.about();
    const left =
      about === undefined
        ? this.#why
        : `${shareText(facts, about)}${timeText((about - states + frontier) / perSecond)}`;
    this.#edge.progress(
      `${thousands(states)} states, ${thousands(perSecond)}/s, ${thousands(transitions)} transitions, ` +
        `depth ${depth}, ${thousands(frontier)} waiting; ${left}`,
    );
  }
}
