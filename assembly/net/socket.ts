// Sockets as a whole: two ends, what poll finds at them, how they are shut down and closed. What is sent to an end waits
// in that end's queue (skb.ts). Mirrors: net/unix/af_unix.c:unix_release_sock(), unix_shutdown(), unix_poll(), unix_dgram_poll();
// net/core/datagram.c:datagram_poll().
//
// Interface: makeSocket, peerOf; unheard, socketEvents; stepShutdown, stepShutdownPeer, shutEnd; releaseSocket.
// Not modelled: out-of-band data, signals.

import { ECONNRESET } from "../abi/errno";
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
import { socketQueue, wakeAll } from "../fs/wait";
import { TARGET_SOCKET, header, taskAt } from "../layout";
import { UNMODELLED_SOCKET_MEMORY, WRITABLE_BYTES_MAX } from "../limits";
import { SHUTDOWN_OF_ONE_END } from "../mutants";
import { fileIn, finish, operand } from "../sched/call";
import { LINE_SHUTDOWN_PEER } from "../sched/line";
import { releaseMessages } from "./dgram";
import { dropWrong } from "./checksum";
import { CHARGES_SENDER, REFUSED_LATER, SENDS_MESSAGES, TELLS_PEER, does } from "./kinds";
import { RCV_SHUTDOWN, SHUTDOWN_MASK, Sock, arrived, isTcp, sockAt } from "./layout";
import { dropFrags, memoryBytes } from "./skb";
import { tcpRelease, tcpShutdown, tcpUnheard } from "./tcp";
import { forgetCompletions, hasCompleted } from "./zerocopy";

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

/** SIOCOUTQ: 1 while something that was sent was not received, else 0. How much memory it takes is no semantics.
 *  Mirrors: unix_outq_len(). */
export function unheard(sock: u32): i64 {
  if (isTcp(sock)) return tcpUnheard(sock);
  const peer = sockAt(peerOf(sock));
  return (does(sock, CHARGES_SENDER) ? peer.count : peer.held) ? 1 : 0;
}

/** What poll finds at an end. `waits`: its description has not O_NONBLOCK. */
export function socketEvents(sock: u32, waits: bool): u32 {
  const it = sockAt(sock);
  if (does(sock, REFUSED_LATER) && waits && !(it.shut & RCV_SHUTDOWN)) dropWrong(sock);
  if (does(sock, CHARGES_SENDER) && memoryBytes(peerOf(sock)) > WRITABLE_BYTES_MAX)
    header().unmodelled = UNMODELLED_SOCKET_MEMORY;
  const ends = (it.shut & RCV_SHUTDOWN) != 0;
  let events: u32 = POLLOUT | POLLWRNORM;
  if (arrived(sock) || ends) events |= POLLIN | POLLRDNORM;
  if (ends) events |= POLLRDHUP;
  if ((it.shut & SHUTDOWN_MASK) == SHUTDOWN_MASK) events |= POLLHUP;
  return it.error || hasCompleted(sock) ? events | POLLERR : events;
}

/** The line SHUTDOWN: this end first, so that for a moment the other one does not know. Mirrors: unix_shutdown(). */
export function stepShutdown(task: u32): void {
  const id: u32 = fileIn(task).id;
  if (isTcp(id)) return tcpShutdown(task, id, howOf(task));
  shutEnd(id, howOf(task), task);
  if (!does(id, TELLS_PEER)) return finish(task, 0);
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
  if (does(sock, SENDS_MESSAGES)) return releaseMessages(sock, by);
  if (isTcp(sock)) {
    tcpRelease(sock, by);
  } else if (sockAt(peer).live) {
    sockAt(peer).shut = SHUTDOWN_MASK;
    if (it.count) sockAt(peer).error = <u8>ECONNRESET;
    wakeAll(socketQueue(peer), by);
  }
  if (it.count) dropFrags(sock, it.count);
  forgetCompletions(sock);
  memory.fill(changetype<usize>(it), 0, offsetof<Sock>());
}
