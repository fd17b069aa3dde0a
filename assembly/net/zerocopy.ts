// MSG_ZEROCOPY: a send refers to its caller's memory, and the error queue tells when it does so no more. Mirrors:
// net/core/skbuff.c:msg_zerocopy_realloc(), __msg_zerocopy_callback(), skb_copy_ubufs(); net/ipv4/ip_sockglue.c:ip_recv_error().
//
// Interface: isZerocopy, borrows, borrowedFlags; begin, beginMessage, cannotBorrow, cannotJoin, complete (the sender's numbers); of a wire
// hasTurn, partSent, cutShort, completeNext, endsBorrowed; completionsHold (P8); copyIfBorrowed (delivery on loopback); asksErrors, takeCompletions
// (recvmsg); hasCompleted (poll); isNotified (io_uring).
// Law: taken <= complete <= sent, of requests complete <= sent. Sends complete in their order, so that what waits is one range. What a TCP
// end holds back has the memory of threads or of one ring, never of both.
// Not modelled: sends of threads and of requests on one wire, a request of several pages behind a piece of somebody else that is held back;
// SO_ZEROCOPY that is off, the code that tells whether the bytes were copied, more than 255 such sends of one end, the limit of pinned pages.

import { EAGAIN } from "../abi/errno";
import { POLLERR } from "../abi/fcntl";
import { SLOT_ANON, SLOT_USER } from "../abi/pipe";
import { MSG_ERRQUEUE, MSG_ZEROCOPY } from "../abi/socket";
import { SYS_RECVMSG, SYS_SEND, SYS_SENDMSG } from "../abi/syscalls";
import { EVENT_COPY, emit } from "../events";
import { socketQueue, wakeOne } from "../fs/wait";
import {
  PipeBuffer,
  asksSnapshot,
  cells,
  cellsAt,
  gridShift,
  header,
  resultAt,
  taskAt,
} from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL, UNMODELLED_SOCKET_MEMORY } from "../limits";
import { allocFolio, getFolio } from "../mm/folio";
import {
  BORROWED_IS_SHARED,
  CALL_JOINS_REQUEST,
  COMPLETION_WAKES_NOBODY,
  NOTIFIED_AT_ONCE,
  REQUEST_JOINS_ANOTHER,
  REQUEST_JOINS_BORROWED,
} from "../mutants";
import { callCode, messageFlags, ringOfChain } from "../program";
import { currentCall, fail, fileIn, finish, isRequest, storeOut } from "../sched/call";
import { isSummed } from "./checksum";
import { HAS_ERROR_QUEUE, does } from "./kinds";
import {
  Completions,
  FRAG_LAST,
  FRAG_ZEROCOPY,
  completionsAt,
  fragAt,
  fragExpectedAt,
  hasCompletions,
  isTcp,
  isWireSock,
  sockAt,
} from "./layout";
import { deliver } from "./send";
import { sendsMemory } from "./sendmsg";
import { peerOf } from "./socket";
import { SKB_FRAGS_MAX, openFrags, putFrag } from "./skb";
import { isHeard } from "./tcp";

/** Frames of the copies of one skb's pages. */
const copies: usize = memory.data(2 * 17);

/** Whether a call sends with MSG_ZEROCOPY. */
export function isZerocopy(call: u32): bool {
  const sends = callCode(call) == SYS_SEND || callCode(call) == SYS_SENDMSG;
  return sends && (messageFlags(call) & MSG_ZEROCOPY) != 0;
}

/** Whether what a call sends, to an end whose sender knows zero-copy sends, is its caller's memory. A request's UDP message is copied in its
 *  own step: as it arrives, or where it is held back at once, for that has a checksum. Mirrors: net/ipv4/ip_output.c:__ip_append_data(). */
export function borrows(task: u32, sock: u32): bool {
  if (!isZerocopy(currentCall(task))) return false;
  const isMessage = !isWireSock(sock) && !isTcp(sock);
  return isMessage ? does(sock, HAS_ERROR_QUEUE) && !isRequest(task) : true;
}
/** Whether a zero-copy request finds a held back message that has the memory of a thread's zero-copy send. */
export function cannotJoin(task: u32, sock: u32): bool {
  const peer = peerOf(sock);
  const held: u32 = sockAt(peer).held;
  if (!held || !isRequest(task) || !isZerocopy(currentCall(task))) return false;
  if (taskAt(task).want == 0 || MUTANT == REQUEST_JOINS_BORROWED) return false;
  return isBorrowed(peer, <u32>sockAt(peer).count - held);
}
/** Whether a thread's zero-copy send finds that its TCP end holds back what has the memory of a request: ENOBUFS, in front of all other
 *  errors. Mirrors: net/core/skbuff.c:msg_zerocopy_realloc(). */
