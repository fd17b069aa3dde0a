// Pipes: reading, writing, splice in all directions, tee, poll. The lines of docs/steps.md.
//
// Interface: PIPE_LINES; makePipe, resize, pollEvents, bytesIn.

import * as decide from "../../assembly/abi/decisions.js";
import { EAGAIN, EBUSY, EINVAL, ENOMEM, EPERM, EPIPE } from "../../assembly/abi/errno.js";
import * as abi from "../../assembly/abi/fcntl.js";
import * as flag from "../../assembly/abi/pipe.js";
import { isUnlocked, itemAt, lookUp } from "./files.js";
import * as st from "./state.js";
import type { Draft, Frame, Lines, Pipe, Slot, State } from "./state.js";

const { PAGE_SIZE, PIPE_BUF_FLAG_CAN_MERGE, PIPE_BUF_FLAG_GIFT, PIPE_BUF_FLAG_PACKET } = flag;
const SIGPIPE = { sigpipe: true };

const isFull = (pipe: Pipe): boolean => pipe.slots.length >= pipe.capacity;
const isEmpty = (pipe: Pipe): boolean => pipe.slots.length === 0;
export const bytesIn = (pipe: Pipe): number => pipe.slots.reduce((n, s) => n + s.lenBytes, 0);

/** The pipe of operand 0 or 1. */
const idOf = (s: State, f: Frame, operand: number) => st.get(s.files, f.held[operand]!).pipe;
const pipeOf = (s: State, f: Frame, operand: number) => st.get(s.pipes, idOf(s, f, operand));
const mutexFree = (operand: number) => (s: State, f: Frame) =>
  pipeOf(s, f, operand).mutex === st.FREE;

/** Whether the call must not wait: its own flag, or O_NONBLOCK on one of these operands. */
const nonblock = (s: State, f: Frame, ...operands: number[]): boolean =>
  (f.flags & flag.SPLICE_F_NONBLOCK) !== 0 ||
  operands.some((i) => (st.get(s.files, f.held[i]!).flags & abi.O_NONBLOCK) !== 0);

const setMutex = (d: Draft, pipe: number, mutex: number) => st.update(d.pipes, pipe, { mutex });

// Making, sizing, polling.

const pagesOwned = (s: State): number => [...s.pipes.values()].reduce((n, p) => n + p.capacity, 0);

function overSoftLimit(s: State, pages: number): boolean {
  const { capSysResource, pipeUserPagesSoft } = s.options.environment;
  return !capSysResource && pipeUserPagesSoft > 0 && pages > pipeUserPagesSoft;
}

/** A new pipe and its two descriptors. */
export function makePipe(d: Draft, flags: number): [readFd: number, writeFd: number] {
  const { capSysResource, pipeMaxSizeBytes } = d.options.environment;
  const most = capSysResource ? Infinity : pipeMaxSizeBytes / PAGE_SIZE;
  const wanted = Math.min(flag.PIPE_DEF_BUFFERS, most);
  const capacity = overSoftLimit(d, pagesOwned(d) + wanted) ? 2 : wanted;
  const queues = { readWaiters: [], writeWaiters: [] };
  const pipe = st.add(d, d.pipes, {
    slots: [],
    capacity,
    mutex: st.FREE,
    polled: false,
    ...queues,
  });
  const end = (mode: number) =>
    st.install(d, st.add(d, d.files, { ...st.NEW_FILE, pipe, flags: mode }));
  const nonblocking = flags & abi.O_NONBLOCK;
  return [end(nonblocking), end(abi.O_WRONLY | nonblocking | (flags & abi.O_DIRECT))];
}

/** F_SETPIPE_SZ; returns an errno or 0 (A.6). */
export function resize(d: Draft, id: number, argument: bigint): number {
  const asked = Number(BigInt.asUintN(32, argument));
  const { capacity, slots } = st.get(d.pipes, id);
  const pages = Math.max(1, 2 ** Math.ceil(Math.log2(asked / PAGE_SIZE)));
  const { capSysResource, pipeMaxSizeBytes } = d.options.environment;
  const tooLarge = pages * PAGE_SIZE > pipeMaxSizeBytes && !capSysResource;
  if (asked > 2 ** 31) return EINVAL;
  if (pages > capacity && (tooLarge || overSoftLimit(d, pagesOwned(d) - capacity + pages)))
    return EPERM;
  if (slots.length > pages) return EBUSY;
  if (pages >= 131072) return ENOMEM;
  st.update(d.pipes, id, { capacity: pages });
  st.wake(d, id, "writeWaiters");
  return 0;
}

