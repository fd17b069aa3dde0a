// The moments worth looking at: where pages become shared, are changed, copied, and where threads wait.
//
// Interface: Interest, INTERESTS, interestsAt, firstOf, Mark, marksOf, firstDivergence.

import type { CallId } from "../../language/program.js";
import type { Event } from "../../trace/event.js";
import { valuesOf } from "../../trace/outcome.js";
import type { Trace } from "../../trace/trace.js";
import type { World } from "../../trace/world.js";
import { folioOf } from "./provenance.js";
import { worldAt, type Timeline } from "./timeline.js";

/** Why a moment is worth a stop, and how a list names it. */
export const INTERESTS = {
  share: "a page becomes shared",
  write: "a shared page is written to",
  copy: "a page is copied",
  change: "a reader gets changed bytes",
  tear: "a reader gets old and new bytes mixed",
  block: "a thread waits",
  wake: "a thread is woken",
} as const;

export type Interest = keyof typeof INTERESTS;

/** What is worth looking at in each moment of the axis, all sides together. */
export function interestsAt(timeline: Timeline, traces: readonly Trace[]): ReadonlySet<Interest>[] {
  const torn = traces.map(tornCalls);
  return timeline.moments.map(({ done }, at) => {
    const before = timeline.moments[at - 1]?.done;
    const found = traces.flatMap((trace, side) =>
      stepInterests(trace, torn[side]!, before?.[side] ?? 0, done[side]!),
    );
    return new Set(found);
  });
}

/** The calls whose bytes are more than one value each, as copies tore. */
function tornCalls({ outcome: { results, values } }: Trace): ReadonlySet<CallId> {
  if (values === undefined) return new Set();
  const isTorn = (byte: number): boolean => valuesOf(byte, values).length > 1;
  return new Set(results.filter(({ data }) => data.some(isTorn)).map(({ call }) => call));
}

/** The first moment that is worth a look for one of some reasons; undefined if none is. */
export function firstOf(
  interests: readonly ReadonlySet<Interest>[],
  reasons: readonly Interest[],
): number | undefined {
  const at = interests.findIndex((found) => reasons.some((why) => found.has(why)));
  return at < 0 ? undefined : at;
}

/** A place on the axis, and what is worth looking at there. */
export interface Mark {
  /** The first of its moments. */
  readonly at: number;
  readonly found: ReadonlySet<Interest>;
}

/** Marks nearer to each other than this share of the axis are one. */
const PLACES = 240;

/** The marks of an axis: no more than there is room for. */
export function marksOf(interests: readonly ReadonlySet<Interest>[]): Mark[] {
  const marks = new Map<number, { at: number; found: Set<Interest> }>();
  for (const [at, found] of interests.entries()) {
    if (found.size === 0) continue;
    const place = interests.length <= PLACES ? at : Math.floor((at / interests.length) * PLACES);
    const known = marks.get(place);
    if (known === undefined) marks.set(place, { at, found: new Set(found) });
    else for (const each of found) known.found.add(each);
  }
  return [...marks.values()];
}

function stepInterests(
  trace: Trace,
  torn: ReadonlySet<CallId>,
  from: number,
  to: number,
): Interest[] {
  if (from === to) return [];
  const before = worldAt(trace, from);
  const { events, world } = trace.steps[to - 1]!;
  const held = heldUp(before, world) ? (["block"] as const) : [];
  const isTorn = events.some((event) => event.kind === "call-return" && torn.has(event.call));
  return [
    ...held,
    ...events.flatMap((event) => interestOf(event, before) ?? []),
    ...(isTorn ? (["tear"] as const) : []),
  ];
}

/** Whether a thread has come to wait for a folio. */
const heldUp = (before: World, after: World): boolean =>
  after.tasks.some((t, i) => t.waitsFor !== undefined && before.tasks[i]!.waitsFor === undefined);

function interestOf(event: Event, before: World): Interest | undefined {
  switch (event.kind) {
    case "slot-push":
    case "frag-push":
      if (event.slotKind === "default") return "copy";
      return event.slotKind === "pagecache" ? "share" : undefined;
    case "store":
      return isShared(before, event.frame) ? "write" : undefined;
    case "replace":
      return "copy";
    case "consume":
    case "frag-consume":
      return event.changed ? "change" : undefined;
    case "sleep":
    case "sleep-socket":
      return "block";
    case "wake":
      return "wake";
    default:
      return undefined;
  }
}

/** Whether a slot or a frag points at a frame. */
function isShared(world: World, frame: number): boolean {
  const folio = folioOf(world, frame);
  const held = [...world.pipes.flatMap((p) => p.slots), ...world.sockets.flatMap((s) => s.frags)];
  return folio !== undefined && held.some((h) => h.frame > 0 && folioOf(world, h.frame) === folio);
}

/** The first moment in which two sides do not do the same; undefined if they always do. */
export function firstDivergence(timeline: Timeline, traces: readonly Trace[]): number | undefined {
  const [left, right] = traces;
  if (left === undefined || right === undefined) return undefined;
  const { moments } = timeline;
  const at = moments.findIndex(({ done }, i) => {
    if (i === 0) return false;
    const before = moments[i - 1]!.done;
    const steps = [left, right].map((trace, side) =>
      before[side] === done[side] ? "" : eventsText(trace.steps[done[side]! - 1]!.events),
    );
    return steps[0] !== steps[1];
  });
  return at < 0 ? undefined : at;
}

/** What a step did, without numbers that differ in their names alone. */
const eventsText = (events: readonly Event[]): string =>
  JSON.stringify(
    events.map((e) => {
      if (e.kind === "call-return") return [e.kind, e.ret, e.errno];
      if (e.kind === "consume" || e.kind === "frag-consume") return [e.kind, e.changed];
      return [e.kind];
    }),
  );
