// The reference model's state, and the lines of docs/steps.md for files.
//
// Law: a State is never changed. A step copies it whole and changes the copy, its World; there, what
// is shared (a folio by cache and slots, a pipe by its ends) is one value that all refer to.
// Not modelled: positions from 2^40 on; large folios without buffer heads (a profile has both).

import * as policy from "../../assembly/abi/decisions.js";
import { EFBIG, EINVAL } from "../../assembly/abi/errno.js";
import { O_APPEND, POLLERR, POLLHUP } from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import { FD_FIRST } from "../../assembly/abi/program.js";
import * as profile from "../../assembly/abi/switches.js";
import type { CallId, Program } from "../../src/language/program.js";
import type { SyscallName } from "../../src/language/syscalls.js";
import type { Environment } from "../../src/trace/environment.js";
/** Profile, policy and machine of a run. The model works byte by byte: grids do not matter. */
type Words = { readonly switches: number; readonly decisions: number };
export type Options = Words & { readonly gridBytes: number; readonly environment: Environment };
/** Folio lock, i_rwsem, pipe mutex or f_pos lock. */
export type Lock = { locked: boolean };
/** A folio that begins at page `index` of a file; a page of a pipe is one too. */
export type Folio = Lock & { readonly index: number; readonly bytes: Uint8Array };
export type Inode = Lock & { size: number; readonly pages: Map<number, Folio> };
/** Bytes of a folio; `offset` counts from its begin. */
export type Span = { readonly folio: Folio; readonly offset: number; readonly len: number };
/** A slot; `expected`: the bytes it held when it took its reference (P1). */
export type Slot = Span & { readonly flags: number; readonly expected: Uint8Array };
type Queues = { readonly rdWait: Frame[]; readonly wrWait: Frame[] };
type Ring = { readonly slots: Slot[]; capacity: number };
export type Pipe = Lock & Queues & Ring & { polled: boolean };
/** An open file description, of an inode or a pipe; `previousPos` is for readahead. */
type Position = { pos: number; previousPos: number };
export type File = Lock & Position & { inode?: Inode; pipe?: Pipe; readonly flags: number };
/** What a call gave; `bytes` are the data read. */
type Stored = { out?: number; bytes?: Uint8Array; sigpipe?: boolean };
export type Result = Readonly<Stored & { ret: number; errno?: number }>;
/** A call, its operands as numbers: data by their length, NULL undefined. */
type Args = readonly (bigint | undefined)[];
type Called = { readonly id: CallId; readonly name: SyscallName; readonly args: Args };
/** Position, bytes still wanted and done; what a write was given, or a read has taken. */
type Progress = { pos: number; rest: number; done: number; bytes: Uint8Array };
/** Folios looked up, and i_size then; or the length to truncate to. The folio of a write step. */
type Lookup = { batch: Folio[]; limit: number; folio?: Folio };
/** Where it sleeps or slept, and the line that follows. */
type Wait = { pipe: Pipe; queue: keyof Queues; exclusive: boolean; then: string };
/** `freed`: a slot was freed; `fd`: open() has reserved it; `flags`: of splice, tee and poll. */
type Others = { wait?: Wait; slept: boolean; freed: boolean; fd: number; flags: number };
/** `held`: the descriptions in use, fd_in first; `result`: given, but other lines come first. */
type Locals = Progress & Lookup & Others & { held: File[]; result?: Result };
/** A call that runs, and the line of docs/steps.md before which it stands. */
export type Frame = Called & Locals & { line: string };
type Inputs = { readonly program: Program; readonly options: Options };
/** Descriptors (undefined: only reserved), names, results, and calls returned and running. */
type Tables = { fds: Map<number, File | undefined>; names: Map<number, Inode> };
type Calls = { results: Map<CallId, Result>; tasks: { returned: number; frame?: Frame }[] };
/** One moment of a run, in the making. `broken`: a consumer got other bytes than its slot held at
 *  first (P1); `unmodelled`: why the run has left the model. */
export type World = Inputs & Tables & Calls & { broken: boolean; unmodelled?: string };
/** What a step ends with: the next line, also with changed locals, or what the call gives. */
export type Next = string | (Partial<Locals> & { line: string }) | Result;
export type Body = (f: Frame, s: World) => Next;
export type Lines = Readonly<Record<string, Body>>;
export const error = (errno: number, sigpipe = false): Result => ({ ret: -1, errno, sigpipe });
/** The first description that a call uses, and the last; the only one is both. */
export const first = ({ held }: Frame): File => held[0]!;
export const last = ({ held }: Frame): File => held[held.length - 1]!;
/** Argument `i` as a C int, and as a signed 64-bit number. */
export const int = (f: Frame, i: number): number => Number(BigInt.asIntN(32, f.args[i] ?? 0n));
export const long = (f: Frame, i: number): bigint => BigInt.asIntN(64, f.args[i] ?? 0n);
export const newFile = (flags: number, target: { inode: Inode } | { pipe: Pipe }): File => ({
  ...{ flags, pos: 0, previousPos: -1, locked: false, ...target },
});
/** Gives a description, or a reservation, the lowest free descriptor. */
export function install(s: World, file?: File): number {
  let fd = FD_FIRST;
  while (s.fds.has(fd)) fd++;
  s.fds.set(fd, file);
  return fd;
}
export const canRead = ({ flags }: File): boolean => ((flags + 1) & 1) !== 0;
export const canWrite = ({ flags }: File): boolean => ((flags + 1) & 2) !== 0;
export const frames = (s: World): Frame[] => s.tasks.flatMap(({ frame }) => frame ?? []);
/** Every description that a descriptor or a call refers to. */
export const openFiles = (s: World): Set<File | undefined> =>
  new Set([...s.fds.values(), ...frames(s).flatMap(({ held }) => held)]);
