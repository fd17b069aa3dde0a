// One run as lines for people or as JSON; `run`, `exec` and `kernel` print the same.
//
// Interface: printRun, callLine. What a run is and its JSON: src/report/run.ts.

import { describeBytes } from "../compare/bytes.js";
import { callsOf } from "../language/program.js";
import type { Call, Program } from "../language/program.js";
import { callText, resultText, threadName } from "../report/call-text.js";
import { callJson, inOrder, runJsonLines } from "../report/run.js";
import type { AmongRuns, BackgroundStep, CallContext, RunReport } from "../report/run.js";
import type { CallResult } from "../trace/outcome.js";
import type { Edge } from "./edge.js";
import { plural } from "./report.js";
import { verdictLines } from "./verdict.js";

/** Prints a run: calls, reason, verdict, and the token on the last line. */
export function printRun(edge: Edge, run: RunReport, json: boolean): void {
  if (json) {
    for (const line of runJsonLines(run)) edge.out(line);
    return;
  }
  const { program, outcome, verdict, left } = run;
  const { values } = outcome;
  const calls = callsOf(program);
  for (const each of inOrder(run))
    if ("actor" in each) edge.out(backgroundLine(each, values));
    else edge.out(callLine(program, calls[each.call]!, each, false, { values, left }));
  if (run.unmodelled !== undefined) edge.out(edge.colors.yellow(`not modelled: ${run.unmodelled}`));
  for (const note of run.notes ?? []) edge.out(edge.colors.yellow(note));
  if (run.midway !== undefined) {
    edge.out(edge.colors.yellow(run.midway.line));
    edge.out(`next could come: ${run.midway.next.join("; ")}`);
  }
  if (run.why !== undefined) edge.out(run.why);
  for (const line of verdictLines(program, verdict, edge, run.elsewhere)) edge.out(line);
  if (run.among !== undefined) for (const line of amongLines(run.among)) edge.out(line);
  if (run.token !== undefined) edge.out(run.token);
}

/** A background step on a line: `[nic w] transmit  0x1f * 4096`. */
function backgroundLine(
  { actor, step, data }: BackgroundStep,
  values: readonly number[] | undefined,
): string {
  return `[${actor}] ${step}${data === undefined ? "" : `  ${describeBytes(data, values)}`}`;
}

function amongLines({ schedule, positive, negative, unknown }: AmongRuns): string[] {
  if (positive + negative + unknown < 2) return [];
  const untold = unknown === 0 ? "" : `, cannot be told in ${unknown}`;
  return [
    `the proposition is true in ${plural(positive, "schedule")}, false in ${negative}${untold}`,
    `shown: ${schedule.join(",")} (on the model: splicelab run --schedule)`,
  ];
}

/** One call and its result on a line: `[client] read(p.r, 4096) = 4096  0x1f * 4096`. `left`: where the run was. */
export const callLine = (
  program: Program,
  call: Call,
  result: CallResult,
  json: boolean,
  context: CallContext = {},
): string => {
  if (json) return callJson(program, call, result, context);
  const { values, left } = context;
  const why = result.status === "returned" ? undefined : left?.get(call.id);
  const text = why === undefined ? resultText(call, result, values) : `= ? (${why})`;
  return `[${threadName(program, call)}] ${callText(program, call)} ${text}`;
};
