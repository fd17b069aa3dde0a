// Witnesses of what a search came to: the cheapest schedule, where the search for it comes to its end in time, else the
// schedule that is known.
//
// Interface: WantedWitnesses, Wanted, Witness, shortOf. It goes in slices. What it comes across on its way to the goals keeps
// its witness, too.

import { Core } from "./core.js";
import type { Setup } from "./core.js";
import { Witnesses, preemptionsOf } from "./witnesses.js";
import type { MinimalWitness } from "./witnesses.js";

/** A schedule to an outcome, or to a wait. */
export interface Witness extends MinimalWitness {
  /** No schedule to it has fewer preemptions, and none with as many has fewer steps: that was searched. */
  readonly minimal: boolean;
}

/** Of what a witness is wanted. */
export interface Wanted {
  /** Keys of outcomes: of each goal the witness of any one is enough. */
  readonly goals: readonly (readonly string[])[];
  /** Tasks that can come to wait for a folio that is held outside (P4). */
  readonly waits: readonly number[];
}

/** One search for them. The core is its own from now on: its memory is used again, so that a bound holds for the whole. */
export class WantedWitnesses {
  readonly #search: Witnesses;
  readonly #setup: Setup;
  readonly #wanted: Wanted;
  #scratch: Core | undefined;

  constructor(core: Core, setup: Setup, wanted: Wanted, memoryBytes: number) {
    this.#search = new Witnesses(core, setup, memoryBytes);
    this.#setup = setup;
    this.#wanted = wanted;
  }

  /** How many are wanted. */
  get all(): number {
    return this.#wanted.goals.length + this.#wanted.waits.length;
  }

  /** How many are still looked for. */
  missing(): number {
    const { goals, waits } = this.#wanted;
    return (
      goals.filter((goal) => !goal.some((key) => this.#search.has(key))).length +
      waits.filter((task) => this.#search.wait(task) === undefined).length
    );
  }

  /** Goes on for about so many transitions; false where there is no more to do, or no more memory. */
  run(transitions: number): boolean {
    return this.#search.run(transitions);
  }

  /** The witness of an outcome; `known`: a schedule to it. */
  outcome(key: string, known?: readonly number[]): Witness | undefined {
    return this.#cheapest(this.#search.witness(key), known);
  }

  /** The witness of a wait, likewise. */
  wait(task: number, known?: readonly number[]): Witness | undefined {
    return this.#cheapest(this.#search.wait(task), known);
  }

  #cheapest(
    found: MinimalWitness | undefined,
    known: readonly number[] | undefined,
  ): Witness | undefined {
    if (found) return { ...found, minimal: true };
    if (known === undefined) return undefined;
    return shortOf((this.#scratch ??= new Core()), this.#setup, known);
  }
}

/** A schedule that is there already, as a witness. Leaves the core where it ends. */
export const shortOf = (core: Core, setup: Setup, schedule: readonly number[]): Witness => ({
  schedule,
  preemptions: preemptionsOf(core, setup, schedule),
  minimal: false,
});
