// All that ever appears in some traces: what the layout makes room for.
//
// Interface: Seen, seenIn, PageRange. Found once per trace, whatever the width. A page of a file whose
// neighbour is always in the same folio, or always in none, shares a row with it.

import { callsOf, type CallId } from "../../language/program.js";
import { syscallRow } from "../../language/syscalls.js";
import type { Trace } from "../../trace/trace.js";
import type { FolioView, InodeView, MappingView, World } from "../../trace/world.js";
import { folioOf, PAGE_BYTES } from "./writers.js";

/** Pages of a file, or of a mapping, that share a row. */
export interface PageRange {
  readonly from: number;
  readonly to: number;
}

/** Where a folio first belonged: a page of a file or of a mapping, or where it was copied from. */
export interface Home {
  /** A copy that a slot owns. */
  readonly isCopy?: true;
  readonly inode?: number;
  readonly mapping?: CallId;
  readonly page: number;
}

/** Everything that ever appears. */
export interface Seen {
  /** Rows of each file, by inode; those of each mapping, by the call that made it. */
  readonly files: ReadonlyMap<number, readonly PageRange[]>;
  readonly mappings: ReadonlyMap<CallId, readonly PageRange[]>;
  /** Where each folio first belonged; undefined for pages of pipes and sockets. */
  readonly folios: ReadonlyMap<number, Home | undefined>;
  /** Rows by pipe and by socket: as many as are in use at once at most, so that no two share one. */
  readonly pipes: ReadonlyMap<number, number>;
  readonly sockets: ReadonlyMap<number, number>;
  /** The sockets that are wires. */
  readonly wires: ReadonlySet<number>;
  /** The calls that take or read bytes, in the order of the scenario. */
  readonly consumers: readonly CallId[];
}

/** Pages that are drawn for what a file's size promises but nobody ever cached. */
const PAGES_PROMISED_MAX = 64;

/** Everything that appears in any of the traces. */
export function seenIn(traces: readonly Trace[]): Seen {
  const all = traces.map(ofTrace);
  const folios = new Map<number, Home | undefined>();
  for (const one of all)
    for (const [frame, home] of one.folios) folios.set(frame, folios.get(frame) ?? home);
  const taking = new Set(all.flatMap((one) => [...one.takers]));
  const calls = traces[0] === undefined ? [] : callsOf(traces[0].program);
  const reads = calls.filter((c) => taking.has(c.id) || syscallRow(c.syscall).yields === "data");
  return {
    files: rangesOf(all.map((one) => one.files)),
    mappings: rangesOf(all.map((one) => one.mappings)),
    folios,
    pipes: rowsOf(all.map((one) => one.pipes)),
    sockets: rowsOf(all.map((one) => one.sockets)),
    wires: new Set(all.flatMap((one) => [...one.wires])),
    consumers: reads.map((c) => c.id),
  };
}

/** How many pages there are, and before which of them a row ends. */
interface Pages {
  count: number;
  readonly ends: Set<number>;
}

class TraceSeen {
  readonly files = new Map<number, Pages>();
  readonly mappings = new Map<CallId, Pages>();
  readonly folios = new Map<number, Home | undefined>();
  readonly pipes = new Map<number, number>();
  readonly sockets = new Map<number, number>();
  readonly wires = new Set<number>();
  readonly takers = new Set<CallId>();
  /** The views that were looked at last: equal ones are not looked at again. */
  #inodes: readonly InodeView[] = [];
  #folios: readonly FolioView[] = [];
  #mapped: readonly MappingView[] = [];

