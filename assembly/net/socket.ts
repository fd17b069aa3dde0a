// Stream sockets: what is sent to an end waits in that end's queue, by reference if it was spliced. What is TCP's alone: tcp.ts.
// Mirrors: net/unix/af_unix.c:unix_stream_sendmsg(), unix_stream_read_generic(), unix_release_sock(),
// unix_poll(); fs/splice.c:splice_to_socket().
//
// Interface: stepSocketLock, stepSocketEnd, aimReceive (read, recv), stepSend (write, send, splice); what receivers
// share: receivable, findNothing, frontFrag and received, advance; linearBytes,
// stepShutdown, stepShutdownPeer, socketEvents, unheard, releaseSocket, makeSocket.
// Law: the references of an skb are dropped when its last byte has been received, not before; MSG_PEEK receives nothing.
// Not modelled: the send buffer's limits (beyond SEND_BYTES_MAX a run leaves the model), control data, out-of-band data, signals, packets beyond one skb in one write.

import { EAGAIN, ECONNRESET, EPIPE } from "../abi/errno";
import { MSG_NOSIGNAL, MSG_PEEK, MSG_WAITALL } from "../abi/socket";
import { RWF_NOSIGNAL } from "../abi/uio";
import { messageFlags, transferFlags } from "../program";
import {
  O_RDWR,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  POLLRDHUP,
  POLLRDNORM,
  POLLWRNORM,
} from "../abi/fcntl";
import { installFd, newFile, reserveFd } from "../fs/file-table";
import { pipeEmptied } from "../fs/own-pipe";
import { consumeFront, isEmpty } from "../fs/pipe";
import { noteReceived } from "../fs/consume";
import { aimAt, takeCopy } from "../fs/copy-out";
import { ownPipeEmptied } from "../fs/sendfile";
import { socketQueue, wakeAll, wakeOne, writeQueue } from "../fs/wait";
import {
  TARGET_SOCKET,
  TASK_NONBLOCK,
  TASK_WAKES,
  cellsAt,
  gridShift,
  header,
  pipeAt,
  slotAt,
  taskAt,
} from "../layout";
import {
  PAGE_SHIFT,
  SEND_BYTES_MAX,
  UNMODELLED_CALL,
  UNMODELLED_SOCKET_MEMORY,
  WRITABLE_BYTES_MAX,
} from "../limits";
import {
  currentCall,
  fail,
  fileIn,
  fileOut,
  finish,
  finishShort,
  isSendfile,
  isSplice,
  operand,
  sendSigpipe,
} from "../sched/call";
import {
  SEGMENT_BYTES_MAX,
  arrive,
  endsInput,
  tcpFindsNothing,
  tcpPush,
  tcpRelease,
  tcpSendError,
  tcpShutdown,
  tcpSent,
  tcpStarts,
  tcpUnheard,
} from "./tcp";
import { LINE_BEGIN, LINE_SHUTDOWN_PEER, LINE_SLEEP } from "../sched/line";
import { dataOf } from "../syscall/data";
import { PEEK_TAKES, RECEIVER_NOT_WOKEN, SHUTDOWN_OF_ONE_END } from "../mutants";
import {
  dropFrags,
  endSkb,
  hasRoom,
  memoryBytes,
  pushBytes,
  pushSpliced,
  skbFrags,
  unreadBytes,
} from "./skb";
import {
  FRAG_LINEAR,
  FRAG_LONG,
  RCV_SHUTDOWN,
  SEND_SHUTDOWN,
  SHUTDOWN_MASK,
  Sock,
  arrived,
  fragAt,
  isTcp,
  sockAt,
} from "./layout";

/** Slots that one sendmsg takes. Mirrors: the bvec of splice_to_socket(). */
const SEGMENTS_MAX: u32 = 16;
/** The longest write that is one skb for certain: SKB_MAX_HEAD(0) + UNIX_SKB_FRAGS_SZ is 36544. */
const WRITE_BYTES_MAX: i64 = 32768;

/** The longest linear part of an skb. Mirrors: SKB_MAX_HEAD(0) with pages of 4096 bytes. */
export const LINEAR_BYTES_MAX: u32 = 3776;

/** The end that receives what is sent on `sock`. */
export function peerOf(sock: u32): u32 {
  return sock ^ 1;
}

/** Both ends of a declared socket, with a descriptor each. Mirrors: __sys_socketpair(). */
export function makeSocket(socket: u32, flags: u32): void {
  for (let side: u32 = 0; side < 2; side++) {
    sockAt(2 * socket + side).live = 1;
    installFd(reserveFd(), newFile(TARGET_SOCKET, 2 * socket + side, O_RDWR | flags));
  }
}

