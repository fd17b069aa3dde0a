// Where sockets and wires lie in the state: a part of the block of layout.ts, of no bytes without them.
//
//   Sock[] | wait queue of each | frags of each | logs of each wire | expected cells of each frag |
//   Completions of each, if a call sends with MSG_ZEROCOPY
//
// Interface: the struct Sock; layOutSockets; isWireSock, isTcp, arrived; sockAt, fragAt, fragExpectedAt, logAt, sockQueueAt,
// completionsAt.
// A queue's frags stand from index 0 on, the oldest first, so that equal queues are equal bytes; unused ones
// are zero.
// Not modelled: where in memory an skb has its linear part (it has a frame of the socket's own).

import { SOCKET_TCP } from "../abi/program";
import { PipeBuffer } from "../layout";
import { socketKind } from "../program";
import { OBJECT_SOCKET, OBJECT_TAIL, touch } from "../touch";

/**
 * One end of a socket with what was sent to it, or a wire with what waits to be transmitted or
 * acknowledged. 20 bytes. Mirrors: struct unix_sock, struct tcp_sock, each with its sk_receive_queue.
 */
@unmanaged
export class Sock {
  /** Socket: bytes of the oldest skb that were received, or of the message that a receiver has taken. Wire: bytes acknowledged. */
  consumed: u32;
  /** Wire: bytes transmitted. */
  logged: u32;
  /** Frags in the queue. */
  count: u16;
  /** Wire: frags of them that were transmitted; acknowledged ones have left the queue. Of messages (kinds.ts): frags of the one
   *  that a receiver has taken. */
  sent: u16;
  live: u8;
  /** Task + 1 that holds the receive mutex; of TCP, the socket's lock. Mirrors: unix_sock.iolock, lock_sock(). */
  iolock: u8;
  /** RCV_SHUTDOWN: no more comes; SEND_SHUTDOWN: nothing can be sent. Mirrors: sk_shutdown. FIN_RECEIVED, CLOSED. */
  shut: u8;
  /** An error that waits to be reported: ECONNRESET, of TCP EPIPE, too. Mirrors: sk_err. */
  error: u8;
  /** Tasks in the wait queue. */
  waiters: u8;
  /** Wire: the oldest frag was transmitted twice. UNIX messages: task + 1 that copies slots into the newest one. */
  again: u8;
  /** Frags at the end of the queue that the sender still holds back, or adds to. Mirrors: sk_write_queue. */
  held: u16;
}

/** The sends with MSG_ZEROCOPY of one end, numbered from 0: how many there were, how many of these are complete, and how many of
 *  those the error queue has given. Requests have numbers of their own, and no error queue. 8 bytes. Mirrors: sk_zckey,
 *  sk_error_queue; io_notif_data. */
@unmanaged
export class Completions {
  sent: u8;
  complete: u8;
  taken: u8;
  requestsSent: u8;
  requestsComplete: u8;
  /** Thread + 1 whose ring made the latest request. */
  ring: u8;
  unused: u16;
}
export const RCV_SHUTDOWN: u8 = 1;
export const SEND_SHUTDOWN: u8 = 2;
export const SHUTDOWN_MASK: u8 = 3;
/** TCP: the peer has sent its FIN. Mirrors: SOCK_DONE. */
export const FIN_RECEIVED: u8 = 4;
/** TCP: the connection is over. UNIX datagrams: the end has no peer any more. Mirrors: TCP_CLOSE. */
export const CLOSED: u8 = 8;
/** Flag of a frag (a PipeBuffer in a socket's queue): it is the last one of its skb. */
export const FRAG_LAST: u8 = 1;
/** It is the linear part of its skb. */
export const FRAG_LINEAR: u8 = 2;
/** The kernel's frag may be longer than a page: this one is a part of it. */
export const FRAG_LONG: u8 = 4;
/** It has no bytes, and the checksum of its message in `offset` (checksum.ts). */
export const FRAG_SUMMED: u8 = 8;
/** It is memory of its sender, who hears of it when the frag is gone. */
export const FRAG_ZEROCOPY: u8 = 16;

