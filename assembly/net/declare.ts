// What steps on sockets declare: the ends, and the folios that frags hold.
//
// Interface: declareSocket (both ends), declareSums, declareReceiveLock, declareReceive, declareDrain, declareSend, declareSocketRelease; of a wire's network card
// declareTransmit, declareAck, declareRetransmit; of the receiver behind one over loopback declareReceiver; of a timer declareTimer; of what is still to come
// foreseeSocket, foreseeTransmit, foreseeAck, foreseeReceiver, foreseeTimer; of memory that is sent over loopback declareBorrowed.
// A frag that is added to a wire is no concern of a card that has others to work on, and the other way round: so a
// queue is two objects, and only who finds it empty, or full, looks at the other's.
// Not modelled: anything finer for UNIX sockets than both ends with their queues.

import { hearFrames, queueOf } from "../explore/footprint";
import { File, TARGET_SOCKET } from "../layout";
import { WIRE_RETRANSMITS } from "../abi/program";
import { wireFlags } from "../program";
import { fileIn, fileOut } from "../sched/call";
import {
  countMode,
  declareFolioCells,
  declareFolioPut,
  declareFrees,
} from "../sched/declare-folio";
import {
  MODE_READ,
  OBJECT_CELLS,
  OBJECT_COUNT,
  OBJECT_FRAME,
  OBJECT_PIPE,
  OBJECT_SOCKET,
  OBJECT_TAIL,
  declareAdd,
  declareRead,
  declareWrite,
} from "../touch";
import { isSummed } from "./checksum";
import { COPIES_SLOTS, REFUSED_LATER, SENDS_MESSAGES, does } from "./kinds";
import { arrived, fragAt, hasCompletions, isTcp, sockAt, socksMax } from "./layout";
import { canReceive, isLoopback } from "./loopback";
import { skbFrags } from "./skb";
import { peerOf } from "./socket";
import { canAck, canTransmit, hasSpace, numberOf } from "./wire";

/** Both ends of a socket, or a wire, with their queues. */
export function declareSocket(file: File): void {
  if (file.target == TARGET_SOCKET) declareEnds(file.id);
  else declareQueue(file.id);
}
function declareEnds(sock: u32): void {
  declareQueue(sock);
  declareQueue(peerOf(sock));
  declareHeld(sock);
  declareHeld(peerOf(sock));
}
/** What is held back, or not finished, is dropped when nobody will hear it; with memory of the sender it is copied when it
 *  arrives. */
function declareHeld(sock: u32): void {
  const held: u32 = sockAt(sock).held;
  const first = <u32>sockAt(sock).count - held;
  for (let nth = first; nth < first + held; nth++) {
    declareFolioPut(fragAt(sock, nth).frame, held);
    if (hasCompletions || isSummed(sock, first)) declareFolioCells(fragAt(sock, nth).frame, false);
  }
}
/** The timer of an end that holds something back. */
export function declareTimer(sock: u32): void {
  declareEnds(sock);
}
function declareQueue(sock: u32): void {
  declareWrite(OBJECT_SOCKET, sock);
  declareWrite(OBJECT_TAIL, sock);
}

/** A notification may come from any end. */
export function declareCompletions(): void {
  for (let sock: u32 = 0; sock < socksMax; sock++) {
    declareRead(OBJECT_SOCKET, sock);
    declareRead(OBJECT_TAIL, sock);
  }
}

/** FIONREAD and poll: the checksums of messages are looked at. */
export function declareSums(file: File): void {
  declareSocket(file);
  if (file.target != TARGET_SOCKET) return;
  let sums = false;
  for (let nth: u32 = 0; nth < <u32>sockAt(file.id).count; nth++) {
    if (isSummed(file.id, nth)) sums = true;
    if (sums) declareFolioCells(fragAt(file.id, nth).frame, false);
  }
  if (sums) declareQueueDrop(file.id);
}

/** Bytes of the oldest skb are taken, and it may be used up. */
export function declareReceive(file: File): void {
  const sock: u32 = file.id;
  declareSocket(file);
  const frags = skbFrags(sock);
  for (let nth: u32 = 0; nth < frags; nth++) {
    declareFolioCells(fragAt(sock, nth).frame, false);
    declareFolioPut(fragAt(sock, nth).frame, frags);
  }
}

/** An skb's frags become slots of the pipe that the call has locked. */
export function declareDrain(task: u32): void {
  const file = fileIn(task);
  declareWrite(OBJECT_PIPE, fileOut(task).id);
  declareFrees();
  if (arrived(file.id) || sockAt(file.id).sent) declareReceive(file);
  else declareSocket(file);
}

/** Frags are added. Who learns that its peer is gone loses what has arrived. */
export function declareSend(file: File): void {
  if (file.target == TARGET_SOCKET) {
    declareSocket(file);
    if (does(file.id, SENDS_MESSAGES)) declareQueueDrop(file.id);
    return;
  }
  declareWrite(OBJECT_TAIL, file.id);
  if (!hasSpace(file.id)) declareRead(OBJECT_SOCKET, file.id);
}

/** Whether what is spliced into a description is copied then. */
export function copiesSlots(file: File): bool {
  return file.target == TARGET_SOCKET && does(file.id, COPIES_SLOTS);
}