export function cannotBorrow(task: u32, sock: u32): bool {
  const it = taskAt(task);
  if (!isTcp(sock) || isRequest(task) || it.want == 0 || it.done > 0) return false;
  if (!isZerocopy(currentCall(task)) || MUTANT == CALL_JOINS_REQUEST) return false;
  return requestsUnderWay(sock);
}
function requestsUnderWay(sock: u32): bool {
  return completionsAt(sock).requestsComplete < completionsAt(sock).requestsSent;
}
/** Flags of a frag of it. Over a wire the last one of a send tells that it is. */
export function borrowedFlags(sock: u32, last: bool): u8 {
  return isWireSock(sock) && last ? FRAG_ZEROCOPY | FRAG_LAST : FRAG_ZEROCOPY;
}

/** A task's call sends bytes on an end: with its first ones it gets the next number, if it is a zero-copy send and the end knows
 *  them. Over a wire it has the socket's lock until all of it is sent. Returns whether it goes on its way whatever it says, behind what it
 *  has sent in front of it. Mirrors: lock_sock(). */
export function begin(task: u32, sock: u32): bool {
  const it = taskAt(task);
  if (it.want == 0 || it.done > 0 || !borrows(task, sock)) return false;
  const all = completionsAt(sock);
  if (isWireSock(sock)) {
    if (isRequest(task) ? all.sent : all.requestsSent) header().unmodelled = UNMODELLED_CALL;
    sockAt(sock).iolock = <u8>(task + 1);
  }
  if (!isRequest(task)) {
    all.sent++;
    return false;
  }
  const goes = isTcp(sock) && sendsAnothers(task, sock);
  all.requestsSent++;
  if (isTcp(sock)) all.ring = <u8>(ringOfChain(task) + 1);
  resultAt(currentCall(task)).out = ((<i64>sock) << 8) | all.requestsSent;
  return goes;
}
/** A request does not join an skb with memory of threads or of another ring: it begins one of its own, behind which that one goes, and with the
 *  acknowledgement its own. Mirrors: io_uring/notif.c:io_link_skb() (EEXIST); net/ipv4/tcp_input.c:tcp_data_snd_check(). */
function sendsAnothers(task: u32, sock: u32): bool {
  const all = completionsAt(sock);
  const ofRing = requestsUnderWay(sock) && all.ring != <u8>(ringOfChain(task) + 1);
  if (!ofRing && all.complete == all.sent) return false;
  if (MUTANT == REQUEST_JOINS_ANOTHER || !isHeard(peerOf(sock))) return false;
  const it = taskAt(task);
  if (sendsMemory(task) && (it.pos & 4095) + it.want > 4096) header().unmodelled = UNMODELLED_CALL;
  deliver(task, peerOf(sock));
  return true;
}
/** A task's call sends a message, which has a number then, even an empty one, or adds bytes to it; with pages that wait for the rest of it,
 *  it is to be copied as a whole. Mirrors: net/ipv4/ip_output.c:__ip_append_data(). */
export function beginMessage(task: u32, sock: u32): void {
  const peer = peerOf(sock);
  const adds = taskAt(task).want > 0 || !sockAt(peer).held;
  if (!adds || !borrows(task, sock)) return;
  completionsAt(sock).sent++;
  const first = <u32>sockAt(peer).count - openFrags(peer);
  if (openFrags(peer)) fragAt(peer, first).flags |= FRAG_ZEROCOPY;
}
/** Whether a call may send on a wire: no other zero-copy send is at it. */
export function hasTurn(task: u32, sock: u32): bool {
  const owner = sockAt(sock).iolock;
  return owner == 0 || owner == <u8>(task + 1);
}
/** A part was sent on a wire. */
export function partSent(task: u32, sock: u32): void {
  if (taskAt(task).want == 0 && borrows(task, sock)) sockAt(sock).iolock = 0;
}
/** A send on a wire ends before its last frag: the newest one is its last, or it is complete. */
export function cutShort(task: u32, sock: u32): void {
  if (!borrows(task, sock) || !isWireSock(sock)) return;
  const it = sockAt(sock);
  it.iolock = 0;
  for (let nth: u32 = it.count; nth > 0; nth--) {
    const frag = fragAt(sock, nth - 1);
    if (!(frag.flags & FRAG_ZEROCOPY)) continue;
    if (frag.flags & FRAG_LAST) break;
    frag.flags |= FRAG_LAST;
    return;
  }
  completeNext(sock, task);
}