const isOpen = (s: World, pipe: Pipe, can: (file: File) => boolean): boolean =>
  [...openFiles(s)].some((file) => file?.pipe === pipe && can(file));
export const hasReaders = (s: World, pipe: Pipe): boolean => isOpen(s, pipe, canRead);
export const hasWriters = (s: World, pipe: Pipe): boolean => isOpen(s, pipe, canWrite);
export const decides = (s: World, on: "SPLICE" | "MARK" | "LOCK" | "WRITE" | "TRUNCATE"): number =>
  (s.options.decisions >> policy[`DECIDE_${on}_SHIFT`]) & policy[`DECIDE_${on}_MASK`];
/** The policy's flag: a slot, or a splice in flight, refers to the folio. */
export const marked = (s: World, folio: Folio): boolean =>
  decides(s, "MARK") === policy.MARK_COUNT &&
  ([...openFiles(s)].some((file) => file?.pipe?.slots.some((slot) => slot.folio === folio)) ||
    frames(s).some((f) => f.name === "splice" && f.batch.includes(folio)));
export const newFolio = (index: number, pages = 1): Folio => ({
  ...{ index, bytes: new Uint8Array(pages * PAGE_SIZE), locked: false },
});
export const pageOf = (bytes: number): number => Math.floor(bytes / PAGE_SIZE);
export const load = ({ folio: { bytes }, offset, len }: Span) => bytes.slice(offset, offset + len);
export const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
/** What a folio has at a position of the file, at most so many bytes. */
export function spanIn(folio: Folio, pos: number, most: number): Span {
  const offset = pos - folio.index * PAGE_SIZE;
  return { folio, offset, len: Math.min(most, folio.bytes.length - offset) };
}
/** The slot from `at` on, for `len` bytes. */
export const partOf = (slot: Slot, at: number, len = slot.len - at): Slot => ({
  ...{ ...slot, offset: slot.offset + at, len, expected: slot.expected.slice(at, at + len) },
});
/** The bytes of a slot as they are now, checked against its snapshot. */
export function consume(s: World, slot: Slot): Uint8Array {
  s.broken ||= load(slot).some((byte, i) => byte !== slot.expected[i]);
  return load(slot);
}
/** A step has moved `n` bytes. */
export const move = (f: Frame, n: number): Frame =>
  Object.assign(f, { pos: f.pos + n, rest: f.rest - n, done: f.done + n });
/** Wakes *one*: every non-exclusive waiter and the first exclusive one leave the queue; with events not who polls for others. */
export function wake(queue: Frame[], events = ~0): void {
  const others = queue.filter((f) => f.name === "poll" && (events & pollWants(f)) === 0);
  const exclusive = queue.filter((f) => f.wait?.exclusive);
  queue.splice(0, queue.length, ...others, ...exclusive.slice(1));
}
/** The events that poll() waits for. */
export const pollWants = ({ flags }: Frame): number => flags | POLLERR | POLLHUP;
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
export function folioFor(s: World, inode: Inode, pos: number, rest: number): Folio {
  const [{ pages }, index] = [inode, pageOf(pos)];
  const room = Math.min(rest, CHUNK_BYTES - (pos % CHUNK_BYTES));
  const next = Math.min(...[...pages.keys()].filter((page) => page >= index));
  let n = hasSwitch(s, profile.SWITCH_LARGE_FOLIOS) ? pageOf(CHUNK_BYTES) : 1;
  while (n > 1 && (room < PAGE_SIZE * n || index % n !== 0 || next < index + n)) n /= 2;
  return pages.get(index) ?? attach(inode, newFolio(index, n));
}
/** One step of splice(pipe, file): slot after slot is read as it is now, and stored. */
function copySlots(f: Frame, s: World, { folio, offset, len }: Span): void {
  let at = -f.done;
  for (const slot of first(f).pipe!.slots) {
    const from = Math.max(0, at);
    const n = Math.min(len, at + slot.len) - from;
    const part = partOf(slot, from - at, Math.max(0, n));
    const distance = Math.abs(part.offset - (offset + from));
    if (slot.folio === folio && distance > 0 && distance < n)
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
    first(f).previousPos = move(f, span.len).pos;
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
    const reaches = f.limit === inode.size && inode.pages.has(Math.ceil(f.limit / PAGE_SIZE));
    Object.assign(inode, { size: f.limit, locked: f.limit < inode.size || reaches });
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
