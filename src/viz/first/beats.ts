// The mail's story in five beats: where each stands in a run, and what to say there.
//
// Interface: Beat, beatsOf, BEAT_MS.
// Nothing is written down that the run could tell: the counts, the bytes and the steps are looked up.

import { hexByte } from "../../compare/bytes.js";
import { explain } from "../../compare/explain.js";
import type { Event } from "../../trace/event.js";
import type { Trace } from "../../trace/trace.js";
import type { World } from "../../trace/world.js";
import { folioOf } from "../scene/provenance.js";
import { worldAt } from "../scene/timeline.js";

/** A place in the story. */
export interface Beat {
  /** How many steps have been done. */
  readonly done: number;
  readonly caption: string;
}

/** How long each beat is looked at: five of them stay under 12 s. */
export const BEAT_MS = 2_300;

/** The beats of a run in which a reader gets changed bytes. Throws if nobody does. */
export function beatsOf(trace: Trace): Beat[] {
  const push = stepOf(trace, (e) => e.kind === "slot-push" && e.slotKind === "pagecache");
  const { frame } = push.event as Extract<Event, { kind: "slot-push" }>;
  const stored = stepOf(trace, (e) => e.kind === "store" && e.frame === frame, push.step);
  const read = stepOf(trace, (e) => e.kind === "consume" && e.changed, stored.step);
  const spliced = stepOf(trace, (e) => e.kind === "call-return", push.step);
  const returned = stepOf(trace, (e) => e.kind === "call-return", read.step);
  const [before, after] = [refsOf(trace, 0, frame), refsOf(trace, spliced.step + 1, frame)];
  const [was, is] = [byteOf(trace.start, frame), byteOf(trace.steps[stored.step]!.world, frame)];
  return [
    {
      done: push.step + 1,
      caption: `splice() copies nothing: it takes a reference to the page of the page cache (${before} → ${after}).`,
    },
    {
      done: spliced.step + 1,
      caption: `The pipe's slot and the page cache now point at one folio.`,
    },
    {
      done: stored.step + 1,
      caption: `pwrite() changes that folio in place: ${was} becomes ${is}, in the pipe as well.`,
    },
    {
      done: read.step + 1,
      caption: `read() returns the bytes as they are now: ${is}, not the ${was} that was spliced.`,
    },
    { done: returned.step + 1, caption: explain(trace) },
  ];
}

/** The first step, from one on, with an event of a kind. */
function stepOf(trace: Trace, is: (event: Event) => boolean, from = 0) {
  for (let step = from; step < trace.steps.length; step++) {
    const event = trace.steps[step]!.events.find(is);
    if (event !== undefined) return { step, event };
  }
  throw new Error("this run does not tell the mail's story");
}

const refsOf = (trace: Trace, done: number, frame: number): number =>
  folioOf(worldAt(trace, done), frame)!.refs;

const byteOf = (world: World, frame: number): string => hexByte(folioOf(world, frame)!.cells[0]!);
