// What is TCP's alone of a stream socket: a connection over 127.0.0.1, its FINs and RSTs, and what its sender holds back.
// Mirrors: net/ipv4/tcp.c:tcp_sendmsg_locked(), tcp_recvmsg_locked(), tcp_splice_eof(), __tcp_close(); tcp_input.c:tcp_fin(),
// tcp_reset(), tcp_rcv_state_process(), tcp_try_coalesce(); net/ipv4/af_inet.c:inet_shutdown().
//
// Interface: lockIsFree; tcpSendError, tcpStarts, tcpSent, endsInput, tcpPush, callSaysMore, isHeard (sending);
// timerCanRun, runTimer (background); arrive; tcpFindsNothing (receiving); tcpShutdown,
// tcpRelease, tcpUnheard; SEGMENT_BYTES_MAX.
// Law: a connection whose ends have both sent a FIN, or one of which has sent an RST, is CLOSED at both. What is sent arrives, and
// is acknowledged, in the same step: an skb joins the newest one of the queue while both have at most 17 frags.
// Not modelled: the backlog (what arrives while a receiver has the socket's lock is seen at once), delayed acknowledgements, a window
// that is full, what is held back for an end that is closed.

import { EAGAIN, ECONNRESET, ENOTCONN, EPIPE } from "../abi/errno";
import { MSG_MORE } from "../abi/socket";
import { SYS_SEND, SYS_SENDMSG, SYS_SPLICE } from "../abi/syscalls";
import { SLOT_SKB, SPLICE_F_MORE } from "../abi/pipe";
import { isEmpty } from "../fs/pipe";
import { pipeEmptied } from "../fs/own-pipe";
import { endSendfile } from "../fs/sendfile";
import { socketQueue, wakeAll } from "../fs/wait";
import { TASK_NONBLOCK, header, taskAt } from "../layout";
import { MAX_RW_COUNT, UNMODELLED_CALL, UNMODELLED_SOCKET_MEMORY } from "../limits";
import { CLOSE_WITHOUT_RESET, FIN_UNANSWERED, SKBS_NOT_JOINED } from "../mutants";
import { callCode, messageFlags, operandValue } from "../program";
import { currentCall, fail, finish, isSendfile, isSplice, operand } from "../sched/call";
import {
  CLOSED,
  FIN_RECEIVED,
  FRAG_LAST,
  FRAG_LONG,
  RCV_SHUTDOWN,
  SEND_SHUTDOWN,
  SHUTDOWN_MASK,
  arrived,
  fragAt,
  isTcp,
  sockAt,
} from "./layout";
import { SKB_FRAGS_MAX, dropHeld, endSkb, heldBytes, openFrags, unreadBytes } from "./skb";
import { consumeSent, deliver, sentSlots } from "./send";
import { sendsMemory } from "./sendmsg";
import { peerOf, shutEnd } from "./socket";
import { complete, copyIfBorrowed } from "./zerocopy";

/** The longest piece that is one segment for certain: half of the first window, less headers. */
export const SEGMENT_BYTES_MAX: i64 = 32741;
/** Bytes that wait at one end below which the window is open for certain. */
const UNREAD_BYTES_MAX: u32 = 32768;

/** The guard of send and shutdown: nobody receives with the socket's lock. A UNIX stream socket has none. Mirrors: lock_sock(). */
export function lockIsFree(sock: u32): bool {
  return !isTcp(sock) || sockAt(sock).iolock == 0;
}

/** The error of a send: one that waits to be reported, or EPIPE; 0 while the connection takes bytes. Mirrors: sk_stream_error(). */
export function tcpSendError(sock: u32): i32 {
  const it = sockAt(sock);
  if (!(it.shut & (SEND_SHUTDOWN | CLOSED))) return 0;
  const error: i32 = it.error;
  it.error = 0;
  return error ? error : EPIPE;
}

/** Before anything is sent: whether it will be heard. If not, this call still passes; the answer is an RST. */
export function tcpStarts(task: u32, sock: u32): bool {
  const it = taskAt(task);
  if (it.want == 0 || isHeard(peerOf(sock))) return true;
  if (saysMore(task)) header().unmodelled = UNMODELLED_CALL;
  if (!holdsBack(task)) resetBoth(sock, task);
  if (isSplice(task)) {
    consumeSent(task, <u32>it.want);
    sentSlots(task, 0);
  } else finish(task, it.want);
  return false;
}

