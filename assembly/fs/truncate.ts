// Making a file shorter: folios leave the cache, the one at the new end is zeroed behind it.
// Mirrors: mm/truncate.c:truncate_inode_pages_range(), truncate_inode_partial_folio(); fs/open.c:do_truncate().
//
// Interface: truncateLocked (the line RWSEM), stepTruncate (the line TRUNCATE), truncateHeldUpBy; detachAll, flushReleased, pageBehind. See also
// partial.ts.
// What a holder sees: a folio that is detached keeps its bytes; a tail is zeroed in place, up to the end of its
// folio, and a holder sees the zeros (C-8).
// Not modelled: the lock of a folio that gets its buffer heads when it is cut.

import { EFBIG, EPERM } from "../abi/errno";
import { SWITCH_PUNCH_CLIPPED, SWITCH_TRUNCATE_FLUSH } from "../abi/switches";
import { SYS_FTRUNCATE } from "../abi/syscalls";
import { truncateWaits } from "../config";
import { emit, EVENT_SIZE } from "../events";
import {
  INODE_CUT,
  TASK_TAIL_DONE,
  TASK_ZEROING,
  frameAt,
  header,
  inodeAt,
  pagesMax,
  taskAt,
  pageIndex,
} from "../layout";
import { PAGE_SHIFT, UNMODELLED_FILE_SIZE } from "../limits";
import { forgetDisk, mustFault, onDisk, truncateDisk, writeBack } from "../mm/disk";
import { folioIsLocked, folioPages, isMarked, lockFolio, unlockFolio } from "../mm/folio";
import { anyMapped, zapFile } from "../mm/mapping";
import { mappingsMax } from "../mm/page-table";
import {
  cachedFolio,
  cachedFrame,
  detachFolio,
  isDirty,
  isDirtyPage,
  removeFolio,
} from "../mm/page-cache";
import { callCode } from "../program";
import { currentCall, fileIn } from "../sched/call";
import { LINE_TRUNCATE } from "../sched/line";
import { replaceLocked } from "./file-write";
import {
  cacheCutBlock,
  dirtyCutBlock,
  flushCut,
  mustReplace,
  releaseCut,
  zeroGrown,
  zeroOldEnd,
  zeroPart,
} from "./partial";
import { sizeIsSealed } from "./seals";
import { sizeLimit } from "./size-limit";
import { beginZero } from "./tear";
import { TAIL_ENDS_WITH_PAGE, TRUNCATE_IN_PLACE, TRUNCATE_NEVER_FLUSHES } from "../mutants";
import { fileHas } from "../mm/kind";

/** Takes i_rwsem and sets i_size; `want` is the new length. True if the call may end in this step. */
export function truncateLocked(task: u32): bool {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const inode = inodeAt(id);
  if (it.want > inode.size && it.want > sizeLimit(id)) {
    it.ret = -EFBIG;
    return true;
  }
  if (sizeIsSealed(id, it.want)) {
    it.ret = -EPERM;
    return true;
  }
  if (it.want > (<i64>pagesMax) << PAGE_SHIFT) {
    header().unmodelled = UNMODELLED_FILE_SIZE;
    return false;
  }
  it.size = inode.size;
  if (it.want > it.size) zeroGrown(id, it.size, it.want);
  inode.size = it.want;
  if (it.size != it.want) emit(EVENT_SIZE, id, <u32>it.want, <u32>(it.want >> 32));
  if (it.want > it.size) zeroOldEnd(id, it.size, it.size + 4096);
  // At the same size the tail is zeroed again, where a store may have left something, and a folio that reaches behind it is cut.
  const grows = it.want > it.size;
  const stays = grows || (it.want == it.size && !reachesBehind(id, it.want));
  if (stays) cacheCutBlock(id, it.size, grows);
  if (stays && it.want == it.size) releaseCut(id, it.size);
  if (stays && !fileHas(id, SWITCH_TRUNCATE_FLUSH) && !cutsLarge(task)) return true;
  inode.invalidate = <u8>(task + 1);
  inode.rwsem = <u8>(task + 1);
  it.pos = (it.want + 4095) >> PAGE_SHIFT;
  it.line = LINE_TRUNCATE;
  return false;
}

/** Whether ftruncate cuts a large folio at the end of a file that does not shrink.
 *  Mirrors: fs/ext4/inode.c:ext4_setattr(), which cuts the page cache at the new size whatever the old one was. */
function cutsLarge(task: u32): bool {
  if (callCode(currentCall(task)) != SYS_FTRUNCATE) return false;
  if (!fileHas(fileIn(task).id, SWITCH_PUNCH_CLIPPED)) return false;
  const tail = tailFolio(task);
  return tail != 0 && frameAt(tail).order > 0;
}

function reachesBehind(inode: u32, size: i64): bool {
  return mappingsMax > 0 || cachedFrame(inode, pageBehind(size)) != 0;
}
/** The first page that lies behind a size as a whole. */
export function pageBehind(size: i64): u32 {
  return pageIndex(size + 4095);
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
  if (anyMapped(fileIn(task).id, newPages(task), pagesMax, true)) return true;
  const head = nextToDetach(task) || pendingTail(task) || nextToFlush(task);
  if (head && truncateHeldUpBy(task)) return false;
  return head == 0 || !folioIsLocked(head) || frameAt(head).lock == <u8>(task + 1);
}