/** What poll() says about a description, of the events asked for (A.5). */
export function pollEvents(s: State, id: number, events: number): number {
  const file = st.get(s.files, id);
  const inBits = abi.POLLIN | abi.POLLRDNORM;
  const outBits = abi.POLLOUT | abi.POLLWRNORM;
  let revents = inBits | outBits;
  if (file.pipe) {
    const pipe = st.get(s.pipes, file.pipe);
    revents = st.isReadable(file)
      ? (isEmpty(pipe) ? 0 : inBits) | (st.writers(s, file.pipe) ? 0 : abi.POLLHUP)
      : (isFull(pipe) ? 0 : outBits) | (st.readers(s, file.pipe) ? 0 : abi.POLLERR);
  }
  return revents & (events | abi.POLLERR | abi.POLLHUP);
}

// Slots.

/** The first bytes of a slot as a slot of its own: a second reference to its page. */
const shared = (s: State, slot: Slot, lenBytes: number): Slot => ({
  ...slot,
  lenBytes,
  flags: slot.flags & ~(PIPE_BUF_FLAG_GIFT | PIPE_BUF_FLAG_CAN_MERGE),
  expected: st.cut(s, slot.expected, 0, lenBytes),
});

/** A page of the pipe's own. */
function ownPage(d: Draft, offset: number, cells: Uint8Array): number {
  const folio = st.newFolio(d, 0, 0);
  st.store(d, folio, offset, cells);
  return folio;
}

/** W4 and W5: merges and fills slots until done or full. Returns the bytes done. */
function fill(d: Draft, f: Frame): number {
  const { slots: before, capacity } = pipeOf(d, f, 0);
  const slots = [...before];
  const newest = slots.at(-1);
  const first = f.rest % PAGE_SIZE;
  let done = f.done;
  const end = newest ? newest.offset + newest.lenBytes : 0;
  const merges = newest && newest.flags & PIPE_BUF_FLAG_CAN_MERGE && end + first <= PAGE_SIZE;
  if (merges && first > 0 && !f.slept) {
    const cells = st.cut(d, f.cells, 0, first);
    st.store(d, newest.folio, end, cells);
    const expected = st.concat(newest.expected, cells);
    slots[slots.length - 1] = { ...newest, lenBytes: newest.lenBytes + first, expected };
    done = first;
  }
  const packet = (st.get(d.files, f.held[0]!).flags & abi.O_DIRECT) !== 0;
  const flags = packet ? PIPE_BUF_FLAG_PACKET : PIPE_BUF_FLAG_CAN_MERGE;
  while (done < f.done + f.rest && slots.length < capacity) {
    const lenBytes = Math.min(PAGE_SIZE, f.done + f.rest - done);
    const expected = st.cut(d, f.cells, done, lenBytes);
    slots.push({ folio: ownPage(d, 0, expected), offset: 0, lenBytes, flags, expected });
    done += lenBytes;
  }
  st.update(d.pipes, idOf(d, f, 0), { slots });
  return done;
}

/** Pushes the next slot of splice(file, pipe): the folio by reference, or a copy of its bytes. */
function pushNext(d: Draft, f: Frame): number {
  const item = itemAt(d, f)!;
  const lenBytes = Math.min(item.lenBytes, PAGE_SIZE - (item.offset % PAGE_SIZE));
  const expected = st.load(d, item.folio, item.offset, lenBytes);
  const how = st.decision(d, decide.DECIDE_SPLICE_SHIFT, decide.DECIDE_SPLICE_MASK);
  const copies = how === decide.SPLICE_COPY && item.folio !== st.ZERO_PAGE;
  const offset = copies ? item.offset % PAGE_SIZE : item.offset;
  const folio = copies ? ownPage(d, offset, expected) : item.folio;
  const slots = [...pipeOf(d, f, 1).slots, { folio, offset, lenBytes, flags: 0, expected }];
  st.update(d.pipes, idOf(d, f, 1), { slots });
  return lenBytes;
}

