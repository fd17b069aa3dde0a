// The options of `kernel`: which of them go together, and how they are written for a command that goes on.
//
// Interface: randomCountOf, refuseBeside, choiceWords, kernelCommand; KernelOptions.

import type { FileSystemName } from "../kernel/mounts.js";
import { CannotRun } from "./exit.js";
import type { Part } from "./random-case.js";

/** Where divergences are saved if nobody says otherwise. */
export const SAVE_DEFAULT = "divergences";

/** What was asked for. */
export interface KernelOptions {
  readonly random?: number | true | undefined;
  readonly seconds?: number | undefined;
  readonly from: number;
  readonly with?: readonly Part[] | undefined;
  readonly save: string;
  readonly dir?: string | undefined;
  readonly fs?: readonly FileSystemName[] | undefined;
  readonly whitebox?: boolean | undefined;
  readonly dropCaches?: boolean | undefined;
  readonly profile?: string | undefined;
  readonly schedules: number;
  readonly schedule?: string | undefined;
  readonly workers?: number | undefined;
}

/** Options that say nothing of scenarios. */
const OF_RANDOM = ["seconds", "seed", "from", "with", "save", "workers"];
/** Options that say nothing of random programs. */
const OF_SCENARIOS = ["schedules", "schedule"];

/** How many random programs are to be compared, Infinity for as many as time allows, undefined where scenarios are.
 *  `isGiven`: whether a person wrote the option. Throws CannotRun. */
export function randomCountOf(
  files: readonly string[],
  { random, seconds }: Pick<KernelOptions, "random" | "seconds">,
  isGiven: (option: string) => boolean,
): number | undefined {
  if ((files.length === 0) === (random === undefined))
    throw new CannotRun(
      "kernel needs either scenarios or --random N",
      "see splicelab kernel --help",
    );
  const idle = (random === undefined ? OF_RANDOM : OF_SCENARIOS).find(isGiven);
  if (idle !== undefined)
    throw new CannotRun(
      random === undefined
        ? `--${idle} says nothing without --random`
        : `--${idle} says nothing with --random: a random program runs in one order`,
      "leave it out",
    );
  if (isGiven("schedule") && isGiven("schedules"))
    throw new CannotRun(
      "--schedule is one order, --schedules says how many others there are at most",
      "leave one of them out",
    );
  if (random !== true) return random;
  if (seconds !== undefined) return Infinity;
  throw new CannotRun(
    "--random has no end",
    "say how many programs, as in --random 2000, or how long, with --seconds 60",
  );
}

/** --retransmit runs neither scenarios nor random programs: nothing else may stand beside it but --fs, --dir and --json. Throws
 *  CannotRun. */
export function refuseBeside(files: readonly string[], isGiven: (option: string) => boolean): void {
  const others = [...OF_RANDOM, ...OF_SCENARIOS, "random", "whitebox", "drop-caches", "profile"];
  const idle = others.find(isGiven);
  if (files.length > 0 || idle !== undefined)
    throw new CannotRun(
      `${files.length > 0 ? "a scenario" : `--${idle}`} says nothing with --retransmit`,
      "leave it out",
    );
}

/** The options that choose what programs run on and how, as words. */
export function choiceWords(
  options: KernelOptions,
  isGiven: (option: string) => boolean,
  fs: string | undefined,
): string[] {
  const { dir, whitebox, dropCaches, profile, save, workers, schedules, schedule } = options;
  const chosen = { profile, with: options.with?.join(","), save, workers, schedules, schedule };
  const values = Object.entries({ fs, dir, ...chosen });
  const words = values.flatMap(([name, value]) =>
    value === undefined || (name !== "fs" && !isGiven(name)) ? [] : [`--${name}`, `${value}`],
  );
  return [
    ...words,
    ...(whitebox === true ? ["--whitebox"] : []),
    ...(dropCaches === true ? ["--drop-caches"] : []),
  ];
}

/** A command that begins with what was asked for: on scenarios, or on random programs of a seed. */
export function kernelCommand(
  files: readonly string[],
  { random, seconds, from }: KernelOptions,
  seed: number,
  words: readonly string[],
): string {
  const amount = typeof random === "number" ? [`${random}`] : [];
  const time = seconds === undefined ? [] : ["--seconds", `${seconds}`];
  const what =
    random === undefined
      ? files
      : ["--random", ...amount, ...time, "--seed", `${seed}`, "--from", `${from}`];
  return ["splicelab", "kernel", ...what, ...words].join(" ");
}
