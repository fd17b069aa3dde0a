// What `kernel --random` tells: progress, divergences shrunk and saved, the counts, and how to go on.
//
// Interface: Sum, tellProgress, tellFailures, tellSum.

import { printProgram } from "../language/print.js";
import { saveDivergence } from "./divergence-file.js";
import type { Edge } from "./edge.js";
import { jsonLine } from "../report/json.js";
import { divergenceSchema } from "../report/run-schema.js";
import { crossCheckSchema } from "./json.js";
import type { RandomTask } from "./kernel-random.js";
import { caseOf } from "./random-case.js";
import { plural } from "./report.js";
import type { RangeReport } from "./shard.js";
import { Tally } from "./tally.js";

/** Divergences that are shrunk, shown and saved; of the others the number is told. */
const SHOWN_MAX = 3;
/** Numbers of others that are told. */
const NUMBERS_MAX = 20;

/** What is known so far. */
export class Sum {
  programs = 0;
  diverged = 0;
  unmodelled = 0;
  failed = 0;
  trapped = 0;
  moments = 0;
  /** Programs that diverge and were not shown. */
  readonly unshown: number[] = [];
  readonly tally = new Tally();
  readonly #edge: Edge;
  readonly #started: number;

  constructor(edge: Edge) {
    this.#edge = edge;
    this.#started = edge.now();
  }

  get seconds(): number {
    return (this.#edge.now() - this.#started) / 1000;
  }

  get perSecond(): number {
    return Math.round(this.programs / this.seconds);
  }
}

/** Shows how far it is. */
export function tellProgress(edge: Edge, { count, seconds }: RandomTask, sum: Sum): void {
  const of = count === Infinity ? "" : ` of ${count}`;
  const time = seconds === undefined ? "" : `, ${Math.round(sum.seconds)} of ${seconds} s`;
  const { programs, perSecond, diverged } = sum;
  edge.progress(
    `${programs}${of} programs, ${perSecond}/s${time}, ${plural(diverged, "divergence")}`,
  );
}

/** Shows and counts what a range has against the model, its core or the executor. Throws CannotRun. */
export async function tellFailures(
  edge: Edge,
  task: RandomTask,
  sum: Sum,
  { failed, trapped, diverged }: RangeReport,
): Promise<void> {
  const tell = task.json ? edge.err : edge.out;
  for (const { index, reason } of failed)
    if (sum.failed++ < SHOWN_MAX) tell(`program ${index} failed: ${reason}`);
  for (const { index, reason } of trapped)
    if (sum.trapped++ < SHOWN_MAX) tell(`program ${index}: ${reason}`);
  for (const each of diverged)
    if (sum.diverged++ < SHOWN_MAX) await tellDivergence(edge, task, each);
    else sum.unshown.push(each.index);
}

/** Shrinks a divergence, saves it and shows it. */
async function tellDivergence(
  edge: Edge,
  task: RandomTask,
  { index, message: before }: RangeReport["diverged"][number],
): Promise<void> {
  const { checker, seed, parts, fileSystem } = task;
  const small = await checker.shrink(caseOf(seed, index, parts));
  const [checked] = await checker.check([small]);
  const message = checked?.kind === "diverged" ? checked.divergence.message : before;
  const text = printProgram(small.program);
  const schedule = small.picks.map((pick) => small.program.threads[pick]?.name ?? `${pick}`);
  const again = commandOf(task, ["--random", "1"], index);
  const name = `${fileSystem}-seed${seed}-${index}`;
  const file = await saveDivergence(task.save, name, { text, schedule, message, again });
  if (task.json) {
    const differences = message.split("\n");
    const shown = { index, text, schedule, differences, file };
    edge.out(jsonLine(divergenceSchema, { kind: "divergence", ...shown }));
    return;
  }
  edge.out(`program ${index} of seed ${seed} diverges:`);
  edge.out(text.trimEnd());
  if (schedule.length > 0) edge.out(`schedule: ${schedule.join(",")}`);
  edge.out(message);
  edge.out(`saved: ${file}`);
  edge.out(`again: ${again}`);
}

/** Prints the counts, and the command that goes on where programs are left. */
export function tellSum(edge: Edge, task: RandomTask, sum: Sum): void {
  const { programs, diverged, unmodelled, failed, trapped, perSecond, moments } = sum;
  const { seed, from, count, fileSystem, whitebox } = task;
  const complete = programs >= count;
  if (task.json) {
    const counts = {
      ...{ fileSystem, programs, divergences: diverged, unmodelled, failed, perSecond },
      ...(trapped > 0 ? { trapped } : {}),
      ...(whitebox ? { moments } : {}),
    };
    const sequence = { seed, from, complete };
    edge.out(jsonLine(crossCheckSchema, { kind: "cross-check", ...counts, ...sequence }));
  } else {
    for (const line of sum.tally.lines()) edge.out(line);
    if (whitebox) edge.out(`the white box was compared at ${moments} moments`);
    const traps = trapped > 0 ? `, ${trapped} trapped the core` : "";
    const others = `${unmodelled} not modelled, ${failed} failed${traps}`;
    edge.out(
      `${fileSystem}: ${plural(programs, "program")}, ${perSecond}/s, seed ${seed}: ${plural(diverged, "divergence")}, ${others}`,
    );
  }
  const [next] = sum.unshown;
  if (next !== undefined) {
    const numbers = sum.unshown.slice(0, NUMBERS_MAX).join(", ");
    const more = sum.unshown.length > NUMBERS_MAX ? ", …" : "";
    const see = commandOf(task, ["--random", "1"], next);
    (task.json ? edge.err : edge.out)(`not shown: programs ${numbers}${more}; to see one: ${see}`);
  }
  if (complete) return;
  const why = edge.signal.aborted ? "interrupted" : "time is over";
  const of = count === Infinity ? "" : ` of ${count}`;
  (task.json ? edge.err : edge.out)(
    `${why} after ${programs}${of} programs; ${goOn(task, programs)}`,
  );
}

/** How to go on after so many programs. */
function goOn(task: RandomTask, programs: number): string {
  const { count, seconds, from } = task;
  const amount = count === Infinity ? [] : [`${count - programs}`];
  const time = seconds === undefined ? [] : ["--seconds", `${seconds}`];
  return `to go on: ${commandOf(task, ["--random", ...amount, ...time], from + programs)}`;
}

/** A command on the same sequence and file system. */
const commandOf = ({ seed, words }: RandomTask, what: readonly string[], from: number): string =>
  ["splicelab", "kernel", ...what, "--seed", `${seed}`, "--from", `${from}`, ...words].join(" ");
