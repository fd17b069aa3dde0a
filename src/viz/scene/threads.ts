// The threads: a lane each, with the calls at their place on the common axis.
//
// Interface: LaneShape, CallShape, CallState, threadScene, stateOf. Places are fractions of the axis, so that the
// component can be as wide as it likes.

import { waitsOf } from "../../language/chains.js";
import type { Call, CallId, Program } from "../../language/program.js";
import { callPlace } from "../../compare/names.js";
import type { Trace } from "../../trace/trace.js";
import { callArguments, callHead, callTitle, resultText } from "./call-text.js";
import { writerKey, type WriterKey } from "./content.js";
import { callSpans, type CallSpan, type Timeline } from "./timeline.js";

/** How far a call is. */
export type CallState = "done" | "running" | "next";

/** A thread's lane. */
export interface LaneShape {
  readonly task: number;
  readonly name: string;
  readonly calls: readonly CallShape[];
}

/** A call's block. */
export interface CallShape {
  readonly call: CallId;
  /** Fractions of the axis. */
  readonly from: number;
  readonly size: number;
  readonly head: string;
  readonly args: string;
  readonly text: string;
  /** "= 8192"; both results where they differ. */
  readonly result: string;
  readonly state: CallState;
  /** All of it in words, with how far it is and after what it starts. */
  readonly label: string;
  /** The look of the cells that it writes. */
  readonly writes?: WriterKey;
}

/** The lanes at a moment. Calls that never start are left out. */
export function threadScene(
  traces: readonly Trace[],
  timeline: Timeline,
  moment: number,
): LaneShape[] {
  const lanes = blocksKnown.get(timeline) ?? blocksOf(traces, timeline);
  blocksKnown.set(timeline, lanes);
  return traces[0]!.program.threads.map(({ name }, task) => {
    const calls = lanes[task]!.map(({ span, shapes }) => shapes[stateOf(span, moment)]);
    return { task, name, calls };
  });
}

const STATES = { done: "", running: ", running", next: ", not started" } as const;

/** A call's block in each of its states. */
interface Block {
  readonly span: CallSpan;
  readonly shapes: Readonly<Record<CallState, CallShape>>;
}

/** Made once per run: a block that looks as before is the same object, so that it is not drawn again. */
const blocksKnown = new WeakMap<Timeline, readonly (readonly Block[])[]>();

function blocksOf(traces: readonly Trace[], timeline: Timeline): Block[][] {
  const { program } = traces[0]!;
  const spans = new Map(callSpans(timeline, traces).map((s) => [s.call, s]));
  const length = Math.max(1, timeline.moments.length - 1);
  return program.threads.map(({ calls }) =>
    calls.flatMap((call) => {
      const span = spans.get(call.id);
      if (span === undefined) return [];
      const place = { from: span.from / length, size: (span.to - span.from) / length };
      const { after, ...said } = words(program, call);
      const shape = (state: CallState, result = ""): CallShape => {
        const label = `${said.text}${result && ` ${result}`}${STATES[state]}${after}`;
        return { call: call.id, ...place, ...said, result, state, label };
      };
      const done = shape("done", resultOf(traces, call.id));
      return [{ span, shapes: { next: shape("next"), running: shape("running"), done } }];
    }),
  );
}

/** How far what goes from one moment to another is; a call that has not returned by then is still running. */
export function stateOf(
  {
    from,
    to,
    returned = true,
  }: Pick<CallSpan, "from" | "to"> & Partial<Pick<CallSpan, "returned">>,
  moment: number,
): CallState {
  if (returned && moment >= to) return "done";
  return moment > from ? "running" : "next";
}

function words(program: Program, call: Call) {
  const waits = waitsOf(program.threads).get(call.id) ?? call.after;
  const after = waits.map((id) => callPlace(program, id)).join(", ");
  const writes = call.operands.some((o) => o.kind === "data");
  return {
    head: callHead(call),
    args: callArguments(program, call),
    text: callTitle(program, call),
    after: after === "" ? "" : `, after ${after}`,
    ...(writes && { writes: writerKey(program, call.id) }),
  };
}

function resultOf(traces: readonly Trace[], call: CallId): string {
  const texts = traces.map((t) => resultText(t.outcome.results[call]) || "= ?");
  return [...new Set(texts)].join(" | ");
}
