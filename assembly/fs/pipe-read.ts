// read(2) of a pipe. Mirrors: fs/pipe.c:pipe_read().
//
// Interface: the lines LOCK, BEGIN, END, RELEASE; the wait is LINE_SLEEP in sched/wait-line.ts.
// Not modelled: EFAULT, signals, notification pipes.

import { EAGAIN } from "../abi/errno";
import { PIPE_BUF_FLAG_PACKET } from "../abi/pipe";
import { TASK_SLEPT, TASK_WAKES, cellsAt, gridShift, pipeAt, taskAt } from "../layout";
import { fail, fileIn, finish, isNonblock } from "../sched/call";
import { LINE_BEGIN, LINE_END, LINE_RELEASE, LINE_SLEEP } from "../sched/line";
import { appendData } from "../syscall/data";
import { noteConsumed } from "./consume";
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
  else if (isNonblock(file)) fail(task, EAGAIN);
  else it.line = LINE_SLEEP;
}

export function stepPipeReadBegin(task: u32): void {
  taskAt(task).line = LINE_END;
}

/** The bytes are taken here, at the end of the copy. */
export function stepPipeReadEnd(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const slot = frontSlot(id);
  const n = <u32>min<i64>(slot.len, it.want);
  noteConsumed(task, id, pipeAt(id).tail, slot.offset, n);
  appendData(task, cellsAt(slot.frame) + ((<u32>slot.offset) >> gridShift), n >> gridShift);
  it.step = n;
  it.done += n;
  it.want -= n;
  it.line = LINE_RELEASE;
}

/** The slot advances; a packet is used up whole and ends the call. */
export function stepPipeReadRelease(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const wasFull = isFull(id);
  const packet = (frontSlot(id).flags & (<u8>PIPE_BUF_FLAG_PACKET)) != 0;
  let freed: bool = true;
  if (packet && MUTANT != PACKET_KEEPS_REST) dropFront(id);
  else freed = consumeFront(id, <u32>it.step);
  it.step = 0;
  if (freed && wasFull && MUTANT != READER_WAKES_NOBODY) it.flags |= TASK_WAKES;
  if (packet) it.want = 0;
  if (it.want > 0 && !isEmpty(id)) {
    it.line = LINE_BEGIN;
    return;
  }
  pipeAt(id).mutex = 0;
  if (it.flags & TASK_WAKES) wakeOne(writeQueue(id), task);
  if (it.flags & TASK_SLEPT && !isEmpty(id)) wakeOne(readQueue(id), task);
  finish(task, it.done);
}