/** Whether an end takes bytes: it is open, and did not say with a FIN that it is done and receives no more. */
export function isHeard(sock: u32): bool {
  const it = sockAt(sock);
  return it.live != 0 && (it.shut & SHUTDOWN_MASK) != SHUTDOWN_MASK;
}

/** Bytes became frags: they are sent, unless more is to come. `rest`: what the call still has to send; `goes`: it is not held back. Mirrors:
 *  tcp_push(). */
export function tcpSent(task: u32, peer: u32, rest: i64, goes: bool = false): void {
  if (rest == 0 && (goes || !holdsBack(task))) return deliver(task, peer);
  const it = sockAt(peer);
  it.held = <u16>openFrags(peer);
  if (<u32>it.held > SKB_FRAGS_MAX || <i64>heldBytes(peer) > SEGMENT_BYTES_MAX)
    header().unmodelled = UNMODELLED_SOCKET_MEMORY;
}

/** Whether the call says that more is to come, or is a round of sendfile with less than what is still to be sent. */
export function holdsBack(task: u32): bool {
  const it = taskAt(task);
  if (saysMore(task)) return true;
  return isSendfile(task) && min<i64>(operand(task, 3), MAX_RW_COUNT) - it.done > it.want;
}
function saysMore(task: u32): bool {
  return callSaysMore(currentCall(task));
}
/** Whether a call has MSG_MORE or SPLICE_F_MORE. */
export function callSaysMore(call: u32): bool {
  if (callCode(call) == SYS_SPLICE) return (operandValue(call, 5) & SPLICE_F_MORE) != 0;
  const code = callCode(call);
  return (code == SYS_SEND || code == SYS_SENDMSG) && (messageFlags(call) & MSG_MORE) != 0;
}

/** Whether sendfile has come to the end of its input. */
export function endsInput(task: u32): bool {
  return isSendfile(task) && taskAt(task).want == 0 && isEmpty(pipeEmptied(task));
}
/** What was held back is sent, and sendfile returns. Mirrors: tcp_splice_eof(). */
export function tcpPush(task: u32, sock: u32): void {
  if (taskAt(task).done > 0) push(sock, task);
  endSendfile(task, taskAt(task).done);
}

/** What an end holds back goes out, or is answered with an RST. */
function push(sock: u32, by: u32): void {
  const peer = peerOf(sock);
  refuseMidway(sock);
  if (!isHeard(peer)) resetBoth(sock, by);
  else if (sockAt(peer).held) deliver(by, peer);
}

/** The timer of an end that holds something back; it waits for the socket's lock. Mirrors: tcp_write_timer(). */
export function timerCanRun(sock: u32): bool {
  return sockAt(peerOf(sock)).held > 0 && lockIsFree(sock);
}
/** Up to 200 ms later: what is held back is sent. `by`: the action. Mirrors: tcp_send_probe0(). */
export function runTimer(sock: u32, by: u32): void {
  push(sock, by);
}

/** The newest skb arrives with what was held back, and is acknowledged. */
export function arrive(sock: u32, by: u32): void {
  if (!copyIfBorrowed(sock)) return;
  const it = sockAt(sock);
  it.held = 0;
  endSkb(sock);
  complete(peerOf(sock), by);
  if (unreadBytes(sock) > UNREAD_BYTES_MAX) header().unmodelled = UNMODELLED_SOCKET_MEMORY;
  join(sock);
}

/** The newest skb becomes a part of the one before it, if the two are not too long. Mirrors: skb_try_coalesce(). */
function join(sock: u32): void {
  let first: u32 = <u32>sockAt(sock).count - 1;
  while (first > 0 && !(fragAt(sock, first - 1).flags & FRAG_LAST)) first--;
  if (first == 0 || MUTANT == SKBS_NOT_JOINED) return;
  let start = first - 1;
  while (start > 0 && !(fragAt(sock, start - 1).flags & FRAG_LAST)) start--;
  let written = false;
  for (let nth = start, count: u32 = sockAt(sock).count; nth < count; nth++)
    if (fragAt(sock, nth).flags & FRAG_LONG || fragAt(sock, nth).kind == SLOT_SKB) written = true;
  if (<u32>sockAt(sock).count - start <= SKB_FRAGS_MAX) fragAt(sock, first - 1).flags &= ~FRAG_LAST;
  else if (written) header().unmodelled = UNMODELLED_SOCKET_MEMORY;
}

