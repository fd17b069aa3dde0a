// Receiving messages, and the end of sockets that send them: UNIX datagrams, UNIX packets in sequence (SOCK_SEQPACKET), UDP over
// 127.0.0.1. What differs between them is in the table of kinds.ts; sending: dgram-send.ts.
// Mirrors: net/unix/af_unix.c:__unix_dgram_recvmsg(); net/ipv4/udp.c:udp_recvmsg();
// net/core/datagram.c:__skb_wait_for_more_packets(); fs/splice.c:copy_splice_read().
//
// Interface: lockMessage, takePart, the lines of read and recv; messageFound, drainMessage, for the line DRAIN; nextBytes;
// releaseMessages.
// A message is an skb. Who receives one takes it out of the queue first and copies then: its frags stand in front, `sent` of them,
// and nobody else finds it. What its sender has not finished, or holds back, stands at the end, `held` frags.
// An empty message is one frag of no bytes and no frame.
// Law: a splice's copy of a frag is the frag's own page from then on, so its reference to the file's is gone a little early.
// Not modelled: two calls that receive from one UDP end at once: they take turns; a full receive buffer, which UDP answers by
// losing what comes (a run leaves the model first).

import { ECONNRESET } from "../abi/errno";
import { SLOT_DEFAULT, SLOT_PAGECACHE } from "../abi/pipe";
import { MSG_TRUNC } from "../abi/socket";
import { noteReceived } from "../fs/consume";
import { pushSlot } from "../fs/pipe";
import { socketQueue, wakeAll } from "../fs/wait";
import { asksSnapshot, cellsAt, expectedAt, gridShift, pipeAt, taskAt } from "../layout";
import { MAX_RW_COUNT } from "../limits";
import { allocFolio, getFolio } from "../mm/folio";
import { ERROR_BEHIND_MESSAGES, TRUNC_TELLS_PART } from "../mutants";
import { messageFlags, transferBytes } from "../program";
import { currentCall, fileIn, finish } from "../sched/call";
import { LINE_BEGIN, LINE_LOCK } from "../sched/line";
import { dataStartOf } from "../syscall/data";
import { copyIsRight, dropWrong, isSummed, loseMessage, sumIsRight } from "./checksum";
import { COUNTS_ALL, HOLDS_BACK, TELLS_PEER, does } from "./kinds";
import { SHUTDOWN_MASK, Sock, arrived, fragAt, fragExpectedAt, sockAt } from "./layout";
import { findEmpty, peeks } from "./receive";
import { dropFrags, dropHeld, ownFrag, skbBytes, skbFrags, unreadBytes } from "./skb";
import { peerOf } from "./socket";
import { forgetCompletions } from "./zerocopy";

/** Whether there is a message to take, with no error in front of it. */
export function messageFound(sock: u32): bool {
  const fails = sockAt(sock).error != 0 && MUTANT != ERROR_BEHIND_MESSAGES;
  return arrived(sock) > 0 && !fails;
}

/** The line LOCK of read and recv: takes the receive mutex and the oldest message. */
export function lockMessage(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  // A whole message is summed up while it is copied, another one before.
  while (messageFound(id) && (peeks(task) || it.want < <i64>skbBytes(id)) && !sumIsRight(id))
    loseMessage(id);
  if (!messageFound(id)) return findEmpty(task);
  it.want = min<i64>(it.want, skbBytes(id));
  sockAt(id).iolock = <u8>(task + 1);
  if (!peeks(task)) sockAt(id).sent = <u16>skbFrags(id);
  if (it.want == 0) endMessage(task);
  else it.line = LINE_BEGIN;
}

/** So many bytes of the message were copied; behind the last one that is wanted the rest goes, too. */
export function takePart(task: u32, bytes: u32): void {
  if (!peeks(task)) sockAt(fileIn(task).id).consumed += bytes;
  if (taskAt(task).want > 0) taskAt(task).line = LINE_BEGIN;
  else endMessage(task);
}

function endMessage(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const isWrong =
    isWhole(task, id) && !copyIsRight(id, dataStartOf(task), <u32>(it.done >> gridShift));
  const truncates = (messageFlags(currentCall(task)) & MSG_TRUNC) != 0;
  const tellsAll = truncates && MUTANT != TRUNC_TELLS_PART;
  const ret: i64 = tellsAll ? skbBytes(id) : it.done;
  sockAt(id).iolock = 0;
  if (!isWrong && isSummed(id)) noteMessage(task, id);
  if (!peeks(task)) {
    sockAt(id).sent = 0;
    sockAt(id).consumed = 0;
    if (!isWrong) dropFrags(id, skbFrags(id));
  }
  if (isWrong) tryAgain(task, id);
  else finish(task, ret);
}
/** What a call has received of a message that might have been lost. */
function noteMessage(task: u32, sock: u32): void {
  const done = <u32>taskAt(task).done;
  for (let nth: u32 = 1, at: u32 = 0; at < done; nth++) {
    const frag = fragAt(sock, nth);
    const n = min<u32>(frag.len, done - at);
    const got = dataStartOf(task) + (at >> gridShift);
    if (n) noteReceived(currentCall(task), sock, nth, frag.offset, n, got);
    at += n;
  }
}
/** Whether a call has taken a message and copied all of it. */
function isWhole(task: u32, sock: u32): bool {
  return !peeks(task) && taskAt(task).done == skbBytes(sock);
}
/** The message had a wrong checksum: it is as if it had not been there. */
function tryAgain(task: u32, sock: u32): void {
  const it = taskAt(task);
  loseMessage(sock);
  memory.fill(dataStartOf(task), 0, <usize>(it.done >> gridShift));
  it.done = 0;
  it.want = min<i64>(transferBytes(currentCall(task)), MAX_RW_COUNT);
  it.line = LINE_LOCK;
}

