// Minimal witnesses: for each outcome, and each task that can come to wait (P4), a schedule with the fewest preemptions, and of those with the fewest steps.
//
// Interface: Witnesses, MinimalWitness, preemptionsOf. The search is assembly/explore/witness.ts; it goes in slices.

import * as abi from "../../assembly/abi/explore.js";
import type { Core, Setup } from "./core.js";
import { Finals } from "./finals.js";

/** A schedule to an outcome. */
export interface MinimalWitness {
  /** The task of each step. */
  readonly schedule: readonly number[];
  /** Switches away from a task that could have gone on. */
  readonly preemptions: number;
}

/** One search for the cheapest schedule to every outcome. The core is its own until it is thrown away. */
export class Witnesses {
  readonly #core: Core;
  readonly #setup: Setup;
  readonly #finals: Finals;
  #status: number;

  constructor(core: Core, setup: Setup, memoryBytes: number) {
    this.#core = core;
    this.#setup = setup;
    core.reset(setup);
    this.#finals = new Finals(core);
    this.#status = core.raw.witnessStart(memoryBytes);
  }

  /** Goes on for about `transitions` transitions; false where there is no more to do, or no more memory. */
  run(transitions: number): boolean {
    if (this.#status !== abi.STATUS_RUNNING) return false;
    this.#status = this.#core.raw.witnessRun(transitions);
    return this.#status === abi.STATUS_RUNNING;
  }

  /** Whether an outcome has its witness by now. */
  has(key: string): boolean {
    return this.#finals.all().has(key);
  }

  /** The witness of an outcome, by its key; undefined while the search has not come to it. */
  witness(key: string): MinimalWitness | undefined {
    const found = this.#finals.all().get(key);
    return found === undefined ? undefined : this.#witnessTo(found.state);
  }

  /** A schedule that ends where a task waits for a slot or a frag (P4); undefined while the search has not come to one. */
  wait(task: number): MinimalWitness | undefined {
    const state = this.#core.raw.violationState(task) >>> 0;
    return state === 0 ? undefined : this.#witnessTo(state);
  }

  #witnessTo(state: number): MinimalWitness {
    const { raw } = this.#core;
    const schedule: number[] = [];
    for (let at = state; at !== raw.firstState(); at = raw.parentOfState(at))
      schedule.push(raw.actionOfState(at));
    schedule.reverse();
    return { schedule, preemptions: preemptionsOf(this.#core, this.#setup, schedule) };
  }
}

/** Switches of a schedule away from a task that could have gone on. Leaves the core where the schedule ends. */
export function preemptionsOf(core: Core, setup: Setup, schedule: readonly number[]): number {
  core.reset(setup);
  let count = 0;
  let last: number | undefined;
  for (const task of schedule) {
    if (last !== undefined && task !== last && core.enabled().includes(last)) count++;
    core.step(task);
    last = task;
  }
  return count;
}
