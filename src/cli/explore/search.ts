// A search over all schedules, driven from the command line: slices, progress, bounds, Ctrl-C, checkpoints, workers.
//
// Interface: searchAll, SearchTask.

import { Core } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { Exploration } from "../../model/exploration.js";
import type { SearchFacts, SearchOptions, SearchStatus } from "../../model/search.js";
import { searchTogether } from "../../model/search-together.js";
import type { Edge } from "../edge.js";
import { CannotRun } from "../exit.js";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { SLICE, breathe, opened, thousands } from "./result.js";
import type { Bounds, SearchResult, Word } from "./result.js";
import { SearchThreads } from "./threads.js";
import { witnessAll } from "./witness.js";
import type { Reached, ReachedWait } from "./witness.js";

/** What to search and how. */
export interface SearchTask {
  readonly setup: Setup;
  readonly options: SearchOptions;
  readonly bounds: Bounds;
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
  readonly status: SearchStatus;
  readonly facts: SearchFacts;
  /** Outcomes that left the model say why. */
  readonly found: readonly (Reached & { readonly unmodelled?: string })[];
  readonly waits: readonly ReachedWait[];
}

/** Searches every schedule, as far as the bounds go, then looks for witnesses. */
export async function searchAll(edge: Edge, task: SearchTask): Promise<SearchResult> {
  const started = edge.now();
  const searched =
    task.workers === 1 ? await searchAlone(edge, task) : await searchMany(edge, task);
  edge.progressDone();
  const { facts, found, waits } = searched;
  const reached = { outcomes: found.filter((each) => each.unmodelled === undefined), waits };
  const [word, because] = wordOf(edge, task, searched);
  const { shard } = task.options;
  const witnessed = await witnessAll(edge, task.setup, reached, task.bounds.witnessTransitions);
  const seconds = (edge.now() - started) / 1000;
  const result = { word, because, ...witnessed, facts, seconds };
  return shard ? { ...result, shard: { ...shard, whole: searched.status === "done" } } : result;
}

async function searchAlone(edge: Edge, task: SearchTask): Promise<Searched> {
  const { setup, options, bounds, hash, resume, checkpoint } = task;
  const exploration = opened(() => new Exploration(new Core(), setup, options));
  const { search } = exploration;
  if (resume !== undefined) {
    const status = search.resume(await readCheckpoint(resume, hash), options);
    if (status === "foreign") throw new CannotRun(`${resume} belongs to another search`);
  }
  const started = edge.now();
  let status: SearchStatus = search.facts().status;
  while (status === "running" && !edge.signal.aborted) {
    if (search.facts().transitions >= bounds.transitions) break;
    status = search.run(SLICE);
    edge.progress(progressLine(search.facts(), edge.now() - started));
    await breathe();
  }
  if (status !== "done" && checkpoint !== undefined)
    await writeCheckpoint(checkpoint, hash, search.checkpoint());
  const hasWays = options.mode === "exact";
  return {
    status,
    facts: search.facts(),
    found: exploration
      .outcomes()
      .map((each) => (hasWays ? { ...each, schedule: exploration.scheduleTo(each) } : each)),
    waits: exploration
      .waits()
      .map((wait) =>
        hasWays
          ? { task: wait.task, schedule: exploration.scheduleToWait(wait) }
          : { task: wait.task },
      ),
  };
}

/** Several threads, level by level; their ways are walked again in this one. */
async function searchMany(edge: Edge, task: SearchTask): Promise<Searched> {
  const { setup, bounds, workers } = task;
  const options = { ...task.options, memoryBytesMax: task.options.memoryBytesMax / workers };
  const exploration = opened(() => new Exploration(new Core(), setup, task.options));
  const threads = new SearchThreads({ machine: "core", setup, options }, workers);
  const started = edge.now();
  try {
    const all = await searchTogether(threads.peers, (each) => {
      const facts = sumOf(each);
      edge.progress(progressLine(facts, edge.now() - started));
      return !edge.signal.aborted && facts.transitions < bounds.transitions;
    });
    const facts = sumOf(all);
    const hasWays = options.mode === "exact";
    const wayTo = (at: { worker: number; state: number }): Promise<Uint8Array[]> =>
      threads.way(at.worker, at.state);
    const found: Reached[] = [];
    for (const each of await threads.found())
      found.push(
        hasWays
          ? { ...each, schedule: exploration.scheduleAlong(await wayTo(each), each.key) }
          : each,
      );
    const waits: ReachedWait[] = [];
    for (const each of exploration.waits(all)) {
      const { task: waiting } = each;
      const schedule = hasWays && exploration.scheduleToWait(each, await wayTo(each));
      waits.push(schedule ? { task: waiting, schedule } : { task: waiting });
    }
    return {
      status: facts.status === "level done" ? "running" : facts.status,
      facts,
      found,
      waits,
    };
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

function progressLine(facts: SearchFacts, milliseconds: number): string {
  const { states, transitions, frontier, depth } = facts;
  const rate = thousands(states / Math.max(milliseconds / 1000, 0.001));
  const done = Math.floor((100 * (states - frontier)) / Math.max(states, 1));
  return (
    `${thousands(states)} states, ${rate}/s, ${thousands(transitions)} transitions, depth ${depth}, ` +
    `${thousands(frontier)} waiting (${done} % of those found are done)`
  );
}

function wordOf(edge: Edge, { options, bounds }: SearchTask, searched: Searched): [Word, string] {
  const { status, found, facts } = searched;
  const unmodelled = found.find((each) => each.unmodelled !== undefined)?.unmodelled;
  if (unmodelled !== undefined) return ["unmodelled", unmodelled];
  if (status === "out of memory") return ["bounded", "by memory (--memory)"];
  if (status === "too large") return ["bounded", "a state is larger than a search can keep"];
  if (status !== "done" && edge.signal.aborted) return ["bounded", "by Ctrl-C"];
  if (status !== "done")
    return ["bounded", `by ${thousands(bounds.transitions)} transitions (--transitions)`];
  if (options.shard)
    return ["bounded", `shard ${options.shard.shard + 1} of ${options.shard.shards} (--merge)`];
  if (options.mode === "exact")
    return ["complete", "every schedule of this scenario, with this profile and policy"];
  const missed = facts.missedExpected.toExponential(1);
  return ["bounded", `by fingerprints: ${missed} states are missed, as an expectation`];
}
