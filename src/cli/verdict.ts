// What one run says about its scenario: the author's expected results, and the condition.
//
// Interface: verdictOf, unexpectedResult, RunVerdict, verdictLines.

import { ERRNO_NAMES } from "../compare/errno-names.js";
import { judge, verdict } from "../compare/judge.js";
import type { Judgement } from "../compare/judge.js";
import { callTitle } from "../compare/names.js";
import { callsOf } from "../language/program.js";
import type { Call, Program } from "../language/program.js";
import type { CallResult, Outcome } from "../trace/outcome.js";
import type { Edge } from "./edge.js";
import { EXIT, worst } from "./exit.js";
import type { ExitCode } from "./exit.js";

/** The judgement of one run. */
export interface RunVerdict {
  /** Whether the condition holds; undefined where the scenario asks nothing. */
  readonly condition: Judgement | undefined;
  /** One sentence for each result that is not the one the author wrote. */
  readonly unexpected: readonly string[];
  readonly exit: ExitCode;
}

/** Judges one outcome. `undecided`: why it is none: the run left the model, or was left midway; what has not
 *  returned is no surprise then. */
export function verdictOf(program: Program, outcome: Outcome, undecided?: string): RunVerdict {
  const asked = program.condition;
  // One run with a torn copy stands for several, of which some have the property.
  const isOpen = asked !== undefined && judge(program, asked.prop, outcome) === "either";
  const held = isOpen ? "unknown" : verdict(program, [outcome]).holds;
  const condition = asked === undefined ? undefined : held;
  const unexpected = callsOf(program).flatMap((call) => {
    const result = outcome.results[call.id];
    if (undecided !== undefined && result?.status !== "returned") return [];
    const wrong = unexpectedResult(call, result);
    return wrong === undefined ? [] : [`${callTitle(program, call.id)}: ${wrong}`];
  });
  if (undecided !== undefined) return { condition: "unknown", unexpected, exit: EXIT.undecided };
  const exit = worst([
    condition === false || unexpected.length > 0 ? EXIT.violated : EXIT.asClaimed,
    condition === "unknown" ? EXIT.undecided : EXIT.asClaimed,
  ]);
  return { condition, unexpected, exit };
}

/** What is wrong with a result that the author expected otherwise, in words. */
export function unexpectedResult(call: Call, result: CallResult | undefined): string | undefined {
  if (call.expect === undefined) return undefined;
  const { ret, errno } = call.expect;
  const wanted = errno === undefined ? `${ret}` : `-1 ${errno}`;
  if (result?.status !== "returned") return `expected ${wanted}, but it did not return`;
  const name = ERRNO_NAMES.get(result.errno) ?? `errno ${result.errno}`;
  const got = result.ret < 0 ? `-1 ${name}` : `${result.ret}`;
  return got === wanted ? undefined : `expected ${wanted}, got ${got}`;
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
