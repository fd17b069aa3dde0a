// Equal threads: which threads run the same calls on the same objects, but for pipes and wires of their own, and for the
// bytes that they write.
//
// Interface: prepareSymmetry (once per search, at its first state); equalThreads, movingThreads; classOf, the threads that
// are equal to one; ownPipes and ownWires of a thread, in the order in which its calls name them.
// Law: exchanging two threads of a class together with their own pipes and wires, and with the bytes that they differ in
// (bytes.ts), maps every run on a run.
// Descriptors must stay what they are for that: a scenario that makes or closes one, maps a file, or calls
// sendfile (which has a pipe without any), has no equal threads.
// Not modelled: equal groups of threads (a sender with its receiver), socket pairs, files of one's own.

import { FD_FIRST, OPERAND_INT } from "../abi/program";
import {
  SYS_CLOSE,
  SYS_DUP,
  SYS_MEMFD_CREATE,
  SYS_MMAP,
  SYS_OPEN,
  SYS_PIPE2,
  SYS_SENDFILE,
  SYS_SPLICE,
  SYS_TEE,
} from "../abi/syscalls";
import {
  File,
  TARGET_READ_END,
  TARGET_WIRE,
  TARGET_WRITE_END,
  fdAt,
  fds,
  fileAt,
  pipeAt,
  tasks,
} from "../layout";
import { copies } from "../call-kind";
import { TASKS_MAX } from "../limits";
import { socksMax, wiresMax } from "../net/layout";
import { isZerocopy } from "../net/zerocopy";
import * as program from "../program";
import { movesBytes, pairBuffers, prepareBytes, startPairing } from "./bytes";

/** Threads of a class at most: six have 720 orders. */
const CLASS_MAX: u32 = 6;
/** Own objects of one kind that a thread has at most; one that has more is equal to nobody. */
const OWN_MAX: u32 = 8;
const NOBODY: u8 = 0xff;

/** The lowest thread of each thread's class, and all its threads as bits. */
const leaders: usize = memory.data(TASKS_MAX);
const classes: usize = memory.data(TASKS_MAX);
/** Of each thread: how many own pipes, then their numbers; the same for wires, by their Sock. */
const pipes: usize = memory.data(TASKS_MAX * (OWN_MAX + 1));
const wires: usize = memory.data(TASKS_MAX * (OWN_MAX + 1));

/** The threads of a class as bits, of any of its threads. */
export function classOf(task: u32): u32 {
  return load<u8>(classes + task);
}
export function ownPipes(task: u32): u32 {
  return load<u8>(pipes + task * (OWN_MAX + 1));
}
export function ownPipe(task: u32, nth: u32): u32 {
  return load<u8>(pipes + task * (OWN_MAX + 1) + 1 + nth);
}
export function ownWires(task: u32): u32 {
  return load<u8>(wires + task * (OWN_MAX + 1));
}
/** The Sock of a thread's nth wire. */
export function ownWire(task: u32, nth: u32): u32 {
  return load<u8>(wires + task * (OWN_MAX + 1) + 1 + nth);
}

/** Threads that have equals, as bits; and those of them whose bytes change places with them. */
export let equalThreads: u32 = 0;
export let movingThreads: u32 = 0;

/** Finds the classes. The present state is the first of a search. */
export function prepareSymmetry(): void {
  prepareBytes();
  for (let t: u32 = 0; t < tasks; t++) {
    store<u8>(leaders + t, <u8>t);
    store<u8>(classes + t, <u8>((<u32>1) << t));
    findOwn(t);
  }
  equalThreads = 0;
  movingThreads = 0;
  if (!keepsDescriptors()) return;
  for (let t: u32 = 1; t < tasks; t++)
    for (let leader: u32 = 0; leader < t; leader++) {
      const isFull = <u32>popcnt(classOf(leader)) == CLASS_MAX;
      if (load<u8>(leaders + leader) != leader || isFull || !areEqual(leader, t)) continue;
      join(leader, t);
      break;
    }
  for (let t: u32 = 0; t < tasks; t++) {
    if (popcnt(classOf(t)) < 2) continue;
    equalThreads |= 1 << t;
    if (movesBytes(classOf(t))) movingThreads |= 1 << t;
  }
}
function join(leader: u32, task: u32): void {
  const members = classOf(leader) | (1 << task);
  store<u8>(leaders + task, <u8>leader);
  for (let left = members; left; left &= left - 1) store<u8>(classes + <u32>ctz(left), <u8>members);
}

