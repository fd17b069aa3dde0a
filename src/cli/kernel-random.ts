// Random programs on this machine's kernel, compared with the model, batch by batch.
//
// Interface: checkRandom.

import { randomProgram } from "../arbitraries/random.js";
import { printProgram } from "../language/print.js";
import type { CrossChecker } from "./cross-check.js";
import type { Case, Checked } from "./cross-check.js";
import type { Edge } from "./edge.js";
import { EXIT } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { crossCheckSchema, divergenceSchema, jsonLine } from "./json.js";
import { plural } from "./report.js";
import { Tally } from "./tally.js";

interface RandomTask {
  readonly checker: CrossChecker;
  readonly json: boolean;
  /** A difference is the model's or the kernel's fault, and not that of an unknown kernel. */
  readonly binding: boolean;
  readonly seed: number;
  /** Number of the first program. */
  readonly from: number;
  readonly count: number;
}

const BATCH = 1024;
/** Divergences that are shrunk and shown; all are counted. */
const SHOWN_MAX = 3;

interface Counts {
  programs: number;
  diverged: number;
  unmodelled: number;
  failed: number;
}

/** Every second program may use sockets. */
const caseOf = (seed: number, index: number): Case =>
  randomProgram(seed, index, { sockets: index % 2 === 1 });

/** Compares programs until `count` are done or Ctrl-C; prints divergences, then the counts. */
export async function checkRandom(edge: Edge, task: RandomTask): Promise<ExitCode> {
  const counts: Counts = { programs: 0, diverged: 0, unmodelled: 0, failed: 0 };
  const tally = new Tally();
  const started = edge.now();
  const perSecond = (): number => Math.round((1000 * counts.programs) / (edge.now() - started));
  while (counts.programs < task.count && !edge.signal.aborted) {
    const first = task.from + counts.programs;
    const size = Math.min(BATCH, task.count - counts.programs);
    const cases = Array.from({ length: size }, (_, i) => caseOf(task.seed, first + i));
    const checked = await task.checker.check(cases);
    for (const [i, each] of checked.entries())
      await note(edge, task, { counts, tally, index: first + i }, cases[i]!, each);
    edge.progress(
      `${counts.programs} of ${task.count} programs, ${perSecond()}/s, ${plural(counts.diverged, "divergence")}`,
    );
  }
  edge.progressDone();
  report(edge, task, { counts, tally, perSecond: perSecond() });
  if (counts.diverged > 0) return task.binding ? EXIT.violated : EXIT.undecided;
  return counts.failed > 0 ? EXIT.undecided : EXIT.asClaimed;
}

/** Counts one result, and shows it if it is a divergence. */
async function note(
  edge: Edge,
  task: RandomTask,
  into: { readonly counts: Counts; readonly tally: Tally; readonly index: number },
  { program, picks }: Case,
  checked: Checked,
): Promise<void> {
  const { counts, tally, index } = into;
  counts.programs++;
  if (checked.kind === "equal") tally.add(program, checked.observed, checked.allowed);
  if (checked.kind === "unmodelled") counts.unmodelled++;
  const tell = task.json ? edge.err : edge.out;
  if (checked.kind === "failed") {
    if (counts.failed++ < SHOWN_MAX) tell(`program ${index} failed: ${checked.reason}`);
  }
  if (checked.kind !== "diverged" || counts.diverged++ >= SHOWN_MAX) return;
  const small = await task.checker.shrink({ program, picks });
  const [again] = await task.checker.check([small]);
  const { message } = again?.kind === "diverged" ? again.divergence : checked.divergence;
  const text = printProgram(small.program);
  const schedule = small.picks.map((pick) => small.program.threads[pick]?.name ?? `${pick}`);
  if (task.json) {
    const differences = message.split("\n");
    const shown = { index, text, schedule, differences };
    edge.out(jsonLine(divergenceSchema, { kind: "divergence", ...shown }));
    return;
  }
  edge.out(`program ${index} of seed ${task.seed} diverges:`);
  edge.out(text.trimEnd());
  edge.out(`schedule: ${schedule.join(",")}`);
  edge.out(message);
  edge.out(`again: splicelab kernel --random 1 --seed ${task.seed} --from ${index}`);
}

function report(
  edge: Edge,
  task: RandomTask,
  { counts, tally, perSecond }: { counts: Counts; tally: Tally; perSecond: number },
): void {
  const { programs, diverged, unmodelled, failed } = counts;
  if (task.json) {
    const rest = {
      programs,
      divergences: diverged,
      unmodelled,
      failed,
      perSecond,
      seed: task.seed,
    };
    edge.out(jsonLine(crossCheckSchema, { kind: "cross-check", ...rest }));
    return;
  }
  if (programs < task.count) edge.out(`interrupted: ${programs} of ${task.count} programs`);
  for (const line of tally.lines()) edge.out(line);
  const others = `${unmodelled} not modelled, ${failed} failed`;
  edge.out(
    `${plural(programs, "program")}, ${perSecond}/s, seed ${task.seed}: ${plural(diverged, "divergence")}, ${others}`,
  );
}
