// Pipes: reading, writing, splice in all directions, tee, poll. The lines of docs/steps.md.
//
// Interface: PIPE_LINES, PIPE_GUARDS; makePipe, slotsFor, pollEvents.

import * as policy from "../../assembly/abi/decisions.js";
import { EAGAIN, EBUSY, EINVAL, ENOMEM, EPERM, EPIPE } from "../../assembly/abi/errno.js";
import * as abi from "../../assembly/abi/fcntl.js";
import * as pipe from "../../assembly/abi/pipe.js";
import { isUnlocked, itemAt, lookUp, moved } from "./files.js";
import { FREE, ZERO_PAGE, add, concat, consume, cut, decision, enqueue, fail } from "./state.js";
import { finish, get, goTo, install, isReadable, load, newFolio, openFile } from "./state.js";
import { partOf, readers, sleepOn, store, update, valueOf, wake, writers } from "./state.js";
import type { Body, Draft, Frame, Guards, Lines, Pipe, Slot, State } from "./state.js";

const { PAGE_SIZE, PIPE_BUF_FLAG_CAN_MERGE, PIPE_BUF_FLAG_PACKET } = pipe;
const SIGPIPE = { sigpipe: true };

const isFull = ({ slots, capacity }: Pipe): boolean => slots.length >= capacity;
const isEmpty = ({ slots }: Pipe): boolean => slots.length === 0;
const bytesIn = ({ slots }: Pipe): number => slots.reduce((n, { lenBytes }) => n + lenBytes, 0);
/** The pipe of operand 0 or 1. */
const idOf = (s: State, f: Frame, i: number): number => get(s.files, f.held[i]).pipe;
const pipeOf = (s: State, f: Frame, i: number): Pipe => get(s.pipes, idOf(s, f, i));
/** Whether the call must not wait: its own flag, or O_NONBLOCK on one of these operands. */
const nonblock = (s: State, f: Frame, operands: readonly number[]): boolean =>
  (f.flags & pipe.SPLICE_F_NONBLOCK) !== 0 ||
  operands.some((i) => (get(s.files, f.held[i]).flags & abi.O_NONBLOCK) !== 0);

// Making, sizing, polling.

/** Whether an unprivileged user would own too many pages of pipes. */
function isOverSoftLimit(s: State, pagesMore: number): boolean {
  const { capSysResource, pipeUserPagesSoft: soft } = s.options.environment;
  const pages = [...s.pipes.values()].reduce((n, p) => n + p.capacity, pagesMore);
  return !capSysResource && soft > 0 && pages > soft;
}

/** A new pipe and its two descriptors. */
export function makePipe(d: Draft, flags: number): [readFd: number, writeFd: number] {
  const { capSysResource, pipeMaxSizeBytes } = d.options.environment;
  const most = capSysResource ? Infinity : pipeMaxSizeBytes / PAGE_SIZE;
  const wanted = Math.min(pipe.PIPE_DEF_BUFFERS, most);
  const ring = { slots: [], capacity: isOverSoftLimit(d, wanted) ? 2 : wanted };
  const others = { mutex: FREE, polled: false, readWaiters: [], writeWaiters: [] };
  const id = add(d, d.pipes, { ...ring, ...others });
  const end = (mode: number): number =>
    install(d, openFile(d, { pipe: id, flags: mode | (flags & abi.O_NONBLOCK) }));
  return [end(abi.O_RDONLY), end(abi.O_WRONLY | (flags & abi.O_DIRECT))];
}

/** The slots of a ring for so many bytes: a power of two. */
export const slotsFor = (sizeBytes: number): number =>
  Math.max(1, 2 ** Math.ceil(Math.log2(sizeBytes / PAGE_SIZE)));

