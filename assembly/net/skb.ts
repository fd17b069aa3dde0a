// Frags: pages in a socket's queue, each with a reference of its own. Mirrors: net/core/skbuff.c:
// skb_splice_from_iter(), skb_release_data().
//
// Interface: hasRoom, slotsCanBeSent, pushFrag, pushSpliced, pushPage, pushBytes, pushEmpty, endSkb, ownFrag, dropFrags, dropHeld,
// forgetFrags; unreadBytes, memoryBytes, skbFrags, skbBytes, openFrags, heldBytes.
// A frag has the fields of a slot; its flags are FRAG_LAST. What its slot held at first (P1) goes with it.
// Law: frags [0, count) are used, the oldest first; a frag never crosses its page.
// Not modelled: that what is written to a socket gets frags of several pages.

import { SLOT_ANON, SLOT_PAGECACHE, SLOT_USER, SLOT_ZERO } from "../abi/pipe";
import { emit, EVENT_FRAG_DROP, EVENT_FRAG_PUSH, EVENT_STORE } from "../events";
import { sendCopies, sendLocks } from "../config";
import { copyForSlot, ownCopy } from "../fs/splice-in";
import {
  PipeBuffer,
  asksSnapshot,
  cells,
  cellsAt,
  expectedAt,
  gridShift,
  header,
  pipeAt,
  slotAt,
} from "../layout";
import { UNMODELLED_SOCKET_MEMORY } from "../limits";
import { allocFolio, folioIsLocked, getFolio, headOf, outsidePut, putFolio } from "../mm/folio";
import { sendFolio } from "../mm/mapping";
import { currentCall, operand } from "../sched/call";
import { sourceAt } from "../syscall/data";
import { FRAG_WITHOUT_REFERENCE } from "../mutants";
import { FRAG_LAST, arrived, fragAt, fragExpectedAt, fragsMax, sockAt } from "./layout";

/** Mirrors: MAX_SKB_FRAGS. */
export const SKB_FRAGS_MAX: u32 = 17;
/** An empty skb and its smallest head, bytes from above: SKB_TRUESIZE(0) with a page of linear data. */
const SKB_BYTES: u32 = 4608;

/** Whether the slots of a ring can be sent: their folios are unlocked, where the policy takes the folio lock. */
export function slotsCanBeSent(pipe: u32): bool {
  if (!sendLocks()) return true;
  for (let c = pipeAt(pipe).tail; c != pipeAt(pipe).head; c++) {
    const slot = slotAt(pipe, c);
    if (slot.kind == SLOT_PAGECACHE && folioIsLocked(headOf(slot.frame))) return false;
  }
  return true;
}

/** Whether `frags` more fit into the state; leaves the model if not. */
export function hasRoom(sock: u32, frags: u32): bool {
  if (<u32>sockAt(sock).count + frags <= fragsMax) return true;
  header().unmodelled = UNMODELLED_SOCKET_MEMORY;
  return false;
}

function append(sock: u32, frame: u32, offset: u32, len: u32, kind: u8): PipeBuffer {
  const it = sockAt(sock);
  const frag = fragAt(sock, it.count);
  frag.frame = <u16>frame;
  frag.offset = <u16>offset;
  frag.len = <u16>len;
  frag.kind = kind;
  it.count++;
  emit(EVENT_FRAG_PUSH, sock, frame, offset, len, kind);
  return frag;
}

/** Takes a frag's reference. */
function getFrag(frag: PipeBuffer): void {
  if (frag.kind == SLOT_PAGECACHE) sendFolio(headOf(frag.frame));
  else if (frag.kind != SLOT_ZERO) getFolio(headOf(frag.frame));
}
export function putFrag(frag: PipeBuffer): void {
  if (frag.kind == SLOT_PAGECACHE) outsidePut(headOf(frag.frame));
  else if (frag.kind != SLOT_ZERO) putFolio(headOf(frag.frame));
}