/** Ends of sockets, two each, then wires. */
export let socksMax: u32 = 0;
export let wiresMax: u32 = 0;
/** Room of each queue. */
export let fragsMax: u32 = 0;
/** Cells of one log. */
export let logCells: u32 = 0;
/** Logs of each wire: 2 where one of them retransmits, else 1. */
export let logsEach: u32 = 0;
/** Whether a call sends with MSG_ZEROCOPY. */
export let hasCompletions: bool = false;
let frameCells: u32 = 0;
let taskCount: u32 = 0;

let sockBase: usize = 0;
let queueBase: usize = 0;
let fragBase: usize = 0;
let logBase: usize = 0;
let expectedBase: usize = 0;
let completionsBase: usize = 0;
let cursor: usize = 0;

/** What reset counted. */
@unmanaged
export class SockCounts {
  socks: u32;
  wires: u32;
  frags: u32;
  logCells: u32;
  logs: u32;
  /** Calls that send with MSG_ZEROCOPY. */
  zerocopies: u32;
}

function part(bytes: u32): usize {
  const at = cursor;
  cursor = (cursor + bytes + 7) & ~7;
  return at;
}

/** Computes where each part begins, from `base` on; returns the first byte behind them. */
export function layOutSockets(
  base: usize,
  count: SockCounts,
  tasks: u32,
  cells: u32,
  snapshot: u32,
): usize {
  if (offsetof<Completions>() != 8) ERROR("Completions must stay 8 bytes");
  if (offsetof<Sock>() != 20) ERROR("Sock must stay 20 bytes");
  socksMax = count.socks;
  wiresMax = count.wires;
  fragsMax = count.frags;
  logCells = count.logCells;
  logsEach = count.logs;
  hasCompletions = count.zerocopies > 0;
  frameCells = cells;
  taskCount = tasks;
  cursor = base;
  sockBase = part(socksMax * offsetof<Sock>());
  queueBase = part(socksMax * tasks);
  fragBase = part(socksMax * fragsMax * offsetof<PipeBuffer>());
  logBase = part(wiresMax * logsEach * logCells);
  expectedBase = part(snapshot ? socksMax * fragsMax * cells : 0);
  completionsBase = part(hasCompletions ? socksMax * offsetof<Completions>() : 0);
  return cursor;
}

/** The Sock of the nth wire. */
export function wireSock(wire: u32): u32 {
  return socksMax - wiresMax + wire;
}

export function isWireSock(sock: u32): bool {
  return sock >= socksMax - wiresMax;
}
/** Whether an end is one of a TCP connection. */
export function isTcp(sock: u32): bool {
  return !isWireSock(sock) && socketKind(sock >> 1) == SOCKET_TCP;
}

/** Frags of a socket's queue that a receiver finds. */
export function arrived(sock: u32): u32 {
  const it = sockAt(sock);
  return <u32>it.count - it.held - (isWireSock(sock) ? 0 : <u32>it.sent);
}

/** An end of a socket, or a wire. */
export function sockAt(sock: u32): Sock {
  touch(OBJECT_SOCKET, OBJECT_TAIL, sock);
  return changetype<Sock>(sockBase + sock * offsetof<Sock>());
}
/** The nth oldest frag of a queue. Mirrors: skb_frag_t. */
export function fragAt(sock: u32, nth: u32): PipeBuffer {
  return changetype<PipeBuffer>(fragBase + (sock * fragsMax + nth) * offsetof<PipeBuffer>());
}
/** Address of the cells that the frag's slot held when it took its reference. */
export function fragExpectedAt(sock: u32, nth: u32): usize {
  return expectedBase + (sock * fragsMax + nth) * frameCells;
}
/** Address of a wire's log: the cells as they were transmitted first (0) or last (1). */
export function logAt(wire: u32, which: u32): usize {
  return logBase + (wire * logsEach + (which < logsEach ? which : 0)) * logCells;
}
/** Address of a wait queue's entries, one byte each. */
export function sockQueueAt(sock: u32): usize {
  touch(OBJECT_SOCKET, OBJECT_TAIL, sock);
  return queueBase + sock * taskCount;
}
/** What an end's zero-copy sends have come to. */
export function completionsAt(sock: u32): Completions {
  touch(OBJECT_SOCKET, OBJECT_TAIL, sock);
  return changetype<Completions>(completionsBase + sock * offsetof<Completions>());
}
