// The checksum of a UDP message. Over loopback a message needs none, unless MSG_MORE began it: then its bytes are summed up as they
// are added, and summed up again when it is received. Where a page has changed in between, the message is lost.
// Mirrors: net/ipv4/ip_output.c:__ip_append_data() (csummode), net/core/skbuff.c:skb_splice_from_iter(),
// net/ipv4/udp.c:udp_csum(), __first_packet_length(), udp_recvmsg(), udp_poll().
//
// Interface: startSum, addToSum; isSummed, sumIsRight, copyIsRight; dropWrong, which looks at what has arrived; loseMessage.
// The sum stands in the offset of a frag of no bytes, FRAG_SUMMED, in front of the message: its header.
// Law: the sum of words of 16 bits, modulo 65535.
// Not modelled: a sum of bytes of which nobody knows which value they have.

import { EVENT_MESSAGE_LOST, emit } from "../events";
import { cellsAt, gridShift, header } from "../layout";
import { UNMODELLED_CALL } from "../limits";
import { knownByte } from "../mm/values";
import { SUM_OVERLOOKED } from "../mutants";
import { FRAG_LAST, FRAG_SUMMED, arrived, fragAt, sockAt } from "./layout";
import { dropFrags, openFrags, pushEmpty, skbFrags } from "./skb";

const MODULUS: u32 = 65535;
/** A message of no more bytes is summed up when it arrives. Mirrors: CHECKSUM_BREAK, less the header. */
export const SHORT_BYTES_MAX: u32 = 68;

/** A message begins, of which a sum is kept. */
export function startSum(sock: u32): void {
  pushEmpty(sock);
  fragAt(sock, <u32>sockAt(sock).count - 1).flags = FRAG_SUMMED;
}

/** Adds the bytes from `before` on of the newest message, which is not whole, to its sum if it has one. */
export function addToSum(sock: u32, before: u32): void {
  const first = <u32>sockAt(sock).count - openFrags(sock);
  const head = fragAt(sock, first);
  if (!(head.flags & FRAG_SUMMED)) return;
  head.offset = <u16>((<u32>head.offset + sumFrom(sock, first, before)) % MODULUS);
}

/** Whether the message that begins with a frag has a sum that was not compared yet. */
export function isSummed(sock: u32, first: u32 = 0): bool {
  return (fragAt(sock, first).flags & FRAG_SUMMED) != 0;
}

/** Whether it has the sum that it had. */
export function sumIsRight(sock: u32, first: u32 = 0): bool {
  return !isSummed(sock, first) || sumFrom(sock, first, 0) == fragAt(sock, first).offset;
}
/** The same of what a call has copied, `count` cells at `at`. */
export function copyIsRight(sock: u32, at: usize, count: u32): bool {
  return !isSummed(sock) || sumOf(at, count, 0) % MODULUS == fragAt(sock, 0).offset;
}

/** The sum of a message's bytes from `skipped` on. */
function sumFrom(sock: u32, first: u32, skipped: u32): u32 {
  let sum: u64 = 0;
  let at: u32 = 0;
  for (let nth = first, count: u32 = sockAt(sock).count; nth < count; nth++) {
    const frag = fragAt(sock, nth);
    const from = skipped > at ? min<u32>(skipped - at, frag.len) : 0;
    const cells = cellsAt(frag.frame) + ((<u32>frag.offset + from) >> gridShift);
    if (from < <u32>frag.len) sum += sumOf(cells, (<u32>frag.len - from) >> gridShift, at + from);
    at += frag.len;
    if (frag.flags & FRAG_LAST) break;
  }
  return <u32>(sum % MODULUS);
}

/** The sum of cells that stand at a byte of their message: the first byte of each word counts 256 times. */
function sumOf(cells: usize, count: u32, at: u32): u64 {
  let sum: u64 = 0;
  for (let nth: u32 = 0; nth < count; nth++) {
    const byte = knownByte(load<u8>(cells + nth));
    if (byte < 0) header().unmodelled = UNMODELLED_CALL;
    const weight: u64 = gridShift ? (<u64>257) << (gridShift - 1) : (at + nth) & 1 ? 1 : 256;
    sum += <u64>byte * weight;
  }
  return sum;
}

/** What has arrived with a wrong sum is dropped, up to a message that has the right one, which is known to have it from then on. */
export function dropWrong(sock: u32): void {
  const from: u32 = sockAt(sock).sent;
  while (arrived(sock) && isSummed(sock, from)) {
    if (sumIsRight(sock, from) || MUTANT == SUM_OVERLOOKED) {
      fragAt(sock, from).flags &= ~FRAG_SUMMED;
      return;
    }
    loseMessage(sock, from);
  }
}

/** Drops the message that begins with a frag: its checksum is wrong. */
export function loseMessage(sock: u32, first: u32 = 0): void {
  emit(EVENT_MESSAGE_LOST, sock);
  dropFrags(sock, skbFrags(sock, first), first);
}
