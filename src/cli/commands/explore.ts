// `explore FILE`: every interleaving of a scenario on the model.

import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { ALL_REDUCTIONS, NO_REDUCTIONS } from "../../model/search.js";
import type { Reductions, SearchOptions } from "../../model/search.js";
import type { AddCommand } from "../edge.js";
import { exitOfExploration, printExploration } from "../explore-report.js";
import { sampleAll, searchAll } from "../explore-search.js";
import { loadProgram, setupOf } from "../scenario.js";

const EXAMPLES = `
Examples:
  splicelab explore litmus/mail-race.litmus
  splicelab explore litmus/mail-race.litmus --policy cow
  splicelab explore big.litmus --sample 100000 --depth 3 --seed 7
  splicelab explore big.litmus --memory 8000 --transitions 1000000000

The verdict is one word: complete (every schedule, with this profile and policy), bounded (by what, it says),
sampled (random runs), unmodelled. Only complete is a proof; the others end with exit 2 unless a witness decides.`;

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
    .option("--reduce <list>", "of actions, frames, threads; or none", reductions, ALL_REDUCTIONS)
    .option("--fingerprints", "keep hashes of states only: less memory, but a state may be missed")
    .option("--memory <mebibytes>", "memory of the search", positive, 2048)
    .option("--transitions <count>", "transitions of the search", positive, 1_000_000_000)
    .option("--shard <i/n>", "only part i of n of the search", shard)
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
      const setup = setupOf(scenario, options);
      const bounds = {
        transitions: options.transitions,
        witnessTransitions: options.witness === "none" ? 0 : options.witnessTransitions,
      };
      const how: SearchOptions = {
        order: options.order,
        reductions: options.reduce,
        mode: options.fingerprints === true ? "fingerprints" : "exact",
        memoryBytesMax: options.memory * 2 ** 20,
        ...(options.shard === undefined ? {} : { shard: options.shard }),
      };
      const { sample: runs, depth, seed = edge.dice() } = options;
      const result =
        runs === undefined
          ? await searchAll(edge, setup, how, bounds)
          : await sampleAll(edge, setup, { runs, depth, seed }, bounds);
      const report = { text, setup, result, witnesses: options.witness };
      printExploration(edge, report, options.json === true);
      finish(exitOfExploration(edge, report));
    });
};

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It must be a number from 0 on.");
  return Number(text);
}

function positive(text: string): number {
  const count = whole(text);
  if (count === 0) throw new InvalidArgumentError("It must be at least 1.");
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