function keepsDescriptors(): bool {
  for (let c: u32 = 0; c < program.callsCount(); c++)
    switch (program.callCode(c)) {
      case SYS_CLOSE:
      case SYS_DUP:
      case SYS_OPEN:
      case SYS_PIPE2:
      case SYS_MEMFD_CREATE:
      case SYS_MMAP:
      case SYS_SENDFILE:
        return false;
    }
  return true;
}

/** Whether operand n of a call is a descriptor. */
function isFd(call: u32, n: u32): bool {
  if (program.operandKind(call, n) != OPERAND_INT) return false;
  const code = program.callCode(call);
  const second: u32 = code == SYS_TEE ? 1 : 2;
  const hasSecond = code == SYS_TEE || code == SYS_SPLICE || copies(call);
  return n == 0 || (hasSecond && n == second);
}
/** The open file description + 1 of a descriptor. */
function fileOf(fd: i64): u32 {
  return fd >= <i64>FD_FIRST && fd < <i64>fds ? load<u8>(fdAt(<u32>fd)) : 0;
}
const OPERANDS: u32 = 6;

/** Notes the pipes and wires that no other thread names. */
function findOwn(task: u32): void {
  store<u8>(pipes + task * (OWN_MAX + 1), 0);
  store<u8>(wires + task * (OWN_MAX + 1), 0);
  const first = program.threadFirstCall(task);
  for (let call = first; call < first + program.threadCalls(task); call++)
    for (let n: u32 = 0; n < OPERANDS; n++) {
      if (!isFd(call, n)) continue;
      const file = fileOf(program.operandValue(call, n));
      if (file == 0 || !isOwn(task, file - 1)) continue;
      const it = fileAt(file - 1);
      note((it.target == TARGET_WIRE ? wires : pipes) + task * (OWN_MAX + 1), it.id);
    }
}
function note(list: usize, id: u8): void {
  const count: u32 = load<u8>(list);
  for (let i: u32 = 0; i < count; i++) if (load<u8>(list + 1 + i) == id) return;
  if (count == OWN_MAX) return;
  store<u8>(list + 1 + count, id);
  store<u8>(list, <u8>(count + 1));
}
function positionIn(list: usize, id: u8): u32 {
  const count: u32 = load<u8>(list);
  for (let i: u32 = 0; i < count; i++) if (load<u8>(list + 1 + i) == id) return i;
  return NOBODY;
}

/** Whether the pipe or wire behind a description is named by this thread alone. */
function isOwn(task: u32, file: u32): bool {
  const it = fileAt(file);
  if (!isPipeEnd(it) && it.target != TARGET_WIRE) return false;
  for (let call: u32 = 0; call < program.callsCount(); call++) {
    if (isCallOf(task, call)) continue;
    for (let n: u32 = 0; n < OPERANDS; n++) {
      const entry = isFd(call, n) ? fileOf(program.operandValue(call, n)) : 0;
      if (entry == 0) continue;
      const other = fileAt(entry - 1);
      const isSameKind = isPipeEnd(it) ? isPipeEnd(other) : other.target == TARGET_WIRE;
      if (isSameKind && other.id == it.id) return false;
    }
  }
  return true;
}
function isPipeEnd(it: File): bool {
  return it.target == TARGET_READ_END || it.target == TARGET_WRITE_END;
}

