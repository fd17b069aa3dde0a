// Scenarios on this machine's kernel: what was seen, whether the model allows it, and the condition.
//
// Interface: checkFile.

import { verdict } from "../compare/judge.js";
import { spreadSchedules } from "../kernel/schedules.js";
import type { Program } from "../language/program.js";
import type { Outcome } from "../trace/outcome.js";
import { whyNotHere } from "./backends.js";
import type { KernelHere } from "./backends.js";
import { sightOf } from "./cross-check.js";
import type { Case, Checked, CrossChecker, Sight } from "./cross-check.js";
import type { Edge } from "./edge.js";
import { CannotRun, EXIT, worst } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { jsonLine } from "../report/json.js";
import { divergenceSchema } from "../report/run-schema.js";
import { kernelRunLine } from "./kernel-run-json.js";
import { printFolios } from "./kernel-folios.js";
import { plural } from "./report.js";
import { printRun } from "./run-report.js";
import { loadProgram, nameOf } from "./scenario.js";
import { threadsOf } from "./turns.js";
import { verdictOf } from "./verdict.js";

interface FileTask {
  readonly kernel: KernelHere;
  readonly checker: CrossChecker;
  readonly json: boolean;
  /** At most so many orders in which the calls can be started. */
  readonly schedules: number;
  /** The one order that was asked for. */
  readonly schedule?: string | undefined;
}

/** Runs one scenario in every order of its calls, or in as many as are asked for, prints one that decides, and compares all of them. */
export async function checkFile(edge: Edge, task: FileTask, file: string): Promise<ExitCode> {
  const { text, program } = await loadProgram(edge, file);
  refuse(program, file, task.kernel);
  const { schedule } = task;
  const spread = spreadSchedules(program, schedule === undefined ? task.schedules : 1);
  const { total } = spread;
  const orders = schedule === undefined ? spread.orders : [threadsOf(program, schedule)];
  const how = schedule === undefined ? "evenly spaced" : "as asked for";
  const complete = total === BigInt(orders.length);
  const cases = orders.map((picks) => ({ program, picks }));
  const checked = await task.checker.check(cases);
  const seen = checked.flatMap((each, i) =>
    each.kind === "failed"
      ? []
      : [{ picks: cases[i]!.picks, outcome: each.observed, sight: sightOf(each) }],
  );
  const observed = seen.map(({ outcome }) => outcome);
  const option = schedule === undefined ? "--schedules" : "--schedule";
  const elsewhere = complete
    ? ""
    : `, in ${plural(seen.length, "schedule")} of ${ordersText(total)}, ${how} (${option})`;
  printDeciding(edge, task, { program, seen, elsewhere });
  const bound = complete ? "" : ` (of ${ordersText(total)}, ${how})`;
  const tell = task.json ? edge.err : edge.out;
  tell(`${plural(checked.length, "schedule")}${bound}: ${summary(checked)}`);
  for (const line of new Set(checked.flatMap(problems))) tell(line);
  if (task.json) {
    printDivergences(edge, text, cases, checked);
    const { kernel } = task;
    const date = edge.today();
    edge.out(kernelRunLine({ text, program, kernel, date, complete, cases, checked }));
  }
  const holds = verdict(program, observed).holds;
  // One run proves an exists, whatever the orders show that were left out.
  const proven = holds === true && program.condition?.quantifier === "exists";
  return worst([
    ...checked.map((each) => exitOf(each, task.kernel.binding)),
    holds === false ? EXIT.violated : holds === "unknown" ? EXIT.undecided : EXIT.asClaimed,
    observed.some((outcome) => verdictOf(program, outcome).unexpected.length > 0)
      ? EXIT.violated
      : EXIT.asClaimed,
    complete || proven ? EXIT.asClaimed : EXIT.undecided,
  ]);
}

/** Orders beyond that are told by their magnitude. */
const COUNT_MAX = 10n ** 12n;

const ordersText = (total: bigint | undefined): string => {
  if (total === undefined) return "more";
  if (total <= COUNT_MAX) return total.toLocaleString("en");
  return `about ${Number(total).toExponential(1)}`;
};

function refuse(program: Program, file: string, kernel: KernelHere): void {
  const reason = whyNotHere(program, kernel);
  if (reason === undefined) return;
  throw new CannotRun(`${nameOf(file)} cannot run on a kernel: ${reason.why}`, reason.remedy);
}

function printDivergences(
  edge: Edge,
  text: string,
  cases: readonly Case[],
  checked: readonly Checked[],
): void {
  for (const [i, each] of checked.entries()) {
    if (each.kind !== "diverged") continue;
    const { program, picks } = cases[i]!;
    const schedule = namesOf(program, picks);
    const differences = each.divergence.message.split("\n");
    edge.out(jsonLine(divergenceSchema, { kind: "divergence", text, schedule, differences }));
  }
}

/** A case that gave an outcome. */
interface Seen {
  readonly picks: readonly number[];
  readonly outcome: Outcome;
  readonly sight: Sight | undefined;
}

/** What is to be judged; `elsewhere`: what of it was not run. */
interface Decided {
  readonly program: Program;
  readonly seen: readonly Seen[];
  readonly elsewhere: string;
}

/** A run that decides the verdict, else one with an unexpected result, else the first: judged over
 *  all of them. */
function printDeciding(
  edge: Edge,
  { kernel, json }: FileTask,
  { program, seen, elsewhere }: Decided,
): void {
  const shown =
    seen.find(({ outcome }) => decides(program, outcome)) ??
    seen.find(({ outcome }) => verdictOf(program, outcome).unexpected.length > 0) ??
    seen[0];
  if (shown === undefined) return;
  const { outcome, picks, sight } = shown;
  const all = verdict(
    program,
    seen.map((each) => each.outcome),
  );
  const asked = program.condition !== undefined;
  const judged = { ...verdictOf(program, outcome), condition: asked ? all.holds : undefined };
  const { positive, negative, unknown } = all;
  const among = { schedule: namesOf(program, picks), positive, negative, unknown };
  const { found: profile } = kernel;
  const run = { program, outcome, on: "kernel" as const, profile, policy: "linux", elsewhere };
  if (sight !== undefined) printFolios(edge, { program, outcome, sight }, json);
  printRun(edge, { ...run, verdict: judged, ...(asked ? { among } : {}) }, json);
}

/** Whether one outcome settles the condition: a counterexample of forall, a witness otherwise. */
function decides(program: Program, outcome: Outcome): boolean {
  if (program.condition === undefined) return false;
  const { positive, negative } = verdict(program, [outcome]);
  return (program.condition.quantifier === "forall" ? negative : positive) > 0;
}

const namesOf = (program: Program, picks: readonly number[]): string[] =>
  picks.map((pick) => program.threads[pick]?.name ?? `${pick}`);

const summary = (checked: readonly Checked[]): string => {
  const count = (kind: Checked["kind"]): number => checked.filter((c) => c.kind === kind).length;
  const kinds = (["equal", "diverged", "unmodelled", "trapped", "failed"] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${kind === "equal" ? "as the model allows" : kind}`);
  return kinds.join(", ");
};

function problems(checked: Checked): string[] {
  if (checked.kind === "equal") return [];
  return checked.kind === "diverged"
    ? checked.divergence.message.split("\n")
    : [`${checked.kind}: ${checked.reason}`];
}

function exitOf(checked: Checked, binding: boolean): ExitCode {
  if (checked.kind === "equal") return EXIT.asClaimed;
  if (checked.kind === "trapped") return EXIT.couldNotRun;
  return checked.kind === "diverged" && binding ? EXIT.violated : EXIT.undecided;
}