/** F_SETPIPE_SZ; returns an errno or 0 (A.6). */
function resize(d: Draft, id: number, argument: bigint): number {
  const asked = Number(BigInt.asUintN(32, argument));
  const { capacity, slots } = get(d.pipes, id);
  const pages = slotsFor(asked);
  const { capSysResource, pipeMaxSizeBytes } = d.options.environment;
  const isLarge = pages * PAGE_SIZE > pipeMaxSizeBytes && !capSysResource;
  if (asked > 2 ** 31) return EINVAL;
  if (pages > capacity && (isLarge || isOverSoftLimit(d, pages - capacity))) return EPERM;
  if (slots.length > pages) return EBUSY;
  if (pages >= 131072) return ENOMEM;
  update(d.pipes, id, { capacity: pages });
  wake(d, id, "writeWaiters");
  return 0;
}

/** What poll() says about a description, of the events asked for (A.5). */
export function pollEvents(s: State, fileId: number, events: number): number {
  const file = get(s.files, fileId);
  const [read, write] = [abi.POLLIN | abi.POLLRDNORM, abi.POLLOUT | abi.POLLWRNORM];
  if (!file.pipe) return (read | write) & events;
  const target = get(s.pipes, file.pipe);
  const revents = isReadable(file)
    ? (isEmpty(target) ? 0 : read) | (writers(s, file.pipe) ? 0 : abi.POLLHUP)
    : (isFull(target) ? 0 : write) | (readers(s, file.pipe) ? 0 : abi.POLLERR);
  return revents & (events | abi.POLLERR | abi.POLLHUP);
}

// Slots.

/** A page of a pipe's own. */
function ownPage(d: Draft, offset: number, cells: Uint8Array): number {
  const folio = newFolio(d, 0, 0);
  store(d, folio, offset, cells);
  return folio;
}

/** W4 and W5: merges and fills slots until done or full. Returns the bytes written. */
function fill(d: Draft, f: Frame): number {
  const slots = [...pipeOf(d, f, 0).slots];
  const newest = slots.at(-1);
  const first = f.rest % PAGE_SIZE;
  const end = newest ? newest.offset + newest.lenBytes : PAGE_SIZE;
  let written = 0;
  const canMerge = ((newest?.flags ?? 0) & PIPE_BUF_FLAG_CAN_MERGE) !== 0 && !f.slept;
  if (newest && canMerge && first > 0 && end + first <= PAGE_SIZE) {
    const cells = cut(d, f.cells, 0, first);
    store(d, newest.folio, end, cells);
    const expected = concat(newest.expected, cells);
    slots.splice(-1, 1, { ...newest, lenBytes: newest.lenBytes + first, expected });
    written = first;
  }
  const isPacket = (get(d.files, f.held[0]).flags & abi.O_DIRECT) !== 0;
  const flags = isPacket ? PIPE_BUF_FLAG_PACKET : PIPE_BUF_FLAG_CAN_MERGE;
  while (written < f.rest && slots.length < pipeOf(d, f, 0).capacity) {
    const lenBytes = Math.min(PAGE_SIZE, f.rest - written);
    const expected = cut(d, f.cells, f.done + written, lenBytes);
    slots.push({ folio: ownPage(d, 0, expected), offset: 0, lenBytes, flags, expected });
    written += lenBytes;
  }
  update(d.pipes, idOf(d, f, 0), { slots });
  return written;
}

/** The next slot of splice(file, pipe): the folio by reference, or a copy of its bytes. */
function nextSlot(d: Draft, f: Frame): Slot {
  const item = itemAt(d, f)!;
  const inPage = item.offset % PAGE_SIZE;
  const span = { ...item, lenBytes: Math.min(item.lenBytes, PAGE_SIZE - inPage) };
  const slot = { ...span, flags: 0, expected: load(d, span) };
  const how = decision(d, policy.DECIDE_SPLICE_SHIFT, policy.DECIDE_SPLICE_MASK);
  if (how !== policy.SPLICE_COPY || item.folio === ZERO_PAGE) return slot;
  return { ...slot, folio: ownPage(d, inPage, slot.expected), offset: inPage };
}