/** No frag of an end's zero-copy sends is left: the error queue has their numbers. Mirrors: sk_error_report(). */
export function complete(sock: u32, by: u32): void {
  if (!hasCompletions || !does(sock, HAS_ERROR_QUEUE) || !sockAt(sock).live) return;
  const it = completionsAt(sock);
  it.requestsComplete = it.requestsSent;
  it.ring = 0;
  if (it.complete < it.sent) completeUpTo(sock, it.sent, by);
}
/** The same of a wire's oldest one that is not complete. */
export function completeNext(sock: u32, by: u32): void {
  if (requestsUnderWay(sock)) completionsAt(sock).requestsComplete++;
  else completeUpTo(sock, completionsAt(sock).complete + 1, by);
}
function completeUpTo(sock: u32, sends: u8, by: u32): void {
  completionsAt(sock).complete = sends;
  if (MUTANT != COMPLETION_WAKES_NOBODY) wakeOne(socketQueue(sock), by, POLLERR);
}

/** Whether a frag is the last one of a zero-copy send on a wire. */
export function endsBorrowed(sock: u32, nth: u32): bool {
  const both = FRAG_ZEROCOPY | FRAG_LAST;
  return hasCompletions && (fragAt(sock, nth).flags & both) == both;
}

/** P8: no frag of a send that is complete is left in a queue, from which it could be read. */
export function completionsHold(sock: u32): bool {
  if (!hasCompletions) return true;
  const it = completionsAt(sock);
  if (it.taken > it.complete || it.complete > it.sent) return false;
  if (it.requestsComplete > it.requestsSent) return false;
  const requests = <u32>it.requestsSent - it.requestsComplete;
  const left = <u32>it.sent - it.complete + requests;
  if (isWireSock(sock)) return borrowedSends(sock) == left;
  return !isTcp(sock) || left > 0 || !isBorrowed(peerOf(sock), 0);
}
/** Zero-copy sends of which a wire has frags, or is to get some. */
function borrowedSends(sock: u32): u32 {
  let sum: u32 = sockAt(sock).iolock ? 1 : 0;
  for (let nth: u32 = 0; nth < <u32>sockAt(sock).count; nth++) if (endsBorrowed(sock, nth)) sum++;
  return sum;
}
/** Whether the error queue of an end has something. */
export function hasCompleted(sock: u32): bool {
  if (!hasCompletions) return false;
  return completionsAt(sock).taken < completionsAt(sock).complete;
}
/** Whether io_uring has sent the notification of a request that has returned: none of its memory is referred to. Mirrors:
 *  io_uring/notif.c:io_tx_ubuf_complete(). */
export function isNotified(call: u32): bool {
  const out = <u32>resultAt(call).out;
  if (out == 0 || MUTANT == NOTIFIED_AT_ONCE) return true;
  const it = completionsAt(out >> 8);
  const number = <u8>(out & 0xff);
  return it.requestsComplete >= number || it.requestsSent < number;
}

/** Whether a call asks the error queue, which needs no lock. */
export function asksErrors(task: u32): bool {
  const sock: u32 = fileIn(task).id;
  const hasQueue = isWireSock(sock) || does(sock, HAS_ERROR_QUEUE);
  return hasQueue && (messageFlags(currentCall(task)) & MSG_ERRQUEUE) != 0;
}

/** Takes the range that waits: recvmsg tells the first number and the last, recv throws them away. */
export function takeCompletions(task: u32): void {
  const sock: u32 = fileIn(task).id;
  if (!hasCompleted(sock)) return fail(task, EAGAIN);
  const it = completionsAt(sock);
  if (callCode(currentCall(task)) == SYS_RECVMSG)
    storeOut(task, (<i64>it.taken) | ((<i64>(it.complete - 1)) << 16));
  it.taken = it.complete;
  finish(task, 0);
}