/** Whether a send reads the bytes of slots: to copy them, alone or with borrowed memory, or to sum them up. */
export function readsSlots(file: File): bool {
  if (file.target != TARGET_SOCKET) return false;
  return copiesSlots(file) || does(file.id, REFUSED_LATER) || (hasCompletions && isTcp(file.id));
}

/** The last descriptor of an end is closed. */
export function declareSocketRelease(file: File): void {
  if (file.target != TARGET_SOCKET) return;
  declareSocket(file);
  declareQueueDrop(file.id);
}
function declareQueueDrop(sock: u32): void {
  const count: u32 = sockAt(sock).count;
  for (let nth: u32 = 0; nth < count; nth++) declareFolioPut(fragAt(sock, nth).frame, count);
}

/** read and recv look at the socket; of messages they take the oldest one, which is over at once if nothing of it is wanted. */
export function declareReceiveLock(file: File): void {
  if (arrived(file.id) && does(file.id, SENDS_MESSAGES)) {
    declareReceive(file);
    declareSums(file);
  } else declareSocket(file);
}

/** How the card's steps change the wire: they commute, but for those around a retransmission. */
function retransmits(sock: u32): bool {
  return (wireFlags(numberOf(sock)) & WIRE_RETRANSMITS) != 0;
}

export function declareTransmit(sock: u32): void {
  declareAdd(OBJECT_SOCKET, sock);
  if (!canTransmit(sock)) return declareRead(OBJECT_TAIL, sock);
  declareFolioCells(fragAt(sock, sockAt(sock).sent).frame, false);
}
export function declareAck(sock: u32): void {
  if (retransmits(sock)) declareWrite(OBJECT_SOCKET, sock);
  else declareAdd(OBJECT_SOCKET, sock);
  if (canAck(sock)) declareFolioPut(fragAt(sock, 0).frame, 1);
  else declareRead(OBJECT_SOCKET, sock);
}
export function declareRetransmit(sock: u32): void {
  declareWrite(OBJECT_SOCKET, sock);
  if (sockAt(sock).sent) declareFolioCells(fragAt(sock, 0).frame, false);
}

export function declareReceiver(sock: u32): void {
  if (!canReceive(sock)) return declareRead(OBJECT_TAIL, sock);
  declareAdd(OBJECT_SOCKET, sock);
  declareFolioCells(fragAt(sock, 0).frame, false);
  declareFolioPut(fragAt(sock, 0).frame, 1);
}
/** Memory that is sent over loopback is copied when the last of it is sent. */
export function declareBorrowed(file: File): void {
  const sock: u32 = file.id;
  if (file.target == TARGET_SOCKET || !isLoopback(sock)) return;
  const it = sockAt(sock);
  for (let nth: u32 = it.sent; nth < <u32>it.count; nth++) {
    declareFolioCells(fragAt(sock, nth).frame, false);
    declareFolioPut(fragAt(sock, nth).frame, <u32>it.count - it.sent);
  }
}

/** Everything that is still to be transmitted, the first time or again. */
export function foreseeTransmit(sock: u32, again: bool): void {
  if (again) declareWrite(OBJECT_SOCKET, sock);
  else declareAdd(OBJECT_SOCKET, sock);
  hearFrames(OBJECT_FRAME, queueOf(sock), MODE_READ);
  hearFrames(OBJECT_CELLS, queueOf(sock), MODE_READ);
}
export function foreseeAck(sock: u32): void {
  if (retransmits(sock)) declareWrite(OBJECT_SOCKET, sock);
  else declareAdd(OBJECT_SOCKET, sock);
  hearFrames(OBJECT_FRAME, queueOf(sock), MODE_READ);
  hearFrames(OBJECT_COUNT, queueOf(sock), countMode());
}

export function foreseeReceiver(sock: u32): void {
  foreseeTransmit(sock, false);
  hearFrames(OBJECT_COUNT, queueOf(sock), countMode());
}

export function foreseeTimer(sock: u32): void {
  declareQueue(sock);
  declareQueue(peerOf(sock));
  hearFrames(OBJECT_FRAME, queueOf(peerOf(sock)), MODE_READ);
  hearFrames(OBJECT_COUNT, queueOf(peerOf(sock)), countMode());
  if (hasCompletions) hearFrames(OBJECT_CELLS, queueOf(peerOf(sock)), MODE_READ);
}

/** Calls that receive, look at or close a socket, to their end; or that send only. */
export function foreseeSocket(file: File, sends: bool): void {
  if (sends && file.target != TARGET_SOCKET) return declareWrite(OBJECT_TAIL, file.id);
  declareSocket(file);
  if (sends && !isTcp(file.id) && !does(file.id, SENDS_MESSAGES)) return;
  for (let sock: u32 = file.id & ~1; sock <= <u32>(file.id | 1); sock++) {
    hearFrames(OBJECT_FRAME, queueOf(sock), MODE_READ);
    hearFrames(OBJECT_CELLS, queueOf(sock), MODE_READ);
    hearFrames(OBJECT_COUNT, queueOf(sock), countMode());
  }
}
