// Files: looking folios up, reading, writing, truncating. The lines of docs/steps.md.
//
// Interface: FILE_LINES, FILE_GUARDS; lookUp, itemAt for splice; writeFolio for initial content.
// Not modelled: positions beyond 2^40 (`unmodelled`).

import * as policy from "../../assembly/abi/decisions.js";
import { EFBIG, EINVAL } from "../../assembly/abi/errno.js";
import { O_APPEND } from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import * as profile from "../../assembly/abi/switches.js";
import { FREE, ZERO_PAGE, add, consume, cut, concat, decision, fail, finish } from "./state.js";
import { get, goTo, holders, intOf, load, longOf, marked, newFolio, partOf } from "./state.js";
import { store, update } from "./state.js";
import type { Batch, Body, Draft, Frame, Guards, Inode, Lines, Span, State } from "./state.js";

const READAHEAD_PAGES = 32;
/** The largest piece of one write step, and the order of a folio for it. */
const CHUNK_BYTES = 2 ** 21;
const ORDER_MAX = 9;
const FAR_BYTES = 2 ** 40;

const hasSwitch = (s: State, bit: number): boolean => (s.options.switches & bit) !== 0;
/** The inode of the last operand: the only one, or what splice(pipe, file) writes to. */
const inodeId = (s: State, f: Frame): number => get(s.files, f.held.at(-1)).inode;
const inodeOf = (s: State, f: Frame): Inode => get(s.inodes, inodeId(s, f));
const pageOf = (bytes: number): number => Math.floor(bytes / PAGE_SIZE);
export const isUnlocked = (s: State, id: number | undefined): boolean =>
  id === undefined || get(s.folios, id).lock === FREE;

/** RLIMIT_FSIZE. */
const limitOf = ({ options }: State): number =>
  Math.min(options.environment.fileSizeLimitBytes ?? FAR_BYTES, FAR_BYTES);

/** The step has moved `n` bytes. */
export const moved = ({ pos, rest, done }: Frame, n: number) => ({
  ...{ pos: pos + n, rest: rest - n, done: done + n },
});

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

/** The line *batch*: up to 31 contiguous folios at the position, then i_size. Undefined at EOF. */
export function lookUp(d: Draft, f: Frame): { batch: Batch; limit: number } | undefined {
  const { inode: id, previousPos } = get(d.files, f.held[0]);
  const inode = get(d.inodes, id);
  if (f.pos >= inode.sizeBytes) return undefined;
  const [first, end] = [pageOf(f.pos), Math.ceil((f.pos + f.rest) / PAGE_SIZE)];
  const pages = new Map(inode.pages);
  if (hasSwitch(d, profile.SWITCH_HOLE_CACHED) && !pages.has(first)) {
    const window = readaheadWindow(inode, first, end - first, pageOf(previousPos));
    for (let page = first; page < first + window && page * PAGE_SIZE < inode.sizeBytes; page++)
      if (!pages.has(page)) pages.set(page, newFolio(d, 0, page));
    update(d.inodes, id, { pages });
  }
  const foliosMax = hasSwitch(d, profile.SWITCH_SPLICE_PER_FOLIO) ? 1 : 31;
  const batch: Batch[number][] = [];
  for (let page = first; page < end && pages.has(page) && batch.length < foliosMax;) {
    const { index, order } = get(d.folios, pages.get(page));
    batch.push({ folio: pages.get(page)!, atBytes: index * PAGE_SIZE });
    page = index + (1 << order);
  }
  if (batch.length === 0) batch.push({ folio: ZERO_PAGE, atBytes: first * PAGE_SIZE });
  return { batch, limit: inode.sizeBytes };
}

/** What the batch has at the position, as far as it is wanted and below the sampled i_size. */
export function itemAt(s: State, f: Frame): Span | undefined {
  const spans = f.batch.map(({ folio, atBytes }) => {
    const room = (PAGE_SIZE << get(s.folios, folio).order) + atBytes - f.pos;
    return { folio, offset: f.pos - atBytes, lenBytes: Math.min(room, f.rest, f.limit - f.pos) };
  });
  return spans.find(({ offset, lenBytes }) => offset >= 0 && lenBytes > 0);
}