/** Adds the first `len` bytes of a slot: the frag takes its own reference, or owns a copy, and the slot's snapshot. `copies`: the
 *  kernel does so under every policy. False when the run leaves the model. */
export function pushFrag(sock: u32, pipe: u32, counter: u32, len: u32, copies: bool = false): bool {
  const slot = slotAt(pipe, counter);
  const nth: u32 = sockAt(sock).count;
  if ((copies || sendCopies()) && slot.frame) {
    const copy = copies ? ownCopy(slot.frame) : copyForSlot(slot.frame, len);
    if (copy == 0) return false;
    append(sock, copy, slot.offset, len, <u8>SLOT_ANON);
  } else {
    const frag = append(sock, slot.frame, slot.offset, len, slot.kind);
    if (MUTANT != FRAG_WITHOUT_REFERENCE) getFrag(frag);
  }
  if (asksSnapshot) memory.copy(fragExpectedAt(sock, nth), expectedAt(pipe, counter), cells);
  return true;
}

/** The same; what goes on where the newest frag of the skb ends, in its page, makes that longer. Mirrors:
 *  skb_append_pagefrags(). */
export function pushSpliced(sock: u32, pipe: u32, counter: u32, len: u32): bool {
  const slot = slotAt(pipe, counter);
  const count: u32 = sockAt(sock).count;
  if (count == 0) return pushFrag(sock, pipe, counter, len);
  const last = fragAt(sock, count - 1);
  const goesOn = last.frame == slot.frame && last.kind == slot.kind;
  if (last.flags || !goesOn || last.offset + last.len != slot.offset)
    return pushFrag(sock, pipe, counter, len);
  last.len += <u16>len;
  emit(EVENT_FRAG_PUSH, sock, slot.frame, slot.offset, len, slot.kind);
  if (!asksSnapshot) return true;
  const from = (<u32>slot.offset) >> gridShift;
  const to = fragExpectedAt(sock, count - 1) + from;
  memory.copy(to, expectedAt(pipe, counter) + from, len >> gridShift);
  return true;
}

/** Adds bytes of a page: the frag takes its reference; one that `owned` is has it already. */
export function pushPage(
  sock: u32,
  frame: u32,
  offset: u32,
  len: u32,
  flags: u8,
  owned: bool,
): void {
  const nth: u32 = sockAt(sock).count;
  const kind = frame == 0 ? SLOT_ZERO : owned ? SLOT_ANON : SLOT_USER;
  const frag = append(sock, frame, offset, len, <u8>kind);
  frag.flags = flags;
  if (!owned) getFrag(frag);
  if (asksSnapshot) memory.copy(fragExpectedAt(sock, nth), cellsAt(frame), cells);
}

/** Adds a frame of the socket's own with the next `len` bytes that the call writes, at most a page; `flags`: FRAG_*. False when
 *  the run leaves the model. */
export function pushBytes(task: u32, sock: u32, from: i64, len: u32, flags: u8 = 0): bool {
  const frame = allocFolio(0);
  if (frame == 0) return false;
  const nth: u32 = sockAt(sock).count;
  const source = sourceAt(<u32>operand(task, 1), from);
  memory.copy(cellsAt(frame), source, len >> gridShift);
  const frag = append(sock, frame, 0, len, <u8>SLOT_ANON);
  frag.flags = flags;
  getFrag(frag);
  emit(EVENT_STORE, currentCall(task), frame, 0, len);
  if (asksSnapshot) memory.copy(fragExpectedAt(sock, nth), cellsAt(frame), cells);
  return true;
}

/** Adds the frag of an empty message. */
export function pushEmpty(sock: u32): void {
  append(sock, 0, 0, 0, <u8>SLOT_ZERO);
}

/** The newest frag is the last one of its skb. */
export function endSkb(sock: u32): void {
  fragAt(sock, <u32>sockAt(sock).count - 1).flags |= FRAG_LAST;
}

