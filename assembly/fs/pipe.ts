// The ring of a pipe: who may add a slot, who may drop one. Mirrors: fs/pipe.c.
//
// Interface: setOpenCounts (reset); newPipe, startRing, putPipe, isEmpty, isFull, readable, writable, pushSlot, consumeSlot, dropSlot, resize,
// queuedBytes, releaseEnd.
// Law: tail <= head <= tail + maxUsage; slots outside [tail, head) are zero; a slot never crosses its page.
// Not modelled: the pipe's tmp pages (a released page is freed); watch queues; a ring that may be full or not, since what
// it holds of a TCP socket's own pages may take more or fewer slots.

import { PAGE_SIZE, SLOT_PAGECACHE, SLOT_SKB, SLOT_ZERO } from "../abi/pipe";
import { EBUSY, EINVAL, EPERM } from "../abi/errno";
import { emit, EVENT_SLOT_POP, EVENT_SLOT_PUSH } from "../events";
import {
  PIPE_FIFO,
  PIPE_NAMED,
  PIPE_RING,
  Pipe,
  PipeBuffer,
  asksSnapshot,
  cells,
  cellsAt,
  expectedAt,
  header,
  pipeAt,
  ringMax,
  slotAt,
} from "../layout";
import { PAGE_SHIFT, UNMODELLED_RING } from "../limits";
import { headOf, getFolio, putFolio, slotGet, slotPut } from "../mm/folio";
import { mayGrow } from "./pipe-limits";
import { readQueue, wakeAll, wakeOne, writeQueue } from "./wait";
import { CLOSE_WAKES_ONE, RESIZE_WITHOUT_ROTATION, STALE_FLAGS } from "../mutants";

/** Whether rings may hold SLOT_SKB. A fact of the program. */
let countsAreOpen: bool = false;
export function setOpenCounts(open: bool): void {
  countsAreOpen = open;
}

/** Slots that may be one more each, or none. */
function openSlots(pipe: u32): u32 {
  if (!countsAreOpen) return 0;
  const it = pipeAt(pipe);
  let count: u32 = 0;
  for (let c = it.tail; c != it.head; c++) if (slotAt(pipe, c).kind == SLOT_SKB) count++;
  return count;
}
/** Leaves the model where a ring of so many slots may be full with what it holds. */
function mustHaveRoom(pipe: u32, slots: u32): void {
  const open = openSlots(pipe);
  if (open && used(pipe) + open >= slots) header().unmodelled = UNMODELLED_RING;
}

/** A pipe with both ends open. */
export function newPipe(pipe: u32, slots: u32): void {
  const it = pipeAt(pipe);
  startRing(pipe, slots);
  it.files = 2;
  it.readers = 1;
  it.writers = 1;
  it.rCounter = 1;
  it.wCounter = 1;
}
/** One more description; the first one makes the ring. */
export function startRing(pipe: u32, slots: u32): void {
  const it = pipeAt(pipe);
  if (it.files++) return;
  it.live |= PIPE_RING;
  it.maxUsage = <u16>slots;
}

export function used(pipe: u32): u32 {
  const it = pipeAt(pipe);
  return it.head - it.tail;
}
export function isEmpty(pipe: u32): bool {
  return used(pipe) == 0;
}
export function isFull(pipe: u32): bool {
  return used(pipe) >= <u32>pipeAt(pipe).maxUsage;
}
/** What a reader waits for. Mirrors: pipe_readable(). */
export function readable(pipe: u32): bool {
  return !isEmpty(pipe) || pipeAt(pipe).writers == 0;
}
/** What a writer waits for. Mirrors: pipe_writable(). */
export function writable(pipe: u32): bool {
  return !isFull(pipe) || pipeAt(pipe).readers == 0;
}
/** The oldest slot. */
export function frontSlot(pipe: u32): PipeBuffer {
  assert(!isEmpty(pipe), "an empty ring has no front");
  return slotAt(pipe, pipeAt(pipe).tail);
}

/** Adds a slot; its reference is the caller's to take. The snapshot is what its bytes are now. */
export function pushSlot(
  pipe: u32,
  frame: u32,
  offset: u32,
  len: u32,
  flags: u32,
  kind: u32,
): void {
  const it = pipeAt(pipe);
  assert(!isFull(pipe), "a full ring takes no slot");
  assert(offset + len <= <u32>PAGE_SIZE, "a slot never crosses its page");
  const slot = slotAt(pipe, it.head);
  slot.frame = <u16>frame;
  slot.offset = <u16>offset;
  slot.len = <u16>len;
  slot.flags = <u8>(MUTANT == STALE_FLAGS ? slot.flags | flags : flags);
  slot.kind = <u8>kind;
  if (asksSnapshot) memory.copy(expectedAt(pipe, it.head), cellsAt(frame), cells);
  emit(EVENT_SLOT_PUSH, pipe, it.head, frame, offset, len, flags, kind);
  it.head++;
  mustHaveRoom(pipe, it.maxUsage);
}

/** Adds a slot that shows the bytes of another one: the snapshot travels along. */
export function pushCopy(pipe: u32, from: u32, counter: u32, len: u32, flags: u32): void {
  const source = slotAt(from, counter);
  const at = pipeAt(pipe).head;
  pushSlot(pipe, source.frame, source.offset, len, flags, source.kind);
  if (asksSnapshot) memory.copy(expectedAt(pipe, at), expectedAt(from, counter), cells);
}