// Changing the cache.

/** Takes a folio out of the cache; its holders keep it. */
function detach(d: Draft, inode: number, folio: number): Draft {
  const pages = [...get(d.inodes, inode).pages].filter(([, id]) => id !== folio);
  update(d.inodes, inode, { pages: new Map(pages) });
  update(d.folios, folio, { hasPrivate: false, lock: FREE });
  return d;
}

function attach(d: Draft, inode: number, folio: number): number {
  const { index, order } = get(d.folios, folio);
  const pages = new Map(get(d.inodes, inode).pages);
  for (let page = index; page < index + (1 << order); page++) pages.set(page, folio);
  update(d.inodes, inode, { pages });
  return folio;
}

/** *replace*: a copy takes the folio's place and state; the caller holds its lock. */
function replace(d: Draft, inode: number, folio: number, me: number): number {
  const copy = add(d, d.folios, { ...get(d.folios, folio), lock: me });
  detach(d, inode, folio);
  return attach(d, inode, copy);
}

/** The folio for a write step: the cached one, or a new one of the order of C-4. */
function folioFor(d: Draft, inode: number, { pos, rest }: Pick<Frame, "pos" | "rest">): number {
  const { pages } = get(d.inodes, inode);
  const index = pageOf(pos);
  const stepBytes = Math.min(rest, CHUNK_BYTES - (pos % CHUNK_BYTES));
  const isFree = (pagesNew: number): boolean =>
    [...pages.keys()].every((page) => page < index || page >= index + pagesNew);
  let order = hasSwitch(d, profile.SWITCH_LARGE_FOLIOS) ? ORDER_MAX : 0;
  while (order > 0 && (stepBytes < PAGE_SIZE << order || index % (1 << order))) order--;
  while (order > 0 && !isFree(1 << order)) order--;
  const folio = pages.get(index) ?? attach(d, inode, newFolio(d, order, index));
  if (hasSwitch(d, profile.SWITCH_PRIVATE_REF)) update(d.folios, folio, { hasPrivate: true });
  return folio;
}

/** Where a write step goes: to the end of the folio at most. */
function spanIn(s: State, folio: number, f: Pick<Frame, "pos" | "rest">): Span {
  const { index, order } = get(s.folios, folio);
  const offset = f.pos - index * PAGE_SIZE;
  return { folio, offset, lenBytes: Math.min(f.rest, (PAGE_SIZE << order) - offset) };
}

/** One step of a write at once, for initial content. Returns its length. */
export function writeFolio(d: Draft, inode: number, pos: number, cells: Uint8Array): number {
  const to = { pos, rest: cells.length * d.options.gridBytes };
  const { folio, offset, lenBytes } = spanIn(d, folioFor(d, inode, to), to);
  store(d, folio, offset, cut(d, cells, 0, lenBytes));
  update(d.folios, folio, { dirty: true });
  return lenBytes;
}

/** One step of splice(pipe, file): slot after slot is read as it is now, and stored. */
function copySlots(d: Draft, f: Frame, { folio, offset, lenBytes }: Span): void {
  let at = -f.done;
  for (const slot of get(d.pipes, get(d.files, f.held[0]).pipe).slots) {
    const from = Math.max(0, at);
    const len = Math.min(lenBytes, at + slot.lenBytes) - from;
    if (len > 0) {
      const part = partOf(d, slot, from - at, len);
      const distance = Math.abs(part.offset - (offset + from));
      if (slot.folio === folio && distance > 0 && distance < len)
        d.unmodelled = "a pipe is copied onto its own page at another offset";
      store(d, folio, offset + from, consume(d, part));
    }
    at += slot.lenBytes;
  }
}

// Truncating, to `limit`.

