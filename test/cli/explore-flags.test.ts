// Flags of `explore` that do not apply together are refused, with both names.

import { expect, test } from "vitest";
import { runCli } from "./fake-edge.js";

const RACE = "litmus/mail-race.litmus";

const APART: readonly (readonly [args: readonly string[], words: string])[] = [
  [["--seed", "3"], "--seed says nothing without --sample"],
  [["--depth", "0"], "--depth says nothing without --sample"],
  [["--sample", "9", "--workers", "2"], "--workers and --sample do not go together"],
  [["--sample", "9", "--shard", "1/2"], "--shard and --sample do not go together"],
  [["--sample", "9", "--order", "breadth"], "--order and --sample do not go together"],
  [["--merge", "a", "--sample", "9"], "--sample and --merge do not go together"],
  [["--workers", "2", "--checkpoint", "f"], "a checkpoint is of a search in one thread"],
  [["--workers", "2", "--resume", "f"], "--resume and --workers do not go together"],
  [["--workers", "2", "--order", "depth"], "--order depth and --workers do not go together"],
  [["--order", "depth", "--fingerprints"], "--order depth and --fingerprints"],
  [["--json", "--summary"], "--summary and --json do not go together"],
  [["--witness", "none", "--witness-transitions", "9"], "--witness-transitions and --witness none"],
];

test.each(APART)("refuses %j", async (args, words) => {
  const { code, err, out } = await runCli(["explore", RACE, ...args]);
  expect(code).toBe(3);
  expect(err[0]).toContain(words);
  expect(err[1]).toMatch(/^ {2}remedy: /);
  expect(out.filter((line) => !line.startsWith("{"))).toEqual([]);
});

test.each([
  [["--sample", "9", "--seed", "3", "--depth", "2"]],
  [["--workers", "1", "--order", "depth"]],
  [["--order", "breadth", "--shard", "1/2"]],
])("takes %j", async (args) => {
  const { err } = await runCli(["explore", RACE, ...args]);
  expect(err).toEqual([]);
});
