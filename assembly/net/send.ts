// Sending on a socket: what is written is copied into an skb, what is spliced is sent by reference. What is TCP's
// alone: tcp.ts; messages: dgram-send.ts. Mirrors: net/unix/af_unix.c:unix_stream_sendmsg(); fs/splice.c:splice_to_socket().
//
// Interface: stepSend, the line SEND of sockets; deliver, consumeSent, sentSlots; refuseFull, linearBytes.
// Not modelled: the send buffer's limits (beyond SEND_BYTES_MAX a run leaves the model), packets beyond one skb in one write.

import { ENOBUFS, EPIPE } from "../abi/errno";
import { POLLIN, POLLRDNORM } from "../abi/fcntl";
import { MSG_NOSIGNAL } from "../abi/socket";
import { SYS_SPLICE } from "../abi/syscalls";
import { RWF_NOSIGNAL } from "../abi/uio";
import { pipeEmptied } from "../fs/own-pipe";
import { consumeFront, isEmpty } from "../fs/pipe";
import { ownPipeEmptied } from "../fs/sendfile";
import { socketQueue, wakeOne, writeQueue } from "../fs/wait";
import { TASK_WAKES, header, pipeAt, slotAt, taskAt } from "../layout";
import { PAGE_SHIFT, SEND_BYTES_MAX, UNMODELLED_CALL, UNMODELLED_SOCKET_MEMORY } from "../limits";
import { RECEIVER_NOT_WOKEN } from "../mutants";
import { callCode, messageFlags, transferFlags } from "../program";
import {
  currentCall,
  fail,
  fileIn,
  fileOut,
  finish,
  isSendfile,
  isSplice,
  operand,
  sendSigpipe,
} from "../sched/call";
import { sendMessage } from "./dgram-send";
import { SENDS_MESSAGES, does } from "./kinds";
import { FRAG_LINEAR, FRAG_LONG, RCV_SHUTDOWN, SEND_SHUTDOWN, isTcp, sockAt } from "./layout";
import { endSkb, hasRoom, memoryBytes, pushBytes, pushSpliced } from "./skb";
import { peerOf } from "./socket";
import {
  SEGMENT_BYTES_MAX,
  arrive,
  endsInput,
  holdsBack,
  tcpPush,
  tcpSendError,
  tcpSent,
  tcpStarts,
} from "./tcp";
import { begin, borrowedFlags, borrows, cannotBorrow } from "./zerocopy";

/** Slots that one sendmsg takes. Mirrors: the bvec of splice_to_socket(). */
export const SEGMENTS_MAX: u32 = 16;
/** The longest write that is one skb for certain: SKB_MAX_HEAD(0) + UNIX_SKB_FRAGS_SZ is 36544. */
const WRITE_BYTES_MAX: i64 = 32768;

/** The longest linear part of an skb. Mirrors: SKB_MAX_HEAD(0) with pages of 4096 bytes. */
export const LINEAR_BYTES_MAX: u32 = 3776;

/** One sendmsg on a socket. */
export function stepSend(task: u32): void {
  const splices = isSplice(task);
  const sock: u32 = splices ? fileOut(task).id : fileIn(task).id;
  if (does(sock, SENDS_MESSAGES)) return sendMessage(task, sock);
  const tcp = isTcp(sock);
  if (tcp && endsInput(task)) return tcpPush(task, sock);
  if (cannotBorrow(task, sock)) return fail(task, ENOBUFS);
  const error = tcp ? tcpSendError(sock) : cannotSend(sock, taskAt(task).want) ? EPIPE : 0;
  if (error) return failSend(task, error);
  const goes = begin(task, sock);
  if (tcp && !tcpStarts(task, sock)) return;
  if (splices) sendSlots(task, peerOf(sock));
  else sendBytes(task, peerOf(sock), goes);
}

/** The call ends with an error, and EPIPE with its signal. */
export function failSend(task: u32, error: i32): void {
  if (error == EPIPE && !isQuiet(currentCall(task))) sendSigpipe(task);
  if (isSplice(task)) sentSlots(task, -error);
  else fail(task, error);
}

/** Whether nobody would get it; with no bytes the peer is not looked at. */
function cannotSend(sock: u32, bytes: i64): bool {
  if (sockAt(sock).shut & SEND_SHUTDOWN) return true;
  const peer = sockAt(peerOf(sock));
  return bytes > 0 && (!peer.live || (peer.shut & RCV_SHUTDOWN) != 0);
}

/** Whether a call that sends raises no SIGPIPE. */
function isQuiet(call: u32): bool {
  return (messageFlags(call) & MSG_NOSIGNAL) != 0 || (transferFlags(call) & RWF_NOSIGNAL) != 0;
}

