// A search over all schedules, driven from the command line: slices, progress, bounds, Ctrl-C; then a witness for
// every outcome.
//
// Interface: searchAll, sampleAll, witnessAll, SearchResult, Seen, Witness, Word.

import { observe } from "../compare/observe.js";
import { Core, TooLarge } from "../model/core.js";
import type { Setup } from "../model/core.js";
import { Exploration, TooLargeToExplore } from "../model/exploration.js";
import { Sampling, missBound } from "../model/sampling.js";
import type { SampleOptions } from "../model/sampling.js";
import type { SearchFacts, SearchOptions, SearchStatus } from "../model/search.js";
import { Witnesses, preemptionsOf } from "../model/witnesses.js";
import type { MinimalWitness } from "../model/witnesses.js";
import type { Outcome } from "../trace/outcome.js";
import type { Edge } from "./edge.js";
import { CannotRun } from "./exit.js";

/** What a verdict is worth. Only *complete* is a proof, of these bounds and this profile. */
export type Word = "complete" | "bounded" | "sampled" | "unmodelled";

/** An outcome of a search and how to come to it. */
export interface Seen {
  readonly key: string;
  readonly outcome: Outcome;
  /** observe() of the outcome. */
  readonly shows: string;
  /** Undefined where a search by fingerprints kept no way, and no other was found. */
  readonly witness: Witness | undefined;
  /** Runs of a sample that had it. */
  readonly drawn?: number;
}

/** A schedule to an outcome. */
export interface Witness extends MinimalWitness {
  /** No schedule to the outcome has fewer preemptions, and none with as many has fewer steps: that was searched. */
  readonly minimal: boolean;
}

/** How a search ended. */
export interface SearchResult {
  readonly word: Word;
  /** What the word means here: the bound that was reached, the size of the sample, why it left the model. */
  readonly because: string;
  readonly outcomes: readonly Seen[];
  readonly facts: SearchFacts | undefined;
  readonly seconds: number;
}

/** Bounds of a search. */
export interface Bounds {
  /** Transitions of the search over all schedules. */
  readonly transitions: number;
  /** Transitions of the search for minimal witnesses; 0 leaves it out. */
  readonly witnessTransitions: number;
}

/** Transitions between two looks at the clock and at Ctrl-C: some 30 ms. */
const SLICE = 20_000;
/** Random runs between two looks. */
const RUNS = 200;

/** Turns what cannot be explored into a message for people. */
function opened<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof TooLargeToExplore)
      throw new CannotRun(error.message, "or draw random runs: explore --sample 10000");
    if (error instanceof TooLarge) throw new CannotRun(error.message);
    throw error;
  }
}

const thousands = (value: number): string => Math.round(value).toLocaleString("en");

/** Lets other work of this process go on: signals, the progress display. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Searches every schedule, as far as the bounds go. */
export async function searchAll(
  edge: Edge,
  setup: Setup,
  options: SearchOptions,
  bounds: Bounds,
): Promise<SearchResult> {
  const started = edge.now();
  const core = new Core();
  const exploration = opened(() => new Exploration(core, setup, options));
  const { search } = exploration;
  let status: SearchStatus = search.facts().status;
  while (status === "running" && !edge.signal.aborted) {
    if (search.facts().transitions >= bounds.transitions) break;
    status = search.run(SLICE);
    edge.progress(progressLine(search.facts(), edge.now() - started));
    await breathe();
  }
  edge.progressDone();
  const facts = search.facts();
  const found = exploration.outcomes();
  const unmodelled = found.find((each) => each.unmodelled !== undefined)?.unmodelled;
  const short = found
    .filter((each) => each.unmodelled === undefined)
    .map((each) => {
      if (options.mode === "fingerprints") return each;
      return { ...each, schedule: exploration.scheduleTo(each.state) };
    });
  const [word, because] = wordOf(edge, status, unmodelled, options, bounds);
  const outcomes = await witnessAll(edge, setup, short, bounds.witnessTransitions);
  return { word, because, outcomes, facts, seconds: (edge.now() - started) / 1000 };
}

function progressLine(facts: SearchFacts, milliseconds: number): string {
  const { states, transitions, frontier, depth } = facts;
  const rate = thousands(states / Math.max(milliseconds / 1000, 0.001));
  const done = Math.floor((100 * (states - frontier)) / Math.max(states, 1));
  return (
    `${thousands(states)} states, ${rate}/s, ${thousands(transitions)} transitions, depth ${depth}, ` +
    `${thousands(frontier)} waiting (${done} % of those found are done)`
  );
}

