// Files: looking folios up, reading, writing, truncating. The lines of docs/steps.md.
//
// Interface: FILE_LINES; lookUp and itemAt for splice; writeAll for the initial content.
// Not modelled: positions beyond 2^40, where file systems differ (`unmodelled`).

import * as decide from "../../assembly/abi/decisions.js";
import { EFBIG, EINVAL } from "../../assembly/abi/errno.js";
import { O_APPEND } from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import * as profile from "../../assembly/abi/switches.js";
import * as st from "./state.js";
import type { Draft, Frame, Inode, Line, Lines, State } from "./state.js";

/** Folios of one batch. Mirrors: PAGEVEC_SIZE. */
const BATCH_FOLIOS = 31;
/** The largest readahead window in pages. */
const READAHEAD_PAGES = 32;
/** The largest piece of one write step, and the largest order. */
const CHUNK_BYTES = 2 ** 21;
const FAR_BYTES = 2 ** 40;

const hasSwitch = (s: State, bit: number): boolean => (s.options.switches & bit) !== 0;
const inodeOf = (s: State, f: Frame): number => st.get(s.files, f.held.at(-1)!).inode;

// Looking up.

/** The window of a readahead miss, in pages. Mirrors: mm/readahead.c:page_cache_sync_ra(). */
function readaheadWindow({ pages }: Inode, first: number, asked: number, previous: number): number {
  if (first === 0 || asked > READAHEAD_PAGES || first === previous || first === previous + 1) {
    const power = 2 ** Math.ceil(Math.log2(asked));
    return power <= 1 ? 4 : power <= 8 ? 2 * power : READAHEAD_PAGES;
  }
  let before = 0;
  while (before < READAHEAD_PAGES && pages.has(first - 1 - before)) before++;
  if (before <= asked) return asked;
  return Math.min((before === first ? 2 * before : before) + asked, READAHEAD_PAGES);
}

/** Caches zeroed folios for the missing pages of the window. */
function readAhead(d: Draft, id: number, first: number, asked: number, previous: number): void {
  const inode = st.get(d.inodes, id);
  const last = Math.ceil(inode.sizeBytes / PAGE_SIZE);
  const end = Math.min(first + readaheadWindow(inode, first, asked, previous), last);
  const pages = new Map(inode.pages);
  for (let page = first; page < end; page++)
    if (!pages.has(page)) pages.set(page, st.newFolio(d, 0, page));
  st.update(d.inodes, id, { pages });
}

/** The *batch* line: up to 31 contiguous folios from the position, then i_size. Undefined at EOF. */
export function lookUp(d: Draft, f: Frame): Pick<Frame, "batch" | "limit"> | undefined {
  const { inode: id, previousPos } = st.get(d.files, f.held[0]!);
  if (f.pos >= st.get(d.inodes, id).sizeBytes) return undefined;
  const first = Math.floor(f.pos / PAGE_SIZE);
  const end = Math.ceil((f.pos + f.rest) / PAGE_SIZE);
  if (hasSwitch(d, profile.SWITCH_HOLE_CACHED) && !st.get(d.inodes, id).pages.has(first))
    readAhead(d, id, first, end - first, Math.floor(previousPos / PAGE_SIZE));
  const { pages, sizeBytes: limit } = st.get(d.inodes, id);
  const most = hasSwitch(d, profile.SWITCH_SPLICE_PER_FOLIO) ? 1 : BATCH_FOLIOS;
  const batch: { folio: number; atBytes: number }[] = [];
  for (let page = first; page < end && pages.has(page) && batch.length < most;) {
    const { index, order } = st.get(d.folios, pages.get(page)!);
    batch.push({ folio: pages.get(page)!, atBytes: index * PAGE_SIZE });
    page = index + (1 << order);
  }
  if (batch.length === 0) batch.push({ folio: st.ZERO_PAGE, atBytes: first * PAGE_SIZE });
  return { batch, limit };
}