/** Drops the first bytes of a ring. Returns the number of slots released. */
function takeOut(d: Draft, id: number, lenBytes: number): number {
  const slots = [...get(d.pipes, id).slots];
  let [rest, released] = [lenBytes, 0];
  for (; slots[0] && rest >= slots[0].lenBytes; released++) rest -= slots.shift()!.lenBytes;
  if (rest > 0) slots[0] = partOf(d, slots[0]!, rest);
  update(d.pipes, id, { slots });
  return released;
}

/** Passes slots to another pipe: B.4 moves and splits them, B.5 shares them. */
function pass(d: Draft, f: Frame): { passed: number; released: number } {
  const isTee = f.call.syscall === "tee";
  const { slots: before, capacity } = pipeOf(d, f, 1);
  const slots = [...before];
  let passed = 0;
  for (const slot of pipeOf(d, f, 0).slots) {
    if (passed === f.rest || slots.length >= capacity) break;
    const part = partOf(d, slot, 0, Math.min(slot.lenBytes, f.rest - passed));
    const isWhole = part.lenBytes === slot.lenBytes && !isTee;
    const kept = isWhole ? slot.flags : slot.flags & PIPE_BUF_FLAG_PACKET;
    slots.push({ ...part, flags: kept });
    passed += part.lenBytes;
  }
  update(d.pipes, idOf(d, f, 1), { slots });
  return { passed, released: isTee ? 0 : takeOut(d, idOf(d, f, 0), passed) };
}

// Waits, ends and guards.

/** The data a consumer wants are not there: EAGAIN, or sleep and run `again`. */
const waitForData = (d: Draft, me: number, f: Frame, operands: number[], again: string): Draft =>
  nonblock(d, f, operands)
    ? fail(d, me, EAGAIN)
    : sleepOn(d, me, [idOf(d, f, 0), "readWaiters", f.call.syscall === "read"], again);

/** No room in the ring of operand 1: EPIPE, EAGAIN, or sleep and run `again`. */
function waitForRoom(d: Draft, me: number, f: Frame, operands: number[], again: string): Draft {
  if (readers(d, idOf(d, f, 1)) === 0) return fail(d, me, EPIPE, SIGPIPE);
  if (nonblock(d, f, operands)) return fail(d, me, EAGAIN);
  return sleepOn(d, me, [idOf(d, f, 1), "writeWaiters", false], again);
}

/** Takes the mutex of an operand's pipe, or drops it. */
const setMutex = (d: Draft, f: Frame, i: number, mutex: number) =>
  update(d.pipes, idOf(d, f, i), { mutex });

/** Ends splice with a file: the offset goes to the pointer, or to f_pos without a lock. */
function endSplice(d: Draft, me: number, f: Frame, file: number): Draft {
  if (f.call.operands[2 * file + 1]?.kind === "pointer")
    return finish(d, me, f.done, { out: f.pos });
  update(d.files, f.held[file]!, { pos: f.pos });
  return finish(d, me, f.done);
}

const endToPipe: Body = (d, me, f) => {
  setMutex(d, f, 1, FREE);
  if (f.done > 0) wake(d, idOf(d, f, 1), "readWaiters");
  return endSplice(d, me, f, 0);
};

const inFree = (s: State, f: Frame): boolean => pipeOf(s, f, 0).mutex === FREE;
const outFree = (s: State, f: Frame): boolean => pipeOf(s, f, 1).mutex === FREE;

export const PIPE_GUARDS: Guards = {
  "poll forever": () => false,
  "fcntl 2": inFree,
  "ioctl 2": inFree,
  "pipe read 2": inFree,
  "pipe write 2": inFree,
  "to pipe 2": outFree,
  "to pipe 5": (s, f) =>
    decision(s, policy.DECIDE_LOCK_SHIFT, policy.DECIDE_LOCK_MASK) === 0 ||
    isUnlocked(s, itemAt(s, f)!.folio),
  "to file 2": inFree,
  "pair 2": (s, f) => !isEmpty(pipeOf(s, f, 0)) || inFree(s, f),
  "pair 4": (s, f) => !isFull(pipeOf(s, f, 1)) || outFree(s, f),
  "pair 6": (s, f) => inFree(s, f) && outFree(s, f),
};

