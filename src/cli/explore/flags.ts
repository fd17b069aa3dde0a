// The flags of `explore`: how their values are read, and which of them go together.
//
// Interface: whole, positive, pctDepth, workerCount, reductions, shard (readers); checkFlags, Given.

import { InvalidArgumentError } from "@commander-js/extra-typings";
import { ALL_REDUCTIONS, NO_REDUCTIONS } from "../../model/search.js";
import type { Reductions } from "../../model/search.js";
import { CannotRun } from "../exit.js";

const WORKERS_MAX = 16;
/** Changes of priority of a sampled run. Mirrors: assembly/explore/sample.ts:CHANGES_MAX. */
const DEPTH_MAX = 64;

/** A number from 0 on. */
export function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It must be a number from 0 on.");
  return Number(text);
}

/** A number from 1 on. */
export function positive(text: string): number {
  const count = whole(text);
  if (count === 0) throw new InvalidArgumentError("It must be at least 1.");
  return count;
}

/** A depth of PCT: as many changes of priority as a run can have. */
export function pctDepth(text: string): number {
  const depth = whole(text);
  if (depth > DEPTH_MAX) throw new InvalidArgumentError(`It must be at most ${DEPTH_MAX}.`);
  return depth;
}

/** As many as a search can have. */
export function workerCount(text: string): number {
  const count = positive(text);
  if (count > WORKERS_MAX) throw new InvalidArgumentError(`It must be at most ${WORKERS_MAX}.`);
  return count;
}

/** Reductions by their names, with commas between; "none". */
export function reductions(text: string): Reductions {
  const words = text === "none" ? [] : text.split(",").map((word) => word.trim());
  const known = Object.keys(ALL_REDUCTIONS);
  if (!words.every((word) => known.includes(word)))
    throw new InvalidArgumentError(`Name some of ${known.join(", ")}, or none.`);
  return { ...NO_REDUCTIONS, ...Object.fromEntries(words.map((word) => [word, true])) };
}

/** "2/4": part 2 of 4, counted from 0 in what is returned. */
export function shard(text: string): { shard: number; shards: number } {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [part, shards] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || part < 1 || part > shards)
    throw new InvalidArgumentError("It must be like 2/4: part 2 of 4.");
  return { shard: part - 1, shards };
}

/** What a person wrote on the command line: the value of a flag by its name there, undefined where it was not given. */
export type Given = (flag: string) => unknown;

/** Flags that steer a search over all schedules. */
const SEARCHING = [
  ...["--order", "--reduce", "--fingerprints", "--transitions", "--workers"],
  ...["--checkpoint", "--resume", "--shard"],
];

/** Flags of which the one says nothing beside the other, and why. */
const APART: readonly (readonly [flag: string, other: string, why: string])[] = [
  ...SEARCHING.map(
    (flag) => [flag, "--sample", "a sample draws runs and searches nothing"] as const,
  ),
  ...[...SEARCHING, "--sample", "--seed", "--depth", "--memory", "--witness-transitions"].map(
    (flag) => [flag, "--merge", "shards are put together as they are"] as const,
  ),
  ["--summary", "--json", "the object has every outcome"],
  ["--witness-transitions", "--witness none", "no witness is looked for"],
  ["--checkpoint", "--workers", "a checkpoint is of a search in one thread"],
  ["--resume", "--workers", "a checkpoint is of a search in one thread"],
  ["--shard", "--workers", "a shard is searched in one thread: start a process for each"],
  ["--order depth", "--workers", "several workers go level by level, breadth first"],
  ["--order depth", "--shard", "shards are parts of a level, breadth first"],
  ["--order depth", "--fingerprints", "depth first needs the states themselves"],
];

/** Flags that say nothing without another. */
const NEEDED: readonly (readonly [flag: string, other: string, value: string])[] = [
  ["--seed", "--sample", "--sample 10000"],
  ["--depth", "--sample", "--sample 10000"],
];

/** Refuses flags that do not apply together. Throws CannotRun, which names both. */
export function checkFlags(given: Given): void {
  for (const [flag, other, why] of APART)
    if (isOn(given, flag) && isOn(given, other))
      throw new CannotRun(
        `${flag} and ${other} do not go together: ${why}`,
        "leave one of them out",
      );
  for (const [flag, other, value] of NEEDED)
    if (isOn(given, flag) && !isOn(given, other))
      throw new CannotRun(`${flag} says nothing without ${other}`, `add ${value}, or leave it out`);
}

/** "--order depth": with that value. */
function isOn(given: Given, flag: string): boolean {
  const [name, value] = flag.split(" ") as [string, string?];
  const asked = given(name);
  return value === undefined ? asked !== undefined : asked === value;
}