/** Whether two threads do the same, each on its own pipes and wires, with bytes that change places. */
function areEqual(a: u32, b: u32): bool {
  const count = program.threadCalls(a);
  if (count != program.threadCalls(b) || !ownObjectsEqual(a, b)) return false;
  if (program.requestFlags(a) != program.requestFlags(b) || sendsRequests(a)) return false;
  const firstA = program.threadFirstCall(a);
  const firstB = program.threadFirstCall(b);
  startPairing(a, b);
  for (let i: u32 = 0; i < count; i++) if (!callsEqual(a, firstA + i, b, firstB + i)) return false;
  for (let call: u32 = 0; call < program.callsCount(); call++) {
    if (isCallOf(a, call) || isCallOf(b, call)) continue;
    for (let nth: u32 = 0; nth < program.callAfters(call); nth++) {
      const after = program.callAfter(call, nth);
      if (isCallOf(a, after) || isCallOf(b, after)) return false;
    }
  }
  return true;
}
/** Whether a chain sends: its results name the end on which they do. */
function sendsRequests(task: u32): bool {
  if (program.requestFlags(task) == 0) return false;
  const first = program.threadFirstCall(task);
  for (let call = first; call < first + program.threadCalls(task); call++)
    if (isZerocopy(call)) return true;
  return false;
}
function isCallOf(task: u32, call: u32): bool {
  const first = program.threadFirstCall(task);
  return call >= first && call < first + program.threadCalls(task);
}

function ownObjectsEqual(a: u32, b: u32): bool {
  if (ownPipes(a) != ownPipes(b) || ownWires(a) != ownWires(b)) return false;
  for (let i: u32 = 0; i < ownPipes(a); i++) {
    const one = ownPipe(a, i);
    const other = ownPipe(b, i);
    if (program.pipeFlags(one) != program.pipeFlags(other)) return false;
    if (pipeAt(one).maxUsage != pipeAt(other).maxUsage) return false;
  }
  for (let i: u32 = 0; i < ownWires(a); i++) {
    const one = ownWire(a, i) - (socksMax - wiresMax);
    const other = ownWire(b, i) - (socksMax - wiresMax);
    if (program.wireFlags(one) != program.wireFlags(other)) return false;
    if (program.wireFrags(one) != program.wireFrags(other)) return false;
  }
  return true;
}

function callsEqual(a: u32, callA: u32, b: u32, callB: u32): bool {
  if (program.callCode(callA) != program.callCode(callB)) return false;
  for (let n: u32 = 0; n < OPERANDS; n++) {
    const kind = program.operandKind(callA, n);
    if (kind != program.operandKind(callB, n)) return false;
    const valueA = program.operandValue(callA, n);
    const valueB = program.operandValue(callB, n);
    if (n == 1 && program.hasMemory(callA)) {
      if (!memoryEqual(callA, callB)) return false;
      continue;
    }
    if (valueA == valueB && !isFd(callA, n)) continue;
    if (!isFd(callA, n) || !descriptorsEqual(a, valueA, b, valueB)) return false;
  }
  const afters = program.callAfters(callA);
  if (afters != program.callAfters(callB)) return false;
  for (let nth: u32 = 0; nth < afters; nth++)
    if (!aftersEqual(a, program.callAfter(callA, nth), b, program.callAfter(callB, nth)))
      return false;
  return true;
}

/** Whether two calls read into, or write from, the same memory, segment by segment. */
function memoryEqual(callA: u32, callB: u32): bool {
  const segments = program.segments(callA);
  if (segments != program.segments(callB)) return false;
  const a = <u32>program.operandValue(callA, 1);
  const b = <u32>program.operandValue(callB, 1);
  for (let nth: u32 = 0; nth < segments; nth++) if (!pairBuffers(a + nth, b + nth)) return false;
  return true;
}

/** Whether two descriptors name the same, or the same end of the nth own object. */
function descriptorsEqual(a: u32, fdA: i64, b: u32, fdB: i64): bool {
  const one = fileOf(fdA);
  const other = fileOf(fdB);
  if (one == 0 || other == 0) return fdA == fdB;
  const fileA = fileAt(one - 1);
  const fileB = fileAt(other - 1);
  const isWire = fileA.target == TARGET_WIRE;
  const nth = positionIn((isWire ? wires : pipes) + a * (OWN_MAX + 1), fileA.id);
  if (!isOwn(a, one - 1)) return fdA == fdB;
  if (fileA.target != fileB.target || fileA.flags != fileB.flags || nth == NOBODY) return false;
  return nth == positionIn((isWire ? wires : pipes) + b * (OWN_MAX + 1), fileB.id);
}

function aftersEqual(a: u32, afterA: u32, b: u32, afterB: u32): bool {
  if (isCallOf(a, afterA))
    return (
      isCallOf(b, afterB) &&
      afterA - program.threadFirstCall(a) == afterB - program.threadFirstCall(b)
    );
  return afterA == afterB && !isCallOf(b, afterB);
}