/** Nothing has arrived: as findNothing() of receive.ts. An error waits behind what has been received. */
export function tcpFindsNothing(task: u32, sock: u32): bool {
  const it = sockAt(sock);
  const me = taskAt(task);
  const ends = (it.shut & RCV_SHUTDOWN) != 0;
  const waits = !(me.flags & TASK_NONBLOCK);
  if (me.done > 0) return ends || it.error != 0 || !waits;
  if (it.shut & FIN_RECEIVED) return true;
  if (it.error) {
    me.ret = -(<i64>it.error);
    it.error = 0;
  } else if (!ends) {
    if (waits) return false;
    me.ret = -EAGAIN;
  }
  return true;
}

/** shutdown, with the socket's lock free. */
export function tcpShutdown(task: u32, sock: u32, how: u8): void {
  const before = sockAt(sock).shut;
  const fins = how & SEND_SHUTDOWN && !(before & (SEND_SHUTDOWN | CLOSED));
  if (fins) sendFin(sock, task);
  shutEnd(sock, how, task);
  // The FIN has the peer send what it holds back.
  if (fins && sockAt(sock).held && MUTANT != FIN_UNANSWERED) push(peerOf(sock), task);
  if (before & CLOSED) fail(task, ENOTCONN);
  else finish(task, 0);
}

/** Says that no more comes; with the second FIN the connection is over. */
function sendFin(sock: u32, by: u32): void {
  const peer = peerOf(sock);
  if (sockAt(peer).held) push(sock, by);
  if (sockAt(sock).shut & CLOSED) return;
  const over: u8 = sockAt(sock).shut & FIN_RECEIVED ? CLOSED | SHUTDOWN_MASK : 0;
  sockAt(sock).shut |= SEND_SHUTDOWN | over;
  if (sockAt(peer).live) shutEnd(peer, RCV_SHUTDOWN | FIN_RECEIVED | over, by);
}

/** An RST comes. Mirrors: tcp_reset(). */
function resetEnd(sock: u32, by: u32): void {
  const it = sockAt(sock);
  if (!it.live || it.shut & CLOSED) return;
  refuseMidway(sock);
  const isCloseWait = (it.shut & (FIN_RECEIVED | SEND_SHUTDOWN)) == FIN_RECEIVED;
  it.error = <u8>(isCloseWait ? EPIPE : ECONNRESET);
  dropHeld(peerOf(sock));
  complete(sock, by);
  shutEnd(sock, SHUTDOWN_MASK | CLOSED, by);
}

/** Leaves the model where something comes to an end in the middle of its sendmsg: Linux sees it behind that. */
function refuseMidway(sock: u32): void {
  const owner: u32 = sockAt(sock).iolock;
  if (owner && sendsMemory(owner - 1)) header().unmodelled = UNMODELLED_CALL;
}

function resetBoth(sock: u32, by: u32): void {
  resetEnd(peerOf(sock), by);
  resetEnd(sock, by);
}

/** The last descriptor of an end is closed: an RST if it was not heard, else a FIN. */
export function tcpRelease(sock: u32, by: u32): void {
  const it = sockAt(sock);
  const peer = peerOf(sock);
  if (it.shut & CLOSED) return;
  if (arrived(sock) && MUTANT != CLOSE_WITHOUT_RESET) {
    dropHeld(peer);
    return resetEnd(peer, by);
  }
  if (!(it.shut & SEND_SHUTDOWN)) sendFin(sock, by);
  // A FIN has the peer send what it holds back, to nobody. Without one it keeps that until its timer runs.
  else if (it.held) header().unmodelled = UNMODELLED_CALL;
  if (it.held) resetEnd(peer, by);
}

/** SIOCOUTQ: what is sent is acknowledged, even if nobody reads, but not what is held back; after an RST it never is. Mirrors:
 *  tcp_ioctl(). */
export function tcpUnheard(sock: u32): i64 {
  if (sockAt(sock).shut & CLOSED) header().unmodelled = UNMODELLED_CALL;
  return sockAt(peerOf(sock)).held ? 1 : 0;
}
