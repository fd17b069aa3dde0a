// The lines of docs/steps.md for pipes. Not modelled: the user's soft limit of pages.

import * as policy from "../../assembly/abi/decisions.js";
import { EAGAIN, EBUSY, EINVAL, ENOMEM, EPERM, EPIPE } from "../../assembly/abi/errno.js";
import * as abi from "../../assembly/abi/fcntl.js";
import * as pipe from "../../assembly/abi/pipe.js";
import {
  canRead,
  concat,
  consume,
  decides,
  error,
  first,
  hasReaders,
  int,
  partOf,
} from "./files.js";
import { hasWriters, itemAt, last, load, long, lookUp, move, newFolio, wake } from "./files.js";
import type { Body, File, Frame, Lines, Next, Pipe, Slot, World } from "./files.js";
const { PAGE_SIZE, PIPE_BUF_FLAG_CAN_MERGE, PIPE_BUF_FLAG_PACKET } = pipe;
export const isFull = ({ slots, capacity }: Pipe): boolean => slots.length >= capacity;
export const isEmpty = ({ slots }: Pipe): boolean => slots.length === 0;
const bytesIn = ({ slots }: Pipe): number => slots.reduce((n, { len }) => n + len, 0);
const input = (f: Frame): Pipe => first(f).pipe!;
const output = (f: Frame): Pipe => last(f).pipe!;
const isAtEnd = (f: Frame, s: World): boolean => isEmpty(input(f)) && !hasWriters(s, input(f));
/** The most slots that the user may ask for; the slots of so many bytes: a power of two. */
export const slotsMax = ({ options: { environment: of } }: World): number =>
  of.capSysResource ? Infinity : of.pipeMaxSizeBytes / PAGE_SIZE;
export const slotsFor = (bytes: number): number =>
  Math.max(1, 2 ** Math.ceil(Math.log2(bytes / PAGE_SIZE)));
/** What poll() says about a description, of the events asked for (A.5). */
export function pollEvents(s: World, file: File, events: number): number {
  const [read, write] = [abi.POLLIN | abi.POLLRDNORM, abi.POLLOUT | abi.POLLWRNORM];
  if (!file.pipe) return (read | write) & events;
  const revents = canRead(file)
    ? (isEmpty(file.pipe) ? 0 : read) | (hasWriters(s, file.pipe) ? 0 : abi.POLLHUP)
    : (isFull(file.pipe) ? 0 : write) | (hasReaders(s, file.pipe) ? 0 : abi.POLLERR);
  return revents & (events | abi.POLLERR | abi.POLLHUP);
}
/** A slot with a page of the pipe's own. */
function ownPage(offset: number, flags: number, expected: Uint8Array): Slot {
  const folio = newFolio(0);
  folio.bytes.set(expected, offset);
  return { folio, offset, len: expected.length, flags, expected };
}
/** W4 and W5: merges and fills slots until done or full. */
function fill(f: Frame): void {
  const { slots } = output(f);
  const newest = slots[slots.length - 1];
  const end = newest ? newest.offset + newest.len : PAGE_SIZE;
  const bytes = f.bytes.slice(0, f.rest % PAGE_SIZE);
  const fits = bytes.length > 0 && end + bytes.length <= PAGE_SIZE;
  if (newest && fits && newest.flags & PIPE_BUF_FLAG_CAN_MERGE && !f.slept) {
    newest.folio.bytes.set(bytes, end);
    const expected = concat(newest.expected, bytes);
    slots.splice(-1, 1, { ...newest, len: expected.length, expected });
    move(f, bytes.length);
  }
  const flags = first(f).flags & abi.O_DIRECT ? PIPE_BUF_FLAG_PACKET : PIPE_BUF_FLAG_CAN_MERGE;
  while (f.rest > 0 && !isFull(output(f))) {
    const expected = f.bytes.slice(f.done, f.done + Math.min(PAGE_SIZE, f.rest));
    slots.push(ownPage(0, flags, expected));
    move(f, expected.length);
  }
}
/** Drops the first bytes of a ring. Returns whether a slot was released. */
function takeOut({ slots }: Pipe, len: number): boolean {
  const before = slots.length;
  let rest = len;
  while (slots[0] && rest >= slots[0].len) rest -= slots.shift()!.len;
  if (rest > 0) slots[0] = partOf(slots[0]!, rest);
  return slots.length < before;
}
/** Passes slots to another pipe: B.4 moves and splits them, B.5 shares them. */
function pass(f: Frame): void {
  for (const slot of input(f).slots) {
    if (f.rest === 0 || isFull(output(f))) break;
    const part = partOf(slot, 0, Math.min(slot.len, f.rest));
    const isMoved = part.len === slot.len && f.name !== "tee";
    const flags = isMoved ? slot.flags : slot.flags & PIPE_BUF_FLAG_PACKET;
    output(f).slots.push({ ...part, flags });
    move(f, part.len);
  }
}
/** Whether a call must not wait: by its own flag, or O_NONBLOCK on one of these. */
const nonblock = (f: Frame, files: readonly File[]): boolean =>
  (f.flags & pipe.SPLICE_F_NONBLOCK) !== 0 || files.some(({ flags }) => flags & abi.O_NONBLOCK);
