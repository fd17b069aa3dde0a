// A search over all schedules, driven from the command line: slices, progress, bounds, Ctrl-C; then a witness for
// every outcome.
//
// Interface: searchAll, sampleAll, witnessAll, SearchResult, Seen, Word.

import { observe } from "../compare/observe.js";
import { Core, TooLarge } from "../model/core.js";
import type { Setup } from "../model/core.js";
import { Exploration, TooLargeToExplore } from "../model/exploration.js";
import type { ExploreOptions, Progress } from "../model/exploration.js";
import { Sampling, missBound } from "../model/sampling.js";
import type { SampleOptions } from "../model/sampling.js";
import { Witnesses, preemptionsOf } from "../model/witnesses.js";
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
  readonly schedule: readonly number[];
  readonly preemptions: number;
  /** No schedule to the outcome has fewer preemptions, and none with as many has fewer steps: that was searched. */
  readonly minimal: boolean;
  /** Runs of a sample that had it. */
  readonly drawn?: number;
}

/** How a search ended. */
export interface SearchResult {
  readonly word: Word;
  /** What the word means here: the bound that was reached, the size of the sample, why it left the model. */
  readonly because: string;
  readonly outcomes: readonly Seen[];
  readonly progress: Progress | undefined;
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
  options: ExploreOptions,
  bounds: Bounds,
): Promise<SearchResult> {
  const started = edge.now();
  const core = new Core();
  const search = opened(() => new Exploration(core, setup, options));
  let ended = search.ended();
  while (ended === "running" && !edge.signal.aborted) {
    if (search.progress().transitions >= bounds.transitions) break;
    ended = search.run(SLICE);
    edge.progress(progressLine(search.progress(), edge.now() - started));
    await breathe();
  }
  edge.progressDone();
  const progress = search.progress();
  const found = search.outcomes();
  const unmodelled = found.find((each) => each.unmodelled !== undefined)?.unmodelled;
  const short = found
    .filter((each) => each.unmodelled === undefined)
    .map((each) => ({ ...each, schedule: search.scheduleTo(each.state) }));
  const [word, because] = wordOf(edge, ended, unmodelled, options, bounds);
  const outcomes = await witnessAll(edge, setup, short, bounds.witnessTransitions);
  return { word, because, outcomes, progress, seconds: (edge.now() - started) / 1000 };
}

function progressLine(progress: Progress, milliseconds: number): string {
  const { states, transitions, frontier, depth } = progress;
  const rate = thousands(states / Math.max(milliseconds / 1000, 0.001));
  const done = Math.floor((100 * (states - frontier)) / Math.max(states, 1));
  return (
    `${thousands(states)} states, ${rate}/s, ${thousands(transitions)} transitions, depth ${depth}, ` +
    `${thousands(frontier)} waiting (${done} % of those found are done)`
  );
}

function wordOf(
  edge: Edge,
  ended: "running" | "complete" | "memory",
  unmodelled: string | undefined,
  options: ExploreOptions,
  bounds: Bounds,
): [Word, string] {
  if (unmodelled !== undefined) return ["unmodelled", unmodelled];
  if (ended === "memory") return ["bounded", "by memory (--memory)"];
  if (ended === "running" && edge.signal.aborted) return ["bounded", "by Ctrl-C"];
  if (ended === "running")
    return ["bounded", `by ${thousands(bounds.transitions)} transitions (--transitions)`];
  if (options.shard)
    return ["bounded", `shard ${options.shard.index + 1} of ${options.shard.count}`];
  if (options.fingerprints === true) return ["bounded", "fingerprints: a state may be missed"];
  return ["complete", "every schedule of this scenario, with this profile and policy"];
}

interface Short {
  readonly key: string;
  readonly outcome: Outcome;
  readonly schedule: readonly number[];
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
  const { program } = setup;
  return outcomes.map(({ key, outcome, schedule, drawn }) => {
    const found = search.witness(key);
    const witness = found ?? { schedule, preemptions: preemptionsOf(scratch, setup, schedule) };
    const seen = { key, outcome, shows: observe(program, outcome), ...witness };
    return { ...seen, minimal: found !== undefined, ...(drawn === undefined ? {} : { drawn }) };
  });
}
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
    return { word: "unmodelled", because: unmodelled, outcomes, progress: undefined, seconds };
  const how = sample.depth === 0 ? "uniform random walks" : `PCT of depth ${sample.depth}`;
  const bound = missBound(sampling.runs).toPrecision(2);
  const because =
    `${thousands(sampling.runs)} runs, ${how}, seed ${sample.seed}: an outcome that is not listed has ` +
    `probability ${bound} per run at most (95 % confidence)`;
  return { word: "sampled", because, outcomes, progress: undefined, seconds };
}