/** FIONREAD. A message that somebody has taken is gone. */
export function nextBytes(sock: u32): u32 {
  if (does(sock, COUNTS_ALL)) return unreadBytes(sock);
  dropWrong(sock);
  return arrived(sock) ? skbBytes(sock, sockAt(sock).sent) : 0;
}

/** A splice or sendfile from the socket. Takes the oldest message and copies a page of a file that it has in each step; with the last one
 *  the message becomes pages of the pipe's own, packed. What the ring has no room for, or was not asked for, is lost. True when the call
 *  is to end. */
export function drainMessage(task: u32, sock: u32, pipe: u32): bool {
  const it = sockAt(sock);
  if (!it.sent) {
    if (taskAt(task).want < <i64>skbBytes(sock) && !sumIsRight(sock)) {
      loseMessage(sock);
      return false;
    }
    it.iolock = <u8>(task + 1);
    it.sent = <u16>skbFrags(sock);
  }
  const shared = nextShared(sock, 0);
  if (shared < <u32>it.sent) {
    if (!ownFrag(sock, shared) || nextShared(sock, shared) < <u32>it.sent) return false;
  }
  const isWrong = taskAt(task).want >= <i64>skbBytes(sock) && !sumIsRight(sock);
  if (!isWrong && !packMessage(task, sock, pipe)) return false;
  it.iolock = 0;
  it.sent = 0;
  if (isWrong) loseMessage(sock);
  else dropFrags(sock, skbFrags(sock));
  return !isWrong;
}

/** The first frag from `nth` on of the message that is taken whose page is a file's; `sent` if there is none. */
function nextShared(sock: u32, nth: u32): u32 {
  const count: u32 = sockAt(sock).sent;
  while (nth < count && fragAt(sock, nth).kind != SLOT_PAGECACHE) nth++;
  return nth;
}

/** The message as slots; false when the run leaves the model. */
function packMessage(task: u32, sock: u32, pipe: u32): bool {
  const it = taskAt(task);
  const bytes = <u32>min<i64>(it.want, skbBytes(sock));
  for (let at: u32 = 0; at < bytes; at += 4096) {
    const page = allocFolio(0);
    if (page == 0) return false;
    getFolio(page);
    const counter = pipeAt(pipe).head;
    const len = min<u32>(4096, bytes - at);
    pushSlot(pipe, page, 0, len, 0, SLOT_DEFAULT);
    copyOut(sock, at, len, cellsAt(page), false);
    if (asksSnapshot) copyOut(sock, at, len, expectedAt(pipe, counter), true);
  }
  it.done = bytes;
  return true;
}

/** Copies bytes [from, from + len) of the oldest message, or what its slots were expected to hold. */
function copyOut(sock: u32, from: u32, len: u32, to: usize, expected: bool): void {
  let start: u32 = 0;
  for (let nth: u32 = 0; len; nth++) {
    const frag = fragAt(sock, nth);
    const skipped = max<u32>(from, start) - start;
    start += frag.len;
    if (from >= start) continue;
    const n = min<u32>(len, start - from);
    const source = expected ? fragExpectedAt(sock, nth) : cellsAt(frag.frame);
    memory.copy(to, source + ((<u32>frag.offset + skipped) >> gridShift), n >> gridShift);
    to += n >> gridShift;
    from += n;
    len -= n;
  }
}

/** The last descriptor of an end is closed. What its peer has not finished or holds back is the peer's. */
export function releaseMessages(sock: u32, by: u32): void {
  const it = sockAt(sock);
  const peer = sockAt(peerOf(sock));
  if (does(sock, TELLS_PEER) && peer.live) {
    peer.shut = SHUTDOWN_MASK;
    if (hasUnheard(sock, it)) peer.error = <u8>ECONNRESET;
    wakeAll(socketQueue(peerOf(sock)), by);
  }
  if (does(sock, HOLDS_BACK)) dropHeld(peerOf(sock));
  if (arrived(sock)) dropFrags(sock, arrived(sock));
  const held = it.held;
  const turn = it.again;
  memory.fill(changetype<usize>(it), 0, offsetof<Sock>());
  forgetCompletions(sock);
  it.count = held;
  it.held = held;
  it.again = turn;
}

/** Whether something was not received, an empty message that is the oldest left aside. Mirrors: unix_release_sock(). */
function hasUnheard(sock: u32, it: Sock): bool {
  if (arrived(sock) == 0) return false;
  return fragAt(sock, 0).len > 0 || arrived(sock) > 1;
}