/** Passes slots of one pipe to another: B.4 moves and splits them, B.5 shares them. */
function pass(d: Draft, f: Frame): { moved: number; left: number } {
  const isTee = f.call.syscall === "tee";
  const { slots: from } = pipeOf(d, f, 0);
  const { slots: before, capacity } = pipeOf(d, f, 1);
  const to = [...before];
  let [moved, left] = [0, 0];
  for (const slot of from) {
    if (moved === f.rest || to.length >= capacity) break;
    const lenBytes = Math.min(slot.lenBytes, f.rest - moved);
    const whole = lenBytes === slot.lenBytes && !isTee;
    to.push(whole ? slot : shared(d, slot, lenBytes));
    moved += lenBytes;
    if (whole) left++;
  }
  st.update(d.pipes, idOf(d, f, 1), { slots: to });
  if (!isTee) takeOut(d, idOf(d, f, 0), moved);
  return { moved, left };
}

/** Drops the first bytes of a ring. Returns the number of slots released. */
function takeOut(d: Draft, pipe: number, lenBytes: number): number {
  const slots = [...st.get(d.pipes, pipe).slots];
  let [rest, released] = [lenBytes, 0];
  for (; slots[0] && rest >= slots[0].lenBytes; released++) rest -= slots.shift()!.lenBytes;
  if (rest > 0) slots[0] = st.advanced(d, slots[0]!, rest);
  st.update(d.pipes, pipe, { slots });
  return released;
}

// Ends and waits.

/** The data a consumer wants are not there: EAGAIN, or sleep and run `again`. */
function waitForData(d: Draft, me: number, f: Frame, exclusive: boolean, again: string): void {
  const operands = f.held.length > 1 && again === "pair 2" ? [0, 1] : [0];
  if (nonblock(d, f, ...operands)) return st.fail(d, me, EAGAIN);
  st.sleepOn(d, me, [idOf(d, f, 0), "readWaiters", exclusive], again);
}

/** There is no room in the ring of operand 1: EPIPE, EAGAIN, or sleep and run `again`. */
function waitForRoom(d: Draft, me: number, f: Frame, operands: number[], again: string): void {
  const pipe = idOf(d, f, 1);
  if (st.readers(d, pipe) === 0) return st.fail(d, me, EPIPE, SIGPIPE);
  if (nonblock(d, f, ...operands)) return st.fail(d, me, EAGAIN);
  st.sleepOn(d, me, [pipe, "writeWaiters", false], again);
}

/** Ends splice with a file: the offset goes to the pointer, or to f_pos without a lock. */
function endSplice(d: Draft, me: number, f: Frame, operand: number): void {
  const usesPointer = f.call.operands[2 * operand + 1]?.kind === "pointer";
  if (!usesPointer) st.update(d.files, f.held[operand]!, { pos: f.pos });
  st.finish(d, me, f.done, usesPointer ? { out: f.pos } : {});
}

function endToPipe(d: Draft, me: number, f: Frame): void {
  setMutex(d, idOf(d, f, 1), st.FREE);
  if (f.done > 0) st.wake(d, idOf(d, f, 1), "readWaiters");
  st.goTo(d, me, "to pipe 6", { batch: [] });
  endSplice(d, me, f, 0);
}