/** The tail that comes next, if the policy does not zero it before nobody outside holds it; 0 for none. */
export function truncateHeldUpBy(task: u32): u32 {
  if (!truncateWaits() || nextToDetach(task) || taskAt(task).flags & TASK_ZEROING) return 0;
  const tail = pendingTail(task);
  return tail && isMarked(tail) ? tail : 0;
}

/** Pages of the shorter file. */
function newPages(task: u32): u32 {
  return <u32>((taskAt(task).want + 4095) >> PAGE_SHIFT);
}

/** The tail folio while it is not zeroed yet. */
function pendingTail(task: u32): u32 {
  return taskAt(task).flags & TASK_TAIL_DONE ? 0 : tailFolio(task);
}

/**
 * One step; which one is decided when it runs: unmap what lies behind the new end, private copies too, detach
 * the next whole folio, replace the one at the new end if the policy wants that and it is marked now, zero its tail. True when nothing is left to do.
 */
export function stepTruncate(task: u32): bool {
  const id: u32 = fileIn(task).id;
  if (anyMapped(id, newPages(task), pagesMax, true)) {
    zapFile(id, newPages(task), pagesMax, true);
    return false;
  }
  const whole = nextToDetach(task);
  if (whole) {
    taskAt(task).pos = <i64>frameAt(whole).index + folioPages(whole);
    removeFolio(whole);
    return false;
  }
  const it = taskAt(task);
  if (!(it.flags & TASK_TAIL_DONE)) dirtyCutBlock(id, it.want);
  const tail = pendingTail(task);
  if (tail == 0) return truncateEnds(task);
  if (it.folio == 0 && MUTANT != TRUNCATE_IN_PLACE && mustReplace(tail)) {
    lockFolio(tail, task);
    it.folio = <u16>replaceLocked(tail, task);
  } else zeroTail(task, tail);
  return false;
}

/** The cache is done: what has to be written back goes to the disk, one folio in a step; then the disk is cut. */
function truncateEnds(task: u32): bool {
  const id: u32 = fileIn(task).id;
  if (mustFault(id, <u32>(taskAt(task).want >> PAGE_SHIFT))) dirtyCutBlock(id, taskAt(task).want);
  const dirty = nextToFlush(task);
  if (dirty) {
    writeBack(dirty);
    return false;
  }
  if (taskAt(task).want <= taskAt(task).size) cacheCutBlock(id, taskAt(task).want, false);
  if (taskAt(task).want < taskAt(task).size) flushCut(id, taskAt(task).want);
  truncateDisk(id, taskAt(task).want);
  if (fileHas(id, SWITCH_TRUNCATE_FLUSH)) {
    inodeAt(id).diskSize = taskAt(task).want;
    if (taskAt(task).want <= taskAt(task).size && taskAt(task).size) inodeAt(id).live |= INODE_CUT;
  }
  return true;
}

/** A description of a file that was cut is released: the file is written back, if a page of it waits for its place on the disk.
 *  Mirrors: fs/xfs/xfs_file.c:xfs_file_release(). */
export function flushReleased(id: u32): void {
  inodeAt(id).live &= ~INODE_CUT;
  let waits = false;
  for (let page: u32 = 0; page < pagesMax; page++)
    if (isDirtyPage(id, page) && !onDisk(id, page)) waits = true;
  for (let page: u32 = 0; waits && page < pagesMax; page++) {
    const head = cachedFolio(id, page);
    if (head && isDirty(frameAt(head)) && !folioIsLocked(head)) writeBack(head);
  }
}

/** Head of the next dirty folio between the size on the disk and the new one; 0 for none, and where it need not be
 *  written back. Mirrors: fs/xfs/xfs_iops.c:xfs_setattr_size(). */
function nextToFlush(task: u32): u32 {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const from = inodeAt(id).diskSize;
  const isKnown = from == it.size && (it.size & 4095) == 0;
  if (MUTANT == TRUNCATE_NEVER_FLUSHES) return 0;
  if (!fileHas(id, SWITCH_TRUNCATE_FLUSH) || it.want <= from || isKnown) return 0;
  for (let page = <u32>(from >> PAGE_SHIFT); page < pagesMax; page++) {
    if ((<i64>page) << PAGE_SHIFT >= it.want) return 0;
    const head = cachedFolio(id, page);
    if (head && isDirty(frameAt(head))) return head;
  }
  return 0;
}

/** Zeroes from the new end to the end of the folio, and splits or drops a large one. */
function zeroTail(task: u32, head: u32): void {
  const it = taskAt(task);
  const from = <u32>(it.want - ((<i64>frameAt(head).index) << PAGE_SHIFT));
  const end = MUTANT == TAIL_ENDS_WITH_PAGE ? (from | 4095) + 1 : folioPages(head) << PAGE_SHIFT;
  if (beginZero(task, head, from, end)) return;
  if (it.folio) unlockFolio(head, task);
  it.folio = 0;
  it.flags |= TASK_TAIL_DONE;
  zeroPart(task, head, from, end);
  releaseCut(fileIn(task).id, it.want);
}

/** Detaches everything: the inode goes away. Mirrors: truncate_inode_pages_final(). */
export function detachAll(id: u32): void {
  for (let page: u32 = 0; page < pagesMax; page++) {
    const head = cachedFolio(id, page);
    if (head) detachFolio(head);
  }
  forgetDisk(id);
}
