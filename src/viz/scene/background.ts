// What the kernel does on its own, on the common axis: cards, receivers, timers, write-back. One lane, a block for each
// stretch in which one of them does the same.
//
// Interface: OwnShape, backgroundScene. Places are fractions of the axis.

import { plural } from "../../trace/amounts.js";
import type { Trace, TraceStep } from "../../trace/trace.js";
import { stateOf, type CallState } from "./threads.js";
import type { Timeline } from "./timeline.js";

/** A block of the kernel's lane. */
export interface OwnShape {
  /** Fractions of the axis. */
  readonly from: number;
  readonly size: number;
  /** The step, as in docs/steps.md: "transmit". */
  readonly head: string;
  readonly state: CallState;
  /** All of it in words: who, what, how often, and how far it is. */
  readonly label: string;
}

/** A stretch of the axis, in moments. */
interface Stretch {
  readonly from: number;
  to: number;
  readonly who: string;
  readonly head: string;
  steps: number;
}

const STATES = { done: "", running: ", running", next: ", not yet" } as const;

/** The blocks at a moment; none where nobody but threads acts in the run. */
export function backgroundScene(
  traces: readonly Trace[],
  timeline: Timeline,
  moment: number,
): readonly OwnShape[] {
  const blocks = known.get(timeline) ?? blocksOf(stretchesOf(traces, timeline), timeline);
  known.set(timeline, blocks);
  return blocks.map(({ stretch, shapes }) => shapes[stateOf(stretch, moment)]);
}

/** A block in each of its states: one that looks as before is the same object. */
interface Block {
  readonly stretch: Stretch;
  readonly shapes: Readonly<Record<CallState, OwnShape>>;
}

/** Made once per run. */
const known = new WeakMap<Timeline, readonly Block[]>();

function blocksOf(stretches: readonly Stretch[], { moments }: Timeline): Block[] {
  const length = Math.max(1, moments.length - 1);
  return stretches.map((stretch) => {
    const { from, to, who, head, steps } = stretch;
    const shape = (state: CallState): OwnShape => {
      const often = steps === 1 ? "" : `, ${plural(steps, "step")}`;
      const label = `${who}: ${head}${often}${STATES[state]}`;
      return { from: from / length, size: (to - from) / length, head, state, label };
    };
    return {
      stretch,
      shapes: { next: shape("next"), running: shape("running"), done: shape("done") },
    };
  });
}

/** What one of the kernel's own does without anybody else in between is one stretch. */
function stretchesOf(traces: readonly Trace[], { moments }: Timeline): Stretch[] {
  const found: Stretch[] = [];
  for (let at = 1; at < moments.length; at++) {
    const step = stepAt(traces, moments[at - 1]!.done, moments[at]!.done);
    if (step?.background === undefined) continue;
    const [who, head] = [step.background, step.phase];
    const last = found.at(-1);
    if (last?.to === at - 1 && last.who === who && last.head === head) {
      last.to = at;
      last.steps++;
    } else found.push({ from: at - 1, to: at, who, head, steps: 1 });
  }
  return found;
}

/** The step between two moments, of the first side that makes one. */
function stepAt(
  traces: readonly Trace[],
  before: readonly number[],
  after: readonly number[],
): TraceStep | undefined {
  const side = after.findIndex((done, i) => done > before[i]!);
  return traces[side]?.steps[after[side]! - 1];
}
