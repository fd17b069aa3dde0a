// A finished run, as the command line tells it and as the page exports it.
//
// Interface: RunReport, AmongRuns, BackgroundStep, Stop, CallContext; inOrder, callJson, runJsonLines.

import { ERRNO_NAMES } from "../compare/errno-names.js";
import { callsOf } from "../language/program.js";
import type { Call, CallId, Program } from "../language/program.js";
import type { CallResult, Outcome } from "../trace/outcome.js";
import type { Price } from "../trace/price.js";
import { callText, finishedOrder, threadName } from "./call-text.js";
import { jsonLine } from "./json.js";
import { runsOf } from "./run-bytes.js";
import { backgroundSchema, callSchema, runSchema } from "./run-schema.js";
import type { RunVerdict } from "./verdict.js";

/** Where a run was left before it was over. */
export interface Stop {
  readonly line: string;
  /** Who could step next, and what its step would be. */
  readonly next: readonly string[];
  readonly calls: Left;
}

/** What to say of calls that have not returned, where the run was left: by a token, or where it is not modelled. */
export type Left = ReadonlyMap<CallId, string>;

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
  readonly left?: Left | undefined;
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

/** What else is known about a call's run: the values of torn bytes, and what to say of calls that have not returned. */
export interface CallContext {
  readonly values?: readonly number[] | undefined;
  readonly left?: Left | undefined;
}

/** Calls and background steps in the order in which they were over. */
export function inOrder(run: RunReport): (CallResult | BackgroundStep)[] {
  const waiting = [...(run.background ?? [])];
  const all: (CallResult | BackgroundStep)[] = [];
  for (const [at, result] of finishedOrder(run.outcome, run.order).entries()) {
    while (waiting[0] !== undefined && waiting[0].afterCalls <= at) all.push(waiting.shift()!);
    all.push(result);
  }
  return [...all, ...waiting];
}

/** The lines of JSON of a run: one for each call and background step, then one for the run. */
export function runJsonLines(run: RunReport): string[] {
  const { program, outcome, left } = run;
  const calls = callsOf(program);
  const context = { values: outcome.values, left };
  const steps = inOrder(run).map((each) =>
    "actor" in each
      ? backgroundJson(each, outcome.values)
      : callJson(program, calls[each.call]!, each, context),
  );
  return [...steps, runJson(run)];
}

function backgroundJson(
  { actor, step, data }: BackgroundStep,
  values: readonly number[] | undefined,
): string {
  const runs = data && runsOf(data, values);
  return jsonLine(backgroundSchema, {
    kind: "background",
    actor,
    step,
    ...(runs === undefined ? {} : { data: runs }),
  });
}

/** One call and its result as a line of JSON. */
export function callJson(
  program: Program,
  call: Call,
  result: CallResult,
  { values, left: all }: CallContext = {},
): string {
  const { status, ret, errno, out, data, sigpipe } = result;
  const returned = status === "returned";
  const left = returned ? undefined : all?.get(call.id);
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
    ...(data.length > 0 ? { data: runsOf(data, values) } : {}),
  });
}

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