/** What a reader waits for. */
export function receivable(sock: u32): bool {
  const it = sockAt(sock);
  return arrived(sock) > 0 || (it.shut & RCV_SHUTDOWN) != 0 || it.error != 0;
}

/** The line LOCK of read and recv: takes the receive mutex if there is something to take. */
export function stepSocketLock(task: u32): void {
  const id: u32 = fileIn(task).id;
  if (!isMore(task, id)) return findEmpty(task);
  if (taskAt(task).want == 0) return finish(task, 0);
  sockAt(id).iolock = <u8>(task + 1);
  taskAt(task).line = LINE_BEGIN;
}

/** The queue is empty: whether the call ends, with progress, the error in `ret` or end of file; else it is to wait. */
export function findNothing(task: u32): bool {
  const id: u32 = fileIn(task).id;
  if (isTcp(id)) return tcpFindsNothing(task, id);
  const it = sockAt(id);
  const me = taskAt(task);
  if (it.error) {
    me.ret = -(<i64>it.error);
    it.error = 0;
  } else if (!(it.shut & RCV_SHUTDOWN)) {
    if (!(me.flags & TASK_NONBLOCK)) return false;
    me.ret = -EAGAIN;
  }
  return true;
}
function findEmpty(task: u32): void {
  if (findNothing(task)) return finishShort(task);
  // Who waits while it looks would have to notice that another one takes what it has seen.
  if (peeks(task) && taskAt(task).done > 0) header().unmodelled = UNMODELLED_CALL;
  taskAt(task).line = LINE_SLEEP;
}

/** Whether a call leaves what it receives in the queue. */
function peeks(task: u32): bool {
  return MUTANT != PEEK_TAKES && (messageFlags(currentCall(task)) & MSG_PEEK) != 0;
}
/** Whether a call goes on when the queue is empty. */
function waitsForAll(task: u32): bool {
  const all = (messageFlags(currentCall(task)) & MSG_WAITALL) != 0;
  return all && (isTcp(fileIn(task).id) || !peeks(task));
}

/** The frag with the next byte for a call; `received` are the bytes of it in front of that. */
export function frontFrag(task: u32): u32 {
  const sock: u32 = fileIn(task).id;
  let nth: u32 = 0;
  received = sockAt(sock).consumed + (peeks(task) ? <u32>taskAt(task).done : 0);
  for (; received >= <u32>fragAt(sock, nth).len; nth++) received -= fragAt(sock, nth).len;
  return nth;
}
export let received: u32 = 0;

/** Bytes of the front frag that are taken. */
function bytesOfFront(task: u32): u32 {
  const frag = fragAt(fileIn(task).id, frontFrag(task));
  return <u32>min<i64>(<i64>(<u32>frag.len - received), taskAt(task).want);
}
export function aimReceive(task: u32): void {
  const count = bytesOfFront(task) >> gridShift;
  const frag = fragAt(fileIn(task).id, frontFrag(task));
  aimAt(cellsAt(frag.frame) + ((<u32>frag.offset + received) >> gridShift), count);
}

/** One frag has been copied; an skb that is used up is released. */
export function stepSocketEnd(task: u32): void {
  const me = taskAt(task);
  const id: u32 = fileIn(task).id;
  const it = sockAt(id);
  const n = bytesOfFront(task);
  const nth = frontFrag(task);
  const offset = <u32>fragAt(id, nth).offset + received;
  takeCopy(task);
  noteReceived(currentCall(task), id, nth, offset, n, dataOf(task));
  me.done += n;
  me.want -= n;
  if (!peeks(task)) advance(id, it, n);
  if (me.want > 0 && isMore(task, id)) {
    me.line = LINE_BEGIN;
    return;
  }
  it.iolock = 0;
  if (me.want > 0 && waitsForAll(task)) findEmpty(task);
  else finish(task, me.done);
}

function isMore(task: u32, id: u32): bool {
  return peeks(task) ? taskAt(task).done < <i64>unreadBytes(id) : arrived(id) > 0;
}

/** So many bytes were received; an skb that is used up goes with its references. */
export function advance(id: u32, it: Sock, bytes: u32): void {
  const frags = skbFrags(id);
  let skb: u32 = 0;
  for (let nth: u32 = 0; nth < frags; nth++) skb += fragAt(id, nth).len;
  it.consumed += bytes;
  if (it.consumed < skb) return;
  it.consumed = 0;
  dropFrags(id, frags);
}

