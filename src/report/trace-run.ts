// What a trace tells of its run, beside the results: who waited, what the kernel did on its own, in which order calls returned.
//
// Interface: waitNotes, backgroundSteps, returnOrder, reportOfTrace.

import { takenIn } from "../compare/frames.js";
import { callTitle } from "../compare/names.js";
import { waitIn, waitText } from "../compare/waits.js";
import { callsOf } from "../language/program.js";
import type { CallId, Program } from "../language/program.js";
import type { Trace } from "../trace/trace.js";
import type { World } from "../trace/world.js";
import type { BackgroundStep, Left, RunReport, Stop } from "./run.js";
import { judgeRun } from "./verdict.js";

/** What a trace does not know of its run. */
export interface TraceNotes {
  /** Why the run left the model, if it did. */
  readonly unmodelled?: string | undefined;
  /** Where it was left, if it is not over. */
  readonly midway?: Stop | undefined;
  /** Sentences about how it was asked for. */
  readonly notes?: readonly string[];
  readonly token?: string | undefined;
}

/** The run of a trace, with its judgement. */
export function reportOfTrace(trace: Trace, told: TraceNotes = {}): RunReport {
  const { program, outcome, profile, policy, price } = trace;
  const { unmodelled, midway, notes = [], token } = told;
  return {
    program,
    outcome,
    on: "model",
    profile,
    policy,
    verdict: judgeRun(program, outcome, unmodelled ?? midway?.line),
    order: returnOrder(trace),
    background: backgroundSteps(trace),
    unmodelled: unmodelled && `${unmodelled}${byLastCall(trace)}`,
    midway,
    left: midway?.calls ?? (unmodelled === undefined ? undefined : leftBy(trace, unmodelled)),
    notes: [...waitNotes(trace), ...notes],
    ...(price === undefined ? {} : { price }),
    token,
  };
}

/** The call that left the model, and those that would have gone on. */
function leftBy({ steps }: Trace, unmodelled: string): Left {
  const last = steps.at(-1);
  const left = new Map<CallId, string>();
  for (const { call, state, enabled } of last?.world.tasks ?? [])
    if (call !== undefined && state !== "ready" && enabled) left.set(call, "the run ends here");
  if (last?.call !== undefined) left.set(last.call, `not modelled: ${unmodelled}`);
  return left;
}

/** Whose step was the last one. */
function byLastCall({ program, steps }: Trace): string {
  const call = steps.at(-1)?.call;
  return call === undefined ? "" : ` (${callTitle(program, call)})`;
}

/** One sentence for each call that returned after it had waited for a folio, or had slept. */
export function waitNotes({ program, steps }: Trace): string[] {
  const notes: string[] = [];
  for (const task of program.threads.keys()) {
    let since: { readonly step: number; readonly words: string } | undefined;
    for (const [step, { world }] of steps.entries()) {
      const words = waitingOf(program, world, task);
      if (words !== undefined) since ??= { step: step + 1, words };
      else if (since !== undefined) {
        notes.push(`${since.words}, from step ${since.step} to step ${step + 1}`);
        since = undefined;
      }
    }
  }
  return notes;
}

/** What a task waits for after a step; undefined where it does not. */
function waitingOf(program: Program, world: World, task: number): string | undefined {
  const wait = waitIn(program, world, task);
  if (wait !== undefined) return waitText(wait);
  const { call, state, enabled } = world.tasks[task]!;
  if (state !== "asleep" || enabled || call === undefined) return undefined;
  return `${program.threads[task]!.name}'s ${callsOf(program)[call]!.syscall} sleeps`;
}

/** What the kernel did on its own, between the returns of calls. */
export function backgroundSteps(trace: Trace): BackgroundStep[] {
  let afterCalls = 0;
  return trace.steps.flatMap(({ background: actor, phase: step, events }, at) => {
    afterCalls += events.filter((event) => event.kind === "call-return").length;
    if (actor === undefined) return [];
    const data = takenIn(trace, at);
    return [{ afterCalls, actor, step, ...(data === undefined ? {} : { data }) }];
  });
}

/** Calls in the order in which they returned. */
export const returnOrder = (trace: Trace): number[] =>
  trace.steps.flatMap((step) =>
    step.events.flatMap((event) => (event.kind === "call-return" ? [event.call] : [])),
  );
