// `explore FILE`: every interleaving of a scenario on the model.

import { Option } from "@commander-js/extra-typings";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { hashOf } from "../../model/asked.js";
import { ALL_REDUCTIONS } from "../../model/search.js";
import type { Reductions, SearchOptions } from "../../model/search.js";
import type { Setup } from "../../model/core.js";
import type { AddCommand, Edge } from "../edge.js";
import {
  checkFlags,
  pctDepth,
  positive,
  reductions,
  shard,
  whole,
  workerCount,
} from "../explore/flags.js";
import type { Given } from "../explore/flags.js";
import type { Which } from "../../compare/goals.js";
import { mergeShards } from "../explore/merge.js";
import { exitOfExploration, printExploration } from "../explore/report.js";
import type { SearchResult } from "../explore/result.js";
import { sampleAll } from "../explore/sample.js";
import { searchAll } from "../explore/search.js";
import { loadProgram, setupOf, wireOption } from "../scenario.js";

const EXAMPLES = `
Examples:
  splicelab explore litmus/mail-race.litmus
  splicelab explore litmus/mail-race.litmus --policy cow
  splicelab explore big.litmus --sample 100000 --depth 3 --seed 7
  splicelab explore big.litmus --memory 3500 --transitions 1000000000 --summary
  splicelab explore big.litmus --transitions 1000000 --checkpoint part   # then: --resume part
  splicelab explore big.litmus --shard 1/2 --json > 1.json               # likewise 2/2, on another machine
  splicelab explore big.litmus --merge 1.json 2.json

The verdict is one word: complete (every schedule, with this profile and policy), bounded (by what, it says),
sampled (random runs), unmodelled. Only complete is a proof; the others end with exit 2 unless a witness decides.

Ctrl-C and SIGTERM end a search: what is known is printed, and the checkpoint written. Ctrl-C reaches it under npx, too; a
SIGINT that is sent to npx alone does not: send it to splicelab's own process.

Of the lines of States, *> holds the condition's proposition and  > does not; ?> does in some of the outcomes that show
the same, or a torn copy decides (--tear on: {0x1f|0xf0} is one of the two). Where that rests on one copy the outcome counts as
Positive and as Negative; where several copies would have to be known together, nobody can tell.

Waiting changes no verdict. A line tells of deadlocks, of lost wake-ups, and, with a policy that lets writers wait, of every
thread that can come to wait for a page that a pipe or a socket holds; the token of that witness ends there.`;

const ORDER = new Option("--order <order>", "breadth or depth first")
  .choices(["breadth", "depth"] as const)
  .default("breadth" as const);
const WITNESS = new Option(
  "--witness <which>",
  "of which outcomes a minimal witness is looked for and shown: deciding (the condition; deadlocks and unbounded waits, too), all, none; default: deciding, with --json all",
).choices(["deciding", "all", "none"] as const);

/** Adds the command. */
export const addExplore: AddCommand = (program, edge, finish) => {
  program
    .command("explore")
    .summary("every interleaving of a scenario, with a witness for each outcome")
    .description(
      "Searches all schedules of a scenario on the model, step by step, and prints every final outcome in herd's form, with a minimal witness of what decides the condition.",
    )
    .argument("<file>", "a scenario; - for standard input")
    .option("--policy <policy>", "what splice and its consumers do (list policies); default: linux")
    .option("--profile <profile>", "kernel and file system (list profiles); default: 6.18/ext4")
    .addOption(wireOption())
    .addOption(ORDER)
    .addOption(
      new Option("--tear <which>", "whether a copy takes time, so that it may mix what it meets")
        .choices(["on", "off"] as const)
        .default("off" as const),
    )
    .option("--reduce <list>", "of actions, frames, threads; or none; default: all", reductions)
    .option("--fingerprints", "keep hashes of states only: less memory, but a state may be missed")
    .option(
      "--memory <mebibytes>",
      "memory of the search, and then of that for witnesses",
      positive,
      2048,
    )
    .option("--transitions <count>", "transitions of the search at most", positive, 1_000_000_000)
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
      "with --sample: PCT with d - 1 changes of priority, 64 at most; 0: uniform",
      pctDepth,
      0,
    )
    .option("--seed <number>", "with --sample: default: drawn", whole)
    .addOption(WITNESS)
    .option("--witness-transitions <count>", "for minimal witnesses", whole, 3_000_000)
    .option("--summary", "no line for each outcome")
    .option("--json", "one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (file, options, command) => {
      checkFlags(givenIn(command));
      const { text, program: scenario } = await loadProgram(edge, file, options.wire);
      const setup = { ...setupOf(scenario, options), tear: options.tear === "on" };
      const witnesses = options.witness ?? (options.json === true ? "all" : "deciding");
      const result = await resultOf(edge, setup, options, witnesses);
      const summary = options.summary === true;
      const report = { text, setup, result, witnesses, summary };
      printExploration(edge, report, options.json === true);
      finish(exitOfExploration(edge, report));
    });
};

/** The flags that a person wrote; one worker is the search without workers. */
const givenIn =
  (command: CommandUnknownOpts): Given =>
  (flag) => {
    const option = command.options.find(({ long }) => long === flag)!;
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== "cli") return undefined;
    const value = command.getOptionValue(name);
    return flag === "--workers" && value === 1 ? undefined : value;
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
  readonly witness?: Which | undefined;
  readonly witnessTransitions: number;
}

/** Merges, samples or searches, as the flags say. */
async function resultOf(
  edge: Edge,
  setup: Setup,
  flags: ExploreFlags,
  witnesses: Which,
): Promise<SearchResult> {
  const { order, workers, resume, checkpoint, depth, shard } = flags;
  const memoryBytes = flags.memory * 2 ** 20;
  const bounds = {
    transitions: flags.transitions,
    witnessTransitions: witnesses === "none" ? 0 : flags.witnessTransitions,
    memoryBytes,
  };
  const asked = hashOf(setup);
  if (flags.merge !== undefined) return mergeShards(edge, setup, asked, flags.merge);
  if (flags.sample !== undefined) {
    const { sample: runs, seed = edge.dice() } = flags;
    return sampleAll(edge, setup, { runs, depth, seed }, bounds, witnesses);
  }
  const how: SearchOptions = {
    order,
    reductions: flags.reduce ?? ALL_REDUCTIONS,
    mode: flags.fingerprints ? "fingerprints" : "exact",
    memoryBytesMax: memoryBytes,
    ...(shard === undefined ? {} : { shard }),
  };
  const hash = `${asked} ${JSON.stringify({ ...how, memoryBytesMax: 0 })}`;
  const task = { setup, bounds, witnesses, workers, resume, checkpoint, options: how, hash };
  return searchAll(edge, task);
}
