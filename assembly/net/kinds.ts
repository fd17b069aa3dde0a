// What each kind of socket does in its own way: one table, of which every difference outside tcp.ts is a column.
//
// Interface: does, which asks it for an end; the columns; messageBytesMax.
// Not modelled: other families and types.

import { SOCKET_DGRAM, SOCKET_SEQPACKET, SOCKET_TCP, SOCKET_UDP } from "../abi/program";
import { socketKind } from "../program";
import { isWireSock } from "./layout";

/** Each send is a message, which one call receives, whole or cut off. Mirrors: unix_dgram_recvmsg(), udp_recvmsg(). */
export const SENDS_MESSAGES: u32 = 1;
/** What is spliced into it is copied, slot by slot. Mirrors: MSG_SPLICE_PAGES, which unix_dgram_sendmsg() does not know. */
export const COPIES_SLOTS: u32 = 2;
/** MSG_MORE and SPLICE_F_MORE hold back what is sent. Mirrors: tcp_push(), udp_sock.pending. */
export const HOLDS_BACK: u32 = 4;
/** The other end is told when this one is shut down or closed. Mirrors: unix_shutdown(), unix_release_sock(). */
export const TELLS_PEER: u32 = 8;
/** Who must not wait finds 0, and not EAGAIN, where no more comes. Mirrors: __unix_dgram_recvmsg(). */
export const ENDS_AT_ONCE: u32 = 16;
/** Nobody looks at the other end before the message is there: what it refuses is an error of the next call. Mirrors: udp_err(). */
export const REFUSED_LATER: u32 = 32;
/** FIONREAD tells how much waits, not how long the next message is. Mirrors: unix_inq_len(), udp_ioctl(). */
export const COUNTS_ALL: u32 = 64;
/** What waits is memory of its sender, so that SIOCOUTQ and poll tell of it. Mirrors: sk_wmem_alloc. */
export const CHARGES_SENDER: u32 = 128;
/** A splice from it looks at O_NONBLOCK of the socket alone. Mirrors: copy_splice_read(), tcp_splice_read(). */
export const IGNORES_SPLICE_NONBLOCK: u32 = 256;
/** MSG_ERRQUEUE asks another queue. Mirrors: inet_recv_error(). */
export const HAS_ERROR_QUEUE: u32 = 512;

const OF_STREAM: u32 = TELLS_PEER | ENDS_AT_ONCE | COUNTS_ALL | CHARGES_SENDER;
const OF_TCP: u32 =
  HOLDS_BACK | TELLS_PEER | ENDS_AT_ONCE | COUNTS_ALL | IGNORES_SPLICE_NONBLOCK | HAS_ERROR_QUEUE;
const OF_DGRAM: u32 = SENDS_MESSAGES | COPIES_SLOTS | CHARGES_SENDER | IGNORES_SPLICE_NONBLOCK;
const OF_SEQPACKET: u32 = OF_DGRAM | TELLS_PEER | ENDS_AT_ONCE | COUNTS_ALL;
const OF_UDP: u32 =
  SENDS_MESSAGES | HOLDS_BACK | REFUSED_LATER | IGNORES_SPLICE_NONBLOCK | HAS_ERROR_QUEUE;

function columnsOf(kind: u32): u32 {
  if (kind == SOCKET_TCP) return OF_TCP;
  if (kind == SOCKET_DGRAM) return OF_DGRAM;
  if (kind == SOCKET_SEQPACKET) return OF_SEQPACKET;
  return kind == SOCKET_UDP ? OF_UDP : OF_STREAM;
}

/** Whether an end is of a kind that does this; a wire is of none. */
export function does(sock: u32, column: u32): bool {
  return !isWireSock(sock) && (columnsOf(socketKind(sock >> 1)) & column) != 0;
}

/** The longest message: what IPv4 has room for; of UNIX sockets, the default of net.core.wmem_default less 32 bytes. */
export function messageBytesMax(sock: u32): i64 {
  return does(sock, REFUSED_LATER) ? 65507 : 212960;
}