/** EAGAIN, or sleeps until the condition holds and then runs this line again. */
function sleep(f: Frame, p: Pipe, queue: "rdWait" | "wrWait", files = f.held): Next {
  const exclusive = f.name === "read" || f.name === "write";
  const wait = { pipe: p, queue, exclusive, then: f.line };
  return nonblock(f, files) ? error(EAGAIN) : { line: "sleep", wait };
}
const waitForRoom = (f: Frame, s: World, files = f.held): Next =>
  hasReaders(s, output(f)) ? sleep(f, output(f), "wrWait", files) : error(EPIPE, true);
/** Ends splice with a file: the offset goes to the pointer, or to f_pos without a lock. */
function endSplice(f: Frame, file: 0 | 1): Next {
  if (f.args[2 * file + 1] !== undefined) return { ret: f.done, out: f.pos };
  f.held[file]!.pos = f.pos;
  return { ret: f.done };
}
/** Where it fails f_pos is stored all the same, but nothing through a pointer. */
function failSplice(f: Frame, file: 0 | 1, next: Next): Next {
  const ends = typeof next === "object" && "ret" in next;
  if (ends && f.args[2 * file + 1] === undefined) f.held[file]!.pos = f.pos;
  return next;
}
const endToPipe: Body = (f) => {
  output(f).locked = false;
  if (f.done > 0) wake(output(f).rdWait);
  return endSplice(f, 0);
};
export const PIPE_LINES: Lines = {
  sleep(f, s) {
    const { pipe: p, queue, then } = f.wait!;
    const readable = !isEmpty(p) || !hasWriters(s, p);
    const writable = !isFull(p) || !hasReaders(s, p);
    f.slept = queue === "rdWait" ? readable : writable;
    if (!f.slept) p[queue].push(f);
    return f.slept ? then : "sleep";
  },
  "poll 2"(f, s) {
    const file = f.slept ? s.fds.get(int(f, 0)) : first(f);
    if (!file) return { ret: 1, out: abi.POLLNVAL };
    if (file.pipe) file.pipe.polled = true;
    const out = pollEvents(s, file, f.flags);
    if (out) return { ret: 1, out };
    f.slept = true;
    const queue = canRead(first(f)) ? "rdWait" : "wrWait";
    input(f)[queue].push(f);
    return { line: "poll 2", wait: { pipe: input(f), queue, exclusive: false, then: "" } };
  },
  "fcntl 2"(f, s) {
    const p = input(f);
    if (int(f, 1) === abi.F_GETPIPE_SZ) return { ret: p.capacity * PAGE_SIZE };
    const bytes = Number(BigInt.asUintN(32, long(f, 2)));
    const slots = slotsFor(bytes);
    if (bytes > 2 ** 31) return error(EINVAL);
    if (slots > p.capacity && slots > slotsMax(s)) return error(EPERM);
    if (p.slots.length > slots) return error(EBUSY);
    if (slots >= 131072) return error(ENOMEM);
    p.capacity = slots;
    wake(p.wrWait);
    return { ret: slots * PAGE_SIZE };
  },
  "ioctl 2": (f) => ({ ret: 0, out: bytesIn(input(f)) }),
  "pipe read 2"(f, s) {
    if (isAtEnd(f, s)) return { ret: 0 };
    if (isEmpty(input(f))) return sleep(f, input(f), "rdWait");
    input(f).locked = true;
    return "pipe read 4";
  },
  "pipe read 4": () => "pipe read 5",
  "pipe read 5"(f, s) {
    const slot = input(f).slots[0]!;
    f.bytes = concat(f.bytes, consume(s, partOf(slot, 0, Math.min(slot.len, f.rest))));
    return "pipe read 6";
  },
  "pipe read 6"(f) {
    const [p, { len, flags }] = [input(f), input(f).slots[0]!];
    const [isPacket, wasFull] = [(flags & PIPE_BUF_FLAG_PACKET) !== 0, isFull(p)];
    const released = takeOut(p, isPacket ? len : Math.min(len, f.rest));
    move(f, Math.min(len, f.rest));
    f.freed ||= released && wasFull;
    if (f.rest > 0 && !isPacket && !isEmpty(p)) return "pipe read 4";
    p.locked = false;
    if (f.freed) wake(p.wrWait, abi.POLLOUT | abi.POLLWRNORM);
    if (f.slept && !isEmpty(p)) wake(p.rdWait, abi.POLLIN | abi.POLLRDNORM);
    return { ret: f.done, bytes: f.bytes };
  },
  "pipe write 2"(f, s) {
    const p = output(f);
    const [wasEmpty, isRead] = [isEmpty(p), hasReaders(s, p)];
    if (isRead) fill(f);
    const ends = f.rest === 0 || !isRead || nonblock(f, f.held);
    if (wasEmpty || (ends && p.polled)) wake(p.rdWait, abi.POLLIN | abi.POLLRDNORM);
    if (ends && f.slept && !isFull(p)) wake(p.wrWait, abi.POLLOUT | abi.POLLWRNORM);
    if (ends && f.done > 0) return { ret: f.done, sigpipe: !isRead };
    return waitForRoom(f, s);
  },
  "to pipe 2"(f, s) {
    const { slots, capacity } = output(f);
    if (isFull(output(f)) || !hasReaders(s, output(f)))
      return failSplice(f, 0, waitForRoom(f, s, [last(f)]));
    output(f).locked = true;
    return { line: "to pipe 4", rest: Math.min(f.rest, (capacity - slots.length) * PAGE_SIZE) };
  },
  "to pipe 4": (f, s) => (lookUp(f, s) ? "to pipe 5" : endToPipe(f, s)),
  "to pipe 5"(f, s) {
    const item = itemAt(f)!;
    const inPage = item.offset % PAGE_SIZE;
    const span = { ...item, len: Math.min(item.len, PAGE_SIZE - inPage) };
    const shared = { ...span, flags: 0, expected: load(span) };
    const isCopied = decides(s, "SPLICE") === policy.SPLICE_COPY;
    output(f).slots.push(isCopied ? ownPage(inPage, 0, shared.expected) : shared);
    first(f).previousPos = move(f, span.len).pos;
    return itemAt(f) && !isFull(output(f)) ? "to pipe 5" : "to pipe 6";
  },
  "to pipe 6"(f, s) {
    f.batch = [];
    return f.rest > 0 && !isFull(output(f)) ? "to pipe 4" : endToPipe(f, s);
  },
  "to file 2"(f, s) {
    if (isAtEnd(f, s)) return endSplice(f, 1);
    if (isEmpty(input(f))) return failSplice(f, 1, sleep(f, input(f), "rdWait", [first(f)]));
    input(f).locked = true;
    return { line: "write 3", rest: Math.min(f.rest, bytesIn(input(f))) };
  },
  "to file 4"(f) {
    last(f).inode!.locked = false;
    return { line: "to file 5", freed: takeOut(input(f), f.done) };
  },
  "to file 5"(f) {
    input(f).locked = false;
    if (f.freed) wake(input(f).wrWait);
    return f.result ? failSplice(f, 1, f.result) : endSplice(f, 1);
  },
  "pair 2": (f, s) =>
    isEmpty(input(f)) && !isAtEnd(f, s) ? sleep(f, input(f), "rdWait") : "pair 4",
  "pair 4": (f, s) => (isFull(output(f)) ? waitForRoom(f, s) : "pair 6"),
  "pair 6"(f, s) {
    if (!hasReaders(s, output(f))) return error(EPIPE, true);
    pass(f);
    const released = f.name !== "tee" && takeOut(input(f), f.done);
    if (f.done > 0) wake(output(f).rdWait);
    if (released) wake(input(f).wrWait);
    if (f.done > 0 || isAtEnd(f, s) || f.name === "tee") return { ret: f.done };
    return nonblock(f, f.held) ? error(EAGAIN) : "pair 2";
  },
};