/** Takes one more reference on what a slot points at. Mirrors: pipe_buf_get(). */
export function getSlot(slot: PipeBuffer): void {
  if (slot.kind == SLOT_ZERO) return;
  if (slot.kind == SLOT_PAGECACHE) slotGet(headOf(slot.frame));
  else getFolio(headOf(slot.frame));
}

/** Drops a slot's reference. */
export function putSlot(slot: PipeBuffer): void {
  if (slot.kind == SLOT_ZERO) return;
  if (slot.kind == SLOT_PAGECACHE) slotPut(headOf(slot.frame));
  else putFolio(headOf(slot.frame));
}

/** Forgets the oldest slot without dropping its reference: it moved. */
export function forgetFront(pipe: u32): void {
  const it = pipeAt(pipe);
  const slot = frontSlot(pipe);
  const flags = slot.flags;
  memory.fill(changetype<usize>(slot), 0, offsetof<PipeBuffer>());
  if (MUTANT == STALE_FLAGS) slot.flags = flags;
  if (asksSnapshot) memory.fill(expectedAt(pipe, it.tail), 0, cells);
  emit(EVENT_SLOT_POP, pipe, it.tail);
  it.tail++;
}

/** Releases the oldest slot. Mirrors: pipe_update_tail(). */
export function dropFront(pipe: u32): void {
  putSlot(frontSlot(pipe));
  forgetFront(pipe);
}

/** Advances the oldest slot by n bytes and releases it when it is empty; true if it was. */
export function consumeFront(pipe: u32, n: u32): bool {
  const slot = frontSlot(pipe);
  assert(n <= <u32>slot.len, "cannot consume more than the slot holds");
  slot.offset += <u16>n;
  slot.len -= <u16>n;
  if (slot.len) return false;
  dropFront(pipe);
  return true;
}

/** FIONREAD. */
export function queuedBytes(pipe: u32): u32 {
  const it = pipeAt(pipe);
  let sum: u32 = 0;
  for (let c = it.tail; c != it.head; c++) sum += slotAt(pipe, c).len;
  return sum;
}

/** F_SETPIPE_SZ: capacity in bytes, or -errno. Mirrors: fs/pipe.c:pipe_set_size(). */
export function resize(pipe: u32, argument: u32, by: u32): i64 {
  const it = pipeAt(pipe);
  if (argument > <u32>(1 << 31)) return -EINVAL;
  const slots = slotsFor(argument);
  mustHaveRoom(pipe, slots);
  if (slots > it.maxUsage && !mayGrow(pipe, slots)) return -EPERM;
  if (used(pipe) > slots) return -EBUSY;
  if (slots > ringMax) {
    header().unmodelled = UNMODELLED_RING;
    return 0;
  }
  rebase(pipe, slots);
  wakeOne(writeQueue(pipe), by);
  return (<i64>slots) << PAGE_SHIFT;
}

/** Slots for a capacity in bytes: the next power of two of pages. Mirrors: round_pipe_size(). */
export function slotsFor(bytes: u32): u32 {
  let slots: u32 = 1;
  while ((<u64>slots) << PAGE_SHIFT < <u64>bytes) slots <<= 1;
  return slots;
}

/** Copies the live slots to the front of a ring of another size: tail = 0, head = used. */
function rebase(pipe: u32, slots: u32): void {
  const it = pipeAt(pipe);
  const count = used(pipe);
  if (MUTANT != RESIZE_WITHOUT_ROTATION) rotateToFront(pipe, it);
  it.tail = 0;
  it.head = count;
  it.maxUsage = <u16>slots;
}

/** Brings the slot at tail to index 0 by single rotations: rings are small. */
function rotateToFront(pipe: u32, it: Pipe): void {
  const size: u32 = it.maxUsage;
  const turns = it.tail & (size - 1);
  for (let turn: u32 = 0; turn < turns; turn++) {
    rotate(changetype<usize>(slotAt(pipe, 0)), offsetof<PipeBuffer>(), size);
    if (asksSnapshot) rotate(expectedAt(pipe, 0), cells, size);
  }
}

/** Moves `count` items of `bytes` bytes one place down, the first one to the end. */
function rotate(at: usize, bytes: u32, count: u32): void {
  memory.copy(spare, at, bytes);
  memory.copy(at, at + bytes, bytes * (count - 1));
  memory.copy(at + bytes * (count - 1), spare, bytes);
}
const spare: usize = memory.data(4096);

/** A description of one end, or of both, is gone. Mirrors: fs/pipe.c:pipe_release(). */
export function releaseEnd(pipe: u32, reads: bool, writes: bool, by: u32): void {
  const it = pipeAt(pipe);
  if (reads) it.readers--;
  if (writes) it.writers--;
  if ((it.readers == 0) != (it.writers == 0)) {
    if (MUTANT == CLOSE_WAKES_ONE) wakeOne(readQueue(pipe), by);
    else wakeAll(readQueue(pipe), by);
    wakeAll(writeQueue(pipe), by);
  }
  putPipe(pipe);
}

/** One description less; with the last one the ring is gone. Mirrors: fs/pipe.c:put_pipe_info(). */
export function putPipe(pipe: u32): void {
  const it = pipeAt(pipe);
  if (--it.files) return;
  while (!isEmpty(pipe)) dropFront(pipe);
  const stays: u8 = it.live & PIPE_NAMED ? PIPE_NAMED | PIPE_FIFO : 0;
  memory.fill(changetype<usize>(it), 0, offsetof<Pipe>());
  it.live = stays;
}