/** write and send: one skb with a copy of the bytes. `goes`: it is not held back. */
function sendBytes(task: u32, peer: u32, goes: bool): void {
  const it = taskAt(task);
  const frags = <u32>((it.want + 4095) >> PAGE_SHIFT);
  const tcp = isTcp(peer);
  if (it.want > (tcp ? SEGMENT_BYTES_MAX : WRITE_BYTES_MAX))
    header().unmodelled = UNMODELLED_SOCKET_MEMORY;
  if (!hasRoom(peer, frags) || header().unmodelled) return;
  const linear = tcp ? 0 : linearBytes(<u32>it.want);
  const long = tcp || <u32>it.want - linear > 4096;
  const flags = borrows(task, peer) ? borrowedFlags(peer, false) : long ? FRAG_LONG : 0;
  if (linear && !pushNext(task, peer, linear, FRAG_LINEAR)) return;
  while (it.want > 0) if (!pushNext(task, peer, <u32>min<i64>(it.want, 4096), flags)) return;
  if (frags && tcp) tcpSent(task, peer, 0, goes);
  else if (frags) deliver(task, peer);
  finish(task, it.done);
}

function pushNext(task: u32, peer: u32, bytes: u32, flags: u8): bool {
  const it = taskAt(task);
  if (!pushBytes(task, peer, it.done, bytes, flags)) return false;
  it.done += bytes;
  it.want -= bytes;
  return true;
}

/** Bytes of an skb that stand in front of its pages. Mirrors: data_len in unix_stream_sendmsg(). */
export function linearBytes(bytes: u32): u32 {
  if (bytes <= LINEAR_BYTES_MAX) return bytes;
  const paged = (bytes - LINEAR_BYTES_MAX + 4095) & ~4095;
  return bytes - min<u32>(bytes, paged);
}

/** splice: one skb of up to 16 slots, which are consumed in the same step. */
function sendSlots(task: u32, peer: u32): void {
  const it = taskAt(task);
  const pipe = pipeEmptied(task);
  let bytes: u32 = 0;
  let segments: u32 = 0;
  for (
    let c = pipeAt(pipe).tail;
    c != pipeAt(pipe).head && <i64>bytes < it.want && segments < SEGMENTS_MAX;
    c++
  ) {
    if (!hasRoom(peer, 1)) return;
    const n = <u32>min<i64>(slotAt(pipe, c).len, it.want - bytes);
    if (!pushSpliced(peer, pipe, c, n)) return;
    bytes += n;
    segments++;
  }
  if (isTcp(peer)) {
    refuseFull(task, bytes);
    tcpSent(task, peer, it.want - bytes);
  } else deliver(task, peer);
  consumeSent(task, bytes);
  if (it.want == 0 || isEmpty(pipe)) sentSlots(task, 0);
}

/** Leaves the model where a splice has filled all segments of a sendmsg with all slots of the pipe, and wants more: Linux looks at the last
 *  slot as if it came next, and holds back what nobody comes to send. Mirrors: fs/splice.c:splice_to_socket(). */
export function refuseFull(task: u32, bytes: i64): void {
  const it = taskAt(task);
  const splices = callCode(currentCall(task)) == SYS_SPLICE;
  if (!splices || bytes < it.want || holdsBack(task)) return;
  const pipe = pipeAt(pipeEmptied(task));
  const asked = operand(task, 4);
  if (pipe.head - pipe.tail != SEGMENTS_MAX || (asked >= 0 && asked <= it.done + bytes)) return;
  header().unmodelled = UNMODELLED_CALL;
}

/** An skb is whole and arrives. Mirrors: sock_def_readable(). */
export function deliver(task: u32, peer: u32): void {
  const tcp = isTcp(peer);
  if (tcp) arrive(peer, task);
  else endSkb(peer);
  if (!tcp && memoryBytes(peer) > SEND_BYTES_MAX) header().unmodelled = UNMODELLED_SOCKET_MEMORY;
  if (MUTANT != RECEIVER_NOT_WOKEN) wakeOne(socketQueue(peer), task, POLLIN | POLLRDNORM);
}

/** The slots that were sent leave the pipe; their frags have references of their own. */
export function consumeSent(task: u32, bytes: u32): void {
  const it = taskAt(task);
  const pipe = pipeEmptied(task);
  for (let left = bytes; left;) {
    const n = min<u32>(left, slotAt(pipe, pipeAt(pipe).tail).len);
    if (consumeFront(pipe, n)) it.flags |= TASK_WAKES;
    left -= n;
  }
  it.done += bytes;
  it.want -= bytes;
}

/** Ends a splice into a socket: progress, or the error. */
export function sentSlots(task: u32, error: i64): void {
  const it = taskAt(task);
  if (isSendfile(task)) return ownPipeEmptied(task, error);
  const pipe: u32 = fileIn(task).id;
  pipeAt(pipe).mutex = 0;
  if (it.flags & TASK_WAKES) wakeOne(writeQueue(pipe), task);
  finish(task, it.done > 0 ? it.done : error);
}
