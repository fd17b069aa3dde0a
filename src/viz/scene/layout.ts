// Where everything stands: one fixed plan for the whole of all traces shown.
//
// Interface: Box, Layout, layoutOf, slotRow, STRIP_TOP and the other measures (pixels).
// Every page, folio, slot, frag and consumer that ever appears has its own place, the same on all sides,
// so nothing moves because something else appears. Folios that ever were the same page stand together,
// beside that page's row.

import type { CallId } from "../../language/program.js";
import type { Trace } from "../../trace/trace.js";
import { seenIn, type Home, type PageRange, type Seen } from "./seen.js";

/** A place on the stage, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const TITLE_HEIGHT = 30;
export const HEADER_HEIGHT = 24;
export const ENTRY_HEIGHT = 40;
export const CONSUMER_HEIGHT = 64;
/** The bar of content inside a card or a reader: its place and height. */
export const STRIP_TOP = 25;
export const STRIP_HEIGHT = 24;

/** How large the cards of folios, slots and frags are. */
export interface CardSize {
  readonly height: number;
  readonly gap: number;
  /** Whether there is a line below the content. */
  readonly hasFoot: boolean;
}
const ROOMY: CardSize = { height: 76, gap: 12, hasFoot: true };
const DENSE: CardSize = { height: 54, gap: 8, hasFoot: false };
/** More cards than this in one column, and they have no foot. */
const ROOMY_MAX = 10;
/** Room for what a wire has sent, above its frags. */
export const LOG_HEIGHT = 34;
/** A reader's row is this wide, at least. */
const READER_WIDTH_MIN = 460;
const READER_GAP = 32;

/** A row of pages. */
export interface Row extends PageRange {
  readonly box: Box;
}

/** The plan. Folios by frame, slots by "pipe:row", frags by "socket:row". */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly card: CardSize;
  readonly files: ReadonlyMap<number, Box>;
  readonly entries: ReadonlyMap<number, readonly Row[]>;
  readonly mappings: ReadonlyMap<CallId, Box>;
  readonly tables: ReadonlyMap<CallId, readonly Row[]>;
  readonly folios: ReadonlyMap<number, Box>;
  readonly pipes: ReadonlyMap<number, Box>;
  readonly slots: ReadonlyMap<string, Box>;
  readonly sockets: ReadonlyMap<number, Box>;
  readonly frags: ReadonlyMap<string, Box>;
  readonly consumers: ReadonlyMap<CallId, Box>;
  /** Where each folio belongs. */
  readonly homes: Seen["folios"];
  /** Rows by pipe and by socket. */
  readonly rows: Pick<Seen, "pipes" | "sockets">;
  readonly titles: readonly Title[];
}

/** A heading over a part of the stage. */
export interface Title {
  readonly text: string;
  readonly box: Box;
  /** A line above it parts it from the rest. */
  readonly ruled?: true;
}

/** The row of a ring or a queue that a slot or frag stands in. */
export const slotRow = (counter: number, rows: number): number => counter % rows;

/** Plans a stage of a given width for any number of traces of one scenario. */
export function layoutOf(traces: readonly Trace[], width: number): Layout {
  const seen = seenIn(traces);
  const column = columns(width);
  const card = sizeOf(seen);
  const left = placePages(seen, column, card);
  const right = placeQueues(seen, column.pipes, card);
  const bottom = Math.max(left.bottom, right.bottom);
  const { consumers, height } = placeConsumers(seen.consumers, bottom, width);
  const below = { text: "what the readers got", box: line(0, bottom, width), ruled: true } as const;
  const titles = [...left.titles, ...right.titles, ...(seen.consumers.length > 0 ? [below] : [])];
  const rows = { pipes: seen.pipes, sockets: seen.sockets };
  const places = { ...left.places, ...right.places, consumers };
  return { width, height, card, ...places, homes: seen.folios, rows, titles };
}

function sizeOf({ folios, pipes, sockets }: Seen): CardSize {
  const queued = [...pipes.values(), ...sockets.values()].reduce((sum, rows) => sum + rows, 0);
  return Math.max(folios.size, queued) > ROOMY_MAX ? DENSE : ROOMY;
}

type Column = Pick<Box, "x" | "width">;
type Columns = Record<"cache" | "folios" | "pipes", Column>;

const line = (x: number, y: number, width: number): Box => ({ x, y, width, height: TITLE_HEIGHT });

/** Three columns; what is left goes to the gaps, where the references are drawn. */
function columns(width: number): Columns {
  const cache = Math.round(Math.min(width * 0.22, 150));
  const folios = Math.round(Math.min(width * 0.37, 260));
  const pipes = Math.round(Math.min(width * 0.29, 210));
  return {
    cache: { x: 0, width: cache },
    folios: { x: Math.round((cache + width - pipes - folios) / 2), width: folios },
    pipes: { x: width - pipes, width: pipes },
  };
}

