// Two runs of one scenario on one axis.
//
// Interface: Moment, Round, Timeline, alignTraces, worldAt, callSpans.
// Policies differ in the number of small steps, not in the schedule of calls. Both traces are cut into
// rounds (a call is started, then everybody runs until idle or blocked); inside a round equal steps
// are put together, a step that only one side takes gets a moment of its own.

import type { CallId } from "../../language/program.js";
import type { Trace, TraceStep } from "../../trace/trace.js";
import type { World } from "../../trace/world.js";

/** Which side of the page: 0 left, 1 right. */
export type Side = 0 | 1;

/** One position of the playhead. */
export interface Moment {
  /** How many steps each side has done. */
  readonly done: readonly [number, number];
  /** The round it belongs to; -1 for the start. */
  readonly round: number;
  /** Whether the round ends here: the positions of the call-by-call view. */
  readonly endsRound: boolean;
}

/** The moments of one started call, `from` exclusive, `to` inclusive. */
export interface Round {
  readonly from: number;
  readonly to: number;
}

/** The common axis; moment 0 is the start. */
export interface Timeline {
  readonly moments: readonly Moment[];
  readonly rounds: readonly Round[];
}

/** Lays two traces of one scenario on one axis. */
export function alignTraces(left: Trace, right: Trace): Timeline {
  const [leftRounds, rightRounds] = [roundsOf(left), roundsOf(right)];
  const moments: Moment[] = [{ done: [0, 0], round: -1, endsRound: true }];
  const rounds: Round[] = [];
  let [leftDone, rightDone] = [0, 0];
  for (let round = 0; round < Math.max(leftRounds.length, rightRounds.length); round++) {
    const from = moments.length - 1;
    const pairs = mergeKeys(leftRounds[round] ?? [], rightRounds[round] ?? []);
    for (const [i, [hasLeft, hasRight]] of pairs.entries()) {
      leftDone += hasLeft ? 1 : 0;
      rightDone += hasRight ? 1 : 0;
      moments.push({ done: [leftDone, rightDone], round, endsRound: i === pairs.length - 1 });
    }
    rounds.push({ from, to: moments.length - 1 });
  }
  return { moments, rounds };
}

/** The world of a trace after `done` steps. */
export const worldAt = (trace: Trace, done: number): World =>
  done === 0 ? trace.start : trace.steps[done - 1]!.world;

/** The keys of the steps of each round. */
function roundsOf(trace: Trace): string[][] {
  const rounds: string[][] = [];
  for (const step of trace.steps) {
    if (rounds.length === 0 || step.events.some((e) => e.kind === "call-start")) rounds.push([]);
    rounds.at(-1)!.push(keyOf(step));
  }
  return rounds;
}

const keyOf = (step: TraceStep): string => `${step.task}:${step.call ?? ""}:${step.phase}`;

/** Merges two sequences along their longest common subsequence: who takes part, moment by moment. */
function mergeKeys(a: readonly string[], b: readonly string[]): [boolean, boolean][] {
  const common = commonLengths(a, b);
  const merged: [boolean, boolean][] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      merged.push([true, true]);
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      merged.push([true, false]);
      i++;
    } else {
      merged.push([false, true]);
      j++;
    }
  }
  return merged;
}

/** common[i][j]: length of the longest common subsequence of a[i…] and b[j…]. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const common = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0),
  );
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const same = a[i] === b[j];
      common[i]![j] = same
        ? common[i + 1]![j + 1]! + 1
        : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  return common;
}

/** The stretch of the axis on which a call runs: from the moment before it starts to its return. */
export interface CallSpan {
  readonly call: CallId;
  readonly from: number;
  /** The moment at which it has returned on both sides; the last moment if it never does. */
  readonly to: number;
  /** Whether it returned on both sides. */
  readonly returned: boolean;
}

/** The spans of all started calls, in the order in which they start. */
export function callSpans(timeline: Timeline, traces: readonly [Trace, Trace]): CallSpan[] {
  const spans = new Map<CallId, { from: number; to: number; returned: number }>();
  const last = timeline.moments.length - 1;
  for (let at = 1; at <= last; at++) {
    for (const side of [0, 1] as const) {
      const done = timeline.moments[at]!.done[side];
      if (done === timeline.moments[at - 1]!.done[side]) continue;
      for (const event of traces[side].steps[done - 1]!.events) {
        if (event.kind === "call-start" && !spans.has(event.call))
          spans.set(event.call, { from: at - 1, to: last, returned: 0 });
        if (event.kind !== "call-return") continue;
        const span = spans.get(event.call)!;
        if (++span.returned === 2) span.to = at;
      }
    }
  }
  return [...spans].map(([call, { from, to, returned }]) => {
    return { call, from, to, returned: returned === 2 };
  });
}
