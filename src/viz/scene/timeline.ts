// One run, or two runs on one schedule, on one axis.
//
// Interface: Moment, Timeline, timelineOf, worldAt, CallSpan, callSpans.
// Each moment says how many steps each side has done; where only one side has a step, the other stays.

import type { CallId } from "../../language/program.js";
import type { Trace, TraceStep } from "../../trace/trace.js";
import type { World } from "../../trace/world.js";

/** One position of the playhead. */
export interface Moment {
  /** How many steps each side has done. */
  readonly done: readonly number[];
  /** A call has returned or waits, or another thread goes on from here: a stop of the call-by-call view. */
  readonly endsCall: boolean;
}

/** The common axis; moment 0 is the start. */
export interface Timeline {
  readonly moments: readonly Moment[];
}

/** The axis of one trace, or of two by their common pace (src/model/lock-step.ts). */
export function timelineOf(
  traces: readonly Trace[],
  pace: readonly (readonly number[])[] = stepsOf(traces[0]!),
): Timeline {
  const moments = pace.map((done, at) => ({ done, endsCall: endsCall(traces, pace, at) }));
  return { moments };
}

const stepsOf = (trace: Trace): number[][] =>
  Array.from({ length: trace.steps.length + 1 }, (_, done) => [done]);

function endsCall(traces: readonly Trace[], pace: readonly (readonly number[])[], at: number) {
  const next = pace[at + 1];
  if (at === 0 || next === undefined) return true;
  const made = stepAt(traces, pace[at - 1]!, pace[at]!);
  const comes = stepAt(traces, pace[at]!, next);
  return comes.task !== made.task || comes.events.some((e) => e.kind === "call-start");
}

/** The step that is made between two moments, of the first side that makes one. */
function stepAt(
  traces: readonly Trace[],
  before: readonly number[],
  after: readonly number[],
): TraceStep {
  const side = after.findIndex((done, i) => done > before[i]!);
  return traces[side]!.steps[after[side]! - 1]!;
}

/** The world of a trace after `done` steps. */
export const worldAt = (trace: Trace, done: number): World =>
  done === 0 ? trace.start : trace.steps[done - 1]!.world;

/** The stretch of the axis on which a call runs: from the moment before it starts to its return. */
export interface CallSpan {
  readonly call: CallId;
  readonly from: number;
  /** The moment at which it has returned on every side; the last moment if it never does. */
  readonly to: number;
  /** Whether it returned on every side. */
  readonly returned: boolean;
}

/** The spans of all started calls, in the order in which they start. */
export function callSpans(timeline: Timeline, traces: readonly Trace[]): CallSpan[] {
  const spans = new Map<CallId, { from: number; to: number; returned: number }>();
  const last = timeline.moments.length - 1;
  for (let at = 1; at <= last; at++) {
    for (const [side, trace] of traces.entries()) {
      const done = timeline.moments[at]!.done[side]!;
      if (done === timeline.moments[at - 1]!.done[side]) continue;
      for (const event of trace.steps[done - 1]!.events) {
        if (event.kind === "call-start" && !spans.has(event.call))
          spans.set(event.call, { from: at - 1, to: last, returned: 0 });
        if (event.kind !== "call-return") continue;
        const span = spans.get(event.call)!;
        if (++span.returned === traces.length) span.to = at;
      }
    }
  }
  return [...spans].map(([call, { from, to, returned }]) => {
    return { call, from, to, returned: returned === traces.length };
  });
}
