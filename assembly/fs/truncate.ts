// Making a file shorter: folios leave the cache, the one at the new end is zeroed behind it.
// Mirrors: mm/truncate.c:truncate_inode_pages_range(), truncate_inode_partial_folio(); fs/open.c:do_truncate().
//
// Interface: truncateLocked (the line RWSEM), stepTruncate (the line TRUNCATE), truncateHeldUpBy; detachAll.
// What a holder sees: a folio that is detached keeps its bytes; a tail is zeroed in place, up to the end of its
// folio, and a holder sees the zeros (C-8).
// Not modelled: unmapping; the zeroing of the old last block when a file grows (nothing but mmap can dirty it).

import { EFBIG } from "../abi/errno";
import { fileLimitBytes, truncateReplaces, truncateWaits } from "../config";
import { emit, EVENT_SIZE, EVENT_STORE } from "../events";
import {
  FOLIO_PRIVATE,
  TASK_TAIL_DONE,
  cells,
  cellsAt,
  frameAt,
  gridShift,
  header,
  inodeAt,
  pagesMax,
  taskAt,
} from "../layout";
import { PAGE_SHIFT, UNMODELLED_FILE_SIZE } from "../limits";
import { forgetDisk, truncateDisk } from "../mm/disk";
import { folioIsLocked, folioPages, isMarked, lockFolio, unlockFolio } from "../mm/folio";
import { cachedFolio, detachFolio, isDirty, onlyCached, splitFolio } from "../mm/page-cache";
import { currentCall, fileIn } from "../sched/call";
import { LINE_TRUNCATE } from "../sched/line";
import { replaceLocked } from "./file-write";
import { TAIL_ENDS_WITH_PAGE, TRUNCATE_IN_PLACE } from "../mutants";

/** Takes i_rwsem and sets i_size; `want` is the new length. True if the call may end in this step. */
export function truncateLocked(task: u32): bool {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const inode = inodeAt(id);
  if (it.want > inode.size && fileLimitBytes >= 0 && it.want > fileLimitBytes) {
    it.ret = -EFBIG;
    return true;
  }
  if (it.want > (<i64>pagesMax) << PAGE_SHIFT) {
    header().unmodelled = UNMODELLED_FILE_SIZE;
    return false;
  }
  it.size = inode.size;
  inode.size = it.want;
  if (it.size != it.want) emit(EVENT_SIZE, id, <u32>it.want, <u32>(it.want >> 32));
  if (it.want >= it.size) return true;
  inode.rwsem = <u8>(task + 1);
  it.pos = (it.want + 4095) >> PAGE_SHIFT;
  it.line = LINE_TRUNCATE;
  return false;
}

/** Head of the next folio to detach: the first at or behind page `pos` that begins there or later; 0 for none. */
export function nextToDetach(task: u32): u32 {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  for (let page = <u32>it.pos; page < pagesMax; page++) {
    const head = cachedFolio(id, page);
    if (head && frameAt(head).index == <u16>page) return head;
  }
  return 0;
}

/** Head of the folio that holds the new end at an offset inside it; 0 for none. */
export function tailFolio(task: u32): u32 {
  const it = taskAt(task);
  const head = it.want ? cachedFolio(fileIn(task).id, <u32>(it.want >> PAGE_SHIFT)) : 0;
  if (head == 0) return 0;
  return (<i64>frameAt(head).index) << PAGE_SHIFT == it.want ? 0 : head;
}

/** The guard of LINE_TRUNCATE: the folio that comes next is unlocked, or is this task's, and nobody
 *  outside is waited for. */
export function truncateCanGo(task: u32): bool {
  const head = nextToDetach(task) || pendingTail(task);
  if (head && truncateHeldUpBy(task)) return false;
  return head == 0 || !folioIsLocked(head) || frameAt(head).lock == <u8>(task + 1);
}

/** The tail that comes next, if the policy does not zero it before nobody outside holds it; 0 for none. */
export function truncateHeldUpBy(task: u32): u32 {
  if (!truncateWaits() || nextToDetach(task)) return 0;
  const tail = pendingTail(task);
  return tail && isMarked(tail) ? tail : 0;
}

/** The tail folio while it is not zeroed yet. */
function pendingTail(task: u32): u32 {
  return taskAt(task).flags & TASK_TAIL_DONE ? 0 : tailFolio(task);
}

/**
 * One step; which one is decided when it runs: detach the next whole folio, replace the one at the new end
 * if the policy wants that and it is marked now, zero its tail. True when nothing is left to do.
 */
export function stepTruncate(task: u32): bool {
  const whole = nextToDetach(task);
  if (whole) {
    taskAt(task).pos = <i64>frameAt(whole).index + folioPages(whole);
    detachFolio(whole);
    return false;
  }
  const tail = pendingTail(task);
  const it = taskAt(task);
  if (tail == 0) {
    truncateDisk(fileIn(task).id, it.want);
    return true;
  }
  if (it.folio == 0 && mustReplace(tail)) {
    lockFolio(tail, task);
    it.folio = <u16>replaceLocked(tail, task);
  } else {
    zeroTail(task, tail);
    it.flags |= TASK_TAIL_DONE;
  }
  return false;
}

function mustReplace(head: u32): bool {
  return MUTANT != TRUNCATE_IN_PLACE && truncateReplaces() && isMarked(head);
}

/** Zeroes from the new end to the end of the folio, and splits or drops a large one. */
function zeroTail(task: u32, head: u32): void {
  const it = taskAt(task);
  const folio = frameAt(head);
  if (it.folio) unlockFolio(head, task);
  it.folio = 0;
  const from = <u32>(it.want - ((<i64>folio.index) << PAGE_SHIFT));
  const end = MUTANT == TAIL_ENDS_WITH_PAGE ? (from | 4095) + 1 : folioPages(head) << PAGE_SHIFT;
  const bytes = end - from;
  memory.fill(cellsAt(head) + (from >> gridShift), 0, bytes >> gridShift);
  emitZeros(task, head, from, bytes);
  if (folio.order) shrinkLarge(task, head);
}

function emitZeros(task: u32, head: u32, from: u32, bytes: u32): void {
  const end = from + bytes;
  for (let at = from; at < end; at = ((at >> PAGE_SHIFT) + 1) << PAGE_SHIFT)
    emit(EVENT_STORE, currentCall(task), head + (at >> PAGE_SHIFT), at & 4095, 4096 - (at & 4095));
}

/**
 * A large folio at the new end. Dirty buffer heads cannot be released, so with them it never splits and
 * stays whole, pages behind the end included (seen on 6.18/ext4, held or not). Without them it is split if
 * nobody outside the cache holds it, else it stays whole if dirty and is dropped whole if clean.
 * Mirrors: mm/truncate.c:truncate_inode_partial_folio(), mm/huge_memory.c:folio_split().
 */
function shrinkLarge(task: u32, head: u32): void {
  const folio = frameAt(head);
  if (isDirty(folio) && folio.flags & FOLIO_PRIVATE) return;
  if (onlyCached(head)) {
    const keep = <u32>((taskAt(task).want + 4095) >> PAGE_SHIFT) - folio.index;
    const pages = folioPages(head);
    splitFolio(head);
    for (let i = keep; i < pages; i++) detachFolio(head + i);
  } else if (!isDirty(folio)) detachFolio(head);
}

/** Detaches everything: the inode goes away. Mirrors: truncate_inode_pages_final(). */
export function detachAll(id: u32): void {
  for (let page: u32 = 0; page < pagesMax; page++) {
    const head = cachedFolio(id, page);
    if (head) detachFolio(head);
  }
  forgetDisk(id);
}
