// Where outcomes come from: a search over all schedules, or random runs. Both go in slices.
//
// Interface: Source, openSource.

import { Core } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { endingOf } from "../../model/ending.js";
import { EXPLORE_DEFAULTS, Exploration } from "../../model/exploration.js";
import { Growth, shortestRun } from "../../model/growth.js";
import type { Level } from "../../model/growth.js";
import { Sampling } from "../../model/sampling.js";
import { ALL_REDUCTIONS, NO_REDUCTIONS } from "../../model/search.js";
import type { SearchOptions, SearchStatus } from "../../model/search.js";
import type { Findings } from "./findings.js";
import { BOUNDS } from "./protocol.js";
import type { How, Question, Reached, Sample } from "./protocol.js";
import { Slices, aWhile } from "./slices.js";

/** What is known of how far a source is. */
type Progress = Pick<
  Reached,
  "states" | "transitions" | "frontier" | "depth" | "bytes" | "runs" | "statesAbout"
>;

/** One source of outcomes, into the findings that it was given. */
export interface Source {
  /** Does a slice; whether there is more to do. */
  step(): boolean;
  /** Reads a slice of what was found already; whether there is more to read. */
  read(): boolean;
  progress(): Progress;
  /** `stopped`: somebody asked for it before there was no more to do. */
  ending(stopped: boolean): How;
  /** A schedule to an outcome. */
  wayTo(key: string): readonly number[];
  /** The tasks that can come to wait (P4), each with a schedule that ends there. */
  waits(): readonly { readonly task: number; readonly schedule: readonly number[] }[];
}

/** Opens what a question asks for. Throws TooLarge and TooLargeToExplore. */
export function openSource(
  question: Question,
  setup: Setup,
  findings: Findings,
  now: () => number,
): Source {
  if (question.sample) return new SampleSource(question.sample, setup, findings, now);
  const reductions = question.reduced ? ALL_REDUCTIONS : NO_REDUCTIONS;
  const options = { ...EXPLORE_DEFAULTS, reductions, memoryBytesMax: BOUNDS.memoryBytes };
  return new SearchSource(options, setup, findings, now);
}

/** Levels of a search that are found before anybody wants to know how many there are: random runs tell the last. */
const LEVELS_MIN = 16;
const STATES_MIN = 5000;

class SearchSource implements Source {
  readonly #exploration: Exploration;
  readonly #options: SearchOptions;
  readonly #setup: Setup;
  readonly #findings: Findings;
  readonly #slices: Slices;
  readonly #now: () => number;
  readonly #levels: Level[] = [];
  #growth: Growth | undefined;
  #status: SearchStatus = "running";
  /** Outcomes that the findings have. */
  #told = 0;
  #isRead = false;

  constructor(options: SearchOptions, setup: Setup, findings: Findings, now: () => number) {
    this.#exploration = new Exploration(new Core(), setup, options);
    this.#options = options;
    this.#setup = setup;
    this.#findings = findings;
    this.#slices = new Slices(now);
    this.#now = now;
  }

  step(): boolean {
    const { search } = this.#exploration;
    const left = BOUNDS.transitions - search.facts().transitions;
    if (this.#status === "running" && left > 0)
      this.#status = this.#slices.run((amount) => search.run(amount), left);
    this.#noteLevel();
    return this.read() || (this.#status === "running" && left > 0);
  }

  read(): boolean {
    this.#isRead = !aWhile(this.#now, () => !this.#exploration.readOutcomes(1));
    const { read } = this.#exploration;
    for (; this.#told < read.length; this.#told++) {
      const found = read[this.#told]!;
      if (found.unmodelled === undefined) this.#findings.add(found);
    }
    return !this.#isRead;
  }

  #noteLevel(): void {
    const { depth, states, frontier } = this.#exploration.search.facts();
    const level = { depth, states: frontier, before: states - frontier };
    this.#levels.push(level);
    if (this.#growth) this.#growth.note(level);
    else if (depth >= LEVELS_MIN && states >= STATES_MIN) {
      this.#growth = new Growth(shortestRun(new Core(), this.#setup));
      for (const each of this.#levels) this.#growth.note(each);
    }
  }

  progress(): Progress {
    const { states, transitions, frontier, depth, bytes } = this.#exploration.search.facts();
    const statesAbout = this.#status === "done" ? undefined : this.#growth?.statesAbout();
    const about = statesAbout === undefined ? {} : { statesAbout };
    return { states, transitions, frontier, depth, bytes, runs: 0, ...about };
  }

  ending(stopped: boolean): How {
    // Final states that nobody read may have other outcomes.
    const status = this.#status === "done" && !this.#isRead ? "running" : this.#status;
    return endingOf({ status, found: this.#exploration.read, options: this.#options, stopped });
  }

  wayTo(key: string): readonly number[] {
    return this.#exploration.scheduleTo(this.#exploration.read.find((each) => each.key === key)!);
  }

  waits(): { task: number; schedule: number[] }[] {
    const waits = this.#exploration.waits();
    return waits.map((wait) => ({
      task: wait.task,
      schedule: this.#exploration.scheduleToWait(wait),
    }));
  }
}

class SampleSource implements Source {
  readonly #sampling: Sampling;
  readonly #sample: Sample;
  readonly #findings: Findings;
  readonly #slices: Slices;

  constructor(sample: Sample, setup: Setup, findings: Findings, now: () => number) {
    this.#sampling = new Sampling(new Core(), setup, sample);
    this.#sample = sample;
    this.#findings = findings;
    this.#slices = new Slices(now);
  }

  step(): boolean {
    const left = this.#sample.runs - this.#sampling.runs;
    this.#slices.run((amount) => {
      this.#sampling.draw(amount);
    }, left);
    for (const { count, ...each } of this.#sampling.outcomes())
      this.#findings.add({ ...each, drawn: count });
    return this.#sampling.runs < this.#sample.runs;
  }

  read(): boolean {
    return false;
  }

  progress(): Progress {
    const none = { states: 0, transitions: 0, frontier: 0, depth: 0, bytes: 0 };
    return { ...none, runs: this.#sampling.runs };
  }

  ending(): How {
    const { unmodelled } = this.#sampling;
    if (unmodelled !== undefined) return { word: "unmodelled", why: unmodelled };
    return { word: "sampled", because: this.#sampling.because() };
  }

  wayTo(key: string): readonly number[] {
    return this.#sampling.outcomes().find((each) => each.key === key)!.schedule;
  }

  waits(): { task: number; schedule: readonly number[] }[] {
    return [...this.#sampling.waits()].map(([task, schedule]) => ({ task, schedule }));
  }
}
