// vmsplice from memory into a pipe: slots that point at the pages that the memory is made of. The other way: vmsplice-out.ts.
// Mirrors: fs/splice.c:vmsplice_to_pipe(), iter_to_pipe(), add_to_pipe().
//
// Interface: stepVmspliceLock (the line LOCK); vmsplicePage, vmspliceDone, vmspliceCanGo: what the line ACCESS does here.
// Pages are found, and faulted in, as a load finds them (mm/fault.ts). A page of a file is what splice would put into the slot;
// anonymous memory and private copies are the user's own, and P1 is not asked of them.
// Not modelled: pages that are faulted in although the ring is full before them.

import { EAGAIN, EPIPE } from "../abi/errno";
import {
  PIPE_BUF_FLAG_GIFT,
  SLOT_DEFAULT,
  SLOT_PAGECACHE,
  SLOT_USER,
  SLOT_ZERO,
  SPLICE_F_GIFT,
} from "../abi/pipe";
import { spliceCopies, spliceLocks, spliceSteals } from "../config";
import { TASK_NONBLOCK, frameAt, pipeAt, taskAt } from "../layout";
import { folioIsLocked, getFolio, headOf } from "../mm/folio";
import { shareFolio } from "../mm/mapping";
import { fail, fileIn, finish, operand, sendSigpipe } from "../sched/call";
import { LINE_ACCESS, LINE_SLEEP } from "../sched/line";
import { isFull, pushSlot } from "./pipe";
import { copyForSlot } from "./splice-in";
import { readQueue, wakeOne } from "./wait";

/** O_NONBLOCK of the pipe does not count. */
export function stepVmspliceLock(task: u32): void {
  const it = taskAt(task);
  const pipe: u32 = fileIn(task).id;
  if (pipeAt(pipe).readers == 0) {
    sendSigpipe(task);
    fail(task, EPIPE);
  } else if (!isFull(pipe)) {
    pipeAt(pipe).mutex = <u8>(task + 1);
    it.line = LINE_ACCESS;
  } else if (it.flags & TASK_NONBLOCK) fail(task, EAGAIN);
  else it.line = LINE_SLEEP;
}

function isOfFile(frame: u32): bool {
  return frame != 0 && frameAt(headOf(frame)).inode != 0;
}

/** Whether the page can be pushed: unlocked, where the policy takes the folio lock. */
export function vmspliceCanGo(frame: u32): bool {
  return !spliceLocks() || !isOfFile(frame) || !folioIsLocked(headOf(frame));
}

/** One slot: the rest of one page; frame 0 is memory that nobody has written. */
export function vmsplicePage(task: u32, frame: u32): void {
  const it = taskAt(task);
  const pipe: u32 = fileIn(task).id;
  const offset = <u32>(it.pos & 4095);
  const len = <u32>min<i64>(it.want, 4096 - offset);
  const gift = operand(task, 4) & SPLICE_F_GIFT ? PIPE_BUF_FLAG_GIFT : 0;
  if (!push(pipe, frame, offset, len, gift)) return;
  it.pos += len;
  it.want -= len;
  it.done += len;
  if (it.want == 0 || isFull(pipe)) vmspliceDone(task, 0);
}

function push(pipe: u32, frame: u32, offset: u32, len: u32, flags: u32): bool {
  if (frame == 0) pushSlot(pipe, 0, offset, len, flags, SLOT_ZERO);
  else if (!isOfFile(frame)) {
    getFolio(headOf(frame));
    pushSlot(pipe, frame, offset, len, flags, SLOT_USER);
  } else if (spliceCopies() || spliceSteals()) {
    const copy = copyForSlot(frame, len);
    if (copy == 0) return false;
    pushSlot(pipe, copy, offset, len, flags, SLOT_DEFAULT);
  } else {
    shareFolio(headOf(frame));
    pushSlot(pipe, frame, offset, len, flags, SLOT_PAGECACHE);
  }
  return true;
}

/** Ends the call: progress, or the error. */
export function vmspliceDone(task: u32, error: i64): void {
  const it = taskAt(task);
  const pipe: u32 = fileIn(task).id;
  pipeAt(pipe).mutex = 0;
  if (it.done > 0) wakeOne(readQueue(pipe), task);
  finish(task, it.done > 0 ? it.done : error);
}
