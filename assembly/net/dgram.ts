// Sockets that send messages: UNIX datagrams, UNIX packets in sequence (SOCK_SEQPACKET), UDP over 127.0.0.1. What differs
// between them is in the table of kinds.ts.
// Mirrors: net/unix/af_unix.c:unix_dgram_sendmsg(), __unix_dgram_recvmsg(); net/ipv4/udp.c:udp_sendmsg(), udp_recvmsg();
// net/core/datagram.c:__skb_wait_for_more_packets(); fs/splice.c:copy_splice_read().
//
// Interface: lockMessage, takePart, the lines of read and recv; sendMessage, the line SEND; messageFound, moveMessage, for the
// line DRAIN; nextBytes; releaseMessages.
// A message is an skb. Who receives one takes it out of the queue first and copies then: its frags stand in front, `sent` of them,
// and nobody else finds it. What its sender has not finished, or holds back, stands at the end, `held` frags.
// An empty message is one frag of no bytes and no frame.
// Not modelled: two calls that receive from one UDP end, or that splice into one UNIX end, at once: they take turns; a full
// receive buffer, which UDP answers by losing what comes (a run leaves the model first).

import { ECONNREFUSED, ECONNRESET, EMSGSIZE, ENOTCONN, EPIPE } from "../abi/errno";
import { POLLERR } from "../abi/fcntl";
import { SLOT_DEFAULT } from "../abi/pipe";
import { MSG_TRUNC } from "../abi/socket";
import { pipeEmptied } from "../fs/own-pipe";
import { isEmpty, pushSlot } from "../fs/pipe";
import { endSendfile } from "../fs/sendfile";
import { socketQueue, wakeAll, wakeOne } from "../fs/wait";
import {
  asksSnapshot,
  cellsAt,
  expectedAt,
  gridShift,
  header,
  pipeAt,
  slotAt,
  taskAt,
} from "../layout";
import { MAX_RW_COUNT, PAGE_SHIFT, UNMODELLED_CALL, UNMODELLED_SOCKET_MEMORY } from "../limits";
import { allocFolio, getFolio } from "../mm/folio";
import {
  EMPTY_MESSAGE_LOST,
  ERROR_BEHIND_MESSAGES,
  SLOTS_NOT_COPIED,
  TRUNC_TELLS_PART,
} from "../mutants";
import { messageFlags, transferBytes } from "../program";
import { currentCall, fail, fileIn, finish, isSplice } from "../sched/call";
import { LINE_BEGIN, LINE_LOCK } from "../sched/line";
import { dataStartOf } from "../syscall/data";
import {
  SHORT_BYTES_MAX,
  addToSum,
  copyIsRight,
  dropWrong,
  startSum,
  sumIsRight,
} from "./checksum";
import { COUNTS_ALL, HOLDS_BACK, REFUSED_LATER, TELLS_PEER, does, messageBytesMax } from "./kinds";
import {
  CLOSED,
  FRAG_SUMMED,
  RCV_SHUTDOWN,
  SEND_SHUTDOWN,
  SHUTDOWN_MASK,
  Sock,
  arrived,
  fragAt,
  fragExpectedAt,
  sockAt,
} from "./layout";
import { findEmpty, peeks } from "./receive";
import { SEGMENTS_MAX, consumeSent, deliver, sentSlots } from "./send";
import {
  SKB_FRAGS_MAX,
  dropFrags,
  dropHeld,
  hasRoom,
  heldBytes,
  openFrags,
  pushBytes,
  pushEmpty,
  pushFrag,
  pushSpliced,
  skbBytes,
  skbFrags,
  unreadBytes,
} from "./skb";
import { peerOf } from "./socket";
import { endsInput, holdsBack } from "./tcp";

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
    dropFrags(id, skbFrags(id));
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
  if (!peeks(task)) {
    sockAt(id).sent = 0;
    sockAt(id).consumed = 0;
    dropFrags(id, skbFrags(id));
  }
  if (isWrong) tryAgain(task);
  else finish(task, ret);
}
/** Whether a call has taken a message and copied all of it. */
function isWhole(task: u32, sock: u32): bool {
  return !peeks(task) && taskAt(task).done == skbBytes(sock);
}
/** The message had a wrong checksum: it is as if it had not been there. */
function tryAgain(task: u32): void {
  const it = taskAt(task);
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

/** A splice or sendfile from the socket: the message becomes pages of the pipe's own, packed; what the ring has no room for, or was not
 *  asked for, is lost. False when the checksum was wrong, and the call goes on as if the message had not been there, or when the run leaves
 *  the model. */
export function moveMessage(task: u32, sock: u32, pipe: u32): bool {
  const it = taskAt(task);
  const bytes = sumIsRight(sock) ? <u32>min<i64>(it.want, skbBytes(sock)) : 0;
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
  const isWrong = !sumIsRight(sock);
  dropFrags(sock, skbFrags(sock));
  it.done = bytes;
  return !isWrong;
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

/** The guard of SEND: nobody else is about to copy slots into a message for the same end. */
export function turnIsFree(task: u32, sock: u32): bool {
  const turn = sockAt(peerOf(sock)).again;
  return turn == 0 || turn == <u8>(task + 1);
}

/** One sendmsg, or a part of one where slots are copied. */
export function sendMessage(task: u32, sock: u32): void {
  const peer = peerOf(sock);
  if (endsInput(task)) {
    if (taskAt(task).done > 0 && sockAt(peer).held) sendHeld(task, sock);
    return endSendfile(task, taskAt(task).done);
  }
  const bytes = messageBytes(task);
  if (MUTANT == EMPTY_MESSAGE_LOST && bytes == 0) return finish(task, 0);
  const error = sendError(sock, bytes);
  if (error) return failToSend(task, error);
  if (does(sock, REFUSED_LATER)) sendToPort(task, sock, bytes);
  else if (isSplice(task)) copySlot(task, sock, bytes);
  else sendCopy(task, sock);
}

function failToSend(task: u32, error: i32): void {
  if (isSplice(task)) sentSlots(task, -error);
  else fail(task, error);
}

/** What one sendmsg sends: as many slots as it takes, or all that is written. */
function messageBytes(task: u32): i64 {
  const want = taskAt(task).want;
  if (!isSplice(task)) return want;
  const pipe = pipeEmptied(task);
  const from = pipeAt(pipe).tail;
  const slots = min<u32>(pipeAt(pipe).head - from, SEGMENTS_MAX);
  let bytes: i64 = 0;
  for (let nth: u32 = 0; nth < slots; nth++) bytes += slotAt(pipe, from + nth).len;
  return min<i64>(bytes, want);
}

/** What is looked at before anything is copied, and not again once something is: how long the message is, an error that waits
 *  to be reported, and whether this end sends any more. Mirrors: sock_alloc_send_pskb(). */
function sendError(sock: u32, bytes: i64): i32 {
  const it = sockAt(sock);
  const peer = peerOf(sock);
  const goesOn = sockAt(peer).held != 0;
  const before: i64 = does(sock, HOLDS_BACK) ? heldBytes(peer) : 0;
  if (before + bytes > messageBytesMax(sock)) {
    if (it.error && !goesOn) header().unmodelled = UNMODELLED_CALL;
    if (bytes <= 0xffff) dropHeld(peer);
    return EMSGSIZE;
  }
  if (goesOn) return 0;
  const error: i32 = it.error;
  it.error = 0;
  if (error) return error;
  return it.shut & SEND_SHUTDOWN ? EPIPE : 0;
}

/** What is looked at when a UNIX message is whole. Who finds that its peer is gone has none from then on, and loses what it has not
 *  received. Mirrors: unix_dgram_disconnected(). */
function peerError(sock: u32): i32 {
  const it = sockAt(sock);
  const peer = sockAt(peerOf(sock));
  if (it.shut & CLOSED) return ENOTCONN;
  if (peer.live) return peer.shut & RCV_SHUTDOWN ? EPIPE : 0;
  if (does(sock, TELLS_PEER)) return EPIPE;
  it.shut |= CLOSED;
  dropFrags(sock, arrived(sock), it.sent);
  return ECONNREFUSED;
}

/** write and send on a UNIX socket. */
function sendCopy(task: u32, sock: u32): void {
  const peer = peerOf(sock);
  const error = peerError(sock);
  if (error) return fail(task, error);
  if (!pushWritten(task, peer)) return;
  deliver(task, peer);
  finish(task, taskAt(task).done);
}

/** What is written, as pages of the socket's own; false when the run leaves the model. */
function pushWritten(task: u32, peer: u32): bool {
  const it = taskAt(task);
  const starts = openFrags(peer) == 0;
  if (!hasRoom(peer, max<u32>(1, <u32>((it.want + 4095) >> PAGE_SHIFT)))) return false;
  if (it.want == 0 && starts) pushEmpty(peer);
  while (it.want > 0) {
    const n = <u32>min<i64>(it.want, 4096);
    if (!pushBytes(task, peer, it.done, n)) return false;
    it.done += n;
    it.want -= n;
  }
  return true;
}

/** A splice into a UNIX socket copies a slot in each step; the last one sends the message. `bytes`: of all of it. */
function copySlot(task: u32, sock: u32, bytes: i64): void {
  const peer = peerOf(sock);
  const it = sockAt(peer);
  const pipe = pipeEmptied(task);
  const counter = pipeAt(pipe).tail + <u32>it.held;
  const rest = bytes - heldBytes(peer);
  const n = <u32>min<i64>(slotAt(pipe, counter).len, rest);
  const isLast = <i64>n == rest;
  const error = isLast ? peerError(sock) : 0;
  if (isLast) it.again = 0;
  if (error) {
    dropHeld(peer);
    return sentSlots(task, -error);
  }
  if (!hasRoom(peer, 1) || !pushFrag(peer, pipe, counter, n, MUTANT != SLOTS_NOT_COPIED)) return;
  it.held++;
  if (!isLast) {
    it.again = <u8>(task + 1);
    return;
  }
  it.held = 0;
  deliver(task, peer);
  slotsSent(task, <u32>bytes);
}

function slotsSent(task: u32, bytes: u32): void {
  consumeSent(task, bytes);
  if (taskAt(task).want == 0 || isEmpty(pipeEmptied(task))) sentSlots(task, 0);
}

/** UDP: slots by reference, or a copy of what is written; with what was held back before it is one message. */
function sendToPort(task: u32, sock: u32, bytes: i64): void {
  const peer = peerOf(sock);
  const more = holdsBack(task) || bytes < taskAt(task).want;
  if (!more && !sockAt(peer).live) return refuse(task, sock, bytes);
  const splices = isSplice(task);
  const before = heldBytes(peer);
  if (more && openFrags(peer) == 0) {
    if (!hasRoom(peer, 1)) return;
    startSum(peer);
  }
  if (splices ? !pushSlots(task, peer, bytes) : !pushWritten(task, peer)) return;
  addToSum(peer, before);
  sockAt(peer).held = <u16>openFrags(peer);
  if (<u32>sockAt(peer).held > SKB_FRAGS_MAX) header().unmodelled = UNMODELLED_SOCKET_MEMORY;
  if (!more) sendHeld(task, sock);
  endSend(task, bytes);
}
function endSend(task: u32, bytes: i64): void {
  if (isSplice(task)) slotsSent(task, <u32>bytes);
  else finish(task, bytes);
}

function pushSlots(task: u32, peer: u32, bytes: i64): bool {
  const pipe = pipeEmptied(task);
  for (let c = pipeAt(pipe).tail; bytes > 0; c++) {
    const n = <u32>min<i64>(slotAt(pipe, c).len, bytes);
    if (!hasRoom(peer, 1) || !pushSpliced(peer, pipe, c, n)) return false;
    bytes -= n;
  }
  return true;
}

/** What is held back is sent. Mirrors: udp_push_pending_frames(). */
function sendHeld(task: u32, sock: u32): void {
  const peer = peerOf(sock);
  if (!sockAt(peer).live) return refused(task, sock);
  const first = <u32>sockAt(peer).count - sockAt(peer).held;
  if (heldBytes(peer) <= SHORT_BYTES_MAX) {
    if (!sumIsRight(peer, first)) return dropHeld(peer);
    fragAt(peer, first).flags &= ~FRAG_SUMMED;
  }
  sockAt(peer).held = 0;
  deliver(task, peer);
}

/** The port is closed: the message is sent, and an ICMP message answers it at once. */
function refuse(task: u32, sock: u32, bytes: i64): void {
  refused(task, sock);
  endSend(task, bytes);
}
function refused(task: u32, sock: u32): void {
  dropHeld(peerOf(sock));
  sockAt(sock).error = <u8>ECONNREFUSED;
  wakeOne(socketQueue(sock), task, POLLERR);
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
  it.count = held;
  it.held = held;
  it.again = turn;
}

/** Whether something was not received, an empty message that is the oldest left aside. Mirrors: unix_release_sock(). */
function hasUnheard(sock: u32, it: Sock): bool {
  if (arrived(sock) == 0) return false;
  return fragAt(sock, 0).len > 0 || arrived(sock) > 1;
}
