// Random programs on this machine's kernel, compared with the model, range by range.
//
// Interface: checkRandom, RandomTask, RANGE.
// Ranges are handed out in their order to whichever shard is free; reports are told in that order too, so
// that the number of shards changes nothing but the time. What is told is in random-report.ts.

import type { CrossChecker } from "./cross-check.js";
import type { Edge } from "./edge.js";
import { EXIT } from "./exit.js";
import type { ExitCode } from "./exit.js";
import type { Part } from "./random-case.js";
import { Sum, tellFailures, tellProgress, tellSum } from "./random-report.js";
import type { Range, RangeReport, Shard } from "./shard.js";

/** What is compared, and how it is told. */
export interface RandomTask {
  /** Shrinks what diverged. */
  readonly checker: CrossChecker;
  readonly shards: readonly Shard[];
  readonly json: boolean;
  /** A difference is the model's or the kernel's fault, and not that of an unknown kernel. */
  readonly binding: boolean;
  readonly seed: number;
  /** What every program may have. */
  readonly parts: readonly Part[];
  /** Number of the first program. */
  readonly from: number;
  /** Infinity: as many as `seconds` allow. */
  readonly count: number;
  /** No range is begun later than that; undefined: no such end. */
  readonly seconds?: number | undefined;
  /** Where divergences are saved. */
  readonly save: string;
  /** The options that choose file system, white box and profile, for the command that goes on. */
  readonly words: readonly string[];
  /** The file system that is tested: "ext4". */
  readonly fileSystem: string;
  /** The kernel's own state is compared too. */
  readonly whitebox: boolean;
}

/** Programs that a shard gets at once. */
export const RANGE = 128;

/** Compares programs until `count` are done, time is over or Ctrl-C; prints divergences, then the counts. */
export async function checkRandom(edge: Edge, task: RandomTask): Promise<ExitCode> {
  const sum = new Sum(edge);
  try {
    await eachRange(endOf(edge, task), task, async (range, report) => {
      sum.programs += range.count;
      sum.unmodelled += report.unmodelled;
      sum.moments += report.moments;
      sum.tally.merge(report.tally);
      await tellFailures(edge, task, sum, report);
      tellProgress(edge, task, sum);
    });
  } finally {
    await Promise.all(task.shards.map((shard) => shard.close()));
  }
  edge.progressDone();
  tellSum(edge, task, sum);
  if (sum.trapped > 0) return EXIT.couldNotRun;
  if (sum.diverged > 0) return task.binding ? EXIT.violated : EXIT.undecided;
  return sum.failed > 0 ? EXIT.undecided : EXIT.asClaimed;
}

/** Whether no more ranges are to be begun. */
function endOf({ signal, now }: Edge, { seconds }: RandomTask): () => boolean {
  const end = seconds === undefined ? Infinity : now() + 1000 * seconds;
  return () => signal.aborted || now() >= end;
}

/** Has all ranges done, until the end: then those at hand are ended. `take` gets reports in order. */
async function eachRange(
  isEnd: () => boolean,
  { shards, from, count }: RandomTask,
  take: (range: Range, report: RangeReport) => Promise<void>,
): Promise<void> {
  let given = 0;
  let taken: Promise<void> = Promise.resolve();
  const work = async (shard: Shard): Promise<void> => {
    while (given < count && !isEnd()) {
      const range = { first: from + given, count: Math.min(RANGE, count - given) };
      given += range.count;
      const report = shard.check(range);
      taken = Promise.all([report, taken]).then(async ([done]) => take(range, done));
      // It is awaited below; until then a shard that fails is told of by its own promise.
      taken.catch(() => undefined);
      await report.catch(stop);
    }
  };
  const stop = (error: unknown): never => {
    given = count;
    throw error;
  };
  await Promise.all(shards.map(work));
  await taken;
}