/** What the batch has at the position; undefined if nothing, or nothing more is wanted there. */
export function itemAt(s: State, f: Frame) {
  for (const { folio, atBytes } of f.batch) {
    const offset = f.pos - atBytes;
    const room = st.folioBytes(st.get(s.folios, folio)) - offset;
    const lenBytes = Math.min(room, f.rest, f.limit - f.pos);
    if (offset >= 0 && lenBytes > 0) return { folio, offset, lenBytes };
  }
  return undefined;
}

// Changing the cache.

/** Takes a folio out of the cache. Its holders keep it. */
function detach(d: Draft, inode: number, folio: number): void {
  const pages = [...st.get(d.inodes, inode).pages].filter(([, id]) => id !== folio);
  st.update(d.inodes, inode, { pages: new Map(pages) });
  st.update(d.folios, folio, { hasPrivate: false, lock: st.FREE });
}

function attach(d: Draft, inode: number, folio: number): void {
  const { index, order } = st.get(d.folios, folio);
  const pages = new Map(st.get(d.inodes, inode).pages);
  for (let page = index; page < index + (1 << order); page++) pages.set(page, folio);
  st.update(d.inodes, inode, { pages });
}

/** *replace*: a copy takes the folio's place and state; the lock moves to it. */
function replace(d: Draft, inode: number, folio: number, me: number): number {
  const copy = st.add(d, d.folios, { ...st.get(d.folios, folio), lock: me });
  detach(d, inode, folio);
  attach(d, inode, copy);
  return copy;
}

/** The folio for a write step: the cached one, or a new one of the order of C-4. */
function folioFor(d: Draft, inode: number, pos: number, rest: number): number {
  const { pages } = st.get(d.inodes, inode);
  const index = Math.floor(pos / PAGE_SIZE);
  const stepBytes = Math.min(rest, CHUNK_BYTES - (pos % CHUNK_BYTES));
  const fits = (order: number): boolean =>
    order === 0 ||
    (index % (1 << order) === 0 &&
      stepBytes >= PAGE_SIZE << order &&
      [...pages.keys()].every((page) => page < index || page >= index + (1 << order)));
  let order = hasSwitch(d, profile.SWITCH_LARGE_FOLIOS) ? Math.log2(CHUNK_BYTES / PAGE_SIZE) : 0;
  while (!fits(order)) order--;
  const folio = pages.get(index) ?? st.newFolio(d, order, index);
  if (hasSwitch(d, profile.SWITCH_PRIVATE_REF)) st.update(d.folios, folio, { hasPrivate: true });
  attach(d, inode, folio);
  return folio;
}

/** Where the position is in the folio of a write step, and how far the step goes. */
function spanIn(s: State, id: number, f: Pick<Frame, "pos" | "rest">) {
  const folio = st.get(s.folios, id);
  const offset = f.pos - folio.index * PAGE_SIZE;
  return { offset, lenBytes: Math.min(f.rest, st.folioBytes(folio) - offset) };
}

function change(d: Draft, folio: number, offset: number, cells: Uint8Array): void {
  st.store(d, folio, offset, cells);
  st.update(d.folios, folio, { dirty: true });
}

/** Writes initial content, by the same rule as a call that writes it. */
export function writeAll(d: Draft, inode: number, pos: number, cells: Uint8Array): void {
  const lenBytes = cells.length * d.options.gridBytes;
  for (let done = 0; done < lenBytes;) {
    const at = { pos: pos + done, rest: lenBytes - done };
    const folio = folioFor(d, inode, at.pos, at.rest);
    const span = spanIn(d, folio, at);
    change(d, folio, span.offset, st.cut(d, cells, done, span.lenBytes));
    done += span.lenBytes;
  }
}

