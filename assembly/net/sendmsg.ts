// sendmsg: bytes of memory, page by page, as a load finds them (mm/fault.ts): copied, or with MSG_ZEROCOPY by reference.
// Mirrors: net/core/datagram.c:zerocopy_fill_skb_from_iter() (FOLL_GET), net/ipv4/tcp.c:tcp_sendmsg_locked().
//
// Interface: sysSendmsg; sendsMemory; memoryCanGo, refusesMemory, sendMemory, memorySent: what the line ACCESS does here.
// Over TCP the call has the socket's lock from its first page on, and what it has is held back until its last one.
// A frag has the page itself, whatever it is: whoever stores there, or writes to the file, changes what is sent. P1 is not asked of
// it, as it is not of what vmsplice shares. No policy sees this reference: it is none of splice.
// Not modelled: over TCP more than one segment, a later page that faults, a FIN or an RST in the middle (Linux lets it wait); other sockets, a wire that must not wait, what else a message may have.

import { EFAULT, ENOBUFS, ENOTSOCK, EOPNOTSUPP } from "../abi/errno";
import { MSG_DONTWAIT, MSG_FASTOPEN, MSG_OOB } from "../abi/socket";
import { SYS_SENDMSG } from "../abi/syscalls";
import { ownCopy } from "../fs/splice-in";
import { header, taskAt } from "../layout";
import { UNMODELLED_CALL } from "../limits";
import { namedMapping } from "../mm/fault";
import { mappingsMax } from "../mm/page-table";
import { callCode, messageFlags } from "../program";
import {
  currentCall,
  fail,
  failBadFd,
  fileIn,
  finish,
  holdIn,
  isNonblock,
  isSocket,
  isWire,
  operand,
} from "../sched/call";
import { LINE_ACCESS } from "../sched/line";
import { refusesZerocopy } from "../syscall/sys-uring";
import { FRAG_LONG, isTcp, sockAt } from "./layout";
import { arrive } from "./loopback";
import { failSend } from "./send";
import { hasRoom, pushPage } from "./skb";
import { peerOf } from "./socket";
import { SEGMENT_BYTES_MAX, isHeard, lockIsFree, tcpSendError, tcpSent, tcpStarts } from "./tcp";
import { hasSpace } from "./wire";
import {
  begin,
  borrowedFlags,
  borrows,
  cannotBorrow,
  cutShort,
  hasTurn,
  partSent,
} from "./zerocopy";

/** Whether a task's call sends memory. */
export function sendsMemory(task: u32): bool {
  return callCode(currentCall(task)) == SYS_SENDMSG;
}

export function sysSendmsg(task: u32): void {
  if (!holdIn(task, 0)) return failBadFd(task);
  const file = fileIn(task);
  if (!isSocket(file)) return fail(task, ENOTSOCK);
  if (refusesZerocopy(task, file)) return fail(task, EOPNOTSUPP);
  const it = taskAt(task);
  it.want = operand(task, 2);
  it.pos = operand(task, 3);
  const flags = messageFlags(currentCall(task));
  const isSegment = it.want > 0 && it.want <= SEGMENT_BYTES_MAX;
  const isKnown = isWire(file) ? it.want > 0 : isTcp(file.id) && isSegment;
  const waits = isWire(file) && (flags & MSG_DONTWAIT || isNonblock(file));
  if (!isKnown || waits || flags & (MSG_OOB | MSG_FASTOPEN)) header().unmodelled = UNMODELLED_CALL;
  if (namedMapping(task) == mappingsMax) return fail(task, EFAULT);
  it.line = LINE_ACCESS;
}

/** The guard: the socket's lock is free, and a wire has room for the next frag. */
export function memoryCanGo(task: u32): bool {
  const sock: u32 = fileIn(task).id;
  if (!isWire(fileIn(task))) return taskAt(task).done > 0 || lockIsFree(sock);
  return hasSpace(sock) && hasTurn(task, sock);
}

/** In front of the page: whether the call ends with the socket's error. */
export function refusesMemory(task: u32): bool {
  const sock: u32 = fileIn(task).id;
  if (isWire(fileIn(task)) || taskAt(task).done > 0) return false;
  const error: i32 = cannotBorrow(task, sock) ? ENOBUFS : tcpSendError(sock);
  if (error) failSend(task, error);
  return error != 0;
}

/** The page is found; frame 0 is memory that nobody has written. */
export function sendMemory(task: u32, frame: u32): void {
  const sock: u32 = fileIn(task).id;
  const goes = begin(task, sock);
  if (isWire(fileIn(task))) return sendToWire(task, sock, frame);
  sendToPeer(task, sock, frame, goes);
}

function sendToPeer(task: u32, sock: u32, frame: u32, goes: bool): void {
  const it = taskAt(task);
  const peer = peerOf(sock);
  if (it.done > 0 && !isHeard(peer)) header().unmodelled = UNMODELLED_CALL;
  if (it.done == 0 && !tcpStarts(task, sock)) return;
  if (!push(task, peer, frame)) return;
  sockAt(sock).iolock = it.want > 0 ? <u8>(task + 1) : 0;
  tcpSent(task, peer, it.want, goes);
  if (it.want == 0) finish(task, it.done);
}

function sendToWire(task: u32, sock: u32, frame: u32): void {
  if (!push(task, sock, frame)) return;
  partSent(task, sock);
  arrive(sock, task);
  if (taskAt(task).want == 0) finish(task, taskAt(task).done);
}

/** The rest of the page becomes a frag. */
function push(task: u32, sock: u32, frame: u32): bool {
  const it = taskAt(task);
  const offset = <u32>(it.pos & 4095);
  const len = <u32>min<i64>(it.want, 4096 - offset);
  if (!hasRoom(sock, 1)) return false;
  const refers = borrows(task, sock);
  const page = refers ? frame : ownCopy(frame);
  if (page == 0 && !refers) return false;
  const flags: u8 = refers ? borrowedFlags(sock, len == it.want) : isTcp(sock) ? FRAG_LONG : 0;
  pushPage(sock, page, offset, len, flags, !refers);
  it.pos += len;
  it.want -= len;
  it.done += len;
  return true;
}

/** A page is not there: what was sent before it is, or the error. */
export function memorySent(task: u32, error: i64): void {
  const it = taskAt(task);
  if (it.done > 0 && !isWire(fileIn(task))) header().unmodelled = UNMODELLED_CALL;
  if (it.done > 0) {
    cutShort(task, fileIn(task).id);
    arrive(fileIn(task).id, task);
  }
  finish(task, it.done > 0 ? it.done : error);
}