/** What comes next: a folio beyond the new end (`inside` 0), or the one that the end falls in. */
function truncateNext(s: State, f: Frame): { folio: number; inside: number } | undefined {
  const { pages } = inodeOf(s, f);
  const begins = [...pages].filter(([page, id]) => page === get(s.folios, id).index);
  const beyond = begins.filter(([page]) => page * PAGE_SIZE >= f.limit).sort(([a], [b]) => a - b);
  if (beyond[0]) return { folio: beyond[0][1], inside: 0 };
  const folio = pages.get(pageOf(f.limit));
  if (folio === undefined) return undefined;
  return { folio, inside: f.limit - get(s.folios, folio).index * PAGE_SIZE };
}

/** Makes single pages of a folio that nobody holds; those beyond the new end leave the cache. */
function split(d: Draft, inode: number, id: number, inside: number): void {
  const whole = get(d.folios, id);
  detach(d, inode, id);
  for (let offset = 0; offset < inside; offset += PAGE_SIZE) {
    const cells = cut(d, whole.cells, offset, PAGE_SIZE);
    const index = whole.index + pageOf(offset);
    attach(d, inode, add(d, d.folios, { ...whole, order: 0, index, cells, lock: FREE }));
  }
}

/** Zeroes from the new end. A large folio with dirty buffer heads stays whole (6.18, ext4; C-8). */
const zeroTail: Body = (d, me, f) => {
  const { folio, inside } = truncateNext(d, f)!;
  const { order, cells, hasPrivate } = get(d.folios, folio);
  store(d, folio, inside, new Uint8Array(cells.length - inside / d.options.gridBytes));
  update(d.folios, folio, { lock: FREE });
  if (order > 0 && !hasPrivate && holders(d, folio) === 0) split(d, inodeId(d, f), folio, inside);
  return goTo(d, me, "truncate 5");
};

const endTruncate: Body = (d, me, f) => {
  update(d.inodes, inodeId(d, f), { rwsem: FREE });
  if (f.call.syscall === "open") d.fds.set(f.fd, f.held[0]!);
  return finish(d, me, f.fd);
};

// The lines.

const takePos: Body = (d, me, f) => {
  update(d.files, f.held[0]!, { posLock: me });
  const { pos } = get(d.files, f.held[0]);
  return goTo(d, me, f.call.syscall === "read" ? "read 3" : "write 3", { pos });
};

/** Stores the file position and drops its lock, for a call that took it. */
function dropPos(d: Draft, me: number, f: Frame, pos: number): void {
  const isMine = get(d.files, f.held[0]).posLock === me;
  if (isMine) update(d.files, f.held[0]!, { pos, posLock: FREE });
}

const endRead: Body = (d, me, f) => {
  dropPos(d, me, f, f.pos);
  return finish(d, me, f.done, { cells: f.cells });
};

const posFree = (s: State, f: Frame): boolean => get(s.files, f.held[0]).posLock === FREE;
const rwsemFree = (s: State, f: Frame): boolean => inodeOf(s, f).rwsem === FREE;

export const FILE_GUARDS: Guards = {
  "lseek 2": posFree,
  "read 2": posFree,
  "write 2": posFree,
  "write 3": rwsemFree,
  "write 4a": (s, f) => isUnlocked(s, inodeOf(s, f).pages.get(pageOf(f.pos))),
  "truncate 2": rwsemFree,
  "truncate 3": (s, f) => isUnlocked(s, truncateNext(s, f)?.folio),
};

