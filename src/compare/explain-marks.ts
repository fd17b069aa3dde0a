// Why nothing copied a page before it was changed in place: what the policy's mark said.
//
// Interface: whyInPlace.

import { callsOf } from "../language/program.js";
import type { CallId } from "../language/program.js";
import type { Trace } from "../trace/trace.js";
import { folioAt } from "./frames.js";

/** Steps, from 0: when a slot or frag took its reference to a frame, and when that was changed. */
export interface Change {
  readonly frame: number;
  readonly taken: number;
  readonly changed: number;
  /** The call that changed it, and how it is called: "pwrite() in writer". */
  readonly call: CallId;
  readonly writer: string;
}

/** "; nothing copied it, as splice() took its reference at step 4 without a mark". */
export function whyInPlace(trace: Trace, change: Change): string {
  const { frame, taken, changed, call, writer } = change;
  const step = taken + 1;
  if (!isMarked(trace, frame, taken)) {
    const taker = callsOf(trace.program)[trace.steps[taken]!.call ?? -1]?.syscall;
    const who = taker === undefined ? "its reference was taken" : `${taker}() took its reference`;
    return `; nothing copied it, as ${who} at step ${step} without a mark`;
  }
  if (!isMarked(trace, frame, changed - 1))
    return `; nothing copied it, as the mark of step ${step} was gone by then`;
  const started = trace.steps.findIndex(({ events }) =>
    events.some((event) => event.kind === "call-start" && event.call === call),
  );
  return started < taken
    ? `; nothing copied it, as ${writer} had looked before the mark came at step ${step}`
    : `; nothing copied it, although it was marked at step ${step}`;
}

function isMarked({ start, steps }: Trace, frame: number, step: number): boolean {
  const folio = folioAt(step < 0 ? start : steps[step]!.world, frame);
  return folio !== undefined && (folio.outside > 0 || folio.flagged === true);
}
