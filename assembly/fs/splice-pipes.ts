// splice from pipe to pipe, and tee. Mirrors: fs/splice.c:splice_pipe_to_pipe(), link_pipe(), ipipe_prep(), opipe_prep().
//
// Interface: the lines INPUT, OUTPUT and MOVE; their waits are in sched/wait-line.ts.
// Not modelled: signals, watch queues.

import { EAGAIN, EPIPE } from "../abi/errno";
import { PIPE_BUF_FLAG_CAN_MERGE, PIPE_BUF_FLAG_GIFT } from "../abi/pipe";
import { SYS_TEE } from "../abi/syscalls";
import { PipeBuffer, TASK_NONBLOCK, pipeAt, slotAt, taskAt } from "../layout";
import { callCode } from "../program";
import { currentCall, fail, fileIn, fileOut, finish, sendSigpipe } from "../sched/call";
import {
  LINE_INPUT,
  LINE_INPUT_SLEEP,
  LINE_MOVE,
  LINE_OUTPUT,
  LINE_OUTPUT_SLEEP,
} from "../sched/line";
import { forgetFront, frontSlot, getSlot, isEmpty, isFull, pushCopy } from "./pipe";
import { readQueue, wakeOne, writeQueue } from "./wait";
import { SPLIT_KEEPS_MERGE, TEE_KEEPS_MERGE, TEE_WITHOUT_REFERENCE } from "../mutants";

function isTee(task: u32): bool {
  return callCode(currentCall(task)) == SYS_TEE;
}
function mustNotWait(task: u32): bool {
  return (taskAt(task).flags & TASK_NONBLOCK) != 0;
}

/** Whether the look at the input needs its mutex, and has it: the guard of INPUT. */
export function inputCanGo(task: u32): bool {
  const id: u32 = fileIn(task).id;
  return !isEmpty(id) || pipeAt(id).mutex == 0;
}
/** The guard of OUTPUT. */
export function outputCanGo(task: u32): bool {
  const id: u32 = fileOut(task).id;
  return !isFull(id) || pipeAt(id).mutex == 0;
}
/** The guard of MOVE: both mutexes. */
export function moveCanGo(task: u32): bool {
  return pipeAt(fileIn(task).id).mutex == 0 && pipeAt(fileOut(task).id).mutex == 0;
}

/** Mirrors: ipipe_prep(). */
export function stepInput(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  if (!isEmpty(id) || pipeAt(id).writers == 0) it.line = LINE_OUTPUT;
  else if (mustNotWait(task)) fail(task, EAGAIN);
  else it.line = LINE_INPUT_SLEEP;
}

/** Mirrors: opipe_prep(). */
export function stepOutput(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileOut(task).id;
  if (!isFull(id)) it.line = LINE_MOVE;
  else if (pipeAt(id).readers == 0) failPipe(task);
  else if (mustNotWait(task)) fail(task, EAGAIN);
  else it.line = LINE_OUTPUT_SLEEP;
}

function failPipe(task: u32): void {
  sendSigpipe(task);
  fail(task, EPIPE);
}

export function stepMove(task: u32): void {
  if (isTee(task)) tee(task);
  else movePipes(task);
}

/** Moves whole slots, splits the last one. */
function movePipes(task: u32): void {
  const it = taskAt(task);
  const from: u32 = fileIn(task).id;
  const to: u32 = fileOut(task).id;
  let freed = false;
  while (it.want > 0) {
    if (pipeAt(to).readers == 0) {
      sendSigpipe(task);
      if (it.done == 0) it.ret = -EPIPE;
      break;
    }
    if (isEmpty(from) && pipeAt(from).writers == 0) break;
    if (isEmpty(from) || isFull(to)) {
      if (it.done > 0) break;
      if (mustNotWait(task)) return fail(task, EAGAIN);
      it.line = LINE_INPUT;
      return;
    }
    const slot = frontSlot(from);
    if (it.want >= <i64>slot.len) {
      advance(task, slot.len);
      moveFront(from, to);
      freed = true;
    } else {
      const part = <u32>it.want;
      getSlot(slot);
      const flags = MUTANT == SPLIT_KEEPS_MERGE ? <u32>slot.flags : inherited(slot);
      pushCopy(to, from, pipeAt(from).tail, part, flags);
      slot.offset += <u16>part;
      slot.len -= <u16>part;
      advance(task, part);
    }
  }
  if (it.done > 0) wakeOne(readQueue(to), task);
  if (freed) wakeOne(writeQueue(from), task);
  finish(task, it.ret ? it.ret : it.done);
}

function advance(task: u32, bytes: u32): void {
  taskAt(task).done += bytes;
  taskAt(task).want -= bytes;
}

/** The slot goes over with its reference and all its flags, CAN_MERGE too (B-15). */
function moveFront(from: u32, to: u32): void {
  const slot = frontSlot(from);
  pushCopy(to, from, pipeAt(from).tail, slot.len, slot.flags);
  forgetFront(from);
}

/** Flags of a slot that shares its page with another one. */
function inherited(slot: PipeBuffer): u32 {
  return slot.flags & ~(PIPE_BUF_FLAG_GIFT | PIPE_BUF_FLAG_CAN_MERGE);
}

/** One pass: the input stays as it is. Mirrors: link_pipe(). */
function tee(task: u32): void {
  const it = taskAt(task);
  const from: u32 = fileIn(task).id;
  const to: u32 = fileOut(task).id;
  if (pipeAt(to).readers == 0) return failPipe(task);
  for (let c = pipeAt(from).tail; c != pipeAt(from).head && it.want > 0 && !isFull(to); c++) {
    const slot = slotAt(from, c);
    const len = <u32>min<i64>(slot.len, it.want);
    if (MUTANT != TEE_WITHOUT_REFERENCE) getSlot(slot);
    pushCopy(to, from, c, len, MUTANT == TEE_KEEPS_MERGE ? <u32>slot.flags : inherited(slot));
    advance(task, len);
  }
  if (it.done > 0) wakeOne(readQueue(to), task);
  finish(task, it.done);
}