/** One sendmsg on a socket. */
export function stepSend(task: u32): void {
  const splices = isSplice(task);
  const sock: u32 = splices ? fileOut(task).id : fileIn(task).id;
  const tcp = isTcp(sock);
  if (tcp && endsInput(task)) return tcpPush(task, sock);
  const error = tcp ? tcpSendError(sock) : cannotSend(sock, taskAt(task).want) ? EPIPE : 0;
  if (error) {
    if (error == EPIPE && !isQuiet(currentCall(task))) sendSigpipe(task);
    return splices ? sentSlots(task, -error) : fail(task, error);
  }
  if (tcp && !tcpStarts(task, sock)) return;
  if (splices) sendSlots(task, peerOf(sock));
  else sendBytes(task, peerOf(sock));
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

/** write and send: one skb with a copy of the bytes. */
function sendBytes(task: u32, peer: u32): void {
  const it = taskAt(task);
  const frags = <u32>((it.want + 4095) >> PAGE_SHIFT);
  const tcp = isTcp(peer);
  if (it.want > (tcp ? SEGMENT_BYTES_MAX : WRITE_BYTES_MAX))
    header().unmodelled = UNMODELLED_SOCKET_MEMORY;
  if (!hasRoom(peer, frags) || header().unmodelled) return;
  const linear = tcp ? 0 : linearBytes(<u32>it.want);
  const flags = tcp || <u32>it.want - linear > 4096 ? FRAG_LONG : 0;
  if (linear && !pushNext(task, peer, linear, FRAG_LINEAR)) return;
  while (it.want > 0) if (!pushNext(task, peer, <u32>min<i64>(it.want, 4096), flags)) return;
  if (frags && tcp) tcpSent(task, peer, 0);
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
  if (isTcp(peer)) tcpSent(task, peer, it.want - bytes);
  else deliver(task, peer);
  consumeSent(task, bytes);
  if (it.want == 0 || isEmpty(pipe)) sentSlots(task, 0);
}

/** An skb is whole and arrives. Mirrors: sock_def_readable(). */
export function deliver(task: u32, peer: u32): void {
  const tcp = isTcp(peer);
  if (tcp) arrive(peer);
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

/** SIOCOUTQ: 1 while something that was sent was not received, else 0. How much memory it takes is no semantics.
 *  Mirrors: unix_outq_len(). */
export function unheard(sock: u32): i64 {
  if (isTcp(sock)) return tcpUnheard(sock);
  return sockAt(peerOf(sock)).count ? 1 : 0;
}

/** What poll finds at an end. */
export function socketEvents(sock: u32): u32 {
  const it = sockAt(sock);
  if (!isTcp(sock) && memoryBytes(peerOf(sock)) > WRITABLE_BYTES_MAX)
    header().unmodelled = UNMODELLED_SOCKET_MEMORY;
  const ends = (it.shut & RCV_SHUTDOWN) != 0;
  let events: u32 = POLLOUT | POLLWRNORM;
  if (arrived(sock) || ends) events |= POLLIN | POLLRDNORM;
  if (ends) events |= POLLRDHUP;
  if ((it.shut & SHUTDOWN_MASK) == SHUTDOWN_MASK) events |= POLLHUP;
  return it.error ? events | POLLERR : events;
}

/** The line SHUTDOWN: this end first, so that for a moment the other one does not know. Mirrors: unix_shutdown(). */
export function stepShutdown(task: u32): void {
  const id: u32 = fileIn(task).id;
  if (isTcp(id)) return tcpShutdown(task, id, howOf(task));
  shutEnd(id, howOf(task), task);
  taskAt(task).line = LINE_SHUTDOWN_PEER;
}
/** The line SHUTDOWN_PEER: what one end no longer sends the other no longer receives, and the other way round. */
export function stepShutdownPeer(task: u32): void {
  const peer = peerOf(fileIn(task).id);
  const how = howOf(task);
  const mirrored = how == SHUTDOWN_MASK ? how : how ^ SHUTDOWN_MASK;
  if (sockAt(peer).live && MUTANT != SHUTDOWN_OF_ONE_END) shutEnd(peer, mirrored, task);
  finish(task, 0);
}
/** Bits of sk_shutdown that a call asks for. */
function howOf(task: u32): u8 {
  return <u8>(<i32>operand(task, 1) + 1);
}
export function shutEnd(sock: u32, bits: u8, by: u32): void {
  sockAt(sock).shut |= bits;
  wakeAll(socketQueue(sock), by);
}

/** The last descriptor of an end is closed: its peer gets no more, and an error if it was not heard. */
export function releaseSocket(sock: u32, by: u32): void {
  const it = sockAt(sock);
  const peer = peerOf(sock);
  if (isTcp(sock)) {
    tcpRelease(sock, by);
  } else if (sockAt(peer).live) {
    sockAt(peer).shut = SHUTDOWN_MASK;
    if (it.count) sockAt(peer).error = <u8>ECONNRESET;
    wakeAll(socketQueue(peer), by);
  }
  if (it.count) dropFrags(sock, it.count);
  memory.fill(changetype<usize>(it), 0, offsetof<Sock>());
}
