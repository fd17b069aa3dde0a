// Files: looking folios up, reading, writing, truncating. The lines of docs/steps.md.
//
// Not modelled: positions from 2^40 on; large folios without buffer heads (a profile has both).

import * as policy from "../../assembly/abi/decisions.js";
import { EFBIG, EINVAL } from "../../assembly/abi/errno.js";
import { O_APPEND } from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import * as profile from "../../assembly/abi/switches.js";
import { concat, consume, decides, error, first, int, last, load, long, marked } from "./state.js";
import { move, newFolio, pageOf, partOf, spanIn } from "./state.js";
import type { Body, Folio, Frame, Inode, Lines, Result, Span, World } from "./state.js";

const READAHEAD_PAGES = 32;
const FAR_BYTES = 2 ** 40;
/** The largest piece of one write step. */
const CHUNK_BYTES = 2 ** 21;

const hasSwitch = (s: World, bit: number): boolean => (s.options.switches & bit) !== 0;
/** The inode of the only file, or the one that splice(pipe, file) writes to. */
const inodeOf = (f: Frame): Inode => last(f).inode!;
/** RLIMIT_FSIZE. */
const limitOf = ({ options }: World): number => options.environment.fileSizeLimitBytes ?? FAR_BYTES;

type Pages = Inode["pages"];
/** The window of a readahead miss, in pages. Mirrors: mm/readahead.c:page_cache_sync_ra(). */
function readaheadWindow(pages: Pages, miss: number, asked: number, previous: number): number {
  if (miss === 0 || asked > READAHEAD_PAGES || miss === previous || miss === previous + 1)
    return asked === 1 ? 4 : Math.min(2 * 2 ** Math.ceil(Math.log2(asked)), READAHEAD_PAGES);
  let before = 0;
  while (before < READAHEAD_PAGES && pages.has(miss - 1 - before)) before++;
  if (before <= asked) return asked;
  return Math.min((before === miss ? 2 * before : before) + asked, READAHEAD_PAGES);
}

/** The line *batch*: up to 31 contiguous folios at the position, then i_size. False at EOF. */
export function lookUp(f: Frame, s: World): boolean {
  const { inode, previousPos } = first(f);
  const { pages, size } = inode!;
  const [begin, end] = [pageOf(f.pos), pageOf(f.pos + f.rest - 1) + 1];
  if (f.pos >= size) return false;
  if (hasSwitch(s, profile.SWITCH_HOLE_CACHED) && !pages.has(begin)) {
    const window = readaheadWindow(pages, begin, end - begin, pageOf(previousPos));
    for (let page = begin; page < begin + window && page * PAGE_SIZE < size; page++)
      if (!pages.has(page)) pages.set(page, newFolio(page));
  }
  const most = hasSwitch(s, profile.SWITCH_SPLICE_PER_FOLIO) ? 1 : 31;
  const found = new Set<Folio>();
  for (let page = begin; page < end && pages.has(page); page++) found.add(pages.get(page)!);
  f.batch = found.size > 0 ? [...found].slice(0, most) : [newFolio(begin)];
  f.limit = size;
  return true;
}

/** What the batch has at the position, as far as it is wanted and below the sampled i_size. */
export const itemAt = (f: Frame): Span | undefined =>
  f.batch
    .map((folio) => spanIn(folio, f.pos, Math.min(f.rest, f.limit - f.pos)))
    .find(({ offset, len }) => offset >= 0 && len > 0);

/** Takes a folio out of the cache; its holders keep it. */
function detach({ pages }: Inode, folio: Folio): void {
  for (const [page, cached] of pages) if (cached === folio) pages.delete(page);
  folio.locked = false;
}

function attach({ pages }: Inode, folio: Folio): Folio {
  for (let i = 0; i < pageOf(folio.bytes.length); i++) pages.set(folio.index + i, folio);
  return folio;
}

/** *replace*: a locked copy takes the folio's place and content. */
function replace(inode: Inode, folio: Folio): Folio {
  detach(inode, folio);
  return attach(inode, { ...folio, bytes: folio.bytes.slice(), locked: true });
}

/** The folio for a write step: the cached one, or a new one of the order of C-4. */
function folioFor(s: World, inode: Inode, pos: number, rest: number): Folio {
  const [{ pages }, index] = [inode, pageOf(pos)];
  const room = Math.min(rest, CHUNK_BYTES - (pos % CHUNK_BYTES));
  const isFree = (n: number) =>
    ![...pages.keys()].some((page) => page >= index && page < index + n);
  let n = hasSwitch(s, profile.SWITCH_LARGE_FOLIOS) ? pageOf(CHUNK_BYTES) : 1;
  while (n > 1 && (room < PAGE_SIZE * n || index % n !== 0 || !isFree(n))) n /= 2;
  return pages.get(index) ?? attach(inode, newFolio(index, new Uint8Array(n * PAGE_SIZE)));
}

/** One step of a write at once, for initial content. Returns its length. */
export function writeOnce(s: World, inode: Inode, pos: number, bytes: Uint8Array): number {
  const { folio, offset, len } = spanIn(folioFor(s, inode, pos, bytes.length), pos, bytes.length);
  folio.bytes.set(bytes.subarray(0, len), offset);
  return len;
}

/** One step of splice(pipe, file): slot after slot is read as it is now, and stored. */
function copySlots(f: Frame, s: World, { folio, offset, len }: Span): void {
  let at = -f.done;
  for (const slot of first(f).pipe!.slots) {
    const from = Math.max(0, at);
    const n = Math.min(len, at + slot.len) - from;
    const part = partOf(slot, from - at, n);
    const distance = Math.abs(part.offset - (offset + from));
    if (n > 0 && slot.folio === folio && distance > 0 && distance < n)
      s.unmodelled = "a pipe is copied onto its own page at another offset";
    if (n > 0) folio.bytes.set(consume(s, part), offset + from);
    at += slot.len;
  }
}

