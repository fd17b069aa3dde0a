// A state with equal threads in another order, their own pipes, wires and bytes with them.
//
// Interface: sortThreads, the representative's order; symmetryOrder, applySymmetry, symmetricAction: all orders, by number;
// permuteRoom, startPermute.
// Law: where two keys are equal the order is left as it is: then two states that differ in it are stored as two.

import {
  File,
  Pipe,
  PipeBuffer,
  Result,
  TARGET_NONE,
  TARGET_READ_END,
  TARGET_WIRE,
  TARGET_WRITE_END,
  Task,
  asksDisk,
  asksSnapshot,
  batchAt,
  calls,
  cells,
  cellsAt,
  dataAt,
  expectedAt,
  fileAt,
  filesMax,
  inodeAt,
  inodesMax,
  pagesMax,
  pipeAt,
  pipesMax,
  queueAt,
  rawFrame,
  resultAt,
  ringMax,
  slotAt,
  stateBase,
  stateBytes,
  taskAt,
  tasks,
  tornAt,
  tornCells,
} from "../layout";
import { MARK_LATE } from "../abi/decisions";
import { markKind } from "../config";
import { BATCH_MAX, TASKS_MAX } from "../limits";
import { diskAt } from "../mm/disk";
import { lateAt } from "../mm/mark";
import {
  Completions,
  Sock,
  completionsAt,
  fragAt,
  fragExpectedAt,
  fragsMax,
  hasCompletions,
  isWireSock,
  logAt,
  logCells,
  logsEach,
  sockAt,
  sockQueueAt,
  socksMax,
  wiresMax,
} from "../net/layout";
import { numberOf } from "../net/wire";
import { callCells, dataStart } from "../syscall/data";
import { threadCalls, threadFirstCall } from "../program";
import {
  BACKGROUND_ACK,
  BACKGROUND_CLOCK,
  BACKGROUND_RECEIVE,
  BACKGROUND_RETRANSMIT,
  BACKGROUND_TRANSMIT,
  backgroundCount,
  backgroundKind,
  backgroundTarget,
} from "../sched/background";
import { waiters } from "../fs/wait";
import { renameCells, swapBytes } from "./bytes";
import { keyOf, startKeys } from "./keys";
import {
  classOf,
  equalThreads,
  movingThreads,
  ownPipe,
  ownPipes,
  ownWire,
  ownWires,
} from "./symmetry";
import { copyUsed, framesUsed } from "./used";

/** Where each thread's place in the new order is. */
const taskTo: usize = memory.data(TASKS_MAX);
/** The same for pipes, Socks and descriptions, one byte each. */
const pipeTo: usize = memory.data(256);
const sockTo: usize = memory.data(256);
const fileTo: usize = memory.data(256);
const keys: usize = memory.data(TASKS_MAX * 8);
const order: usize = memory.data(TASKS_MAX);
/** The state as it was. */
let before: usize = 0;

/** Bytes that startPermute needs. */
export function permuteRoom(): u32 {
  return (stateBytes + 7) & ~7;
}
export function startPermute(room: usize): void {
  before = room;
}

/** Brings the present state to the order in which the keys of equal threads ascend. Classes whose bytes change places
 *  come first: then the keys of the others may tell those bytes apart. */
export function sortThreads(): void {
  if (equalThreads == 0) return;
  for (let t: u32 = 0; t < tasks; t++) store<u8>(taskTo + t, <u8>t);
  const moved = sortClasses(movingThreads, true);
  if (sortClasses(equalThreads & ~movingThreads, false) || moved) permute();
}

/** Sorts the classes of `threads`; whether a thread moves. */
function sortClasses(threads: u32, swaps: bool): bool {
  let moved = false;
  if (threads && movingThreads) swapBytes(taskTo);
  for (let left = threads; left; left &= ~classOf(<u32>ctz(left))) {
    startKeys(swaps ? left : 0);
    if (!sortClass(classOf(<u32>ctz(left)))) continue;
    if (swaps) swapBytes(taskTo);
    moved = true;
  }
  return moved;
}