/** Pages of files and of mappings at the left, and beside each row the folios that belong there. */
function placePages(seen: Seen, column: Columns, { height, gap }: CardSize) {
  const [files, mappings] = [new Map<number, Box>(), new Map<CallId, Box>()];
  const [entries, tables] = [new Map<number, Row[]>(), new Map<CallId, Row[]>()];
  const folios = new Map<number, Box>();
  const [titles, homes] = [[] as Title[], byHome(seen)];
  let y = 0;
  const title = (text: string): void => {
    titles.push({ text, box: line(column.cache.x, y, column.cache.width) });
    y += TITLE_HEIGHT;
  };
  const stack = (frames: readonly number[]): number => {
    for (const [i, frame] of frames.entries()) {
      folios.set(frame, { ...column.folios, y: y + i * (height + gap), height });
    }
    return frames.length * (height + gap);
  };
  const part = (
    key: number,
    ranges: readonly PageRange[],
    heads: Map<number, Box>,
    rows: Map<number, Row[]>,
    framesOf: (range: PageRange) => readonly number[],
  ): void => {
    heads.set(key, { ...column.cache, y, height: HEADER_HEIGHT });
    y += HEADER_HEIGHT;
    const placed: Row[] = [];
    for (const range of ranges) {
      placed.push({ ...range, box: { ...column.cache, y, height: ENTRY_HEIGHT } });
      y += Math.max(stack(framesOf(range)), ENTRY_HEIGHT + gap);
    }
    rows.set(key, placed);
  };
  if (seen.files.size > 0) title("page cache");
  else y += TITLE_HEIGHT;
  for (const [inode, ranges] of seen.files)
    part(inode, ranges, files, entries, (range) => homes(range, inode, undefined));
  if (seen.mappings.size > 0) title("page tables");
  for (const [call, ranges] of seen.mappings)
    part(call, ranges, mappings, tables, (range) => homes(range, undefined, call));
  y += stack(homeless(seen));
  if (seen.folios.size > 0)
    titles.push({ text: "folios", box: line(column.folios.x, 0, column.folios.width) });
  return { places: { files, entries, mappings, tables, folios }, titles, bottom: y };
}

/** The folios that belong to a range of pages, ascending. */
function byHome(seen: Seen) {
  const all = [...seen.folios].sort(([a], [b]) => a - b);
  const belongs = (home: Home | undefined, range: PageRange): boolean =>
    home !== undefined && range.from <= home.page && home.page < range.to;
  return (range: PageRange, inode: number | undefined, mapping: CallId | undefined): number[] =>
    all
      .filter(
        ([, home]) => belongs(home, range) && home?.inode === inode && home?.mapping === mapping,
      )
      .map(([frame]) => frame);
}

/** The folios that never were a page of a file or of a mapping. */
const homeless = (seen: Seen): number[] =>
  [...seen.folios]
    .filter(([, home]) => home === undefined)
    .map(([frame]) => frame)
    .sort((a, b) => a - b);

/** The rings of the pipes, then the queues of the sockets. */
function placeQueues(seen: Seen, column: Column, { height, gap }: CardSize) {
  const [pipes, slots] = [new Map<number, Box>(), new Map<string, Box>()];
  const [sockets, frags] = [new Map<number, Box>(), new Map<string, Box>()];
  const titles: Title[] = [];
  let y = 0;
  const place = (
    text: string,
    all: ReadonlyMap<number, number>,
    heads: Map<number, Box>,
    cards: Map<string, Box>,
    logged: ReadonlySet<number>,
  ): void => {
    if (all.size === 0) return;
    titles.push({ text, box: line(column.x, y, column.width) });
    y += TITLE_HEIGHT;
    for (const [key, rows] of all) {
      heads.set(key, { ...column, y, height: HEADER_HEIGHT });
      y += HEADER_HEIGHT + (logged.has(key) ? LOG_HEIGHT : 0);
      for (let row = 0; row < rows; row++, y += height + gap)
        cards.set(`${key}:${row}`, { ...column, y, height });
    }
  };
  place("pipes", seen.pipes, pipes, slots, new Set());
  place("sockets", seen.sockets, sockets, frags, seen.wires);
  return { places: { pipes, slots, sockets, frags }, titles, bottom: y };
}

/** The readers below everything, side by side where the stage is wide. */
function placeConsumers(calls: readonly CallId[], top: number, width: number) {
  const across = Math.max(1, Math.floor((width + READER_GAP) / (READER_WIDTH_MIN + READER_GAP)));
  const each = Math.floor((width - (across - 1) * READER_GAP) / across);
  const consumers = new Map<CallId, Box>();
  const from = top + TITLE_HEIGHT;
  for (const [i, call] of calls.entries()) {
    const x = (i % across) * (each + READER_GAP);
    const y = from + Math.floor(i / across) * CONSUMER_HEIGHT;
    consumers.set(call, { x, y, width: each, height: CONSUMER_HEIGHT });
  }
  const rows = Math.ceil(calls.length / across);
  return { consumers, height: calls.length === 0 ? top : from + rows * CONSUMER_HEIGHT };
}
