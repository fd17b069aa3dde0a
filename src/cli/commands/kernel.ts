// `kernel FILE… | --random N`: this machine's kernel compared with the model.

import { availableParallelism } from "node:os";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { noteOf, openKernel } from "../backends.js";
import { CrossChecker } from "../cross-check.js";
import type { AddCommand, Edge } from "../edge.js";
import { CannotRun, worst } from "../exit.js";
import type { ExitCode } from "../exit.js";
import { checkFile } from "../kernel-files.js";
import { checkRandom, RANGE } from "../kernel-random.js";
import { fileSystems, FS_HELP, onFileSystems } from "../on-file-systems.js";
import { nameOf } from "../scenario.js";
import { LocalShard, RemoteShard } from "../shard.js";
import type { Shard } from "../shard.js";

const WORKERS_DEFAULT_MAX = 8;

const EXAMPLES = `
Examples:
  splicelab kernel litmus/mail.litmus
  splicelab kernel --random 2000
  splicelab kernel --random 20000 --dir /dev/shm --seed 7
  splicelab kernel --random 20000 --fs all      # as root: ext4, xfs, btrfs, tmpfs, made for the run
  splicelab kernel litmus/mail.litmus --whitebox`;

/** Adds the command. */
export const addKernel: AddCommand = (program, edge, finish) => {
  program
    .command("kernel")
    .summary("this machine's kernel compared with the model")
    .description(
      "Runs scenarios, or random programs, on this machine's kernel and on the model, and shows where they differ.",
    )
    .argument("[files...]", "scenarios; - for standard input")
    .option("--random <count>", "compare so many random programs", positive)
    .option(
      "--seed <number>",
      "where the sequence of random programs starts; default: drawn",
      whole,
    )
    .option("--from <number>", "the first program of the sequence", whole, 0)
    .option("--dir <directory>", "its file system is used; default: the temporary folder")
    .option("--fs <list>", FS_HELP, fileSystems)
    .option(
      "--whitebox",
      "compare the kernel's own rings and folios too, as root (docs/whitebox.md)",
    )
    .option("--profile <profile>", "compare with this one (list profiles); default: what is found")
    .option(
      "--schedules <count>",
      "of a scenario with threads, at most so many orders",
      positive,
      100,
    )
    .option(
      "--workers <count>",
      "of random programs, so many at once; default: one for each processor, 8 at most",
      positive,
    )
    .option("--json", "one JSON object per line")
    .addHelpText("after", EXAMPLES)
    .action(async (files, options) => {
      if ((files.length === 0) === (options.random === undefined))
        throw new CannotRun(
          "kernel needs either scenarios or --random N",
          "see splicelab kernel --help",
        );
      const { json = false, seed = edge.dice(), dir, fs, ...rest } = options;
      const task = { ...rest, files, json, seed };
      finish(
        await onFileSystems(edge, { fs, dir }, (each) => checkIn(edge, { ...task, dir: each })),
      );
    });
};

interface KernelTask {
  readonly files: readonly string[];
  readonly random?: number | undefined;
  readonly json: boolean;
  readonly whitebox?: boolean | undefined;
  readonly seed: number;
  readonly from: number;
  readonly schedules: number;
  readonly workers?: number | undefined;
  readonly profile?: string | undefined;
  /** Its file system is the one that is tested. */
  readonly dir: string | undefined;
}

/** The scenarios and the random programs on one file system. */
async function checkIn(edge: Edge, task: KernelTask): Promise<ExitCode> {
  const { files, random, json, seed, from, schedules } = task;
  const kernel = await openKernel(task.dir, task.profile, task.whitebox);
  edge.err(noteOf(kernel));
  if (kernel.whyNoWhitebox !== undefined)
    edge.err(`without the white box: ${kernel.whyNoWhitebox}`);
  try {
    const checker = new CrossChecker(kernel);
    const codes: ExitCode[] = [];
    for (const file of files) {
      if (files.length > 1 && !json) edge.out(`${nameOf(file)}:`);
      codes.push(await checkFile(edge, { kernel, checker, json, schedules }, file));
    }
    if (random !== undefined) {
      const { binding, whitebox } = kernel;
      const shards = startShards(edge, checker, { ...task, random, whitebox });
      const fileSystem = kernel.host.fileSystem.name;
      const counted = { seed, from, count: random };
      const all = { checker, shards, binding, json, ...counted, fileSystem, whitebox };
      codes.push(await checkRandom(edge, all));
    }
    return worst(codes);
  } finally {
    await kernel.executor.close();
  }
}

/** One shard in this process, the others in processes of their own: no more than have work. */
function startShards(
  edge: Edge,
  checker: CrossChecker,
  {
    seed,
    random,
    workers = Math.min(availableParallelism(), WORKERS_DEFAULT_MAX),
    dir,
    profile,
    whitebox,
  }: {
    readonly seed: number;
    readonly random: number;
    readonly workers?: number | undefined;
    readonly dir?: string | undefined;
    readonly profile?: string | undefined;
    readonly whitebox: boolean;
  },
): Shard[] {
  const task = { seed, whitebox, ...(dir && { directory: dir }), ...(profile && { profile }) };
  const others = Math.min(workers, Math.ceil(random / RANGE)) - 1;
  return [
    new LocalShard(checker, seed),
    ...Array.from({ length: others }, () => new RemoteShard(edge.helper(), task)),
  ];
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