/** Sorts the members of a class; whether one of them moves. */
function sortClass(members: u32): bool {
  let count: u32 = 0;
  for (let left = members; left; left &= left - 1) {
    const t = <u32>ctz(left);
    const key = keyOf(t);
    let at = count++;
    for (; at > 0 && load<u64>(keys + (at - 1) * 8) > key; at--) {
      store<u64>(keys + at * 8, load<u64>(keys + (at - 1) * 8));
      store<u8>(order + at, load<u8>(order + at - 1));
    }
    store<u64>(keys + at * 8, key);
    store<u8>(order + at, <u8>t);
  }
  let moved = false;
  let place: u32 = 0;
  for (let left = members; left; left &= left - 1) {
    const t = <u32>load<u8>(order + place++);
    if (t != <u32>ctz(left)) moved = true;
    store<u8>(taskTo + t, <u8>ctz(left));
  }
  return moved;
}

/** Orders of the equal threads: the product over all classes. */
export function symmetryOrder(): u32 {
  let product: u32 = 1;
  for (let t: u32 = 0; t < tasks; t++) {
    const below = classOf(t) & ((2 << t) - 1);
    product *= <u32>popcnt(below);
  }
  return product;
}

/** Brings the present state to its nth variant; 0 is the state itself. */
export function applySymmetry(n: u32): void {
  if (n == 0) return;
  numberOrder(n);
  permute();
}

/** The action that an action becomes in the nth variant. */
export function symmetricAction(n: u32, action: u32): u32 {
  numberOrder(n);
  if (action < tasks) return load<u8>(taskTo + action);
  mapObjects();
  const k = action - tasks;
  const kind = backgroundKind(k);
  if (kind == BACKGROUND_CLOCK) return sameKind(kind, load<u8>(taskTo + backgroundTarget(k)));
  return isOfWire(kind) ? sameKind(kind, load<u8>(sockTo + backgroundTarget(k))) : action;
}
/** Whether an action of a kind is that of a wire. */
function isOfWire(kind: u32): bool {
  const ofCard =
    kind == BACKGROUND_TRANSMIT || kind == BACKGROUND_ACK || kind == BACKGROUND_RETRANSMIT;
  return ofCard || kind == BACKGROUND_RECEIVE;
}
/** The action of a kind that works on a target. */
function sameKind(kind: u32, target: u32): u32 {
  for (let other: u32 = 0; other < backgroundCount(); other++)
    if (backgroundKind(other) == kind && backgroundTarget(other) == target) return tasks + other;
  assert(false, "equal threads have the same actions");
  return 0;
}

/** Decodes the nth order: the kth member of a class takes one of the first k places, who was there goes to the kth. */
function numberOrder(n: u32): void {
  for (let t: u32 = 0; t < tasks; t++) store<u8>(taskTo + t, <u8>t);
  for (let t: u32 = 0; t < tasks; t++) {
    let below = classOf(t) & ((2 << t) - 1);
    const places = <u32>popcnt(below);
    let place = n % places;
    n /= places;
    for (; place; place--) below ^= 1 << (31 - clz(below));
    const other: u32 = 31 - clz(below);
    const there = load<u8>(taskTo + t);
    store<u8>(taskTo + t, load<u8>(taskTo + other));
    store<u8>(taskTo + other, there);
  }
}

function newTask(task: u32): u32 {
  return load<u8>(taskTo + task);
}

