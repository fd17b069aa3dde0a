// Who wrote each cell: derived by replaying the events of a trace.
//
// Interface: Writer, Provenance, Taken, provenanceOf. Cells are counted as in World: one value for
// `gridBytes` bytes.
// Gap: a private copy (policy `copy`) is attributed to the splice that made it.

import type { CallId, Program } from "../../language/program.js";
import type { Event } from "../../trace/event.js";
import type { Trace } from "../../trace/trace.js";
import type { FolioView, World } from "../../trace/world.js";
import { worldAt } from "./timeline.js";

/** Who put a cell's value there: a call, the scenario's initial content, or nobody yet. */
export type Writer = CallId | "initial" | "hole";

/** Bytes that a consumer took out of one slot, or read from a file. */
export interface Taken {
  readonly call: CallId;
  /** The frame the bytes lay in; absent for bytes of a file. */
  readonly frame?: number;
  readonly cells: Uint8Array;
  readonly writers: readonly Writer[];
  /** What the slot held when it took its reference. */
  readonly expected?: Uint8Array;
  readonly changed: boolean;
}

/** Everything derived from events, after a number of steps. */
export interface Provenance {
  /** The writer of each cell, by frame number (order > 0: by first frame). */
  readonly writers: ReadonlyMap<number, readonly Writer[]>;
  readonly taken: readonly Taken[];
  /** The calls that have started, and those that have returned. */
  readonly started: ReadonlySet<CallId>;
  readonly returned: ReadonlySet<CallId>;
}

/** Provenance after each number of steps: index 0 is the start. */
export function provenanceOf(trace: Trace): Provenance[] {
  let now = startOf(trace);
  const all = [now];
  for (const [i, step] of trace.steps.entries()) {
    const before = worldAt(trace, i);
    for (const event of step.events) now = applyEvent(now, event, before, step.world, trace);
    all.push(now);
  }
  return all;
}

function startOf(trace: Trace): Provenance {
  const writers = new Map<number, readonly Writer[]>();
  for (const folio of trace.start.folios)
    writers.set(folio.frame, initialWriters(trace.program, trace.start, folio));
  return { writers, taken: [], started: new Set(), returned: new Set() };
}

/** Cells of a folio that is cached at the start: hole or initial, by the declared content. */
function initialWriters(program: Program, world: World, folio: FolioView): Writer[] {
  const at = folio.cachedAt;
  const inode = world.inodes.find((i) => i.inode === at?.inode);
  const declared = program.files.find((f) => f.name === inode?.name);
  if (at === undefined || declared === undefined) return filled(folio.cells.length, "initial");
  const holes: { from: number; to: number }[] = [];
  let end = 0;
  for (const run of declared.content) {
    if (run.byte === "hole") holes.push({ from: end, to: end + run.lenBytes });
    end += run.lenBytes;
  }
  return Array.from(folio.cells, (_, i) => {
    const byte = at.index * 4096 + i * world.gridBytes;
    const isHole = byte >= end || holes.some((h) => h.from <= byte && byte < h.to);
    return isHole ? "hole" : "initial";
  });
}

const filled = (n: number, writer: Writer): Writer[] => new Array<Writer>(n).fill(writer);

type ConsumeEvent = Extract<Event, { kind: "consume" }>;

function applyEvent(
  now: Provenance,
  event: Event,
  before: World,
  after: World,
  trace: Trace,
): Provenance {
  const grid = after.gridBytes;
  switch (event.kind) {
    case "call-start":
      return { ...now, started: new Set(now.started).add(event.call) };
    case "call-return":
      return returned(now, event.call, trace, grid);
    case "folio-new":
      return withWriters(now, event.frame, filled(((4096 / grid) << event.order) >>> 0, "hole"));
    case "replace":
      return withWriters(now, event.by, now.writers.get(event.frame) ?? []);
    case "store": {
      const [frame, from] = frameOf(after, event.frame, event.offset);
      const cells = [...(now.writers.get(frame) ?? [])];
      cells.fill(event.call, from / grid, (from + event.lenBytes) / grid);
      return withWriters(now, frame, cells);
    }
    case "consume":
      return { ...now, taken: [...now.taken, takenBy(now, event, before)] };
    default:
      return now;
  }
}

function withWriters(now: Provenance, frame: number, cells: readonly Writer[]): Provenance {
  return { ...now, writers: new Map(now.writers).set(frame, cells) };
}

/** The folio that holds a frame, and the byte offset inside the whole folio. */
function frameOf(world: World, frame: number, offset: number): [number, number] {
  const folio = folioOf(world, frame);
  return folio === undefined
    ? [frame, offset]
    : [folio.frame, (frame - folio.frame) * 4096 + offset];
}

/** The folio that holds a frame. */
export const folioOf = (world: World, frame: number): FolioView | undefined =>
  world.folios.find((f) => f.frame <= frame && frame < f.frame + (1 << f.order));

/** A stretch of a frame, in cells: values and writers. Frame 0 is the zero page. */
export function cellsOf(
  world: World,
  writers: ReadonlyMap<number, readonly Writer[]>,
  frame: number,
  offset: number,
  lenBytes: number,
): { cells: Uint8Array; writers: Writer[] } {
  const n = Math.ceil(lenBytes / world.gridBytes);
  const folio = folioOf(world, frame);
  if (folio === undefined) return { cells: new Uint8Array(n), writers: filled(n, "hole") };
  const from = ((frame - folio.frame) * 4096 + offset) / world.gridBytes;
  const known = writers.get(folio.frame) ?? [];
  const cells = folio.cells.slice(from, from + n);
  return { cells, writers: Array.from(cells, (_, i) => known[from + i] ?? "initial") };
}

function takenBy(now: Provenance, event: ConsumeEvent, before: World): Taken {
  const part = cellsOf(before, now.writers, event.frame, event.offset, event.lenBytes);
  const { call, frame, changed } = event;
  const pipe = before.pipes.find((p) => p.pipe === event.slot.pipe);
  const slot = pipe?.slots.find((s) => s.counter === event.slot.counter);
  if (slot?.expected === undefined) return { call, frame, ...part, changed };
  const skipped = (event.offset - slot.offset) / before.gridBytes;
  const expected = slot.expected.slice(skipped, skipped + part.cells.length);
  return { call, frame, ...part, expected, changed };
}

/** A call has returned; what it read from a file is known only now. */
function returned(now: Provenance, call: CallId, trace: Trace, grid: number): Provenance {
  const next = { ...now, returned: new Set(now.returned).add(call) };
  const data = trace.outcome.results[call]?.data;
  if (data === undefined || data.length === 0 || now.taken.some((t) => t.call === call))
    return next;
  const cells = data.filter((_, i) => i % grid === 0);
  const writers = filled(cells.length, "initial");
  return { ...next, taken: [...now.taken, { call, cells, writers, changed: false }] };
}
