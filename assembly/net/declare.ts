// What steps on sockets declare: the ends, and the folios that frags hold.
//
// Interface: declareSocket (both ends), declareReceive, declareDrain, declareSend, declareSocketRelease; of a wire's network card
// declareTransmit, declareAck, declareRetransmit; of a timer declareTimer; of what is still to come foreseeSocket, foreseeTransmit, foreseeAck, foreseeTimer.
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
import { arrived, fragAt, isTcp, sockAt } from "./layout";
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
/** What is held back is dropped when the connection ends. */
function declareHeld(sock: u32): void {
  const held: u32 = sockAt(sock).held;
  const first = arrived(sock);
  for (let nth: u32 = 0; nth < held; nth++) declareFolioPut(fragAt(sock, first + nth).frame, held);
}
/** The timer of an end that holds something back. */
export function declareTimer(sock: u32): void {
  declareEnds(sock);
}
function declareQueue(sock: u32): void {
  declareWrite(OBJECT_SOCKET, sock);
  declareWrite(OBJECT_TAIL, sock);
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
  if (arrived(file.id)) declareReceive(file);
  else declareSocket(file);
}

/** Frags are added. */
export function declareSend(file: File): void {
  if (file.target == TARGET_SOCKET) return declareSocket(file);
  declareWrite(OBJECT_TAIL, file.id);
  if (!hasSpace(file.id)) declareRead(OBJECT_SOCKET, file.id);
}

/** The last descriptor of an end is closed. */
export function declareSocketRelease(file: File): void {
  if (file.target != TARGET_SOCKET) return;
  declareSocket(file);
  const count: u32 = sockAt(file.id).count;
  for (let nth: u32 = 0; nth < count; nth++) declareFolioPut(fragAt(file.id, nth).frame, count);
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

export function foreseeTimer(sock: u32): void {
  declareQueue(sock);
  declareQueue(peerOf(sock));
  hearFrames(OBJECT_FRAME, queueOf(peerOf(sock)), MODE_READ);
  hearFrames(OBJECT_COUNT, queueOf(peerOf(sock)), countMode());
}

/** Calls that receive, look at or close a socket, to their end; or that send only. */
export function foreseeSocket(file: File, sends: bool): void {
  if (sends && file.target != TARGET_SOCKET) return declareWrite(OBJECT_TAIL, file.id);
  declareSocket(file);
  if (sends && !isTcp(file.id)) return;
  for (let sock: u32 = file.id & ~1; sock <= <u32>(file.id | 1); sock++) {
    hearFrames(OBJECT_FRAME, queueOf(sock), MODE_READ);
    hearFrames(OBJECT_CELLS, queueOf(sock), MODE_READ);
    hearFrames(OBJECT_COUNT, queueOf(sock), countMode());
  }
}
