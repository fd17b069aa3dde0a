// A search over all schedules, driven from the command line: slices, progress, bounds, Ctrl-C, checkpoints, workers.
//
// Interface: searchAll, SearchTask.

import { Core } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { COMPLETE, endingOf } from "../../model/ending.js";
import type { Bound, Word } from "../../model/ending.js";
import { Exploration } from "../../model/exploration.js";
import { shareText } from "../../model/growth.js";
import type { SearchFacts, SearchOptions, SearchStatus } from "../../model/search.js";
import { searchTogether } from "../../model/search-together.js";
import { thousands } from "../../trace/amounts.js";
import type { Edge } from "../edge.js";
import { CannotRun } from "../exit.js";
import { checkWritable } from "../files.js";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { goalsOf } from "../../compare/goals.js";
import type { Goal, Which } from "../../compare/goals.js";
import { breathe, opened, sliceOf } from "./result.js";
import { Progress } from "./progress.js";
import type { Bounds, SearchResult } from "./result.js";
import { SearchThreads } from "./threads.js";
import { witnessAll } from "./witness.js";
import type { Reached, ReachedWait } from "./witness.js";

/** What to search and how. */
export interface SearchTask {
  readonly setup: Setup;
  readonly options: SearchOptions;
  readonly bounds: Bounds;
  readonly witnesses: Which;
  /** Threads that search together. */
  readonly workers: number;
  /** Names the search in checkpoints. */
  readonly hash: string;
  /** File to go on from, and file to write where the search is cut off. */
  readonly resume?: string | undefined;
  readonly checkpoint?: string | undefined;
}

/** What a search found, however it was done. */
interface Searched {
  /** What is free for another search now. */
  readonly core: Core;
  readonly status: SearchStatus;
  readonly facts: SearchFacts;
  /** All states, about; undefined where nobody can tell. */
  readonly about: number | undefined;
  /** Outcomes that left the model say why. */
  readonly found: readonly Outcomes[number][];
  readonly waits: readonly ReachedWait[];
  /** A schedule is known to the first outcome of each. */
  readonly goals: readonly Goal[];
}

type Outcomes = readonly (Reached & { readonly unmodelled?: string })[];

/** Searches every schedule, as far as the bounds go, then looks for witnesses. */
export async function searchAll(edge: Edge, task: SearchTask): Promise<SearchResult> {
  const started = edge.now();
  const searched =
    task.workers === 1 ? await searchAlone(edge, task) : await searchMany(edge, task);
  edge.progressDone();
  const { core, facts, waits, goals, about } = searched;
  const reached = { outcomes: searched.found.filter(isModelled), waits, goals };
  const [word, because] = wordOf(edge, task, searched);
  const { shard } = task.options;
  const witnessed = await witnessAll(edge, core, task.setup, reached, task.bounds);
  const seconds = (edge.now() - started) / 1000;
  const cut = about === undefined || searched.status === "done" ? {} : { statesAbout: about };
  const result = { word, because, ...witnessed, facts, ...cut, seconds };
  return shard ? { ...result, shard: { ...shard, whole: searched.status === "done" } } : result;
}

const isModelled = ({ unmodelled }: Outcomes[number]): boolean => unmodelled === undefined;

/** What a search has to find witnesses of; the ways to the first of each are asked for. */
function goalsIn({ setup, options, witnesses }: SearchTask, found: Outcomes) {
  const goals = goalsOf(setup.program, witnesses, found.filter(isModelled));
  const asked = new Set(options.mode === "exact" ? goals.map(([key]) => key) : []);
  return { goals, asked };
}

async function searchAlone(edge: Edge, task: SearchTask): Promise<Searched> {
  const { setup, options, bounds, hash, resume, checkpoint } = task;
  if (checkpoint !== undefined) await checkWritable(checkpoint);
  const core = new Core();
  const exploration = opened(() => new Exploration(core, setup, options));
  const { search } = exploration;
  if (resume !== undefined) {
    const status = search.resume(await readCheckpoint(resume, hash), options);
    if (status === "foreign") throw new CannotRun(`${resume} belongs to another search`);
  }
  const progress = new Progress(edge, setup, options);
  let status: SearchStatus = search.facts().status;
  while (status === "running" && !edge.signal.aborted) {
    const slice = sliceOf(search.facts().transitions, bounds.transitions);
    if (slice === 0) break;
    status = search.run(slice);
    progress.note(search.facts());
    await breathe();
  }
  if (checkpoint !== undefined) {
    edge.progressDone();
    if (status !== "done") await writeCheckpoint(checkpoint, hash, search.checkpoint());
    edge.err(
      status === "done"
        ? `no checkpoint written to ${checkpoint}: the search came to its end`
        : `checkpoint written to ${checkpoint}; go on with --resume ${checkpoint}`,
    );
  }
  const outcomes = exploration.outcomes();
  const { goals, asked } = goalsIn(task, outcomes);
  const found = outcomes.map((each) =>
    asked.has(each.key) ? { ...each, schedule: exploration.scheduleTo(each) } : each,
  );
  const waits = exploration
    .waits()
    .map((wait) =>
      options.mode === "exact"
        ? { task: wait.task, schedule: exploration.scheduleToWait(wait) }
        : { task: wait.task },
    );
  return { core, status, facts: search.facts(), about: progress.about(), found, waits, goals };
}