/** The bytes that a step of splice(pipe, file) copies, from the slots as they are now. */
function fromSlots(d: Draft, f: Frame, offset: number, lenBytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = -f.done;
  for (const slot of st.get(d.pipes, st.get(d.files, f.held[0]!).pipe).slots) {
    const from = Math.max(0, at);
    const len = Math.min(lenBytes, at + slot.lenBytes) - from;
    if (len > 0) {
      const piece = st.advanced(d, slot, from - at);
      parts.push(st.load(d, piece.folio, piece.offset, len));
      st.consume(d, piece, parts.at(-1)!);
      const overlaps = piece.offset < offset + lenBytes && offset < piece.offset + len;
      if (piece.folio === f.folio && piece.offset !== offset + from && overlaps)
        d.unmodelled = "a pipe is copied onto its own page at another offset";
    }
    at += slot.lenBytes;
  }
  return st.concat(...parts);
}

// Truncating. The new size is in `limit`.

/** What truncate has to do next: a folio beyond the new end (`inside` 0), or the one it falls in. */
function truncateNext(s: State, f: Frame): { folio: number; inside: number } | undefined {
  const { pages } = st.get(s.inodes, inodeOf(s, f));
  const begins = [...pages].filter(([page, id]) => page === st.get(s.folios, id).index);
  const beyond = begins.filter(([page]) => page * PAGE_SIZE >= f.limit).sort(([a], [b]) => a - b);
  if (beyond[0]) return { folio: beyond[0][1], inside: 0 };
  const folio = pages.get(Math.floor(f.limit / PAGE_SIZE));
  if (folio === undefined) return undefined;
  return { folio, inside: f.limit - st.get(s.folios, folio).index * PAGE_SIZE };
}

/** Zeroes a folio from the new end; drops its later pages where it can be split (C-8). */
function zeroTail(d: Draft, me: number, f: Frame, id: number, inside: number): void {
  const { order, cells, dirty, hasPrivate } = st.get(d.folios, id);
  const inode = inodeOf(d, f);
  st.store(d, id, inside, new Uint8Array(cells.length - inside / d.options.gridBytes));
  st.update(d.folios, id, { lock: st.FREE });
  // Dirty buffer heads cannot be released: the folio stays whole (seen on 6.18, ext4).
  const splits = st.holders(d, id) === 0 && !(dirty && hasPrivate);
  if (order > 0 && splits) split(d, inode, id, inside);
  else if (order > 0 && !dirty) detach(d, inode, id);
  st.goTo(d, me, "truncate 5");
}

/** Splits at the page of the new end, into buddies; those wholly beyond it leave the cache. */
function split(d: Draft, inode: number, id: number, inside: number): void {
  const whole = st.get(d.folios, id);
  const cutPage = whole.index + Math.floor(inside / PAGE_SIZE);
  const endPage = whole.index + Math.ceil(inside / PAGE_SIZE);
  const keep = (index: number, order: number): void => {
    if (index >= endPage) return;
    if (order > 0 && cutPage >= index && cutPage < index + (1 << order)) {
      keep(index, order - 1);
      keep(index + (1 << (order - 1)), order - 1);
      return;
    }
    const cells = st.load(d, id, (index - whole.index) * PAGE_SIZE, PAGE_SIZE << order);
    attach(d, inode, st.add(d, d.folios, { ...whole, index, order, cells, hasPrivate: false }));
  };
  detach(d, inode, id);
  keep(whole.index, whole.order);
}

function endTruncate(d: Draft, me: number, f: Frame): void {
  st.update(d.inodes, inodeOf(d, f), { rwsem: st.FREE });
  if (f.call.syscall === "open") d.fds.set(f.fd, f.held[0]!);
  st.finish(d, me, f.call.syscall === "open" ? f.fd : 0);
}

// The lines.

const takePos = (next: string): Line => ({
  when: (s, f) => st.get(s.files, f.held[0]!).posLock === st.FREE,
  run(d, me, f) {
    st.update(d.files, f.held[0]!, { posLock: me });
    st.goTo(d, me, next, { pos: st.get(d.files, f.held[0]!).pos });
  },
});