/** What truncate does next: a folio beyond the new end, or the one that the end falls in. */
export function truncateNext(f: Frame): Folio | undefined {
  const { pages } = inodeOf(f);
  const beyond = [...pages.values()].filter(({ index }) => index * PAGE_SIZE >= f.limit);
  return beyond.sort((a, b) => a.index - b.index)[0] ?? pages.get(pageOf(f.limit));
}

/** Zeroes from the new end. A large folio with dirty buffer heads stays whole (6.18, ext4; C-8). */
const zeroTail: Body = (f) => {
  const folio = truncateNext(f)!;
  folio.bytes.fill(0, f.limit - folio.index * PAGE_SIZE);
  folio.locked = false;
  return "truncate 5";
};

const endTruncate: Body = (f, s) => {
  inodeOf(f).locked = false;
  if (f.name === "open") s.fds.set(f.fd, first(f));
  return { ret: f.fd };
};

/** Takes the f_pos lock. */
const takePos: Body = (f) => {
  first(f).locked = true;
  return { line: `${f.name} 3`, pos: first(f).pos };
};

/** Ends a read or write; one that took the f_pos lock stores the position and drops it. */
function endTransfer(f: Frame, result: Result, pos = f.pos): Result {
  if (f.name === "read" || f.name === "write") Object.assign(first(f), { pos, locked: false });
  return result;
}
const endRead: Body = (f) => endTransfer(f, { ret: f.done, bytes: f.bytes });

export const FILE_LINES: Lines = {
  "lseek 2"(f, s) {
    const base = [0, first(f).pos, inodeOf(f).size][int(f, 2)]!;
    const pos = BigInt(base) + long(f, 1);
    if (pos >= FAR_BYTES) s.unmodelled = "a file position of 2^40 or more";
    if (pos >= 0n) first(f).pos = Number(pos);
    return pos < 0n ? error(EINVAL) : { ret: Number(pos) };
  },

  "read 2": takePos,
  "read 3": (f, s) => (lookUp(f, s) ? "read 4" : endRead(f, s)),
  "read 4": () => "read 5",
  "read 5"(f) {
    const span = itemAt(f)!;
    f.bytes = concat(f.bytes, load(span));
    move(f, span.len);
    first(f).previousPos = f.pos;
    return itemAt(f) ? "read 4" : "read 6";
  },
  "read 6": (f, s) => (f.rest > 0 && f.pos < f.limit ? "read 3" : endRead(f, s)),

  "write 2": takePos,
  "write 3"(f, s) {
    const pos = last(f).flags & O_APPEND ? inodeOf(f).size : f.pos;
    if (pos >= FAR_BYTES) s.unmodelled = "a write at 2^40 or more";
    if (pos < limitOf(s)) {
      inodeOf(f).locked = true;
      return { line: "write 4a", pos, rest: Math.min(f.rest, limitOf(s) - pos) };
    }
    if (f.name === "splice") return { line: "to file 5", result: error(EFBIG) };
    return endTransfer(f, error(EFBIG), first(f).pos);
  },
  "write 4a"(f, s) {
    const folio = folioFor(s, inodeOf(f), f.pos, f.rest);
    folio.locked = true;
    const inPlace = decides(s, "WRITE") === policy.WRITE_IN_PLACE;
    return { line: inPlace ? "write 4c" : "write 4b", folio };
  },
  "write 4b"(f, s) {
    if (marked(s, f.folio!)) f.folio = replace(inodeOf(f), f.folio!);
    return "write 4c";
  },
  "write 4c"(f, s) {
    const span = spanIn(f.folio!, f.pos, f.rest);
    if (f.name === "splice") copySlots(f, s, span);
    else f.folio!.bytes.set(f.bytes.subarray(f.done, f.done + span.len), span.offset);
    return "write 4d";
  },
  "write 4d"(f) {
    move(f, spanIn(f.folio!, f.pos, f.rest).len);
    inodeOf(f).size = Math.max(inodeOf(f).size, f.pos);
    f.folio!.locked = false;
    return f.rest > 0 ? "write 4a" : f.name === "splice" ? "to file 4" : "write 5";
  },
  "write 5"(f) {
    inodeOf(f).locked = false;
    return endTransfer(f, { ret: f.done });
  },

  "truncate 2"(f, s) {
    const inode = inodeOf(f);
    if (f.limit > FAR_BYTES) s.unmodelled = "a file longer than 2^40 bytes";
    if (f.limit > inode.size && f.limit > limitOf(s)) return error(EFBIG);
    inode.locked = f.limit < inode.size;
    inode.size = f.limit;
    return inode.locked ? "truncate 3" : endTruncate(f, s);
  },
  "truncate 3"(f, s) {
    const folio = truncateNext(f);
    if (!folio) return endTruncate(f, s);
    const isBeyond = folio.index * PAGE_SIZE >= f.limit;
    const replaces = decides(s, "TRUNCATE") === policy.TRUNCATE_REPLACE && marked(s, folio);
    if (!isBeyond && !replaces) return zeroTail(f, s);
    if (isBeyond) detach(inodeOf(f), folio);
    else replace(inodeOf(f), folio);
    return isBeyond ? "truncate 3" : "truncate 4b";
  },
  "truncate 4b": zeroTail,
  "truncate 5": endTruncate,
};
