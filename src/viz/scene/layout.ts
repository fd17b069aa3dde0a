// Where everything stands: one fixed plan for the whole of both traces.
//
// Interface: Box, Layout, layoutOf, CARD_HEIGHT and the other measures (pixels).
// Every frame, page, slot and consumer that ever appears has its own place, the same on both sides, so
// nothing moves because something else appears. Frames that ever were the same page of a file stand
// together, beside that page's row in the page cache.

import { callsOf, type CallId } from "../../language/program.js";
import { syscallRow } from "../../language/syscalls.js";
import type { Trace } from "../../trace/trace.js";
import type { World } from "../../trace/world.js";

/** A place on the stage, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const TITLE_HEIGHT = 30;
export const HEADER_HEIGHT = 24;
export const CARD_HEIGHT = 76;
export const CARD_GAP = 12;
export const ENTRY_HEIGHT = 40;
export const CONSUMER_HEIGHT = 64;
/** The bar of content inside a card: its place and height. */
export const STRIP_TOP = 25;
export const STRIP_HEIGHT = 24;
/** The rows of a ring that are drawn, at most. */
export const SLOT_ROWS = 16;

/** The plan. Keys: "inode:page", frame number, "pipe:row", call. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly files: ReadonlyMap<number, Box>;
  readonly entries: ReadonlyMap<string, Box>;
  readonly folios: ReadonlyMap<number, Box>;
  readonly pipes: ReadonlyMap<number, Box>;
  readonly slots: ReadonlyMap<string, Box>;
  readonly consumers: ReadonlyMap<CallId, Box>;
  readonly titles: { readonly cache: Box; readonly folios: Box; readonly readers: Box };
}

/** The row of the ring that a slot stands in. */
export const slotRow = (counter: number, maxUsage: number): number =>
  counter % Math.min(maxUsage, SLOT_ROWS);

/** Plans a stage of a given width for two traces of one scenario. */
export function layoutOf(traces: readonly Trace[], width: number): Layout {
  const seen = everything(traces);
  const column = columns(width);
  const [files, entries] = [new Map<number, Box>(), new Map<string, Box>()];
  const folios = new Map<number, Box>();
  let y = TITLE_HEIGHT;
  let inodeBefore: number | undefined;
  for (const group of groupsOf(seen)) {
    if (group.inode !== inodeBefore) {
      if (group.inode !== undefined)
        files.set(group.inode, { ...column.cache, y, height: HEADER_HEIGHT });
      inodeBefore = group.inode;
      y += HEADER_HEIGHT;
    }
    if (group.inode !== undefined)
      entries.set(`${group.inode}:${group.index}`, { ...column.cache, y, height: ENTRY_HEIGHT });
    for (const [i, frame] of group.frames.entries())
      folios.set(frame, {
        ...column.folios,
        y: y + i * (CARD_HEIGHT + CARD_GAP),
        height: CARD_HEIGHT,
      });
    y += Math.max(group.frames.length * (CARD_HEIGHT + CARD_GAP), ENTRY_HEIGHT + CARD_GAP);
  }
  const ring = placePipes(seen, column.pipes);
  const bottom = Math.max(y, ring.bottom);
  const readers = placeConsumers(seen.consumers, bottom, width);
  const line = { y: 0, height: TITLE_HEIGHT };
  const titles = {
    cache: { ...column.cache, ...line },
    folios: { ...column.folios, ...line },
    readers: { x: 0, y: bottom, width, height: TITLE_HEIGHT },
  };
  const { pipes, slots } = ring;
  const { consumers, height } = readers;
  return { width, height, files, entries, folios, pipes, slots, consumers, titles };
}

type Column = Pick<Box, "x" | "width">;

/** Three columns; what is left goes to the gaps, where the references are drawn. */
function columns(width: number): Record<"cache" | "folios" | "pipes", Column> {
  const cache = Math.round(Math.min(width * 0.22, 150));
  const folios = Math.round(Math.min(width * 0.37, 240));
  const pipes = Math.round(Math.min(width * 0.29, 180));
  return {
    cache: { x: 0, width: cache },
    folios: { x: Math.round((cache + width - pipes - folios) / 2), width: folios },
    pipes: { x: width - pipes, width: pipes },
  };
}