export const PIPE_LINES: Lines = {
  sleep: {
    run(d, me, f) {
      const { pipe: id, queue, exclusive } = f.sleep!;
      const pipe = st.get(d.pipes, id);
      const readable = !isEmpty(pipe) || st.writers(d, id) === 0;
      const writable = !isFull(pipe) || st.readers(d, id) === 0;
      const ready = queue === "readWaiters" ? readable : writable;
      if (ready) st.goTo(d, me, f.then, { slept: true });
      else st.enqueue(d, me, id, queue, exclusive);
    },
  },
  "poll 2": {
    run(d, me, f) {
      const out = pollEvents(d, f.held[0]!, f.flags);
      if (out !== 0) return st.finish(d, me, 1, { out });
      const isReader = st.isReadable(st.get(d.files, f.held[0]!));
      st.enqueue(d, me, idOf(d, f, 0), isReader ? "readWaiters" : "writeWaiters", false);
    },
  },
  /** poll() of a negative descriptor without a time-out. */
  "poll forever": { when: () => false, run: () => undefined },
  "fcntl 2": {
    when: mutexFree(0),
    run(d, me, f) {
      const errno = resize(d, idOf(d, f, 0), st.valueOf(d, f.call.operands[2]));
      if (errno) st.fail(d, me, errno);
      else st.finish(d, me, pipeOf(d, f, 0).capacity * PAGE_SIZE);
    },
  },
  "ioctl 2": {
    when: mutexFree(0),
    run: (d, me, f) => st.finish(d, me, 0, { out: bytesIn(pipeOf(d, f, 0)) }),
  },

  "pipe read 2": {
    when: mutexFree(0),
    run(d, me, f) {
      const pipe = idOf(d, f, 0);
      if (isEmpty(pipeOf(d, f, 0)))
        if (st.writers(d, pipe) === 0) st.finish(d, me, 0);
        else waitForData(d, me, f, true, "pipe read 2");
      else {
        setMutex(d, pipe, me);
        st.goTo(d, me, "pipe read 4");
      }
    },
  },
  "pipe read 4": { run: (d, me) => st.goTo(d, me, "pipe read 5") },
  "pipe read 5": {
    run(d, me, f) {
      const slot = pipeOf(d, f, 0).slots[0]!;
      const taken = st.load(d, slot.folio, slot.offset, Math.min(slot.lenBytes, f.rest));
      st.consume(d, slot, taken);
      st.goTo(d, me, "pipe read 6", { cells: st.concat(f.cells, taken) });
    },
  },
  "pipe read 6": {
    run(d, me, f) {
      const id = idOf(d, f, 0);
      const before = st.get(d.pipes, id);
      const slot = before.slots[0]!;
      const isPacket = (slot.flags & PIPE_BUF_FLAG_PACKET) !== 0;
      const n = Math.min(slot.lenBytes, f.rest);
      const released = takeOut(d, id, isPacket ? slot.lenBytes : n) > 0;
      const freed = f.freed || (released && isFull(before));
      const [rest, done] = [f.rest - n, f.done + n];
      const hasMore = !isEmpty(st.get(d.pipes, id));
      if (rest > 0 && !isPacket && hasMore)
        return st.goTo(d, me, "pipe read 4", { rest, done, freed });
      setMutex(d, id, st.FREE);
      if (freed) st.wake(d, id, "writeWaiters");
      if (f.slept && hasMore) st.wake(d, id, "readWaiters");
      st.finish(d, me, done, { cells: f.cells });
    },
  },

  "pipe write 2": {
    when: mutexFree(0),
    run(d, me, f) {
      const id = idOf(d, f, 0);
      const wasEmpty = isEmpty(st.get(d.pipes, id));
      const hasReaders = st.readers(d, id) > 0;
      const done = hasReaders ? fill(d, f) : f.done;
      const rest = f.rest - (done - f.done);
      const ends = rest === 0 || !hasReaders || nonblock(d, f, 0);
      const { polled } = st.get(d.pipes, id);
      if (wasEmpty || (ends && polled)) st.wake(d, id, "readWaiters");
      if (!ends)
        return st.sleepOn(d, me, [id, "writeWaiters", true], "pipe write 2", { done, rest });
      if (f.slept && !isFull(st.get(d.pipes, id))) st.wake(d, id, "writeWaiters");
      const signal = hasReaders ? {} : SIGPIPE;
      if (done > 0) st.finish(d, me, done, signal);
      else st.fail(d, me, hasReaders ? EAGAIN : EPIPE, signal);
    },
  },

  "to pipe 2": {
    when: mutexFree(1),
    run(d, me, f) {
      const pipe = pipeOf(d, f, 1);
      if (isFull(pipe) || st.readers(d, idOf(d, f, 1)) === 0)
        return waitForRoom(d, me, f, [1], "to pipe 2");
      setMutex(d, idOf(d, f, 1), me);
      const room = (pipe.capacity - pipe.slots.length) * PAGE_SIZE;
      st.goTo(d, me, "to pipe 4", { rest: Math.min(f.rest, room) });
    },
  },
  "to pipe 4": {
    run(d, me, f) {
      const found = lookUp(d, f);
      if (found) st.goTo(d, me, "to pipe 5", found);
      else endToPipe(d, me, f);
    },
  },
  "to pipe 5": {
    when: (s, f) =>
      st.decision(s, decide.DECIDE_LOCK_SHIFT, decide.DECIDE_LOCK_MASK) === 0 ||
      isUnlocked(s, itemAt(s, f)!.folio),
    run(d, me, f) {
      const n = pushNext(d, f);
      const [pos, rest, done] = [f.pos + n, f.rest - n, f.done + n];
      st.update(d.files, f.held[0]!, { previousPos: pos });
      const more = itemAt(d, { ...f, pos, rest }) && !isFull(pipeOf(d, f, 1));
      st.goTo(d, me, more ? "to pipe 5" : "to pipe 6", { pos, rest, done });
    },
  },
  "to pipe 6": {
    run(d, me, f) {
      if (f.rest > 0 && !isFull(pipeOf(d, f, 1))) st.goTo(d, me, "to pipe 4", { batch: [] });
      else endToPipe(d, me, f);
    },
  },

  "to file 2": {
    when: mutexFree(0),
    run(d, me, f) {
      const pipe = idOf(d, f, 0);
      if (!isEmpty(pipeOf(d, f, 0))) {
        setMutex(d, pipe, me);
        st.goTo(d, me, "write 3", { rest: Math.min(f.rest, bytesIn(pipeOf(d, f, 0))) });
      } else if (st.writers(d, pipe) === 0) endSplice(d, me, f, 1);
      else waitForData(d, me, f, false, "to file 2");
    },
  },
  "to file 4": {
    run(d, me, f) {
      st.update(d.inodes, st.get(d.files, f.held[1]!).inode, { rwsem: st.FREE });
      st.goTo(d, me, "to file 5", { freed: takeOut(d, idOf(d, f, 0), f.done) > 0 });
    },
  },
  "to file 5": {
    run(d, me, f) {
      setMutex(d, idOf(d, f, 0), st.FREE);
      if (f.freed) st.wake(d, idOf(d, f, 0), "writeWaiters");
      if (f.errno) st.fail(d, me, f.errno);
      else endSplice(d, me, f, 1);
    },
  },

  "pair 2": {
    when: (s, f) => !isEmpty(pipeOf(s, f, 0)) || mutexFree(0)(s, f),
    run(d, me, f) {
      const goesOn = !isEmpty(pipeOf(d, f, 0)) || st.writers(d, idOf(d, f, 0)) === 0;
      if (goesOn) st.goTo(d, me, "pair 4");
      else waitForData(d, me, f, false, "pair 2");
    },
  },
  "pair 4": {
    when: (s, f) => !isFull(pipeOf(s, f, 1)) || mutexFree(1)(s, f),
    run(d, me, f) {
      if (!isFull(pipeOf(d, f, 1))) st.goTo(d, me, "pair 6");
      else waitForRoom(d, me, f, [0, 1], "pair 4");
    },
  },
  "pair 6": {
    when: (s, f) => mutexFree(0)(s, f) && mutexFree(1)(s, f),
    run(d, me, f) {
      const [from, to] = [idOf(d, f, 0), idOf(d, f, 1)];
      if (st.readers(d, to) === 0) return st.fail(d, me, EPIPE, SIGPIPE);
      const { moved, left } = pass(d, f);
      if (moved > 0) st.wake(d, to, "readWaiters");
      if (left > 0) st.wake(d, from, "writeWaiters");
      const isAtEnd = isEmpty(st.get(d.pipes, from)) && st.writers(d, from) === 0;
      if (moved > 0 || isAtEnd || f.call.syscall === "tee") st.finish(d, me, moved);
      else if (nonblock(d, f, 0, 1)) st.fail(d, me, EAGAIN);
      else st.goTo(d, me, "pair 2");
    },
  },
};