  look(world: World): void {
    const homes = new Map<number, Home>();
    const split = !sameFolios(this.#folios, world.folios);
    for (const [i, view] of world.inodes.entries())
      if (split || !samePages(this.#inodes[i], view)) this.#file(world, view);
    for (const [i, view] of world.mappings.entries())
      if (!sameEntries(this.#mapped[i], view)) this.#mapping(world, view, homes);
    this.#inodes = world.inodes;
    this.#folios = world.folios;
    this.#mapped = world.mappings;
    for (const { frame, cachedAt } of world.folios) {
      if (this.folios.get(frame) !== undefined) continue;
      const home = cachedAt && { inode: cachedAt.inode, page: cachedAt.index };
      this.folios.set(frame, home ?? homes.get(frame));
    }
    for (const { pipe, slots } of world.pipes) most(this.pipes, pipe, slots.length);
    for (const { socket, frags, wire } of world.sockets) {
      most(this.sockets, socket, frags.length);
      if (wire !== undefined) this.wires.add(socket);
    }
  }

  /** A copy stands beside what it was copied from, if it has no place of its own. */
  copy(frame: number, by: number): void {
    const home = this.folios.get(frame);
    if (home !== undefined && this.folios.get(by) === undefined)
      this.folios.set(by, { ...home, isCopy: true });
  }

  #file(world: World, { inode, pages, sizeBytes }: InodeView): void {
    const known = this.files.get(inode) ?? { count: 0, ends: new Set<number>() };
    const promised = Math.min(Math.ceil(sizeBytes / PAGE_BYTES), PAGES_PROMISED_MAX);
    known.count = Math.max(known.count, pages.length, promised);
    this.files.set(inode, known);
    for (let page = 1; page <= pages.length; page++)
      if (!together(world, pages[page - 1]!, pages[page] ?? 0)) known.ends.add(page);
  }

  #mapping(world: World, { call, mapped }: MappingView, homes: Map<number, Home>): void {
    const known = this.mappings.get(call) ?? { count: 0, ends: new Set<number>() };
    this.mappings.set(call, known);
    for (const { page, frame } of mapped) {
      known.count = Math.max(known.count, page + 1);
      known.ends.add(page).add(page + 1);
      homes.set(frame, { mapping: call, page });
    }
  }
}

const most = (rows: Map<number, number>, key: number, used: number): void =>
  void rows.set(key, Math.max(1, used, rows.get(key) ?? 1));

const perTrace = new WeakMap<Trace, TraceSeen>();

function ofTrace(trace: Trace): TraceSeen {
  let seen = perTrace.get(trace);
  if (seen !== undefined) return seen;
  seen = new TraceSeen();
  seen.look(trace.start);
  for (const { world, events } of trace.steps) {
    seen.look(world);
    for (const event of events) {
      if (event.kind === "copy") seen.copy(event.frame, event.by);
      if (event.kind === "consume") seen.takers.add(event.call);
      if (event.kind === "frag-consume" && event.call !== undefined) seen.takers.add(event.call);
    }
  }
  perTrace.set(trace, seen);
  return seen;
}

/** Whether two neighbours are in one folio, or both in none. */
function together(world: World, frame: number, next: number): boolean {
  if (frame === 0 || next === 0) return frame === next;
  return next === frame + 1 && folioOf(world, frame) === folioOf(world, next);
}

const sameFolios = (a: readonly FolioView[], b: readonly FolioView[]): boolean =>
  a.length === b.length &&
  a.every(({ frame, order }, i) => frame === b[i]!.frame && order === b[i]!.order);

const samePages = (a: InodeView | undefined, b: InodeView): boolean =>
  a?.inode === b.inode &&
  a.sizeBytes === b.sizeBytes &&
  a.pages.length === b.pages.length &&
  a.pages.every((frame, i) => frame === b.pages[i]);

const sameEntries = (a: MappingView | undefined, b: MappingView): boolean =>
  a?.call === b.call &&
  a.mapped.length === b.mapped.length &&
  a.mapped.every((entry, i) => entry.frame === b.mapped[i]!.frame);

function rangesOf(
  all: readonly ReadonlyMap<number, Pages>[],
): ReadonlyMap<number, readonly PageRange[]> {
  const keys = [...new Set(all.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  return new Map(
    keys.map((key) => {
      const count = Math.max(...all.map((one) => one.get(key)?.count ?? 0));
      const ends = new Set(all.flatMap((one) => [...(one.get(key)?.ends ?? [])]));
      return [key, cut(count, ends)];
    }),
  );
}

function cut(count: number, ends: ReadonlySet<number>): PageRange[] {
  const ranges: PageRange[] = [];
  let from = 0;
  for (let page = 1; page <= count; page++)
    if (page === count || ends.has(page)) {
      ranges.push({ from, to: page });
      from = page;
    }
  return ranges;
}

function rowsOf(all: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const keys = [...new Set(all.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  return new Map(keys.map((key) => [key, Math.max(...all.map((one) => one.get(key) ?? 1))]));
}
