// `kernel FILE… | --random N`: this machine's kernel compared with the model.

import { availableParallelism } from "node:os";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { DROP_CACHES_HELP, noteOf, openKernel } from "../backends.js";
import { CrossChecker } from "../cross-check.js";
import type { AddCommand, Edge } from "../edge.js";
import { EXIT, worst } from "../exit.js";
import type { ExitCode } from "../exit.js";
import { positive, whole } from "../explore/flags.js";
import { checkFile } from "../kernel-files.js";
import {
  SAVE_DEFAULT,
  choiceWords,
  kernelCommand,
  randomCountOf,
  refuseBeside,
} from "../kernel-options.js";
import type { KernelOptions } from "../kernel-options.js";
import { checkRandom, RANGE } from "../kernel-random.js";
import { checkRetransmission } from "../kernel-retransmit.js";
import { PARTS_HELP, partList } from "../random-case.js";
import type { Part } from "../random-case.js";
import { fileSystems, FS_HELP, onFileSystems } from "../on-file-systems.js";
import { nameOf } from "../scenario.js";
import { LocalShard, RemoteShard } from "../shard.js";
import type { Shard, ShardTask } from "../shard.js";

const WORKERS_DEFAULT_MAX = 8;

const EXAMPLES = `
Examples:
  splicelab kernel litmus/mail.litmus
  splicelab kernel litmus/mail-ordered.litmus --schedule client,writer,writer,client,client
  splicelab kernel --random 2000
  splicelab kernel --random 20000 --dir /dev/shm --seed 7
  splicelab kernel --random 20000 --fs all      # as root: ext4, xfs, btrfs, tmpfs, made for the run
  splicelab kernel --random --seconds 3600 --save found
  splicelab kernel litmus/mail.litmus --whitebox
  splicelab kernel --retransmit`;

const RETRANSMIT_HELP =
  "a page that TCP sends twice, before and after a write to it; without the right to make a network namespace, one that waits behind a closed window";

const SCHEDULE_ONE =
  "of a scenario, only the order in which these threads start their next calls: names, with commas between";

/** Adds the command. */
export const addKernel: AddCommand = (program, edge, finish) => {
  program
    .command("kernel")
    .summary("this machine's kernel compared with the model")
    .description(
      "Runs scenarios, or random programs, on this machine's kernel and on the model, and shows where they differ.",
    )
    .argument("[files...]", "scenarios; - for standard input")
    .option(
      "--random [count]",
      "compare so many random programs; without a count, as many as --seconds allow",
      positive,
    )
    .option(
      "--seconds <count>",
      "of random programs: end after so long on each file system",
      positive,
    )
    .option(
      "--seed <number>",
      "where the sequence of random programs starts; default: drawn",
      whole,
    )
    .option("--from <number>", "the first program of the sequence", whole, 0)
    .option("--with <list>", PARTS_HELP, partList)
    .option(
      "--save <folder>",
      "where programs that diverge are saved as scenarios, shrunk; it is made when one does",
      SAVE_DEFAULT,
    )
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
    .option("--schedule <threads>", SCHEDULE_ONE)
    .option(
      "--workers <count>",
      "of random programs, so many at once; default: one for each processor, 8 at most",
      positive,
    )
    .option("--drop-caches", `${DROP_CACHES_HELP}; of random programs some do, at tens a second`)
    .option("--retransmit", RETRANSMIT_HELP)
    .option("--json", "one JSON object per line")
    .addHelpText("after", EXAMPLES)
    .action(async (files, options, command) => {
      const isGiven = (name: string): boolean =>
        (command as CommandUnknownOpts).getOptionValueSource(name) === "cli";
      finish(await checkAll(edge, files, options, isGiven));
    });
};

type Options = KernelOptions & {
  readonly seed?: number;
  readonly json?: true;
  readonly retransmit?: true;
};

/** On the file systems that were asked for. */
function checkAll(
  edge: Edge,
  files: readonly string[],
  options: Options,
  isGiven: (name: string) => boolean,
): Promise<ExitCode> {
  const {
    json = false,
    seed = edge.dice(),
    dir,
    fs,
    retransmit,
    with: asked = [],
    ...rest
  } = options;
  if (retransmit === true) {
    refuseBeside(files, isGiven);
    const again = (names: string): string => `splicelab kernel --retransmit --fs ${names}`;
    return onFileSystems(edge, { fs, dir }, (each) => checkRetransmission(edge, each, json), again);
  }
  const random = randomCountOf(files, options, isGiven);
  const parts: Part[] = options.dropCaches === true ? [...asked, "caches"] : [...asked];
  const task = { ...rest, parts, files, json, seed, random, names: (fs?.length ?? 0) > 1 };
  const wordsOn = (name: string | undefined): string[] => choiceWords(options, isGiven, name);
  return onFileSystems(
    edge,
    { fs, dir },
    (each, name) => checkIn(edge, { ...task, dir: each, words: wordsOn(name) }),
    (names) => kernelCommand(files, options, seed, wordsOn(names)),
  );
}

interface KernelTask {
  readonly files: readonly string[];
  /** Infinity: as many as `seconds` allow. */
  readonly random?: number | undefined;
  readonly seconds?: number | undefined;
  readonly save: string;
  readonly words: readonly string[];
  /** Results are headed by the file system's name: there are several. */
  readonly names: boolean;
  readonly json: boolean;
  readonly whitebox?: boolean | undefined;
  readonly dropCaches?: boolean | undefined;
  readonly seed: number;
  readonly parts: readonly Part[];
  readonly from: number;
  readonly schedules: number;
  readonly schedule?: string | undefined;
  readonly workers?: number | undefined;
  readonly profile?: string | undefined;
  /** Its file system is the one that is tested. */
  readonly dir?: string | undefined;
}

/** The scenarios and the random programs on one file system. */
async function checkIn(edge: Edge, task: KernelTask): Promise<ExitCode> {
  const { files, random, json, seed, from, schedules, schedule, seconds, save, words } = task;
  const { dir: directory, profile, whitebox, dropCaches } = task;
  const kernel = await openKernel({ directory, profile, whitebox, dropCaches });
  edge.err(noteOf(kernel));
  if (kernel.whyNoWhitebox !== undefined)
    edge.err(`without the white box: ${kernel.whyNoWhitebox}`);
  if (task.names && !json && files.length > 0) edge.out(`${kernel.host.fileSystem.name}:`);
  try {
    const checker = new CrossChecker(kernel);
    const codes: ExitCode[] = [];
    for (const file of files) {
      if (edge.signal.aborted) return EXIT.interrupted;
      if (files.length > 1 && !json) edge.out(`${nameOf(file)}:`);
      codes.push(await checkFile(edge, { kernel, checker, json, schedules, schedule }, file));
    }
    if (random !== undefined) {
      const { binding, whitebox } = kernel;
      const use = { directory, profile, whitebox, dropCaches };
      const shards = startShards(edge, checker, { ...task, random, use });
      const fileSystem = kernel.host.fileSystem.name;
      const asked = { seed, parts: task.parts, from, count: random, seconds, save, words };
      const all = { checker, shards, binding, json, ...asked, fileSystem, whitebox };
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
    parts,
    random,
    workers = Math.min(availableParallelism(), WORKERS_DEFAULT_MAX),
    use,
  }: ShardTask & { readonly random: number; readonly workers?: number | undefined },
): Shard[] {
  const others = Math.min(workers, Math.ceil(random / RANGE)) - 1;
  return [
    new LocalShard(checker, seed, parts),
    ...Array.from({ length: others }, () => new RemoteShard(edge.helper(), { seed, parts, use })),
  ];
}