/** Stores the file position and drops its lock, for the calls that took it. */
function dropPos(d: Draft, me: number, f: Frame, pos: number): void {
  const file = f.held[0]!;
  if (st.get(d.files, file).posLock === me) st.update(d.files, file, { pos, posLock: st.FREE });
}

function endRead(d: Draft, me: number, f: Frame): void {
  dropPos(d, me, f, f.pos);
  st.goTo(d, me, "read 6", { batch: [] });
  st.finish(d, me, f.done, { cells: f.cells });
}

const writeDecision = (s: State): number =>
  st.decision(s, decide.DECIDE_WRITE_SHIFT, decide.DECIDE_WRITE_MASK);
const truncateDecision = (s: State): number =>
  st.decision(s, decide.DECIDE_TRUNCATE_SHIFT, decide.DECIDE_TRUNCATE_MASK);
const rwsemFree = (s: State, f: Frame): boolean =>
  st.get(s.inodes, inodeOf(s, f)).rwsem === st.FREE;
export const isUnlocked = (s: State, folio: number | undefined): boolean =>
  folio === undefined || st.get(s.folios, folio).lock === st.FREE;

export const FILE_LINES: Lines = {
  "lseek 2": {
    when: (s, f) => st.get(s.files, f.held[0]!).posLock === st.FREE,
    run(d, me, f) {
      const { inode, pos: from } = st.get(d.files, f.held[0]!);
      const base = [0, from, st.get(d.inodes, inode).sizeBytes][st.intOf(d, f.call.operands[2])]!;
      const to = BigInt(base) + st.longOf(d, f.call.operands[1]);
      if (to >= FAR_BYTES) d.unmodelled = "a file position far beyond 2^40";
      if (to < 0n || to >= FAR_BYTES) return st.fail(d, me, EINVAL);
      st.update(d.files, f.held[0]!, { pos: Number(to) });
      st.finish(d, me, Number(to));
    },
  },
  "read 2": takePos("read 3"),
  "read 3": {
    run(d, me, f) {
      const found = lookUp(d, f);
      if (found) st.goTo(d, me, "read 4", found);
      else endRead(d, me, f);
    },
  },
  "read 4": { run: (d, me) => st.goTo(d, me, "read 5") },
  "read 5": {
    run(d, me, f) {
      const { folio, offset, lenBytes } = itemAt(d, f)!;
      const cells = st.concat(f.cells, st.load(d, folio, offset, lenBytes));
      const [pos, rest, done] = [f.pos + lenBytes, f.rest - lenBytes, f.done + lenBytes];
      st.update(d.files, f.held[0]!, { previousPos: pos });
      const more = itemAt(d, { ...f, pos, rest }) !== undefined;
      st.goTo(d, me, more ? "read 4" : "read 6", { cells, pos, rest, done });
    },
  },
  "read 6": {
    run(d, me, f) {
      if (f.rest > 0 && f.pos < f.limit) st.goTo(d, me, "read 3", { batch: [] });
      else endRead(d, me, f);
    },
  },

  "write 2": takePos("write 3"),
  "write 3": {
    when: rwsemFree,
    run(d, me, f) {
      const file = st.get(d.files, f.held.at(-1)!);
      const limit = d.options.environment.fileSizeLimitBytes ?? Infinity;
      const pos = file.flags & O_APPEND ? st.get(d.inodes, file.inode).sizeBytes : f.pos;
      if (pos >= FAR_BYTES) d.unmodelled = "a write far beyond 2^40";
      if (pos < Math.min(limit, FAR_BYTES)) {
        st.update(d.inodes, file.inode, { rwsem: me });
        return st.goTo(d, me, "write 4a", { pos, rest: Math.min(f.rest, limit - pos) });
      }
      if (f.call.syscall === "splice") return st.goTo(d, me, "to file 5", { errno: EFBIG });
      dropPos(d, me, f, file.pos);
      st.fail(d, me, EFBIG);
    },
  },
  "write 4a": {
    when: (s, f) => {
      const { pages } = st.get(s.inodes, inodeOf(s, f));
      return isUnlocked(s, pages.get(Math.floor(f.pos / PAGE_SIZE)));
    },
    run(d, me, f) {
      const folio = folioFor(d, inodeOf(d, f), f.pos, f.rest);
      st.update(d.folios, folio, { lock: me });
      const decides = writeDecision(d) !== decide.WRITE_IN_PLACE;
      st.goTo(d, me, decides ? "write 4b" : "write 4c", { folio });
    },
  },
  "write 4b": {
    run(d, me, f) {
      const replaced = st.marked(d, f.folio);
      const folio = replaced ? replace(d, inodeOf(d, f), f.folio, me) : f.folio;
      st.goTo(d, me, "write 4c", { folio });
    },
  },
  "write 4c": {
    run(d, me, f) {
      const { offset, lenBytes } = spanIn(d, f.folio, f);
      const isSplice = f.call.syscall === "splice";
      const source = isSplice ? fromSlots(d, f, offset, lenBytes) : undefined;
      change(d, f.folio, offset, source ?? st.cut(d, f.cells, f.done, lenBytes));
      st.goTo(d, me, "write 4d");
    },
  },
  "write 4d": {
    run(d, me, f) {
      const { lenBytes } = spanIn(d, f.folio, f);
      const [pos, rest, done] = [f.pos + lenBytes, f.rest - lenBytes, f.done + lenBytes];
      const inode = inodeOf(d, f);
      const sizeBytes = Math.max(st.get(d.inodes, inode).sizeBytes, pos);
      st.update(d.inodes, inode, { sizeBytes });
      st.update(d.folios, f.folio, { lock: st.FREE });
      const end = f.call.syscall === "splice" ? "to file 4" : "write 5";
      st.goTo(d, me, rest > 0 ? "write 4a" : end, { pos, rest, done });
    },
  },
  "write 5": {
    run(d, me, f) {
      st.update(d.inodes, inodeOf(d, f), { rwsem: st.FREE });
      dropPos(d, me, f, f.pos);
      st.finish(d, me, f.done);
    },
  },

  "truncate 2": {
    when: rwsemFree,
    run(d, me, f) {
      const inode = inodeOf(d, f);
      const { sizeBytes } = st.get(d.inodes, inode);
      if (f.limit > FAR_BYTES) d.unmodelled = "a file longer than 2^40 bytes";
      const limit = Math.min(d.options.environment.fileSizeLimitBytes ?? Infinity, FAR_BYTES);
      if (f.limit > sizeBytes && f.limit > limit) return st.fail(d, me, EFBIG);
      st.update(d.inodes, inode, { sizeBytes: f.limit, rwsem: me });
      if (f.limit >= sizeBytes) endTruncate(d, me, f);
      else st.goTo(d, me, "truncate 3");
    },
  },
  "truncate 3": {
    when: (s, f) => isUnlocked(s, truncateNext(s, f)?.folio),
    run(d, me, f) {
      const next = truncateNext(d, f);
      if (!next) return endTruncate(d, me, f);
      if (next.inside === 0) return detach(d, inodeOf(d, f), next.folio);
      if (truncateDecision(d) !== decide.TRUNCATE_REPLACE || !st.marked(d, next.folio))
        return zeroTail(d, me, f, next.folio, next.inside);
      replace(d, inodeOf(d, f), next.folio, me);
      st.goTo(d, me, "truncate 4b");
    },
  },
  "truncate 4b": {
    run(d, me, f) {
      const { folio, inside } = truncateNext(d, f)!;
      zeroTail(d, me, f, folio, inside);
    },
  },
  "truncate 5": { run: endTruncate },
};
