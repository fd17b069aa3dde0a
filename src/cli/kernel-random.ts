// Random programs on this machine's kernel, compared with the model, range by range.
//
// Interface: checkRandom, RANGE.
// Ranges are handed out in their order to whichever shard is free; reports are told in that order too, so
// that the number of shards changes nothing but the time.

import { printProgram } from "../language/print.js";
import type { CrossChecker } from "./cross-check.js";
import type { Edge } from "./edge.js";
import { EXIT } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { crossCheckSchema, divergenceSchema, jsonLine } from "./json.js";
import { caseOf } from "./random-case.js";
import { plural } from "./report.js";
import type { Range, RangeReport, Shard } from "./shard.js";
import { Tally } from "./tally.js";

interface RandomTask {
  /** Shrinks what diverged. */
  readonly checker: CrossChecker;
  readonly shards: readonly Shard[];
  readonly json: boolean;
  /** A difference is the model's or the kernel's fault, and not that of an unknown kernel. */
  readonly binding: boolean;
  readonly seed: number;
  /** Number of the first program. */
  readonly from: number;
  readonly count: number;
  /** The file system that is tested: "ext4". */
  readonly fileSystem: string;
  /** The kernel's own state is compared too. */
  readonly whitebox: boolean;
}

/** Programs that a shard gets at once. */
export const RANGE = 128;
/** Divergences that are shrunk and shown; all are counted. */
const SHOWN_MAX = 3;

/** What is known so far. */
class Sum {
  programs = 0;
  diverged = 0;
  unmodelled = 0;
  failed = 0;
  moments = 0;
  readonly tally = new Tally();
  readonly #edge: Edge;
  readonly #started: number;

  constructor(edge: Edge) {
    this.#edge = edge;
    this.#started = edge.now();
  }

  get perSecond(): number {
    return Math.round((1000 * this.programs) / (this.#edge.now() - this.#started));
  }
}

/** Compares programs until `count` are done or Ctrl-C; prints divergences, then the counts. */
export async function checkRandom(edge: Edge, task: RandomTask): Promise<ExitCode> {
  const sum = new Sum(edge);
  try {
    await eachRange(edge.signal, task, async (range, report) => {
      sum.programs += range.count;
      sum.unmodelled += report.unmodelled;
      sum.moments += report.moments;
      sum.tally.merge(report.tally);
      await tellFailures(edge, task, sum, report);
      edge.progress(
        `${sum.programs} of ${task.count} programs, ${sum.perSecond}/s, ${plural(sum.diverged, "divergence")}`,
      );
    });
  } finally {
    await Promise.all(task.shards.map((shard) => shard.close()));
  }
  edge.progressDone();
  tellSum(edge, task, sum);
  if (sum.diverged > 0) return task.binding ? EXIT.violated : EXIT.undecided;
  return sum.failed > 0 ? EXIT.undecided : EXIT.asClaimed;
}

/** Has all ranges done, until Ctrl-C: then those at hand are ended. `take` gets reports in order. */
async function eachRange(
  signal: AbortSignal,
  { shards, from, count }: RandomTask,
  take: (range: Range, report: RangeReport) => Promise<void>,
): Promise<void> {
  let given = 0;
  let taken: Promise<void> = Promise.resolve();
  const work = async (shard: Shard): Promise<void> => {
    while (given < count && !signal.aborted) {
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

async function tellFailures(
  edge: Edge,
  task: RandomTask,
  sum: Sum,
  { failed, diverged }: RangeReport,
): Promise<void> {
  const tell = task.json ? edge.err : edge.out;
  for (const { index, reason } of failed)
    if (sum.failed++ < SHOWN_MAX) tell(`program ${index} failed: ${reason}`);
  for (const each of diverged)
    if (sum.diverged++ < SHOWN_MAX) await tellDivergence(edge, task, each);
}

/** Shrinks a divergence and shows it. */
async function tellDivergence(
  edge: Edge,
  { checker, seed, json }: RandomTask,
  { index, message: before }: RangeReport["diverged"][number],
): Promise<void> {
  const small = await checker.shrink(caseOf(seed, index));
  const [again] = await checker.check([small]);
  const message = again?.kind === "diverged" ? again.divergence.message : before;
  const text = printProgram(small.program);
  const schedule = small.picks.map((pick) => small.program.threads[pick]?.name ?? `${pick}`);
  if (json) {
    const differences = message.split("\n");
    const shown = { index, text, schedule, differences };
    edge.out(jsonLine(divergenceSchema, { kind: "divergence", ...shown }));
    return;
  }
  edge.out(`program ${index} of seed ${seed} diverges:`);
  edge.out(text.trimEnd());
  edge.out(`schedule: ${schedule.join(",")}`);
  edge.out(message);
  edge.out(`again: splicelab kernel --random 1 --seed ${seed} --from ${index}`);
}

function tellSum(edge: Edge, task: RandomTask, sum: Sum): void {
  const { programs, diverged, unmodelled, failed, perSecond, moments } = sum;
  if (task.json) {
    const { fileSystem, whitebox } = task;
    const counts = {
      ...{ fileSystem, programs, divergences: diverged, unmodelled, failed, perSecond },
      ...(whitebox ? { moments } : {}),
    };
    edge.out(jsonLine(crossCheckSchema, { kind: "cross-check", ...counts, seed: task.seed }));
    return;
  }
  if (programs < task.count) edge.out(`interrupted: ${programs} of ${task.count} programs`);
  for (const line of sum.tally.lines()) edge.out(line);
  if (task.whitebox) edge.out(`the white box was compared at ${moments} moments`);
  const others = `${unmodelled} not modelled, ${failed} failed`;
  edge.out(
    `${task.fileSystem}: ${plural(programs, "program")}, ${perSecond}/s, seed ${task.seed}: ${plural(diverged, "divergence")}, ${others}`,
  );
}
