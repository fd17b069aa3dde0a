// A wire: a stream socket whose other end is a network card, the background task `nic`. Frags that are spliced
// in stay in its queue until they are acknowledged; their bytes are read when they are transmitted, and once more
// if they are retransmitted. Mirrors: net/ipv4/tcp.c:tcp_sendmsg_locked(), tcp_output.c:tcp_write_xmit(),
// tcp_retransmit_skb(), tcp_input.c:tcp_clean_rtx_queue(); fs/splice.c:splice_to_socket().
//
// What is different over loopback: loopback.ts.
//
// Interface: send, sendCanGo (the line SEND, of sockets too); wireEvents; canTransmit, transmit, canAck, ack, canRetransmit,
// retransmit, read; numberOf, isLimited, makeWire.
// Law: queue = transmitted frags [0, sent), then waiting ones; bytes are acknowledged in the order of sending.
// Not modelled: segments, congestion and windows, checksums (they fit whatever is transmitted), the peer's data,
// loss of anything but by retransmission, the merging of frags; O_NONBLOCK.

import { O_WRONLY, POLLERR, POLLOUT, POLLWRNORM } from "../abi/fcntl";
import { WIRE_RETRANSMITS } from "../abi/program";
import { NO_CALL } from "../events";
import { noteReceived } from "../fs/consume";
import { installFd, newFile, reserveFd } from "../fs/file-table";
import { pipeEmptied } from "../fs/own-pipe";
import { isEmpty } from "../fs/pipe";
import { socketQueue, wakeOne } from "../fs/wait";
import { File, TARGET_WIRE, cellsAt, gridShift, header, pipeAt, slotAt, taskAt } from "../layout";
import { UNMODELLED_SOCKET_MEMORY } from "../limits";
import { wireFlags, wireFrags } from "../program";
import { fileIn, fileOut, finish, isSplice, isWire } from "../sched/call";
import { ACK_KEEPS_REFERENCE, COMPLETE_WHEN_TRANSMITTED } from "../mutants";
import { turnIsFree } from "./dgram-send";
import { dropFrags, forgetFrags, hasRoom, pushBytes, pushFrag, slotsCanBeSent } from "./skb";
import { fragAt, fragsMax, logAt, logCells, sockAt, socksMax, wireSock, wiresMax } from "./layout";
import { arrive, isLoopback } from "./loopback";
import { consumeSent, sentSlots, stepSend } from "./send";
import { lockIsFree } from "./tcp";
import {
  begin,
  borrowedFlags,
  borrows,
  completeNext,
  endsBorrowed,
  hasCompleted,
  hasTurn,
  partSent,
} from "./zerocopy";

/** Which wire it is. */
export function numberOf(sock: u32): u32 {
  return sock - (socksMax - wiresMax);
}
/** Frags that the queue holds. */
function capacity(sock: u32): u32 {
  const declared = wireFrags(numberOf(sock));
  return declared ? declared : fragsMax;
}

/** A declared wire, with its descriptor. */
export function makeWire(wire: u32): void {
  const sock = wireSock(wire);
  sockAt(sock).live = 1;
  installFd(reserveFd(), newFile(TARGET_WIRE, sock, O_WRONLY));
}

/** The guard of SEND: a wire takes one frag at a time and has room for it; nobody else has the lock of a TCP socket; what a splice
 *  sends can be sent. */
export function sendCanGo(task: u32): bool {
  if (isSplice(task) && !slotsCanBeSent(pipeEmptied(task))) return false;
  const file = isSplice(task) ? fileOut(task) : fileIn(task);
  if (isWire(file)) return hasSpace(file.id) && hasTurn(task, file.id);
  return lockIsFree(file.id) && turnIsFree(task, file.id);
}
/** Whether a description is a wire that declares how many frags it holds. */
export function isLimited(file: File): bool {
  return isWire(file) && wireFrags(numberOf(file.id)) > 0;
}
/** Whether a wire's queue takes one more frag; over loopback it is empty, since all is acknowledged. */
export function hasSpace(sock: u32): bool {
  return isLoopback(sock) || <u32>sockAt(sock).count < capacity(sock);
}

/** The line SEND: one sendmsg on a socket, one frag on a wire. */
export function send(task: u32): void {
  const file = isSplice(task) ? fileOut(task) : fileIn(task);
  if (!isWire(file)) stepSend(task);
  else if (isSplice(task)) sendSlot(task, file.id);
  else sendPage(task, file.id);
}