/** Gives a frag a page of its own, with what its page holds now. False when the run leaves the model. */
export function ownFrag(sock: u32, nth: u32): bool {
  const frag = fragAt(sock, nth);
  const copy = ownCopy(frag.frame);
  if (copy == 0) return false;
  putFrag(frag);
  frag.frame = <u16>copy;
  frag.kind = <u8>SLOT_ANON;
  return true;
}

/** Drops n frags with their references, the oldest behind the first `from`. */
export function dropFrags(sock: u32, n: u32, from: u32 = 0): void {
  for (let nth: u32 = 0; nth < n; nth++) putFrag(fragAt(sock, from + nth));
  forgetFrags(sock, n, from);
}

/** Drops the newest frags, which their sender holds back or adds to, with their references. Mirrors: tcp_write_queue_purge(). */
export function dropHeld(sock: u32): void {
  const it = sockAt(sock);
  while (it.held) {
    const last = fragAt(sock, --it.count);
    putFrag(last);
    memory.fill(changetype<usize>(last), 0, offsetof<PipeBuffer>());
    if (asksSnapshot) memory.fill(fragExpectedAt(sock, it.count), 0, cells);
    it.held--;
  }
}

/** Takes n frags out of the queue, the oldest behind the first `from`. */
export function forgetFrags(sock: u32, n: u32, from: u32 = 0): void {
  const it = sockAt(sock);
  const left = <u32>it.count - n;
  const bytes = <u32>offsetof<PipeBuffer>();
  const to = changetype<usize>(fragAt(sock, from));
  memory.copy(to, changetype<usize>(fragAt(sock, from + n)), (left - from) * bytes);
  memory.fill(changetype<usize>(fragAt(sock, left)), 0, n * bytes);
  if (asksSnapshot) {
    memory.copy(fragExpectedAt(sock, from), fragExpectedAt(sock, from + n), (left - from) * cells);
    memory.fill(fragExpectedAt(sock, left), 0, n * cells);
  }
  it.count = <u16>left;
  emit(EVENT_FRAG_DROP, sock, n);
}

/** Frags of the oldest skb, or of the one that begins with frag `from`. */
export function skbFrags(sock: u32, from: u32 = 0): u32 {
  let end = from + 1;
  while (!(fragAt(sock, end - 1).flags & FRAG_LAST)) end++;
  return end - from;
}

/** Bytes of the oldest skb, or of the one that begins with frag `from`. */
export function skbBytes(sock: u32, from: u32 = 0): u32 {
  let sum: u32 = fragAt(sock, from).len;
  while (!(fragAt(sock, from++).flags & FRAG_LAST)) sum += fragAt(sock, from).len;
  return sum;
}

/** Frags of the newest skb if it is not whole yet. */
export function openFrags(sock: u32): u32 {
  const count: u32 = sockAt(sock).count;
  let from = count;
  while (from > 0 && !(fragAt(sock, from - 1).flags & FRAG_LAST)) from--;
  return count - from;
}
/** Bytes that their sender holds back or adds to. */
export function heldBytes(sock: u32): u32 {
  const count: u32 = sockAt(sock).count;
  let sum: u32 = 0;
  for (let nth: u32 = count - sockAt(sock).held; nth < count; nth++) sum += fragAt(sock, nth).len;
  return sum;
}

/** Bytes that wait to be received. Mirrors: unix_inq_len(), tcp_inq(). */
export function unreadBytes(sock: u32): u32 {
  const it = sockAt(sock);
  const end = <u32>it.count - it.held;
  let sum: u32 = 0;
  for (let nth: u32 = it.sent; nth < end; nth++) sum += fragAt(sock, nth).len;
  return it.sent ? sum : sum - it.consumed;
}

/** What the queue counts in its sender's sk_wmem_alloc, estimated from above. */
export function memoryBytes(sock: u32): u32 {
  let sum: u32 = 0;
  for (let nth: u32 = 0; nth < <u32>sockAt(sock).count; nth++) {
    sum += 4096;
    if (fragAt(sock, nth).flags & FRAG_LAST) sum += SKB_BYTES;
  }
  return sum;
}
