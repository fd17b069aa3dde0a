// splice, and sendfile, from a stream socket to a pipe: frags go on as slots, the linear bytes of a UNIX skb are copied.
// Mirrors: net/unix/af_unix.c:unix_stream_splice_read(), unix_stream_read_generic(); net/core/skbuff.c:skb_splice_bits();
// net/ipv4/tcp.c:tcp_splice_read(), tcp_read_sock().
//
// Interface: setSpliceReads (reset); startDrain, behind LOCK of splice file → pipe; drainCanGo, stepDrain, stepDrainSleep;
// pipeOfDrain, pipesOfMove: what nobody can look at.
// Law: the pipe mutex is held from LOCK to the end, while the call sleeps, too; the receive mutex is not held then.
// Not modelled: a wire as input; a frag that is longer than a page; copied bytes beyond the page fragment of a thread; a tee or
// splice between pipes that waits for the mutex of one pipe and may hold that of the other one.

import { SLOT_DEFAULT, SLOT_SKB } from "../abi/pipe";
import { SYS_SPLICE, SYS_TEE } from "../abi/syscalls";
import { getSlot, isFull, pushSlot, used } from "../fs/pipe";
import { ownCopy } from "../fs/splice-in";
import { readQueue, sleepIn, socketQueue, wakeOne } from "../fs/wait";
import {
  TASK_NONBLOCK,
  asksSnapshot,
  cells,
  expectedAt,
  gridShift,
  header,
  pipeAt,
  slotAt,
  taskAt,
} from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL, UNMODELLED_SOCKET_MEMORY } from "../limits";
import { DRAIN_UNLOCKED, DRAIN_WITHOUT_REFERENCE, SLOTS_NOT_JOINED } from "../mutants";
import { callCode } from "../program";
import {
  currentCall,
  fileIn,
  fileOut,
  finishShort,
  isNonblock,
  isPipe,
  isSocket,
  isSplice,
  isWire,
} from "../sched/call";
import { LINE_DRAIN, LINE_DRAIN_SLEEP, LINE_ENTER } from "../sched/line";
import { drainMessage, messageFound } from "./dgram";
import { IGNORES_SPLICE_NONBLOCK, SENDS_MESSAGES, does } from "./kinds";
import { FRAG_LINEAR, FRAG_LONG, arrived, fragAt, fragExpectedAt, isTcp, sockAt } from "./layout";
import { skbFrags } from "./skb";
import { advance, findNothing, frontFrag, receivable, received } from "./receive";

/** Whether a call may hold the mutexes of two pipes; whether all copied bytes fit into one page fragment. Facts of the program. */
let locksTwo: bool = false;
let copiesFit: bool = true;

export function setSpliceReads(two: bool, fit: bool): void {
  locksTwo = two;
  copiesFit = fit;
}

/** With the pipe mutex free, and room in the ring: takes the mutex. */
export function startDrain(task: u32): void {
  const it = taskAt(task);
  const pipe: u32 = fileOut(task).id;
  if (isWire(fileIn(task))) header().unmodelled = UNMODELLED_CALL;
  pipeAt(pipe).mutex = <u8>(task + 1);
  it.want = min<i64>(it.want, (<i64>pipeAt(pipe).maxUsage - used(pipe)) << PAGE_SHIFT);
  if (does(fileIn(task).id, IGNORES_SPLICE_NONBLOCK)) it.flags &= ~TASK_NONBLOCK;
  if (isNonblock(fileIn(task))) it.flags |= TASK_NONBLOCK;
  it.line = LINE_DRAIN;
}

/** The pipe + 1 that a task may have locked while it sleeps; 0 for none. */
export function pipeOfDrain(task: u32): u32 {
  const it = taskAt(task);
  if (it.line == LINE_ENTER || it.fileIn == 0 || it.fileOut == 0 || !isSplice(task)) return 0;
  return isSocket(fileIn(task)) && isPipe(fileOut(task)) ? <u32>fileOut(task).id + 1 : 0;
}

/** The pipes + 1 that a task moves slots between, the one that it takes from in the upper half: where a drain may have one of them
 *  locked, the task may have the other. 0 for none. */
export function pipesOfMove(task: u32): u32 {
  const it = taskAt(task);
  if (it.line == LINE_ENTER || it.fileIn == 0 || it.fileOut == 0) return 0;
  const code = callCode(currentCall(task));
  if (code != SYS_SPLICE && code != SYS_TEE) return 0;
  if (!isPipe(fileIn(task)) || !isPipe(fileOut(task))) return 0;
  return ((<u32>fileIn(task).id + 1) << 16) | (<u32>fileOut(task).id + 1);
}

/** The guard of DRAIN: nobody else has the receive mutex. */
export function drainCanGo(task: u32): bool {
  const owner: u32 = sockAt(fileIn(task).id).iolock;
  return owner == 0 || owner == task + 1;
}