function sendSlot(task: u32, sock: u32): void {
  const it = taskAt(task);
  const pipe = pipeEmptied(task);
  if (!hasRoom(sock, 1)) return;
  const n = <u32>min<i64>(slotAt(pipe, pipeAt(pipe).tail).len, it.want);
  if (!pushFrag(sock, pipe, pipeAt(pipe).tail, n)) return;
  arrive(sock, task);
  consumeSent(task, n);
  if (it.want == 0 || isEmpty(pipe)) sentSlots(task, 0);
}

function sendPage(task: u32, sock: u32): void {
  const it = taskAt(task);
  const n = <u32>min<i64>(it.want, 4096);
  if (n) {
    const flags = borrows(task, sock) ? borrowedFlags(sock, it.want == <i64>n) : 0;
    if (!hasRoom(sock, 1) || !pushBytes(task, sock, it.done, n, flags)) return;
    begin(task, sock);
    it.done += n;
    it.want -= n;
    partSent(task, sock);
    arrive(sock, task);
  }
  if (it.want == 0) finish(task, it.done);
}

/** What poll finds at a wire. */
export function wireEvents(sock: u32): u32 {
  const events: u32 = hasSpace(sock) ? POLLOUT | POLLWRNORM : 0;
  return hasCompleted(sock) ? events | POLLERR : events;
}

export function canTransmit(sock: u32): bool {
  return sockAt(sock).sent < sockAt(sock).count;
}
/** The first frag that was not transmitted goes out: its bytes are read here. */
export function transmit(sock: u32, by: u32): void {
  const it = sockAt(sock);
  const nth: u32 = it.sent;
  if (!read(sock, nth)) return;
  it.sent++;
  if (MUTANT == COMPLETE_WHEN_TRANSMITTED && endsBorrowed(sock, nth)) completeNext(sock, by);
}

/** Reads a frag the first time, into both logs. False when the run leaves the model. */
export function read(sock: u32, nth: u32): bool {
  const it = sockAt(sock);
  const len: u32 = fragAt(sock, nth).len;
  if ((it.logged + len) >> gridShift > logCells) {
    header().unmodelled = UNMODELLED_SOCKET_MEMORY;
    return false;
  }
  put(sock, nth, it.logged, 0);
  put(sock, nth, it.logged, 1);
  noteSent(sock, nth);
  it.logged += len;
  return true;
}

export function canAck(sock: u32): bool {
  return sockAt(sock).sent > 0;
}
/** The oldest frag has arrived: its reference is dropped, and with the last one of a zero-copy send that is complete. `by`: the action. */
export function ack(sock: u32, by: u32): void {
  const it = sockAt(sock);
  it.consumed += fragAt(sock, 0).len;
  it.sent--;
  it.again = 0;
  const ends = endsBorrowed(sock, 0) && MUTANT != COMPLETE_WHEN_TRANSMITTED;
  if (MUTANT == ACK_KEEPS_REFERENCE) forgetFrags(sock, 1);
  else dropFrags(sock, 1);
  if (ends) completeNext(sock, by);
  wakeOne(socketQueue(sock), by, POLLOUT | POLLWRNORM);
}

export function canRetransmit(sock: u32): bool {
  const it = sockAt(sock);
  return it.sent > 0 && it.again == 0 && (wireFlags(numberOf(sock)) & WIRE_RETRANSMITS) != 0;
}
/** The oldest frag goes out once more: its bytes are read again. */
export function retransmit(sock: u32): void {
  const it = sockAt(sock);
  put(sock, 0, it.consumed, 1);
  noteSent(sock, 0);
  it.again = 1;
}

/** Writes a frag's bytes, as they are now, into one of the logs. */
function put(sock: u32, nth: u32, at: u32, which: u32): void {
  const count = (<u32>fragAt(sock, nth).len) >> gridShift;
  memory.copy(logAt(numberOf(sock), which) + (at >> gridShift), cellsOf(sock, nth), count);
}
function cellsOf(sock: u32, nth: u32): usize {
  const frag = fragAt(sock, nth);
  return cellsAt(frag.frame) + ((<u32>frag.offset) >> gridShift);
}
function noteSent(sock: u32, nth: u32): void {
  const frag = fragAt(sock, nth);
  noteReceived(NO_CALL, sock, nth, frag.offset, frag.len, cellsOf(sock, nth));
}