export const FILE_LINES: Lines = {
  "lseek 2"(d, me, f) {
    const bases = [0, get(d.files, f.held[0]).pos, inodeOf(d, f).sizeBytes];
    const base = bases[intOf(d, f.call.operands[2])]!;
    const pos = BigInt(base) + longOf(d, f.call.operands[1]);
    if (pos >= FAR_BYTES) d.unmodelled = "a file position beyond 2^40";
    if (pos < 0n || pos >= FAR_BYTES) return fail(d, me, EINVAL);
    update(d.files, f.held[0]!, { pos: Number(pos) });
    return finish(d, me, Number(pos));
  },

  "read 2": takePos,
  "read 3"(d, me, f) {
    const found = lookUp(d, f);
    return found ? goTo(d, me, "read 4", found) : endRead(d, me, f);
  },
  "read 4": (d, me) => goTo(d, me, "read 5"),
  "read 5"(d, me, f) {
    const span = itemAt(d, f)!;
    const next = { ...moved(f, span.lenBytes), cells: concat(f.cells, load(d, span)) };
    update(d.files, f.held[0]!, { previousPos: next.pos });
    return goTo(d, me, itemAt(d, { ...f, ...next }) ? "read 4" : "read 6", next);
  },
  "read 6": (d, me, f) =>
    f.rest > 0 && f.pos < f.limit ? goTo(d, me, "read 3", { batch: [] }) : endRead(d, me, f),

  "write 2": takePos,
  "write 3"(d, me, f) {
    const file = get(d.files, f.held.at(-1));
    const limit = limitOf(d);
    const pos = file.flags & O_APPEND ? inodeOf(d, f).sizeBytes : f.pos;
    if (pos >= FAR_BYTES) d.unmodelled = "a write beyond 2^40";
    if (pos < limit) {
      update(d.inodes, file.inode, { rwsem: me });
      return goTo(d, me, "write 4a", { pos, rest: Math.min(f.rest, limit - pos) });
    }
    if (f.call.syscall === "splice") return goTo(d, me, "to file 5", { errno: EFBIG });
    dropPos(d, me, f, file.pos);
    return fail(d, me, EFBIG);
  },
  "write 4a"(d, me, f) {
    const folio = folioFor(d, inodeId(d, f), f);
    update(d.folios, folio, { lock: me });
    const decides = decision(d, policy.DECIDE_WRITE_SHIFT, policy.DECIDE_WRITE_MASK);
    return goTo(d, me, decides === policy.WRITE_IN_PLACE ? "write 4c" : "write 4b", { folio });
  },
  "write 4b"(d, me, f) {
    const folio = marked(d, f.folio) ? replace(d, inodeId(d, f), f.folio, me) : f.folio;
    return goTo(d, me, "write 4c", { folio });
  },
  "write 4c"(d, me, f) {
    const span = spanIn(d, f.folio, f);
    if (f.call.syscall === "splice") copySlots(d, f, span);
    else store(d, f.folio, span.offset, cut(d, f.cells, f.done, span.lenBytes));
    update(d.folios, f.folio, { dirty: true });
    return goTo(d, me, "write 4d");
  },
  "write 4d"(d, me, f) {
    const next = moved(f, spanIn(d, f.folio, f).lenBytes);
    const sizeBytes = Math.max(inodeOf(d, f).sizeBytes, next.pos);
    update(d.inodes, inodeId(d, f), { sizeBytes });
    update(d.folios, f.folio, { lock: FREE });
    const end = f.call.syscall === "splice" ? "to file 4" : "write 5";
    return goTo(d, me, next.rest > 0 ? "write 4a" : end, next);
  },
  "write 5"(d, me, f) {
    update(d.inodes, inodeId(d, f), { rwsem: FREE });
    dropPos(d, me, f, f.pos);
    return finish(d, me, f.done);
  },

  "truncate 2"(d, me, f) {
    const { sizeBytes } = inodeOf(d, f);
    const limit = limitOf(d);
    if (f.limit > FAR_BYTES) d.unmodelled = "a file longer than 2^40 bytes";
    if (f.limit > sizeBytes && f.limit > limit) return fail(d, me, EFBIG);
    update(d.inodes, inodeId(d, f), { sizeBytes: f.limit, rwsem: me });
    return f.limit < sizeBytes ? goTo(d, me, "truncate 3") : endTruncate(d, me, f);
  },
  "truncate 3"(d, me, f) {
    const next = truncateNext(d, f);
    if (!next) return endTruncate(d, me, f);
    if (next.inside === 0) return detach(d, inodeId(d, f), next.folio);
    const decides = decision(d, policy.DECIDE_TRUNCATE_SHIFT, policy.DECIDE_TRUNCATE_MASK);
    if (decides === policy.TRUNCATE_ZERO || !marked(d, next.folio)) return zeroTail(d, me, f);
    replace(d, inodeId(d, f), next.folio, me);
    return goTo(d, me, "truncate 4b");
  },
  "truncate 4b": zeroTail,
  "truncate 5": endTruncate,
};