interface Seen {
  /** Pages of files, by inode. */
  readonly pages: ReadonlyMap<number, number>;
  /** The page that each frame was first cached as; undefined for pages of a pipe. */
  readonly frames: ReadonlyMap<number, { inode: number; index: number } | undefined>;
  /** Rows used, by pipe. */
  readonly rows: ReadonlyMap<number, number>;
  readonly consumers: readonly CallId[];
}

function everything(traces: readonly Trace[]): Seen {
  const pages = new Map<number, number>();
  const frames = new Map<number, { inode: number; index: number } | undefined>();
  const rows = new Map<number, number>();
  for (const world of traces.flatMap((t) => [t.start, ...t.steps.map((s) => s.world)])) {
    for (const inode of world.inodes)
      pages.set(inode.inode, Math.max(pages.get(inode.inode) ?? 0, inode.pages.length));
    for (const f of world.folios) frames.set(f.frame, frames.get(f.frame) ?? f.cachedAt);
    for (const pipe of world.pipes)
      rows.set(pipe.pipe, Math.max(rows.get(pipe.pipe) ?? 1, Math.min(rowsOf(pipe), SLOT_ROWS)));
  }
  return { pages, frames, rows, consumers: consumersOf(traces) };
}

const rowsOf = (pipe: World["pipes"][number]): number => Math.min(pipe.head, pipe.maxUsage);

/** The calls that read data or take bytes out of a pipe, in the order of the scenario. */
function consumersOf(traces: readonly Trace[]): CallId[] {
  const taking = new Set<CallId>();
  for (const event of traces.flatMap((t) => t.steps.flatMap((s) => s.events)))
    if (event.kind === "consume") taking.add(event.call);
  const calls = traces[0] === undefined ? [] : callsOf(traces[0].program);
  return calls
    .filter((c) => taking.has(c.id) || syscallRow(c.syscall).yields === "data")
    .map((c) => c.id);
}

interface Group {
  readonly inode?: number;
  readonly index: number;
  readonly frames: number[];
}

/** One group per page of a file, then one for the frames that never were in a file. */
function groupsOf(seen: Seen): Group[] {
  const groups: Group[] = [];
  for (const [inode, pages] of [...seen.pages].sort(([a], [b]) => a - b))
    for (let index = 0; index < pages; index++) groups.push({ inode, index, frames: [] });
  const others: Group = { index: 0, frames: [] };
  for (const [frame, at] of [...seen.frames].sort(([a], [b]) => a - b)) {
    const home = groups.find((g) => g.inode === at?.inode && g.index === at?.index);
    (home ?? others).frames.push(frame);
  }
  return others.frames.length > 0 ? [...groups, others] : groups;
}

function placePipes(seen: Seen, column: Column) {
  const [pipes, slots] = [new Map<number, Box>(), new Map<string, Box>()];
  let y = 0;
  for (const [pipe, rows] of [...seen.rows].sort(([a], [b]) => a - b)) {
    pipes.set(pipe, { ...column, y, height: TITLE_HEIGHT + HEADER_HEIGHT });
    y += TITLE_HEIGHT + HEADER_HEIGHT;
    for (let row = 0; row < rows; row++, y += CARD_HEIGHT + CARD_GAP)
      slots.set(`${pipe}:${row}`, { ...column, y, height: CARD_HEIGHT });
  }
  return { pipes, slots, bottom: y };
}

function placeConsumers(calls: readonly CallId[], top: number, width: number) {
  const consumers = new Map<CallId, Box>();
  let y = top + TITLE_HEIGHT;
  for (const call of calls) {
    consumers.set(call, { x: 0, y, width, height: CONSUMER_HEIGHT });
    y += CONSUMER_HEIGHT;
  }
  return { consumers, height: y };
}
