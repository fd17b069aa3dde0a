// write(2) to a pipe: merge into the newest slot, then one slot a page. Mirrors: fs/pipe.c:pipe_write().
//
// Interface: stepPipeWrite, the line LOCK; everything under one hold of the mutex is one step.
// A page that cannot be filled as a whole does not become a slot.
// Not modelled: signals, tmp pages, notification pipes.

import { EAGAIN, EFAULT, EPIPE } from "../abi/errno";
import { O_DIRECT, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM } from "../abi/fcntl";
import { PAGE_SIZE, PIPE_BUF_FLAG_CAN_MERGE, PIPE_BUF_FLAG_PACKET, SLOT_ANON } from "../abi/pipe";
import { RWF_NOSIGNAL } from "../abi/uio";
import { emit, EVENT_STORE } from "../events";
import {
  TASK_MERGED,
  TASK_NONBLOCK,
  TASK_SLEPT,
  Task,
  asksSnapshot,
  cellsAt,
  expectedAt,
  gridShift,
  pipeAt,
  slotAt,
  taskAt,
} from "../layout";
import { allocFolio, getFolio } from "../mm/folio";
import { transferFlags } from "../program";
import { currentCall, fileIn, finish, isNonblock, operand, sendSigpipe } from "../sched/call";
import { LINE_SLEEP } from "../sched/line";
import { sourceAt } from "../syscall/data";
import { mappedLeft } from "./copy-out";
import { isEmpty, isFull, pushSlot } from "./pipe";
import { readQueue, wakeOne, writeQueue } from "./wait";
import { MERGE_OFF_BY_ONE } from "../mutants";

export function stepPipeWrite(task: u32): void {
  const it = taskAt(task);
  const file = fileIn(task);
  const id: u32 = file.id;
  const wasEmpty = isEmpty(id);
  if (pipeAt(id).readers && !(it.flags & TASK_MERGED)) merge(task, it, id);
  it.flags |= TASK_MERGED;
  while (it.ret == 0 && it.want > 0 && pipeAt(id).readers && !isFull(id))
    if (!fillSlot(task, it, id, (file.flags & O_DIRECT) != 0)) return;
  const waits = !isNonblock(file) && !(it.flags & TASK_NONBLOCK);
  if (it.ret == 0 && it.want > 0 && pipeAt(id).readers && waits) {
    if (wasEmpty) wakeOne(readQueue(id), task, POLLIN | POLLRDNORM);
    it.line = LINE_SLEEP;
    return;
  }
  writeDone(task, it, id, wasEmpty);
}

function writeDone(task: u32, it: Task, id: u32, wasEmpty: bool): void {
  const noReaders = it.want > 0 && pipeAt(id).readers == 0;
  if (noReaders && !(transferFlags(currentCall(task)) & RWF_NOSIGNAL)) sendSigpipe(task);
  if (wasEmpty || pipeAt(id).polled) wakeOne(readQueue(id), task, POLLIN | POLLRDNORM);
  if (it.flags & TASK_SLEPT && !isFull(id)) wakeOne(writeQueue(id), task, POLLOUT | POLLWRNORM);
  if (it.done > 0 || it.want == 0) finish(task, it.done);
  else if (noReaders) finish(task, -EPIPE);
  else finish(task, it.ret ? it.ret : -EAGAIN);
}

/** The first (total mod page) bytes go behind the newest slot's, if it can merge and has room (A4). */
function merge(task: u32, it: Task, id: u32): void {
  const rest = <u32>(it.want & (PAGE_SIZE - 1));
  if (rest == 0 || isEmpty(id)) return;
  const newest = pipeAt(id).head - 1;
  const slot = slotAt(id, newest);
  const at = <u32>slot.offset + slot.len;
  if (
    !(slot.flags & (<u8>PIPE_BUF_FLAG_CAN_MERGE)) ||
    at + rest > <u32>PAGE_SIZE - (MUTANT == MERGE_OFF_BY_ONE ? 1 : 0)
  )
    return;
  if (<i64>rest > mappedLeft(task)) {
    it.ret = -EFAULT;
    return;
  }
  copyIn(task, it, slot.frame, at, rest);
  if (asksSnapshot)
    memory.copy(
      expectedAt(id, newest) + (at >> gridShift),
      cellsAt(slot.frame) + (at >> gridShift),
      rest >> gridShift,
    );
  slot.len += <u16>rest;
}

/** A new slot with a page of the pipe's own, but for a fault; false when the run leaves the model. */
function fillSlot(task: u32, it: Task, id: u32, packet: bool): bool {
  const n = <u32>min<i64>(it.want, PAGE_SIZE);
  if (<i64>n > mappedLeft(task)) {
    it.ret = -EFAULT;
    return true;
  }
  const frame = allocFolio(0);
  if (frame == 0) return false;
  getFolio(frame);
  copyIn(task, it, frame, 0, n);
  pushSlot(id, frame, 0, n, packet ? PIPE_BUF_FLAG_PACKET : PIPE_BUF_FLAG_CAN_MERGE, SLOT_ANON);
  return true;
}

function copyIn(task: u32, it: Task, frame: u32, offset: u32, n: u32): void {
  const from = sourceAt(<u32>operand(task, 1), it.done);
  memory.copy(cellsAt(frame) + (offset >> gridShift), from, n >> gridShift);
  emit(EVENT_STORE, currentCall(task), frame, offset, n);
  it.done += n;
  it.want -= n;
}
