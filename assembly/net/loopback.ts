// A wire over loopback: what is sent is on this machine still. It arrives in its sender's step and is acknowledged there, but the
// receiver has the very frags, and reads their bytes when it likes: the background action `receive`. Mirrors:
// drivers/net/loopback.c:loopback_xmit(); net/core/skbuff.c:skb_orphan_frags_rx(); net/ipv4/tcp.c:tcp_recvmsg_locked().
//
// Interface: isLoopback; arrive; canReceive, receive.
// Law: what is not among the first `sent` frags is memory of a zero-copy send that goes on.
// Not modelled: a receive buffer that is full; skbs of several frags, which are all held until the last one is received.

import { SLOT_USER } from "../abi/pipe";
import { WIRE_LOOPBACK } from "../abi/program";
import { asksSnapshot, cells, cellsAt } from "../layout";
import { ACK_DROPS_SHARED, BORROWED_IS_SHARED } from "../mutants";
import { wireFlags } from "../program";
import { FRAG_ZEROCOPY, fragAt, fragExpectedAt, isWireSock, sockAt } from "./layout";
import { dropFrags, ownFrag, putFrag } from "./skb";
import { numberOf, read } from "./wire";
import { completeNext, endsBorrowed } from "./zerocopy";

/** Whether an end is a wire over loopback. */
export function isLoopback(sock: u32): bool {
  return isWireSock(sock) && (wireFlags(numberOf(sock)) & WIRE_LOOPBACK) != 0;
}

/** Frags were added, by a call of task `by`: unless a zero-copy send is to add more, they arrive. Its memory is copied then, so that
 *  the send is complete. */
export function arrive(sock: u32, by: u32): void {
  const it = sockAt(sock);
  if (!isLoopback(sock) || it.iolock) return;
  for (; it.sent < it.count; it.sent++) {
    const ends = endsBorrowed(sock, it.sent);
    if (!ownIfBorrowed(sock, it.sent)) return;
    if (ends) completeNext(sock, by);
  }
}
function ownIfBorrowed(sock: u32, nth: u32): bool {
  const frag = fragAt(sock, nth);
  const borrowed = (frag.flags & FRAG_ZEROCOPY) != 0 && frag.kind == SLOT_USER;
  frag.flags = 0;
  if (MUTANT == ACK_DROPS_SHARED) putFrag(frag);
  if (!borrowed || MUTANT == BORROWED_IS_SHARED) return true;
  if (!ownFrag(sock, nth)) return false;
  // P1 asks of memory only that the copy stays.
  if (asksSnapshot) memory.copy(fragExpectedAt(sock, nth), cellsAt(frag.frame), cells);
  return true;
}

export function canReceive(sock: u32): bool {
  return sockAt(sock).sent > 0;
}
/** The receiver reads the oldest frag, and lets go of its page. */
export function receive(sock: u32): void {
  const it = sockAt(sock);
  if (!read(sock, 0)) return;
  it.consumed = it.logged;
  it.sent--;
  dropFrags(sock, 1);
}
