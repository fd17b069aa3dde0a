// Random runs of one scenario, for where a search cannot be finished.
//
// Interface: Sampling, SampleOptions, missBound.
// Every run is a function of the seed and its number, so a sample can be cut and gone on with.

import { thousands } from "../trace/amounts.js";
import { outcomeKey } from "../trace/outcome-key.js";
import type { Outcome } from "../trace/outcome.js";
import type { Core, Setup } from "./core.js";

/** How to draw runs. */
export interface SampleOptions {
  /** 32 bits. */
  readonly seed: number;
  /** 0: every enabled task is equally likely at every step. d > 0: PCT with d - 1 changes of priority. */
  readonly depth: number;
}

/** An outcome that was drawn, and the first run that had it. */
export interface Drawn {
  readonly key: string;
  readonly outcome: Outcome;
  readonly schedule: readonly number[];
  /** Runs that had it. */
  count: number;
}

/** Steps of one run at most: far above what 256 calls need. */
const STEPS_MAX = 1 << 16;

/** Draws runs and collects their outcomes. The core is its own until it is thrown away. */
export class Sampling {
  readonly #core: Core;
  readonly #options: SampleOptions;
  readonly #drawn = new Map<string, Drawn>();
  readonly #waits = new Map<number, readonly number[]>();
  readonly #start: Uint8Array;
  #runs = 0;
  /** Steps of the longest run so far: where PCT may change priorities. */
  #length = 0;
  #unmodelled: string | undefined;

  /** Throws TooLarge. */
  constructor(core: Core, setup: Setup, options: SampleOptions) {
    this.#core = core;
    this.#options = options;
    core.reset(setup);
    this.#start = core.save();
  }

  /** Runs so far. */
  get runs(): number {
    return this.#runs;
  }

  /** Why a run left the model, if one did. */
  get unmodelled(): string | undefined {
    return this.#unmodelled;
  }

  /** Draws the next `count` runs. */
  draw(count: number): void {
    const { raw } = this.#core;
    for (let i = 0; i < count; i++) {
      this.#core.load(this.#start);
      const at = raw.scheduleAt(STEPS_MAX);
      const { seed, depth } = this.#options;
      const steps = raw.walk(seed, this.#runs++, depth, this.#length, at, STEPS_MAX);
      if (this.#runs === 1 || depth === 0) this.#length = Math.max(this.#length, steps);
      this.#noteWaits(at);
      this.#note(() => [...new Uint8Array(raw.memory.buffer, at, steps)]);
    }
  }

  #noteWaits(at: number): void {
    const { raw } = this.#core;
    for (let task = 0; task < raw.countTasks(); task++) {
      const steps = raw.walkViolated(task);
      if (steps > 0 && !this.#waits.has(task))
        this.#waits.set(task, [...new Uint8Array(raw.memory.buffer, at, steps)]);
    }
  }

  #note(schedule: () => number[]): void {
    const unmodelled = this.#core.unmodelled();
    if (unmodelled !== undefined) {
      this.#unmodelled ??= unmodelled;
      return;
    }
    const outcome = this.#core.outcome();
    const key = outcomeKey(outcome);
    const known = this.#drawn.get(key);
    if (known) known.count++;
    else this.#drawn.set(key, { key, outcome, schedule: schedule(), count: 1 });
  }

  /** The tasks that came to wait for a slot or a frag (P4), each with the first schedule drawn that ends there. */
  waits(): ReadonlyMap<number, readonly number[]> {
    return this.#waits;
  }

  /** What the outcomes are worth. */
  because(): string {
    const { depth, seed } = this.#options;
    const how = depth === 0 ? "uniform random walks" : `PCT of depth ${depth}`;
    return (
      `${thousands(this.#runs)} runs, ${how}, seed ${seed}: an outcome that is not listed has ` +
      `probability ${missBound(this.#runs).toPrecision(2)} per run at most (95 % confidence)`
    );
  }

  /** The distinct outcomes drawn so far, in the order in which they were. */
  outcomes(): readonly Drawn[] {
    return [...this.#drawn.values()];
  }
}

/** With 95 % confidence an outcome that `runs` independent runs did not show has at most this probability per run. */
export const missBound = (runs: number): number => (runs === 0 ? 1 : 1 - 0.05 ** (1 / runs));
