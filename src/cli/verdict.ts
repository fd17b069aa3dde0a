// What one run says about its scenario, for the exit code and for people.
//
// Interface: verdictOf, exitOfRun, JudgedRun, verdictLines.

import type { Program } from "../language/program.js";
import { judgeRun } from "../report/verdict.js";
import type { RunVerdict } from "../report/verdict.js";
import type { Outcome } from "../trace/outcome.js";
import type { Edge } from "./edge.js";
import { EXIT, worst } from "./exit.js";
import type { ExitCode } from "./exit.js";

/** The judgement of one run, and how the command ends for it. */
export interface JudgedRun extends RunVerdict {
  readonly exit: ExitCode;
}

/** Judges one outcome; `undecided` as judgeRun has it. */
export function verdictOf(program: Program, outcome: Outcome, undecided?: string): JudgedRun {
  const judged = judgeRun(program, outcome, undecided);
  return { ...judged, exit: exitOfRun(judged, undecided) };
}

/** How a command ends for a run that was judged so. */
export function exitOfRun({ condition, unexpected }: RunVerdict, undecided?: string): ExitCode {
  if (undecided !== undefined) return EXIT.undecided;
  return worst([
    condition === false || unexpected.length > 0 ? EXIT.violated : EXIT.asClaimed,
    condition === "unknown" ? EXIT.undecided : EXIT.asClaimed,
  ]);
}

/** The verdict in words, the condition last. `elsewhere`: what else would have to be run, where one
 *  run was judged alone. */
export function verdictLines(
  program: Program,
  judged: RunVerdict,
  edge: Edge,
  elsewhere = "",
): string[] {
  const { red, green, yellow } = edge.colors;
  const lines = judged.unexpected.map((each) => red(`unexpected: ${each}`));
  if (judged.condition === undefined) return lines;
  const words = `${program.condition?.quantifier ?? "condition"}: `;
  if (judged.condition === "unknown") lines.push(yellow(`${words}cannot be told from this run`));
  else {
    const settled = judged.condition === (program.condition?.quantifier === "exists");
    const scope = settled ? "" : elsewhere;
    lines.push(
      judged.condition ? green(`${words}holds${scope}`) : red(`${words}does not hold${scope}`),
    );
  }
  return lines;
}
