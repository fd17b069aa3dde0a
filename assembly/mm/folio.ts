// Folios: frames with a reference count, of order 0 and above. Mirrors: mm/page_alloc.c, include/linux/mm.h.
//
// Interface: allocFolio, getFolio, putFolio, headOf, lock and unlock; of mark.ts isMarked, outsideGet, outsidePut, slotGet, slotPut.
// Law: a frame is free exactly if its folio has no reference, and is all zero then. Frame 0 is the zero
// page: never allocated, never counted.
// Not modelled: per-CPU lists, so no transient references (D-7); NUMA; the LRU.

import { emit, EVENT_FOLIO_FREE, EVENT_FOLIO_NEW, EVENT_FOLIO_REF } from "../events";
import { MARK_LATE } from "../abi/decisions";
import { markKind } from "../config";
import { Frame, cells, cellsAt, frameAt, framesMax, header, rawFrame } from "../layout";
import { UNMODELLED_FRAMES } from "../limits";
import { PRICE_FOLIOS, pay } from "../price";
import { declareFrameWhole } from "../sched/declare-folio";
import { lateAt, refsDropped } from "./mark";

export { isMarked, outsideGet, outsidePut, slotGet, slotPut } from "./mark";

/** Head frame of the folio that a frame belongs to. */
export function headOf(frame: u32): u32 {
  return frameAt(frame).head;
}

/** Frames of a folio. */
export function folioPages(head: u32): u32 {
  return 1 << frameAt(head).order;
}

/** First frame of the lowest run of 1 << order free frames, 0 if there is none. */
export function findFree(order: u32): u32 {
  const wanted: u32 = 1 << order;
  let run: u32 = 0;
  for (let frame: u32 = 1; frame < framesMax; frame++) {
    run = frameIsFree(frame) ? run + 1 : 0;
    if (run == wanted) return frame + 1 - wanted;
  }
  return 0;
}

/** The allocator looks at frames that no step declares: free ones belong to nobody. */
function frameIsFree(frame: u32): bool {
  return rawFrame(frame).head == 0;
}

/** A zeroed folio without references; 0 and `unmodelled` when the frames are used up. */
export function allocFolio(order: u32): u32 {
  const head = findFree(order);
  if (head == 0) {
    header().unmodelled = UNMODELLED_FRAMES;
    return 0;
  }
  for (let i: u32 = 0; i < <u32>(1 << order); i++) {
    declareFrameWhole(head + i);
    frameAt(head + i).head = <u16>head;
  }
  frameAt(head).order = <u8>order;
  pay(PRICE_FOLIOS);
  emit(EVENT_FOLIO_NEW, head, order);
  return head;
}

/** Takes n references. */
export function getFolio(head: u32, n: u32 = 1): void {
  const folio = frameAt(head);
  assert(folio.head == head, "references are counted on the head");
  folio.refs += <u16>n;
  emit(EVENT_FOLIO_REF, head, folio.refs);
}

/** Drops n references; the last one frees the folio. `quiet`: one of many in a step, no event tells of it. */
export function putFolio(head: u32, n: u32 = 1, quiet: bool = false): void {
  const folio = frameAt(head);
  assert(folio.refs >= n, "a reference is dropped that nobody holds");
  folio.refs -= <u16>n;
  if (!quiet) emit(EVENT_FOLIO_REF, head, folio.refs);
  if (folio.refs == 0) freeFolio(head);
  else refsDropped(head, folio.refs);
}

function freeFolio(head: u32): void {
  const folio = frameAt(head);
  const pages = folioPages(head);
  assert(folio.inode == 0, "a cached folio is never free");
  assert(folio.outside == 0, "a folio with outside references is never free");
  assert(folio.lock == 0, "a locked folio is never free");
  for (let i: u32 = 0; i < pages; i++)
    memory.fill(changetype<usize>(frameAt(head + i)), 0, offsetof<Frame>());
  memory.fill(cellsAt(head), 0, pages * cells);
  if (markKind() == MARK_LATE) store<u8>(lateAt(head), 0);
  emit(EVENT_FOLIO_FREE, head);
}

export function folioIsLocked(head: u32): bool {
  return frameAt(head).lock != 0;
}
export function lockFolio(head: u32, task: u32): void {
  assert(frameAt(head).lock == 0, "a folio has one lock owner");
  frameAt(head).lock = <u8>(task + 1);
}
export function unlockFolio(head: u32, task: u32): void {
  assert(frameAt(head).lock == task + 1, "only the owner unlocks a folio");
  frameAt(head).lock = 0;
}
