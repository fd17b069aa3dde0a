// One run as lines for people or as JSON; `run`, `exec` and `kernel` print the same.
//
// Interface: printRun, callLine, RunReport, AmongRuns.

import { describeBytes } from "../compare/bytes.js";
import { ERRNO_NAMES } from "../compare/errno-names.js";
import { callsOf, compress } from "../language/program.js";
import type { Call, Program } from "../language/program.js";
import type { CallResult, Outcome } from "../trace/outcome.js";
import { valuesOf } from "../trace/outcome.js";
import type { Price } from "../trace/price.js";
import type { Edge } from "./edge.js";
import { backgroundSchema, callSchema, jsonLine, runSchema } from "./json.js";
import { callText, finishedOrder, plural, resultText, threadName } from "./report.js";
import type { Stop } from "./run-notes.js";
import { verdictLines } from "./verdict.js";
import type { RunVerdict } from "./verdict.js";

/** One run of several: its schedule, and in how many of them the proposition is true or false. */
export interface AmongRuns {
  /** Names of threads, as --schedule takes them. */
  readonly schedule: readonly string[];
  readonly positive: number;
  readonly negative: number;
  readonly unknown: number;
}

/** One step of a background action. */
export interface BackgroundStep {
  /** How many calls had returned before it. */
  readonly afterCalls: number;
  /** Who acted, and what it did: "nic w", "transmit". */
  readonly actor: string;
  readonly step: string;
  /** The bytes that it read, if it read any. */
  readonly data?: Uint8Array;
}

/** A finished run and where it was made. */
export interface RunReport {
  readonly program: Program;
  readonly outcome: Outcome;
  readonly on: "model" | "kernel";
  readonly profile: string;
  readonly policy: string;
  readonly verdict: RunVerdict;
  /** Calls in the order in which they returned, where that is known. */
  readonly order?: readonly number[];
  readonly unmodelled?: string | undefined;
  /** Where the run was left before it was over: its calls may go on. */
  readonly midway?: Stop | undefined;
  /** Sentences about what the calls do not tell. */
  readonly notes?: readonly string[];
  /** What the policy cost. */
  readonly price?: Price;
  readonly token?: string | undefined;
  /** Follows a verdict that other runs may change. */
  readonly elsewhere?: string;
  /** The run is one of several. */
  readonly among?: AmongRuns;
  /** What the kernel did on its own, in order. */
  readonly background?: readonly BackgroundStep[];
  /** A sentence about what happened. */
  readonly why?: string | undefined;
}

/** Prints a run: calls, reason, verdict, and the token on the last line. */
export function printRun(edge: Edge, run: RunReport, json: boolean): void {
  const { program, outcome, verdict } = run;
  const calls = callsOf(program);
  const background = [...(run.background ?? [])];
  for (const [at, result] of finishedOrder(outcome, run.order).entries()) {
    while (background[0] !== undefined && background[0].afterCalls <= at)
      edge.out(backgroundLine(background.shift()!, json, outcome.values));
    const call = calls[result.call]!;
    edge.out(callLine(program, call, result, json, { values: outcome.values, midway: run.midway }));
  }
  for (const step of background) edge.out(backgroundLine(step, json, outcome.values));
  if (json) {
    edge.out(runJson(run));
    return;
  }
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
  json: boolean,
  values: readonly number[] | undefined,
): string {
  if (!json)
    return `[${actor}] ${step}${data === undefined ? "" : `  ${describeBytes(data, values)}`}`;
  const runs = data && runsJson(data, values);
  return jsonLine(backgroundSchema, {
    kind: "background",
    actor,
    step,
    ...(runs === undefined ? {} : { data: runs }),
  });
}

function amongLines({ schedule, positive, negative, unknown }: AmongRuns): string[] {
  if (positive + negative + unknown < 2) return [];
  const untold = unknown === 0 ? "" : `, cannot be told in ${unknown}`;
  return [
    `the proposition is true in ${plural(positive, "schedule")}, false in ${negative}${untold}`,
    `shown: --schedule ${schedule.join(",")}`,
  ];
}

/** What else is known about a call's run: the values of torn bytes, and where a token left it. */
export interface CallContext {
  readonly values?: readonly number[] | undefined;
  readonly midway?: Stop | undefined;
}

/** One call and its result on a line: `[client] read(p.r, 4096) = 4096  0x1f * 4096`. `midway`: where the run was left. */
export const callLine = (
  program: Program,
  call: Call,
  result: CallResult,
  json: boolean,
  { values, midway }: CallContext = {},
): string => {
  const left = result.status === "returned" ? undefined : midway?.calls.get(call.id);
  if (json) return callJson(program, call, result, values, left);
  const text = left === undefined ? resultText(call, result, values) : `= ? (${left})`;
  return `[${threadName(program, call)}] ${callText(program, call)} ${text}`;
};

function callJson(
  program: Program,
  call: Call,
  result: CallResult,
  values: readonly number[] | undefined,
  left: string | undefined,
): string {
  const { status, ret, errno, out, data, sigpipe } = result;
  const returned = status === "returned";
  return jsonLine(callSchema, {
    kind: "call",
    thread: threadName(program, call),
    text: callText(program, call),
    status,
    ...(left === undefined ? {} : { left }),
    sigpipe,
    ...(returned ? { ret } : {}),
    ...(returned && ret < 0 ? { errno: ERRNO_NAMES.get(errno) ?? `${errno}` } : {}),
    ...(returned && out !== undefined ? { out } : {}),
    ...(data.length > 0 ? { data: runsJson(data, values) } : {}),
  });
}

/** Runs of equal bytes; of bytes that a torn copy left open, with the values that each may have. */
const runsJson = (data: Uint8Array, values: readonly number[] | undefined) =>
  compress(data).map(({ byte, lenBytes }) => {
    const may = values === undefined ? [Number(byte)] : valuesOf(Number(byte), values);
    return may.length === 1 ? { byte: may[0]!, lenBytes } : { oneOf: may, lenBytes };
  });

function runJson(run: RunReport): string {
  const { program, on, profile, policy, verdict, unmodelled, price, token, among } = run;
  const { midway, notes } = run;
  return jsonLine(runSchema, {
    kind: "run",
    scenario: program.name,
    on,
    profile,
    policy,
    condition: verdict.condition ?? null,
    ...(among === undefined ? {} : { ...among, schedule: [...among.schedule] }),
    unexpected: [...verdict.unexpected],
    ...(unmodelled === undefined ? {} : { unmodelled }),
    ...(midway === undefined ? {} : { midway: midway.line, next: [...midway.next] }),
    ...(notes === undefined || notes.length === 0 ? {} : { notes: [...notes] }),
    ...(price === undefined ? {} : { price }),
    ...(token === undefined ? {} : { token }),
  });
}
