// Sending messages (dgram.ts): UNIX sockets copy what they are given, UDP takes slots by reference.
// Mirrors: net/unix/af_unix.c:unix_dgram_sendmsg(); net/ipv4/udp.c:udp_sendmsg(), udp_splice_eof(), udp_push_pending_frames();
// net/ipv4/ip_output.c:__ip_append_data().
//
// Interface: turnIsFree, the guard of the line SEND; sendMessage, the line itself.
// Not modelled: two calls that splice into one UNIX end at once: they take turns; the send buffer's limit (a run leaves the model first).

import { ECONNREFUSED, EINVAL, EMSGSIZE, ENOTCONN, EPIPE } from "../abi/errno";
import { POLLERR } from "../abi/fcntl";
import { EVENT_MESSAGE_LOST, emit } from "../events";
import { pipeEmptied } from "../fs/own-pipe";
import { isEmpty } from "../fs/pipe";
import { endSendfile } from "../fs/sendfile";
import { socketQueue, wakeOne } from "../fs/wait";
import { header, pipeAt, slotAt, taskAt } from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL, UNMODELLED_SOCKET_MEMORY } from "../limits";
import { EMPTY_MESSAGE_LOST, SLOTS_NOT_COPIED } from "../mutants";
import { fail, finish, isSplice } from "../sched/call";
import { SHORT_BYTES_MAX, addToSum, startSum, sumIsRight } from "./checksum";
import { HOLDS_BACK, REFUSED_LATER, TELLS_PEER, does, messageBytesMax } from "./kinds";
import {
  CLOSED,
  FRAG_SUMMED,
  RCV_SHUTDOWN,
  SEND_SHUTDOWN,
  arrived,
  fragAt,
  sockAt,
} from "./layout";
import { SEGMENTS_MAX, consumeSent, deliver, refuseFull, sentSlots } from "./send";
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
} from "./skb";
import { peerOf } from "./socket";
import { endsInput, holdsBack } from "./tcp";
import { beginMessage, cannotJoin, complete, copyIfBorrowed } from "./zerocopy";

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
  if (error && !sockAt(peer).held) complete(sock, task);
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
  if (cannotJoin(task, sock)) {
    dropHeld(peer);
    complete(sock, task);
    return fail(task, EINVAL);
  }
  const more = holdsBack(task) || bytes < taskAt(task).want;
  refuseFull(task, bytes);
  const starts = more && openFrags(peer) == 0;
  if (starts) {
    if (!hasRoom(peer, 1)) return;
    startSum(peer);
  }
  beginMessage(task, sock);
  if (!more && !sockAt(peer).live) return refuse(task, sock, bytes);
  const splices = isSplice(task);
  const before = heldBytes(peer);
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
  if (!copyIfBorrowed(peer)) return;
  sockAt(peer).held = <u16>openFrags(peer);
  const first = <u32>sockAt(peer).count - sockAt(peer).held;
  if (heldBytes(peer) <= SHORT_BYTES_MAX) {
    if (!sumIsRight(peer, first)) {
      emit(EVENT_MESSAGE_LOST, peer);
      dropHeld(peer);
      return complete(sock, task);
    }
    fragAt(peer, first).flags &= ~FRAG_SUMMED;
  }
  sockAt(peer).held = 0;
  deliver(task, peer);
  complete(sock, task);
}

/** The port is closed: the message is sent, and an ICMP message answers it at once. */
function refuse(task: u32, sock: u32, bytes: i64): void {
  refused(task, sock);
  endSend(task, bytes);
}
function refused(task: u32, sock: u32): void {
  dropHeld(peerOf(sock));
  complete(sock, task);
  sockAt(sock).error = <u8>ECONNREFUSED;
  wakeOne(socketQueue(sock), task, POLLERR);
}
