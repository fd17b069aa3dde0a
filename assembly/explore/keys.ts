// Keys of equal threads: what tells a thread from the others of its class, in whatever order they stand.
//
// Interface: startKeys (for each class), keyOf.
// Law: a thread has the same key in a state and, at its new place, in every variant of the state.
// Not modelled: where a thread's bytes stand in what other threads have; two threads that differ in that alone have
// equal keys.

import {
  PipeBuffer,
  Result,
  asksSnapshot,
  batchAt,
  cells,
  cellsAt,
  dataAt,
  expectedAt,
  inodesMax,
  pagesMax,
  pipeAt,
  rawFrame,
  rawPageAt,
  resultAt,
  slotAt,
  taskAt,
  tornAt,
  tornCells,
} from "../layout";
import { TASKS_MAX } from "../limits";
import {
  completionsAt,
  fragAt,
  fragExpectedAt,
  hasCompletions,
  logAt,
  logCells,
  logsEach,
  sockAt,
} from "../net/layout";
import { numberOf } from "../net/wire";
import { threadCalls, threadFirstCall } from "../program";
import { callCells, dataStart } from "../syscall/data";
import { codeBytes, codeOf, startCodes } from "./bytes";
import { classOf, movingThreads, ownPipe, ownPipes, ownWire, ownWires } from "./symmetry";

let sum: u64 = 0;
function mix(value: u64): void {
  sum = (sum ^ value) * 0x9e3779b97f4a7c15;
  sum ^= sum >> 29;
}
function mixBytes(at: usize, count: u32): void {
  let i: u32 = 0;
  for (; i + 8 <= count; i += 8) mix(load<u64>(at + i));
  for (; i < count; i++) mix(load<u8>(at + i));
}
/** Cells by the codes of their bytes, where bytes change places. */
function mixCells(at: usize, count: u32): void {
  if (movingThreads == 0) return mixBytes(at, count);
  for (let i: u32 = 0; i < count; i++) mix(codeOf(load<u8>(at + i)));
}
/** A frame by what it is, not by its number. */
function mixFrame(frame: u32): void {
  if (frame == 0) return mix(1);
  const head: u32 = rawFrame(frame).head;
  const folio = rawFrame(head);
  const where = folio.inode ? ((<u64>folio.inode) << 16) | folio.index : 0;
  mix((<u64>folio.refs) | ((<u64>folio.outside) << 16) | (where << 32));
  mix((<u64>folio.flags) | ((<u64>(frame - head)) << 8) | ((<u64>(folio.lock != 0 ? 1 : 0)) << 40));
  mixCells(cellsAt(frame), cells);
}
function mixSlot(slot: PipeBuffer): void {
  mixFrame(slot.frame);
  const place = (<u64>slot.offset) | ((<u64>slot.len) << 16);
  mix(place | ((<u64>slot.flags) << 32) | ((<u64>slot.kind) << 40));
}

/** Readies keyOf. `unsorted`: the threads, as bits, whose bytes have no order yet; that of the others is swapBytes'. */
export function startKeys(unsorted: u32): void {
  codesLeft = unsorted;
  if (movingThreads == 0) return;
  startCodes();
  for (let left = unsorted; left; left &= ~classOf(<u32>ctz(left)))
    codeBytes(classOf(<u32>ctz(left)), TASKS_MAX);
}
let codesLeft: u32 = 0;

/** The key of a thread: how far it is, the furthest first; then, where another of its class is as far, what it and its
 *  objects are in. */
export function keyOf(task: u32): u64 {
  const place = placeOf(task);
  let others = classOf(task) & ~(1 << task);
  while (others && placeOf(<u32>ctz(others)) != place) others &= others - 1;
  const content = others ? contentOf(task) >> PLACE_BITS : 0;
  return ((PLACE_MAX - place) << (64 - PLACE_BITS)) | content;
}
const PLACE_BITS: u64 = 16;
const PLACE_MAX: u64 = 0xffff;
function placeOf(task: u32): u64 {
  return ((<u64>taskAt(task).pc) << 8) | taskAt(task).line;
}

/** What a thread and its own objects are in, without a number that the order changes. */
function contentOf(task: u32): u64 {
  sum = 0;
  if ((codesLeft >> task) & 1) {
    codeBytes(classOf(task), task);
    mixFiles();
  }
  const it = taskAt(task);
  mix((<u64>it.pc) | ((<u64>it.line) << 8) | ((<u64>it.flags) << 16) | ((<u64>it.batch) << 24));
  mix((<u64>it.batchAt) | ((<u64>(it.queue ? 1 : 0)) << 8));
  mix(<u64>it.pos);
  mix(<u64>it.want);
  mix(<u64>it.done);
  mix(<u64>it.size);
  mix(<u64>it.part);
  mix(<u64>it.step);
  mix(<u64>it.ret);
  mixFrame(it.folio);
  for (let nth: u32 = 0; nth < <u32>it.batch; nth++) mixFrame(load<u16>(batchAt(task, nth)));
  mixCells(tornAt(task), tornCells);
  const first = threadFirstCall(task);
  const count = threadCalls(task);
  if (count) mixBytes(changetype<usize>(resultAt(first)), count * <u32>offsetof<Result>());
  for (let call = first; call < first + count; call++)
    mixCells(dataAt(dataStart(call)), callCells(call));
  for (let i: u32 = 0; i < ownPipes(task); i++) mixPipe(ownPipe(task, i));
  for (let i: u32 = 0; i < ownWires(task); i++) mixWire(ownWire(task, i));
  return sum;
}

/** Where the bytes of a thread stand in files tells it from the others of its class that are as far as it is. */
function mixFiles(): void {
  for (let i: u32 = 0; i < inodesMax; i++)
    for (let page: u32 = 0; page < pagesMax; page++) mixFrame(load<u16>(rawPageAt(i, page)));
}

function mixPipe(pipe: u32): void {
  const it = pipeAt(pipe);
  mix((<u64>(it.head - it.tail)) | ((<u64>(it.mutex ? 1 : 0)) << 32) | ((<u64>it.polled) << 40));
  mix((<u64>it.readWaiters) | ((<u64>it.writeWaiters) << 8) | ((<u64>it.maxUsage) << 16));
  for (let c = it.tail; c != it.head; c++) {
    mixSlot(slotAt(pipe, c));
    if (asksSnapshot) mixCells(expectedAt(pipe, c), cells);
  }
}

function mixWire(sock: u32): void {
  const it = sockAt(sock);
  mix((<u64>it.consumed) | ((<u64>it.logged) << 32));
  mix((<u64>it.count) | ((<u64>it.sent) << 16) | ((<u64>it.again) << 32));
  if (hasCompletions) mix(load<u64>(changetype<usize>(completionsAt(sock))));
  for (let nth: u32 = 0; nth < <u32>it.count; nth++) {
    mixSlot(fragAt(sock, nth));
    if (asksSnapshot) mixCells(fragExpectedAt(sock, nth), cells);
  }
  for (let which: u32 = 0; which < logsEach; which++)
    mixCells(logAt(numberOf(sock), which), logCells);
}