/** One skb, or one message, or the wait for one. */
export function stepDrain(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const sock = sockAt(id);
  const pipe: u32 = fileOut(task).id;
  const messages = does(id, SENDS_MESSAGES);
  const isMine = sock.iolock == <u8>(task + 1);
  if (!isMine && (messages ? !messageFound(id) : arrived(id) == 0)) {
    if (findNothing(task)) return endDrain(task);
    if (locksTwo) header().unmodelled = UNMODELLED_CALL;
    if (MUTANT == DRAIN_UNLOCKED) pipeAt(pipe).mutex = 0;
    it.line = LINE_DRAIN_SLEEP;
    return;
  }
  if (messages) {
    if (drainMessage(task, id, pipe)) endDrain(task);
    return;
  }
  sock.iolock = <u8>(task + 1);
  if (!moveSkb(task, id, pipe)) return;
  const isNext = sock.consumed == 0 && arrived(id) > 0;
  if (it.want > 0 && isNext && !isFull(pipe)) return;
  sock.iolock = 0;
  endDrain(task);
}

/** Sleeps with the pipe mutex. */
export function stepDrainSleep(task: u32): void {
  const id: u32 = fileIn(task).id;
  if (receivable(id)) taskAt(task).line = LINE_DRAIN;
  else sleepIn(socketQueue(id), task, does(id, SENDS_MESSAGES));
}

function endDrain(task: u32): void {
  const pipe: u32 = fileOut(task).id;
  pipeAt(pipe).mutex = 0;
  if (taskAt(task).done > 0) wakeOne(readQueue(pipe), task);
  finishShort(task);
}

/** The oldest skb's frags become slots, as far as there is room; false when the run leaves the model. */
function moveSkb(task: u32, id: u32, pipe: u32): bool {
  const it = taskAt(task);
  const frags = skbFrags(id);
  let bytes: u32 = 0;
  let nth = frontFrag(task);
  let from = received;
  for (; nth < frags && it.want > 0; nth++) {
    const n = <u32>min<i64>(<u32>fragAt(id, nth).len - from, it.want);
    if (bytes == 0 || !growSlot(pipe, id, nth, from, n)) {
      if (isFull(pipe)) break;
      if (!pushFragSlot(pipe, id, nth, from, n)) return false;
    }
    from = 0;
    bytes += n;
    it.done += n;
    it.want -= n;
  }
  advance(id, sockAt(id), bytes);
  return true;
}

/** Whether bytes [from, from + len) of a frag go on where the newest slot, of the same skb, ends: they make it longer. Mirrors:
 *  spd_can_coalesce(). */
function growSlot(pipe: u32, sock: u32, nth: u32, from: u32, len: u32): bool {
  const frag = fragAt(sock, nth);
  const newest = pipeAt(pipe).head - 1;
  const slot = slotAt(pipe, newest);
  const offset = <u32>frag.offset + from;
  if (frag.flags & FRAG_LINEAR || frag.frame != slot.frame) return false;
  if (<u32>slot.offset + slot.len != offset || MUTANT == SLOTS_NOT_JOINED) return false;
  slot.len += <u16>len;
  if (!asksSnapshot) return true;
  const cell = offset >> gridShift;
  const source = fragExpectedAt(sock, nth) + cell;
  memory.copy(expectedAt(pipe, newest) + cell, source, len >> gridShift);
  return true;
}

/** A slot of bytes [from, from + len) of a frag: its page with a reference of the slot's own, or a copy. Mirrors:
 *  __splice_segment(), linear_to_page(). */
function pushFragSlot(pipe: u32, sock: u32, nth: u32, from: u32, len: u32): bool {
  const frag = fragAt(sock, nth);
  const offset = <u32>frag.offset + from;
  const tcp = isTcp(sock);
  if ((frag.flags & FRAG_LONG && !tcp) || (frag.flags & FRAG_LINEAR && !copiesFit)) {
    header().unmodelled = UNMODELLED_SOCKET_MEMORY;
    return false;
  }
  const at = pipeAt(pipe).head;
  if (frag.flags & FRAG_LINEAR) {
    const copy = ownCopy(frag.frame);
    if (copy == 0) return false;
    pushSlot(pipe, copy, offset, len, 0, SLOT_DEFAULT);
  } else {
    pushSlot(pipe, frag.frame, offset, len, 0, frag.flags & FRAG_LONG ? SLOT_SKB : frag.kind);
    if (MUTANT != DRAIN_WITHOUT_REFERENCE) getSlot(slotAt(pipe, at));
  }
  if (asksSnapshot) memory.copy(expectedAt(pipe, at), fragExpectedAt(sock, nth), cells);
  return true;
}