function wordOf(
  edge: Edge,
  status: SearchStatus,
  unmodelled: string | undefined,
  options: SearchOptions,
  bounds: Bounds,
): [Word, string] {
  if (unmodelled !== undefined) return ["unmodelled", unmodelled];
  if (status === "out of memory") return ["bounded", "by memory (--memory)"];
  if (status === "running" && edge.signal.aborted) return ["bounded", "by Ctrl-C"];
  if (status === "running")
    return ["bounded", `by ${thousands(bounds.transitions)} transitions (--transitions)`];
  if (options.shard)
    return ["bounded", `shard ${options.shard.shard + 1} of ${options.shard.shards}`];
  if (options.mode === "fingerprints") return ["bounded", "fingerprints: a state may be missed"];
  return ["complete", "every schedule of this scenario, with this profile and policy"];
}

interface Short {
  readonly key: string;
  readonly outcome: Outcome;
  readonly schedule?: readonly number[];
  readonly drawn?: number;
}

/** Looks for a minimal witness of every outcome; keeps the given schedule where the bound comes first. */
export async function witnessAll(
  edge: Edge,
  setup: Setup,
  outcomes: readonly Short[],
  transitions: number,
): Promise<Seen[]> {
  const core = new Core();
  const search = new Witnesses(core, setup, WITNESS_BYTES);
  let spent = 0;
  const missing = (): number => outcomes.filter((each) => !search.has(each.key)).length;
  while (missing() > 0 && spent < transitions && !edge.signal.aborted) {
    if (!search.run(SLICE)) break;
    spent += SLICE;
    edge.progress(
      `minimal witnesses: ${outcomes.length - missing()} of ${outcomes.length}, ${thousands(spent)} transitions`,
    );
    await breathe();
  }
  edge.progressDone();
  const scratch = new Core();
  return outcomes.map(({ key, outcome, schedule, drawn }) => {
    const found = search.witness(key);
    const seen = {
      key,
      outcome,
      shows: observe(setup.program, outcome),
      witness: found ? { ...found, minimal: true } : shortOf(scratch, setup, schedule),
    };
    return drawn === undefined ? seen : { ...seen, drawn };
  });
}

/** A schedule that is there already. */
function shortOf(
  core: Core,
  setup: Setup,
  schedule: readonly number[] | undefined,
): Witness | undefined {
  if (schedule === undefined) return undefined;
  return { schedule, preemptions: preemptionsOf(core, setup, schedule), minimal: false };
}

/** Memory of the search for minimal witnesses. */
const WITNESS_BYTES = 2 ** 30;

/** Draws random runs. */
export async function sampleAll(
  edge: Edge,
  setup: Setup,
  sample: SampleOptions & { readonly runs: number },
  bounds: Bounds,
): Promise<SearchResult> {
  const started = edge.now();
  const sampling = opened(() => new Sampling(new Core(), setup, sample));
  while (sampling.runs < sample.runs && !edge.signal.aborted) {
    sampling.draw(Math.min(RUNS, sample.runs - sampling.runs));
    edge.progress(
      `${thousands(sampling.runs)} of ${thousands(sample.runs)} runs, ${sampling.outcomes().length} outcomes`,
    );
    await breathe();
  }
  edge.progressDone();
  const drawn = sampling.outcomes().map(({ count, ...each }) => ({ ...each, drawn: count }));
  const outcomes = await witnessAll(edge, setup, drawn, bounds.witnessTransitions);
  const seconds = (edge.now() - started) / 1000;
  const { unmodelled } = sampling;
  if (unmodelled !== undefined)
    return { word: "unmodelled", because: unmodelled, outcomes, facts: undefined, seconds };
  const how = sample.depth === 0 ? "uniform random walks" : `PCT of depth ${sample.depth}`;
  const bound = missBound(sampling.runs).toPrecision(2);
  const because =
    `${thousands(sampling.runs)} runs, ${how}, seed ${sample.seed}: an outcome that is not listed has ` +
    `probability ${bound} per run at most (95 % confidence)`;
  return { word: "sampled", because, outcomes, facts: undefined, seconds };
}