/** What the new order of threads makes of their pipes, wires and descriptions. */
function mapObjects(): void {
  for (let p: u32 = 0; p < pipesMax; p++) store<u8>(pipeTo + p, <u8>p);
  for (let s: u32 = 0; s < socksMax; s++) store<u8>(sockTo + s, <u8>s);
  for (let t: u32 = 0; t < tasks; t++) {
    const to = newTask(t);
    for (let i: u32 = 0; i < ownPipes(t); i++)
      store<u8>(pipeTo + ownPipe(t, i), <u8>ownPipe(to, i));
    for (let i: u32 = 0; i < ownWires(t); i++)
      store<u8>(sockTo + ownWire(t, i), <u8>ownWire(to, i));
  }
  for (let f: u32 = 0; f < filesMax; f++) store<u8>(fileTo + f, <u8>newFile(f));
}
/** The description of the same end of the object that takes this one's place. */
function newFile(file: u32): u32 {
  const it = fileAt(file);
  const isWire = it.target == TARGET_WIRE;
  if (!isWire && it.target != TARGET_READ_END && it.target != TARGET_WRITE_END) return file;
  const to = load<u8>((isWire ? sockTo : pipeTo) + it.id);
  if (to == it.id) return file;
  for (let other: u32 = 0; other < filesMax; other++)
    if (fileAt(other).target == it.target && fileAt(other).id == to) return other;
  assert(false, "descriptors stay what they are");
  return file;
}

/** Where something was before. */
function old(at: usize): usize {
  return before + (at - stateBase);
}
/** Moves `bytes` bytes that lay at `from` to `to`. */
function move(from: usize, to: usize, bytes: u32): void {
  if (from != to) memory.copy(to, old(from), bytes);
}

function permute(): void {
  mapObjects();
  copyUsed(before, stateBase);
  for (let t: u32 = 0; t < tasks; t++) if (newTask(t) != t) moveTask(t, newTask(t));
  for (let p: u32 = 0; p < pipesMax; p++) movePipe(p, load<u8>(pipeTo + p));
  for (let s: u32 = 0; s < socksMax; s++) moveSock(s, load<u8>(sockTo + s));
  for (let f: u32 = 0; f < filesMax; f++) moveFile(f, load<u8>(fileTo + f));
  renameOwners();
  if (movingThreads && swapBytes(taskTo)) renameContent();
}

function moveTask(from: u32, to: u32): void {
  move(changetype<usize>(taskAt(from)), changetype<usize>(taskAt(to)), <u32>offsetof<Task>());
  const it = taskAt(to);
  it.fileIn = newHold(it.fileIn);
  it.fileOut = newHold(it.fileOut);
  it.fput = newHold(it.fput);
  if (it.queue) it.queue = <u8>(newQueue(it.queue - 1) + 1);
  move(batchAt(from, 0), batchAt(to, 0), BATCH_MAX * 2);
  move(tornAt(from), tornAt(to), tornCells);
  const firstFrom = threadFirstCall(from);
  const firstTo = threadFirstCall(to);
  for (let i: u32 = 0; i < threadCalls(from); i++) {
    const results = changetype<usize>(resultAt(firstFrom + i));
    move(results, changetype<usize>(resultAt(firstTo + i)), <u32>offsetof<Result>());
    const count = callCells(firstFrom + i);
    if (count) move(dataAt(dataStart(firstFrom + i)), dataAt(dataStart(firstTo + i)), count);
  }
}
function newHold(file: u8): u8 {
  return file ? load<u8>(fileTo + (file - 1)) + 1 : 0;
}
function newQueue(queue: u32): u32 {
  const ofPipes = pipesMax * 2;
  if (queue >= ofPipes) return ofPipes + <u32>load<u8>(sockTo + (queue - ofPipes));
  return <u32>load<u8>(pipeTo + (queue >> 1)) * 2 + (queue & 1);
}

function movePipe(from: u32, to: u32): void {
  if (from == to) return;
  const slots = ringMax * <u32>offsetof<PipeBuffer>();
  move(changetype<usize>(pipeAt(from)), changetype<usize>(pipeAt(to)), <u32>offsetof<Pipe>());
  move(queueAt(from * 2), queueAt(to * 2), tasks * 2);
  move(changetype<usize>(slotAt(from, 0)), changetype<usize>(slotAt(to, 0)), slots);
  if (asksSnapshot) move(expectedAt(from, 0), expectedAt(to, 0), ringMax * cells);
}

