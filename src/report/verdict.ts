// What one run says about its scenario: the author's expected results, and the condition.
//
// Interface: judgeRun, unexpectedResult, uncountedText, RunVerdict.

import { ERRNO_NAMES } from "../compare/errno-names.js";
import { judge, verdict } from "../compare/judge.js";
import type { Counts, Judgement } from "../compare/judge.js";
import { callTitle } from "../compare/names.js";
import { callsOf } from "../language/program.js";
import type { Call, Program } from "../language/program.js";
import { plural } from "../trace/amounts.js";
import type { CallResult, Outcome } from "../trace/outcome.js";

/** The judgement of one run. */
export interface RunVerdict {
  /** Whether the condition holds; undefined where the scenario asks nothing. */
  readonly condition: Judgement | undefined;
  /** One sentence for each result that is not the one the author wrote. */
  readonly unexpected: readonly string[];
}

/** Judges one outcome. `undecided`: why it is none: the run left the model, or was left midway; what has not
 *  returned is no surprise then. */
export function judgeRun(program: Program, outcome: Outcome, undecided?: string): RunVerdict {
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
  return { condition: undecided === undefined ? condition : "unknown", unexpected };
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

/** Why Positive and Negative are not as many together as there are outcomes, a phrase each. */
export function uncountedText({ either, unknown, excluded }: Counts): string[] {
  const tell = (count: number, one: string, many: string, why: string): string[] =>
    count === 0 ? [] : [`${plural(count, "outcome")} ${count === 1 ? one : many} ${why}`];
  return [
    ...tell(either, "counts", "count", "as Positive and as Negative: what a copy tore decides"),
    ...tell(unknown, "counts", "count", "as neither: nobody can tell"),
    ...tell(excluded, "does", "do", "not count: the filter excludes what they show"),
  ];
}