/** Several threads, level by level; their ways are walked again in this one. */
async function searchMany(edge: Edge, task: SearchTask): Promise<Searched> {
  const { setup, bounds, workers } = task;
  const options = { ...task.options, memoryBytesMax: task.options.memoryBytesMax / workers };
  const core = new Core();
  const exploration = opened(() => new Exploration(core, setup, task.options));
  const threads = new SearchThreads({ machine: "core", setup, options }, workers);
  const progress = new Progress(edge, setup, options);
  try {
    const onLevel = (each: readonly SearchFacts[]): boolean => {
      progress.noteWhole(sumOf(each));
      return !edge.signal.aborted;
    };
    const all = await searchTogether(threads.peers, onLevel, bounds.transitions);
    const facts = sumOf(all);
    const outcomes = await threads.found();
    const { goals, asked } = goalsIn(task, outcomes);
    const wayTo = (at: { worker: number; state: number }): Promise<Uint8Array[]> =>
      threads.way(at.worker, at.state);
    const found: Reached[] = [];
    for (const each of outcomes)
      found.push(
        asked.has(each.key)
          ? { ...each, schedule: exploration.scheduleAlong(await wayTo(each), each.key) }
          : each,
      );
    const waits: ReachedWait[] = [];
    for (const each of exploration.waits(all)) {
      const { task: waiting } = each;
      const schedule =
        options.mode === "exact" && exploration.scheduleToWait(each, await wayTo(each));
      waits.push(schedule ? { task: waiting, schedule } : { task: waiting });
    }
    const status = facts.status === "level done" ? "running" : facts.status;
    return { core, status, facts, about: progress.about(), found, waits, goals };
  } finally {
    await threads.close();
  }
}

/** What all workers know together: done only if each is. */
function sumOf(all: readonly SearchFacts[]): SearchFacts {
  const sum = (of: (facts: SearchFacts) => number): number =>
    all.reduce((total, facts) => total + of(facts), 0);
  const first = all[0]!;
  return {
    ...first,
    status:
      all.find(({ status }) => status !== "done" && status !== "level done")?.status ??
      first.status,
    states: sum((facts) => facts.states),
    frontier: sum((facts) => facts.frontier),
    transitions: sum((facts) => facts.transitions),
    finals: sum((facts) => facts.finals),
    bytes: sum((facts) => facts.bytes),
    depth: Math.max(...all.map((facts) => facts.depth)),
  };
}

function wordOf(edge: Edge, { options, bounds }: SearchTask, searched: Searched): [Word, string] {
  const { status, found, facts, about } = searched;
  const ending = endingOf({ status, found, options, stopped: edge.signal.aborted });
  if (ending.word === "unmodelled") return [ending.word, ending.why];
  if (ending.word === "complete") return [ending.word, COMPLETE];
  const done = about === undefined ? "" : `, with ${shareText(facts, about)}`;
  return ["bounded", boundText(ending.bound, options, bounds, facts, done)];
}

/** What was in the way, and which flag moves it. */
function boundText(
  bound: Bound,
  { shard }: SearchOptions,
  { transitions }: Bounds,
  { missedExpected }: SearchFacts,
  done: string,
): string {
  switch (bound) {
    case "memory":
      return `by memory (--memory)${done}`;
    case "state":
      return "a state is larger than a search can keep";
    case "stopped":
      return `by Ctrl-C or SIGTERM${done}`;
    case "transitions":
      return `by ${thousands(transitions)} transitions (--transitions)${done}`;
    case "shard":
      return `shard ${shard!.shard + 1} of ${shard!.shards} (--merge)`;
    case "fingerprints":
      return `by fingerprints: ${missedExpected.toExponential(1)} states are missed, as an expectation`;
  }
}