function moveSock(from: u32, to: u32): void {
  if (from == to) return;
  const frags = fragsMax * <u32>offsetof<PipeBuffer>();
  move(changetype<usize>(sockAt(from)), changetype<usize>(sockAt(to)), <u32>offsetof<Sock>());
  move(sockQueueAt(from), sockQueueAt(to), tasks);
  if (hasCompletions) moveCompletions(from, to);
  move(changetype<usize>(fragAt(from, 0)), changetype<usize>(fragAt(to, 0)), frags);
  if (asksSnapshot) move(fragExpectedAt(from, 0), fragExpectedAt(to, 0), fragsMax * cells);
  for (let which: u32 = 0; which < logsEach; which++)
    move(logAt(numberOf(from), which), logAt(numberOf(to), which), logCells);
}

function moveCompletions(from: u32, to: u32): void {
  const there = changetype<usize>(completionsAt(to));
  move(changetype<usize>(completionsAt(from)), there, <u32>offsetof<Completions>());
}

/** A description moves with what is behind it; its own number of that stays. */
function moveFile(from: u32, to: u32): void {
  if (from == to) return;
  const id = changetype<File>(old(changetype<usize>(fileAt(to)))).id;
  move(changetype<usize>(fileAt(from)), changetype<usize>(fileAt(to)), <u32>offsetof<File>());
  fileAt(to).id = id;
}

/** Renames the threads in locks, wait queues and marks. */
function renameOwners(): void {
  for (let f: u32 = 0; f < filesMax; f++)
    if (fileAt(f).target != TARGET_NONE) fileAt(f).posLock = newOwner(fileAt(f).posLock);
  for (let i: u32 = 0; i < inodesMax; i++) {
    inodeAt(i).rwsem = newOwner(inodeAt(i).rwsem);
    inodeAt(i).invalidate = newOwner(inodeAt(i).invalidate);
  }
  for (let p: u32 = 0; p < pipesMax; p++) pipeAt(p).mutex = newOwner(pipeAt(p).mutex);
  for (let s: u32 = 0; s < socksMax; s++) {
    sockAt(s).iolock = newOwner(sockAt(s).iolock);
    if (!isWireSock(s)) sockAt(s).again = newOwner(sockAt(s).again);
  }
  const used = framesUsed();
  for (let frame: u32 = 1; frame < used; frame++)
    rawFrame(frame).lock = newOwner(rawFrame(frame).lock);
  for (let queue: u32 = 0; queue < pipesMax * 2; queue++)
    renameQueue(queueAt(queue), waiters(queue));
  for (let s: u32 = 0; s < socksMax; s++) renameQueue(sockQueueAt(s), sockAt(s).waiters);
  if (markKind() != MARK_LATE) return;
  for (let frame: u32 = 1; frame < used; frame++)
    store<u8>(lateAt(frame), newBits(load<u8>(lateAt(frame))));
}
function newOwner(owner: u8): u8 {
  return owner ? <u8>(newTask(owner - 1) + 1) : 0;
}
function newBits(bits: u8): u8 {
  let now: u8 = 0;
  for (let t: u32 = 0; t < tasks; t++)
    if ((bits >> (<u8>t)) & 1) now |= <u8>((<u32>1) << newTask(t));
  return now;
}
/** An entry is a thread and the exclusive bit. */
function renameQueue(at: usize, count: u32): void {
  for (let nth: u32 = 0; nth < count; nth++) {
    const entry: u32 = load<u8>(at + nth);
    store<u8>(at + nth, <u8>((entry & 0x80) | newTask(entry & 0x7f)));
  }
}

/** Renames the bytes in all that holds content. */
function renameContent(): void {
  renameCells(cellsAt(0), framesUsed() * cells);
  for (let call: u32 = 0; call < calls; call++)
    renameCells(dataAt(dataStart(call)), callCells(call));
  renameCells(tornAt(0), tasks * tornCells);
  renameCells(logAt(0, 0), wiresMax * logsEach * logCells);
  if (asksSnapshot) {
    if (pipesMax) renameCells(expectedAt(0, 0), pipesMax * ringMax * cells);
    renameCells(fragExpectedAt(0, 0), socksMax * fragsMax * cells);
  }
  if (asksDisk) renameCells(diskAt(0, 0), inodesMax * pagesMax * cells);
}
