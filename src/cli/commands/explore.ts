// `explore FILE`: every interleaving of a scenario on the model.

import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { ALL_REDUCTIONS, NO_REDUCTIONS } from "../../model/search.js";
import type { Reductions, SearchOptions } from "../../model/search.js";
import type { Setup } from "../../model/core.js";
import type { AddCommand, Edge } from "../edge.js";
import { mergeShards } from "../explore/merge.js";
import { exitOfExploration, hashOf, printExploration } from "../explore/report.js";
import type { SearchResult } from "../explore/result.js";
import { sampleAll } from "../explore/sample.js";
import { searchAll } from "../explore/search.js";
import { CannotRun } from "../exit.js";
import { loadProgram, setupOf } from "../scenario.js";

const EXAMPLES = `
Examples:
  splicelab explore litmus/mail-race.litmus
  splicelab explore litmus/mail-race.litmus --policy cow
  splicelab explore big.litmus --sample 100000 --depth 3 --seed 7
  splicelab explore big.litmus --memory 3500 --transitions 1000000000 --witness none
  splicelab explore big.litmus --transitions 1000000 --checkpoint part   # then: --resume part
  splicelab explore big.litmus --shard 1/2 --json > 1.json               # likewise 2/2, on another machine
  splicelab explore big.litmus --merge 1.json 2.json

The verdict is one word: complete (every schedule, with this profile and policy), bounded (by what, it says),
sampled (random runs), unmodelled. Only complete is a proof; the others end with exit 2 unless a witness decides.

Waiting changes no verdict. A line tells of deadlocks, of lost wake-ups, and, with a policy that lets writers wait, of every
thread that can come to wait for a page that a pipe or a socket holds; the token of that witness ends there.`;

const WORKERS_MAX = 16;

/** Adds the command. */
export const addExplore: AddCommand = (program, edge, finish) => {
  program
    .command("explore")
    .summary("every interleaving of a scenario, with a witness for each outcome")
    .description(
      "Searches all schedules of a scenario on the model, step by step, and prints every final outcome in herd's form with a minimal witness.",
    )
    .argument("<file>", "a scenario; - for standard input")
    .option("--policy <policy>", "what splice and its consumers do (list policies); default: linux")
    .option("--profile <profile>", "kernel and file system (list profiles); default: 6.18/ext4")
    .addOption(
      new Option("--order <order>", "breadth or depth first")
        .choices(["breadth", "depth"] as const)
        .default("breadth" as const),
    )
    .addOption(
      new Option("--tear <which>", "whether a copy takes time, so that it may mix what it meets")
        .choices(["on", "off"] as const)
        .default("off" as const),
    )
    .option("--reduce <list>", "of actions, frames, threads; or none; default: all", reductions)
    .option("--fingerprints", "keep hashes of states only: less memory, but a state may be missed")
    .option("--memory <mebibytes>", "memory of the search", positive, 2048)
    .option("--transitions <count>", "transitions of the search", positive, 1_000_000_000)
    .option("--workers <count>", "threads that search together, 16 at most", workerCount, 1)
    .option("--checkpoint <file>", "write the search to a file where it is cut off")
    .option("--resume <file>", "go on with a search that was cut off")
    .option("--shard <i/n>", "only part i of n of the search", shard)
    .option(
      "--merge <files...>",
      "put shards of the scenario together: what --shard i/n --json printed",
    )
    .option("--sample <runs>", "draw random runs instead of searching", positive)
    .option(
      "--depth <d>",
      "with --sample: PCT with d - 1 changes of priority; 0: uniform",
      whole,
      0,
    )
    .option("--seed <number>", "with --sample: default: drawn", whole)
    .addOption(
      new Option("--witness <which>", "whose witness is shown")
        .choices(["deciding", "all", "none"] as const)
        .default("deciding" as const),
    )
    .option("--witness-transitions <count>", "for minimal witnesses", whole, 3_000_000)
    .option("--json", "one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (file, options) => {
      const { text, program: scenario } = await loadProgram(edge, file);
      const setup = { ...setupOf(scenario, options), tear: options.tear === "on" };
      const result = await resultOf(edge, setup, options);
      const report = { text, setup, result, witnesses: options.witness };
      printExploration(edge, report, options.json === true);
      finish(exitOfExploration(edge, report));
    });
};

interface ExploreFlags {
  readonly order: "breadth" | "depth";
  readonly reduce?: Reductions | undefined;
  readonly fingerprints?: true | undefined;
  readonly memory: number;
  readonly transitions: number;
  readonly workers: number;
  readonly checkpoint?: string | undefined;
  readonly resume?: string | undefined;
  readonly shard?: { shard: number; shards: number } | undefined;
  readonly merge?: string[] | undefined;
  readonly sample?: number | undefined;
  readonly depth: number;
  readonly seed?: number | undefined;
  readonly witness: "deciding" | "all" | "none";
  readonly witnessTransitions: number;
}

/** Merges, samples or searches, as the flags say. */
async function resultOf(edge: Edge, setup: Setup, flags: ExploreFlags): Promise<SearchResult> {
  const { witness, order, workers, resume, checkpoint, depth, shard } = flags;
  const bounds = {
    transitions: flags.transitions,
    witnessTransitions: witness === "none" ? 0 : flags.witnessTransitions,
  };
  const asked = hashOf(setup);
  if (flags.merge !== undefined) return mergeShards(edge, setup, asked, flags.merge);
  if (flags.sample !== undefined) {
    const { sample: runs, seed = edge.dice() } = flags;
    return sampleAll(edge, setup, { runs, depth, seed }, bounds);
  }
  const alone = [shard, resume, checkpoint].some((each) => each !== undefined);
  if (workers > 1 && (alone || order === "depth"))
    throw new CannotRun("several workers search whole and breadth first", "leave --workers out");
  if (order === "depth" && (shard !== undefined || flags.fingerprints))
    throw new CannotRun("shards and fingerprints are breadth first", "leave --order out");
  const how: SearchOptions = {
    order,
    reductions: flags.reduce ?? ALL_REDUCTIONS,
    mode: flags.fingerprints ? "fingerprints" : "exact",
    memoryBytesMax: flags.memory * 2 ** 20,
    ...(shard === undefined ? {} : { shard }),
  };
  const hash = `${asked} ${JSON.stringify({ ...how, memoryBytesMax: 0 })}`;
  return searchAll(edge, { setup, bounds, workers, resume, checkpoint, options: how, hash });
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It must be a number from 0 on.");
  return Number(text);
}

function positive(text: string): number {
  const count = whole(text);
  if (count === 0) throw new InvalidArgumentError("It must be at least 1.");
  return count;
}

/** As many as a search can have. */
function workerCount(text: string): number {
  const count = positive(text);
  if (count > WORKERS_MAX) throw new InvalidArgumentError(`It must be at most ${WORKERS_MAX}.`);
  return count;
}

function reductions(text: string): Reductions {
  const words = text === "none" ? [] : text.split(",").map((word) => word.trim());
  const known = Object.keys(ALL_REDUCTIONS);
  if (!words.every((word) => known.includes(word)))
    throw new InvalidArgumentError(`Name some of ${known.join(", ")}, or none.`);
  return { ...NO_REDUCTIONS, ...Object.fromEntries(words.map((word) => [word, true])) };
}

function shard(text: string): { shard: number; shards: number } {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [part, shards] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || part < 1 || part > shards)
    throw new InvalidArgumentError("It must be like 2/4: part 2 of 4.");
  return { shard: part - 1, shards };
}
