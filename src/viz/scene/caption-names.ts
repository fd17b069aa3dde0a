// What the sentences name: calls, pipes, sockets, frames and who points at them.
//
// Interface: Told, callName, whose, pipeName, socketName, frameName, holdersAt, isMarked.

import { callsOf, type CallId } from "../../language/program.js";
import type { Event } from "../../trace/event.js";
import type { Trace } from "../../trace/trace.js";
import type { FolioView, World } from "../../trace/world.js";
import { threadIndexOf } from "./call-text.js";
import { threadName } from "./moment.js";
import { folioOf } from "./provenance.js";

/** An event with the moments around its step. */
export interface Told {
  readonly trace: Trace;
  readonly event: Event;
  readonly before: World;
  readonly after: World;
  /** The step, from 0. */
  readonly step: number;
}

/** "splice". */
export const callName = (trace: Trace, call: CallId): string =>
  callsOf(trace.program)[call]!.syscall;
/** A pipe by its name. */
export const pipeName = (world: World, pipe: number): string =>
  world.pipes.find((p) => p.pipe === pipe)?.name ?? `pipe ${pipe}`;

/** "client's splice". */
export const whose = (trace: Trace, call: CallId): string =>
  `${threadName(trace.program, threadIndexOf(trace.program, call))}'s ${callName(trace, call)}`;

/** "frame 2 (page 0 of f)". */
export function frameName(world: World, frame: number): string {
  if (frame === 0) return "the zero page";
  const at = folioOf(world, frame)?.cachedAt;
  const inode = world.inodes.find((i) => i.inode === at?.inode);
  if (at === undefined || inode === undefined) return `frame ${frame}`;
  return `frame ${frame} (page ${at.index} of ${inode.name ?? `inode ${inode.inode}`})`;
}

/** "slot 0 of p and a frag of w", for those that point at a folio; none where nobody does. */
export function holdersAt(world: World, frame: number): string[] {
  const folio = folioOf(world, frame);
  if (folio === undefined) return [];
  const points = (at: { readonly frame: number }): boolean =>
    at.frame > 0 && folioOf(world, at.frame) === folio;
  const slots = world.pipes.flatMap((p) =>
    p.slots.filter(points).map((s) => `slot ${s.counter} of ${p.name}`),
  );
  const frags = world.sockets.flatMap((s) => (s.frags.some(points) ? [`a frag of ${s.name}`] : []));
  return [...slots, ...frags];
}

/** Whether the policy's mark is on it. */
export const isMarked = (folio: FolioView | undefined): boolean =>
  folio !== undefined && (folio.outside > 0 || folio.flagged === true);

/** The end of a socket, or a wire, by its name. */
export const socketName = (world: World, socket: number): string =>
  world.sockets.find((s) => s.socket === socket)?.name ?? "a closed socket";