export const PIPE_LINES: Lines = {
  sleep(d, me, f) {
    const [id, queue] = f.sleep!;
    const target = get(d.pipes, id);
    const isReadable = !isEmpty(target) || writers(d, id) === 0;
    const isWritable = !isFull(target) || readers(d, id) === 0;
    const goesOn = queue === "readWaiters" ? isReadable : isWritable;
    return goesOn ? goTo(d, me, f.then, { slept: true }) : enqueue(d, me, f.sleep!);
  },
  "poll 2"(d, me, f) {
    const out = pollEvents(d, f.held[0]!, f.flags);
    const isReader = isReadable(get(d.files, f.held[0]));
    const queue = isReader ? "readWaiters" : "writeWaiters";
    return out ? finish(d, me, 1, { out }) : enqueue(d, me, [idOf(d, f, 0), queue, false]);
  },
  "fcntl 2"(d, me, f) {
    const errno = resize(d, idOf(d, f, 0), valueOf(d, f.call.operands[2]));
    return errno ? fail(d, me, errno) : finish(d, me, pipeOf(d, f, 0).capacity * PAGE_SIZE);
  },
  "ioctl 2": (d, me, f) => finish(d, me, 0, { out: bytesIn(pipeOf(d, f, 0)) }),

  "pipe read 2"(d, me, f) {
    if (isEmpty(pipeOf(d, f, 0)) && writers(d, idOf(d, f, 0)) === 0) return finish(d, me, 0);
    if (isEmpty(pipeOf(d, f, 0))) return waitForData(d, me, f, [0], "pipe read 2");
    setMutex(d, f, 0, me);
    return goTo(d, me, "pipe read 4");
  },
  "pipe read 4": (d, me) => goTo(d, me, "pipe read 5"),
  "pipe read 5"(d, me, f) {
    const slot = pipeOf(d, f, 0).slots[0]!;
    const taken = consume(d, partOf(d, slot, 0, Math.min(slot.lenBytes, f.rest)));
    return goTo(d, me, "pipe read 6", { cells: concat(f.cells, taken) });
  },
  "pipe read 6"(d, me, f) {
    const before = pipeOf(d, f, 0);
    const { lenBytes, flags } = before.slots[0]!;
    const isPacket = (flags & PIPE_BUF_FLAG_PACKET) !== 0;
    const next = moved(f, Math.min(lenBytes, f.rest));
    const released = takeOut(d, idOf(d, f, 0), isPacket ? lenBytes : next.done - f.done);
    const freed = f.freed || (released > 0 && isFull(before));
    const hasMore = !isEmpty(pipeOf(d, f, 0));
    if (next.rest > 0 && !isPacket && hasMore)
      return goTo(d, me, "pipe read 4", { ...next, freed });
    setMutex(d, f, 0, FREE);
    if (freed) wake(d, idOf(d, f, 0), "writeWaiters");
    if (f.slept && hasMore) wake(d, idOf(d, f, 0), "readWaiters");
    return finish(d, me, next.done, { cells: f.cells });
  },

  "pipe write 2"(d, me, f) {
    const id = idOf(d, f, 0);
    const before = get(d.pipes, id);
    const hasReaders = readers(d, id) > 0;
    const next = moved(f, hasReaders ? fill(d, f) : 0);
    const ends = next.rest === 0 || !hasReaders || nonblock(d, f, [0]);
    if (isEmpty(before) || (ends && before.polled)) wake(d, id, "readWaiters");
    if (!ends) return sleepOn(d, me, [id, "writeWaiters", true], "pipe write 2", next);
    if (f.slept && !isFull(get(d.pipes, id))) wake(d, id, "writeWaiters");
    const signal = hasReaders ? {} : SIGPIPE;
    if (next.done > 0) return finish(d, me, next.done, signal);
    return fail(d, me, hasReaders ? EAGAIN : EPIPE, signal);
  },

  "to pipe 2"(d, me, f) {
    const { slots, capacity } = pipeOf(d, f, 1);
    const room = (capacity - slots.length) * PAGE_SIZE;
    if (room <= 0 || readers(d, idOf(d, f, 1)) === 0)
      return waitForRoom(d, me, f, [1], "to pipe 2");
    setMutex(d, f, 1, me);
    return goTo(d, me, "to pipe 4", { rest: Math.min(f.rest, room) });
  },
  "to pipe 4"(d, me, f) {
    const found = lookUp(d, f);
    return found ? goTo(d, me, "to pipe 5", found) : endToPipe(d, me, f);
  },
  "to pipe 5"(d, me, f) {
    const slot = nextSlot(d, f);
    update(d.pipes, idOf(d, f, 1), { slots: [...pipeOf(d, f, 1).slots, slot] });
    const next = moved(f, slot.lenBytes);
    update(d.files, f.held[0]!, { previousPos: next.pos });
    const goesOn = itemAt(d, { ...f, ...next }) && !isFull(pipeOf(d, f, 1));
    return goTo(d, me, goesOn ? "to pipe 5" : "to pipe 6", next);
  },
  "to pipe 6": (d, me, f) =>
    f.rest > 0 && !isFull(pipeOf(d, f, 1))
      ? goTo(d, me, "to pipe 4", { batch: [] })
      : endToPipe(d, me, f),

  "to file 2"(d, me, f) {
    const source = pipeOf(d, f, 0);
    if (isEmpty(source) && writers(d, idOf(d, f, 0)) === 0) return endSplice(d, me, f, 1);
    if (isEmpty(source)) return waitForData(d, me, f, [0], "to file 2");
    setMutex(d, f, 0, me);
    return goTo(d, me, "write 3", { rest: Math.min(f.rest, bytesIn(source)) });
  },
  "to file 4"(d, me, f) {
    update(d.inodes, get(d.files, f.held[1]).inode, { rwsem: FREE });
    return goTo(d, me, "to file 5", { freed: takeOut(d, idOf(d, f, 0), f.done) > 0 });
  },
  "to file 5"(d, me, f) {
    setMutex(d, f, 0, FREE);
    if (f.freed) wake(d, idOf(d, f, 0), "writeWaiters");
    return f.errno ? fail(d, me, f.errno) : endSplice(d, me, f, 1);
  },

  "pair 2"(d, me, f) {
    const goesOn = !isEmpty(pipeOf(d, f, 0)) || writers(d, idOf(d, f, 0)) === 0;
    return goesOn ? goTo(d, me, "pair 4") : waitForData(d, me, f, [0, 1], "pair 2");
  },
  "pair 4": (d, me, f) =>
    isFull(pipeOf(d, f, 1)) ? waitForRoom(d, me, f, [0, 1], "pair 4") : goTo(d, me, "pair 6"),
  "pair 6"(d, me, f) {
    if (readers(d, idOf(d, f, 1)) === 0) return fail(d, me, EPIPE, SIGPIPE);
    const { passed, released } = pass(d, f);
    if (passed > 0) wake(d, idOf(d, f, 1), "readWaiters");
    if (released > 0) wake(d, idOf(d, f, 0), "writeWaiters");
    const isAtEnd = isEmpty(pipeOf(d, f, 0)) && writers(d, idOf(d, f, 0)) === 0;
    if (passed > 0 || isAtEnd || f.call.syscall === "tee") return finish(d, me, passed);
    return nonblock(d, f, [0, 1]) ? fail(d, me, EAGAIN) : goTo(d, me, "pair 2");
  },
};