/** The end is closed. */
export function forgetCompletions(sock: u32): void {
  if (hasCompletions)
    memory.fill(changetype<usize>(completionsAt(sock)), 0, offsetof<Completions>());
}

/** The newest skb arrives on loopback: if a part of it is its sender's memory, all of it is copied into pages of its own, which are
 *  full but for the last. False when the run leaves the model. Mirrors: skb_orphan_frags_rx(). */
export function copyIfBorrowed(sock: u32): bool {
  const first = <u32>sockAt(sock).count - openFrags(sock);
  if (!isBorrowed(sock, first) || MUTANT == BORROWED_IS_SHARED) return true;
  if (isSummed(sock, first)) {
    fragAt(sock, first).flags &= ~FRAG_ZEROCOPY;
    return copyFrom(sock, first + 1);
  }
  if (fragsAtMost(sock, first) <= SKB_FRAGS_MAX) return copyFrom(sock, first);
  header().unmodelled = UNMODELLED_SOCKET_MEMORY;
  return false;
}
function copyFrom(sock: u32, first: u32): bool {
  const count = <u32>sockAt(sock).count - first;
  let bytes: u32 = 0;
  for (let nth = first; nth < first + count; nth++) bytes += fragAt(sock, nth).len;
  const pages = (bytes + 4095) >> PAGE_SHIFT;
  for (let page: u32 = 0; page < pages; page++) {
    const frame = allocFolio(0);
    if (frame == 0) return false;
    getFolio(frame);
    store<u16>(copies + page * 2, <u16>frame);
  }
  copyFrags(sock, first);
  for (let nth = first; nth < first + count; nth++) putFrag(fragAt(sock, nth));
  for (let page: u32 = 0; page < pages; page++)
    setFrag(fragAt(sock, first + page), page, min<u32>(bytes - (page << PAGE_SHIFT), 4096));
  for (let nth = first + pages; nth < first + count; nth++) clearFrag(sock, nth);
  sockAt(sock).count = <u16>(first + pages);
  return true;
}
function isBorrowed(sock: u32, first: u32): bool {
  for (let nth = first; nth < <u32>sockAt(sock).count; nth++)
    if (fragAt(sock, nth).flags & FRAG_ZEROCOPY) return true;
  return false;
}
/** Frags that the kernel has, at most: a piece of the sender's memory may begin within a page. */
function fragsAtMost(sock: u32, first: u32): u32 {
  let sum: u32 = 0;
  for (let nth = first; nth < <u32>sockAt(sock).count; nth++)
    sum += fragAt(sock, nth).flags & FRAG_ZEROCOPY ? 2 : 1;
  return sum;
}
function copyOf(page: u32): u32 {
  return load<u16>(copies + page * 2);
}

/** Copies the bytes of the frags from `first` on, and what their slots held, one behind the other: what is copied never stands behind
 *  where it goes. P1 asks of memory only that the copy stays. */
function copyFrags(sock: u32, first: u32): void {
  let to: u32 = 0;
  for (let nth = first; nth < <u32>sockAt(sock).count; nth++) {
    const frag = fragAt(sock, nth);
    const held = frag.kind == SLOT_USER ? cellsAt(frag.frame) : fragExpectedAt(sock, nth);
    let from = (<u32>frag.offset) >> gridShift;
    for (let left = (<u32>frag.len) >> gridShift, n: u32 = 0; left; left -= n) {
      const copy = copyOf(to / cells);
      const at = to % cells;
      n = min<u32>(left, cells - at);
      memory.copy(cellsAt(copy) + at, cellsAt(frag.frame) + from, n);
      const expected = fragExpectedAt(sock, first + to / cells) + at;
      if (asksSnapshot) memory.copy(expected, held + from, n);
      emit(EVENT_COPY, frag.frame, copy);
      from += n;
      to += n;
    }
  }
}
function setFrag(frag: PipeBuffer, page: u32, len: u32): void {
  frag.frame = <u16>copyOf(page);
  frag.offset = 0;
  frag.len = <u16>len;
  frag.kind = <u8>SLOT_ANON;
  frag.flags = 0;
}
function clearFrag(sock: u32, nth: u32): void {
  memory.fill(changetype<usize>(fragAt(sock, nth)), 0, offsetof<PipeBuffer>());
  if (asksSnapshot) memory.fill(fragExpectedAt(sock, nth), 0, cells);
}
