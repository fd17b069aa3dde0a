// read(2) of a pipe. Mirrors: fs/pipe.c:pipe_read().
//
// Interface: the lines LOCK, END, RELEASE, and what a copy is about; the wait is LINE_SLEEP in sched/wait-line.ts.
// A copy that faults leaves its slot as it was, and what it copied does not count.
// Not modelled: signals, notification pipes.

import { EAGAIN, EFAULT } from "../abi/errno";
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/fcntl";
import { PIPE_BUF_FLAG_PACKET } from "../abi/pipe";
import {
  TASK_NONBLOCK,
  TASK_SLEPT,
  TASK_WAKES,
  cellsAt,
  gridShift,
  pipeAt,
  taskAt,
} from "../layout";
import { fail, fileIn, finish, finishShort, isNonblock } from "../sched/call";
import { LINE_BEGIN, LINE_RELEASE, LINE_SLEEP } from "../sched/line";
import { dataOf } from "../syscall/data";
import { noteConsumed } from "./consume";
import { aimAt, mappedLeft, takeCopy } from "./copy-out";
import { consumeFront, dropFront, frontSlot, isEmpty, isFull } from "./pipe";
import { readQueue, wakeOne, writeQueue } from "./wait";
import { PACKET_KEEPS_REST, READER_WAKES_NOBODY } from "../mutants";

export function stepPipeReadLock(task: u32): void {
  const it = taskAt(task);
  const file = fileIn(task);
  const id: u32 = file.id;
  const pipe = pipeAt(id);
  if (!isEmpty(id)) {
    pipe.mutex = <u8>(task + 1);
    it.line = LINE_BEGIN;
  } else if (pipe.writers == 0) finish(task, it.done);
  else if (isNonblock(file) || it.flags & TASK_NONBLOCK) fail(task, EAGAIN);
  else it.line = LINE_SLEEP;
}

/** Bytes that are taken from the oldest slot; 0 if not all of them can be stored. */
function bytesOfFront(task: u32): u32 {
  const n = min<i64>(frontSlot(fileIn(task).id).len, taskAt(task).want);
  return n > mappedLeft(task) ? 0 : <u32>n;
}
export function aimPipeRead(task: u32): void {
  const slot = frontSlot(fileIn(task).id);
  aimAt(cellsAt(slot.frame) + ((<u32>slot.offset) >> gridShift), bytesOfFront(task) >> gridShift);
}

export function stepPipeReadEnd(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const n = bytesOfFront(task);
  takeCopy(task);
  if (n) noteConsumed(task, id, pipeAt(id).tail, frontSlot(id).offset, n, dataOf(task));
  else it.ret = -EFAULT;
  it.step = n;
  it.done += n;
  it.want -= n;
  it.line = LINE_RELEASE;
}

/** The slot advances; a packet is used up whole and ends the call. */
export function stepPipeReadRelease(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  if (it.ret == 0) releaseFront(task, id);
  if (it.ret == 0 && it.want > 0 && !isEmpty(id)) {
    it.line = LINE_BEGIN;
    return;
  }
  pipeAt(id).mutex = 0;
  if (it.flags & TASK_WAKES) wakeOne(writeQueue(id), task, POLLOUT | POLLWRNORM);
  if (it.flags & TASK_SLEPT && !isEmpty(id)) wakeOne(readQueue(id), task, POLLIN | POLLRDNORM);
  finishShort(task);
}

function releaseFront(task: u32, id: u32): void {
  const it = taskAt(task);
  const wasFull = isFull(id);
  const packet = (frontSlot(id).flags & (<u8>PIPE_BUF_FLAG_PACKET)) != 0;
  let freed: bool = true;
  if (packet && MUTANT != PACKET_KEEPS_REST) dropFront(id);
  else freed = consumeFront(id, <u32>it.step);
  it.step = 0;
  if (freed && wasFull && MUTANT != READER_WAKES_NOBODY) it.flags |= TASK_WAKES;
  if (packet) it.want = 0;
}
