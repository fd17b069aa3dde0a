// vmsplice from a pipe into memory: the bytes of its slots are copied, as a read would copy them.
// Mirrors: fs/splice.c:vmsplice_to_user(), pipe_to_user(), __splice_from_pipe().
//
// Interface: stepVmspliceOutLock (the line LOCK); copyFront, vmspliceOutDone: what the line ACCESS does here.
// Law: a slot is used up when all that is wanted of it has arrived. Where the memory refuses a part of it the slot stays
// whole, and what arrived before stays in the memory.
// Not modelled: signals; a slot that overlaps the memory that it is copied to (unmodelled).

import { EAGAIN } from "../abi/errno";
import { emit, EVENT_STORE } from "../events";
import { TASK_NONBLOCK, TASK_WAKES, cellsAt, gridShift, header, pipeAt, taskAt } from "../layout";
import { UNMODELLED_OVERLAP } from "../limits";
import { currentCall, fail, fileIn, finish } from "../sched/call";
import { LINE_ACCESS, LINE_SLEEP } from "../sched/line";
import { noteConsumed } from "./consume";
import { overlaps } from "./copy-in";
import { consumeFront, frontSlot, isEmpty } from "./pipe";
import { noteAccess } from "./tear";
import { wakeOne, writeQueue } from "./wait";

/** O_NONBLOCK of the pipe does not count. */
export function stepVmspliceOutLock(task: u32): void {
  const it = taskAt(task);
  const pipe: u32 = fileIn(task).id;
  if (!isEmpty(pipe)) {
    pipeAt(pipe).mutex = <u8>(task + 1);
    it.line = LINE_ACCESS;
  } else if (pipeAt(pipe).writers == 0) finish(task, 0);
  else if (it.flags & TASK_NONBLOCK) fail(task, EAGAIN);
  else it.line = LINE_SLEEP;
}

/** Copies as much of the oldest slot as fits into one page of memory, `frame`. */
export function copyFront(task: u32, frame: u32): void {
  const it = taskAt(task);
  const pipe: u32 = fileIn(task).id;
  const slot = frontSlot(pipe);
  const wanted = min<i64>(slot.len, it.want);
  const offset = <u32>(it.pos & 4095);
  const n = <u32>min<i64>(wanted - it.part, 4096 - offset);
  const first = <u32>slot.offset + <u32>it.part;
  const from = cellsAt(slot.frame) + (first >> gridShift);
  const to = cellsAt(frame) + (offset >> gridShift);
  const count = n >> gridShift;
  if (overlaps(from, to, count)) {
    header().unmodelled = UNMODELLED_OVERLAP;
    return;
  }
  noteConsumed(task, pipe, pipeAt(pipe).tail, first, n, from);
  memory.copy(to, from, count);
  noteAccess(to, from, count);
  emit(EVENT_STORE, currentCall(task), frame, offset, n);
  it.pos += n;
  it.part += n;
  if (it.part == wanted) useUp(task, pipe, <u32>wanted);
}

function useUp(task: u32, pipe: u32, bytes: u32): void {
  const it = taskAt(task);
  if (consumeFront(pipe, bytes)) it.flags |= TASK_WAKES;
  it.part = 0;
  it.done += bytes;
  it.want -= bytes;
  if (it.want == 0 || isEmpty(pipe)) vmspliceOutDone(task, 0);
}

/** Ends the call: progress, or the error. */
export function vmspliceOutDone(task: u32, error: i64): void {
  const it = taskAt(task);
  const pipe: u32 = fileIn(task).id;
  pipeAt(pipe).mutex = 0;
  if (it.flags & TASK_WAKES) wakeOne(writeQueue(pipe), task);
  finish(task, it.done > 0 ? it.done : error);
}
