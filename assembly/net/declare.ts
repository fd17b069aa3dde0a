// What steps on sockets declare: the end, its peer, and the folios that its frags hold.
//
// Interface: declareSocket, declareSocketRelease, declareWire. Called by sched/declare.ts and background.ts.
// Not modelled: anything finer than a socket with its whole queue.

import { File, TARGET_SOCKET, rawFrame } from "../layout";
import { LINE_END, LINE_LOCK, LINE_POLL, LINE_SEND, LINE_SLEEP } from "../sched/line";
import { OBJECT_FRAME, OBJECT_SOCKET, declareRead, declareWrite } from "../touch";
import { fragAt, sockAt } from "./layout";
import { peerOf } from "./socket";

/** Every folio that a frag of the queue holds. */
function declareFrags(sock: u32): void {
  for (let nth: u32 = 0; nth < <u32>sockAt(sock).count; nth++) {
    const frame: u32 = fragAt(sock, nth).frame;
    if (frame == 0) continue;
    const head: u32 = rawFrame(frame).head;
    for (let i: u32 = 0; i < <u32>(1 << rawFrame(head).order); i++)
      declareWrite(OBJECT_FRAME, head + i);
  }
}

/** A step of a call at `line` on a socket or a wire. */
export function declareSocket(file: File, line: u8): void {
  const sock: u32 = file.id;
  if (
    line == LINE_LOCK ||
    line == LINE_SLEEP ||
    line == LINE_POLL ||
    line == LINE_END ||
    line == LINE_SEND
  )
    declareWrite(OBJECT_SOCKET, sock);
  else declareRead(OBJECT_SOCKET, sock);
  if (line == LINE_END) declareFrags(sock);
  if (file.target != TARGET_SOCKET) return;
  if (line == LINE_SEND) declareWrite(OBJECT_SOCKET, peerOf(sock));
  else declareRead(OBJECT_SOCKET, peerOf(sock));
}

/** The last descriptor of an end or a wire is closed. */
export function declareSocketRelease(file: File): void {
  if (file.target != TARGET_SOCKET) return;
  declareWrite(OBJECT_SOCKET, file.id);
  declareFrags(file.id);
  declareWrite(OBJECT_SOCKET, peerOf(file.id));
}

/** A step of a wire's network card. */
export function declareWire(sock: u32): void {
  declareWrite(OBJECT_SOCKET, sock);
  declareFrags(sock);
}
