// The range of a file that fallocate takes from the page cache: whole folios leave it, the edges are zeroed in place.
// Mirrors: fs/ext4/inode.c:ext4_punch_hole(), ext4_truncate_page_cache_block_range(), ext4_zero_partial_blocks(),
// fs/xfs/xfs_bmap_util.c:xfs_free_file_space(), xfs_flush_unmap_range(), fs/btrfs/file.c:btrfs_zero_range(),
// mm/shmem.c:shmem_fallocate(), shmem_undo_range(); mm/truncate.c:truncate_inode_pages_range().
//
// Interface: punchLocked (the line RWSEM), startRange, isFlushing, punchCanGo, punchHeldUpBy, stepPunch (the line PUNCH). The modes, and what
// they do beside it: fallocate.ts. "Hole" is the range, whatever the mode.
// What a holder sees: a folio that is detached keeps its bytes; one that reaches out of the hole is zeroed where the
// two overlap, even whole pages of it (C-8). With SWITCH_PUNCH_DETACH the hole takes whole pages from the cache, to which what
// stays of them comes back from the disk.
// Not modelled: that extents of btrfs which were allocated in several calls can count one by one.

import { FALLOC_FL_MODE_MASK, FALLOC_FL_PUNCH_HOLE, FALLOC_FL_ZERO_RANGE } from "../abi/mman";
import {
  SWITCH_BLOCK_ZERO,
  SWITCH_PREALLOCATED,
  SWITCH_PUNCH_CLIPPED,
  SWITCH_PUNCH_DETACH,
  SWITCH_PUNCH_FLUSH,
  SWITCH_PUNCH_SKIPS,
  SWITCH_SHIFT_BEFORE,
} from "../abi/switches";
import { truncateWaits } from "../config";
import { TASK_ZEROING, frameAt, inodeAt, pagesMax, taskAt, pageIndex } from "../layout";
import { PAGE_SHIFT } from "../limits";
import {
  fault,
  hasContent,
  isAllocated,
  mustFault,
  onDisk,
  punchDisk,
  writeBack,
} from "../mm/disk";
import { folioIsLocked, folioPages, isMarked, lockFolio, unlockFolio } from "../mm/folio";
import { anyMapped, zapFile } from "../mm/mapping";
import {
  attachPrivate,
  cachedFolio,
  dirtyFolio,
  isDirty,
  lastAllocated,
  removeFolio,
} from "../mm/page-cache";
import { noteUnread } from "../syscall/rwf";
import { fillHole, fillPage } from "../mm/readahead";
import { isCopy, operand } from "../sched/call";
import { LINE_PUNCH } from "../sched/line";
import { replaceLocked, writeTarget } from "./file-write";
import { dirtyCut, dirtyZeroed, mustReplace, zeroPart } from "./partial";
import { beginZero } from "./tear";
import { PUNCH_FORGETS_CONTENT, PUNCH_IN_PLACE, PUNCH_TAKES_HOLES } from "../mutants";
import { fileHas } from "../mm/kind";

// What is left to do, in order: `part` of the task. `size` is the begin of the hole and `want` its end, in bytes;
// `pos` is the page from which on whole folios are looked for.
const STAGE_FLUSH: i64 = 0;
const STAGE_SKIP: i64 = 1;
const STAGE_WHOLE: i64 = 2;
const STAGE_FRONT: i64 = 3;
const STAGE_BACK: i64 = 4;
const STAGE_FRONT_BLOCK: i64 = 5;
const STAGE_BACK_BLOCK: i64 = 6;
const STAGE_END: i64 = 7;

/** Takes i_rwsem and finds the hole. True if there is nothing to do. */
export function punchLocked(task: u32): bool {
  const it = taskAt(task);
  const inode = inodeAt(target(task));
  startRange(task, operand(task, 2), operand(task, 2) + operand(task, 3));
  const lastPage = (inode.size + 4095) & ~4095;
  if (fileHas(target(task), SWITCH_PUNCH_CLIPPED)) {
    if (it.size >= inode.size) return true;
    if (it.want > inode.size) it.want = lastPage;
  } else if (
    fileHas(target(task), SWITCH_BLOCK_ZERO) &&
    !fileHas(target(task), SWITCH_PUNCH_DETACH) &&
    it.size >= lastPage
  )
    return true;
  return false;
}

/** Goes to the line PUNCH, with both locks, for the bytes [from, to). */
export function startRange(task: u32, from: i64, to: i64): void {
  const it = taskAt(task);
  const inode = inodeAt(target(task));
  inode.rwsem = <u8>(task + 1);
  inode.invalidate = <u8>(task + 1);
  it.size = from;
  it.want = to;
  it.part = STAGE_FLUSH;
  it.pos = firstWhole(task);
  it.line = LINE_PUNCH;
}

/** Whether nothing but write-back has been done to the range. */
export function isFlushing(task: u32): bool {
  return taskAt(task).part == STAGE_FLUSH;
}

/** The file whose range it is. */
function target(task: u32): u32 {
  return writeTarget(task).id;
}
/** The mode of a copy_file_range: none of fallocate's. */
const MODE_COPY: u32 = 0x80000000;

/** The mode of the task's fallocate, without FALLOC_FL_KEEP_SIZE. */
export function modeOf(task: u32): u32 {
  if (isCopy(task)) return MODE_COPY;
  return (<u32>operand(task, 1)) & FALLOC_FL_MODE_MASK;
}
/** Whether the range reads as zeros afterwards, and its blocks are freed or marked so. */
function frees(task: u32): bool {
  return modeOf(task) == FALLOC_FL_PUNCH_HOLE || modeOf(task) == FALLOC_FL_ZERO_RANGE;
}
/** Whether what lies behind the range moves. */
export function shifts(task: u32): bool {
  return modeOf(task) != 0 && !frees(task) && !isCopy(task);
}
/** Whether dirty folios are written back first. */
function flushes(task: u32): bool {
  if (MUTANT == PUNCH_FORGETS_CONTENT && modeOf(task) == FALLOC_FL_PUNCH_HOLE) return false;
  return fileHas(target(task), SWITCH_PUNCH_FLUSH) || !frees(task);
}
/** Whether private copies are unmapped, too. Mirrors: mm/truncate.c:truncate_pagecache(). */
function zapsCopies(task: u32): bool {
  return shifts(task) && !fileHas(target(task), SWITCH_SHIFT_BEFORE);
}

/** The pages that leave the cache: those that lie in the hole with all their bytes, or those that it touches. First, and
 *  behind the last. */
function firstWhole(task: u32): u32 {
  if (fileHas(target(task), SWITCH_PUNCH_DETACH)) return frontPage(task);
  return pageIndex(taskAt(task).size + 4095);
}
function endWhole(task: u32): u32 {
  if (fileHas(target(task), SWITCH_PUNCH_DETACH)) return min<u32>(backPage(task) + 1, pagesMax);
  return pageIndex(taskAt(task).want);
}
/** The page with the first byte of the hole, and the one with the last. */
function frontPage(task: u32): u32 {
  return pageIndex(taskAt(task).size);
}
function backPage(task: u32): u32 {
  return pageIndex(taskAt(task).want - 1);
}

function mustUnmap(task: u32): bool {
  if (modeOf(task) == 0) return false;
  return anyMapped(target(task), firstWhole(task), unmapEnd(task), zapsCopies(task));
}
/** The page behind the last one that is unmapped. A hole that ends in the first page of a file has none that it takes whole, and
 *  Linux's sums go below zero: it unmaps all pages behind its begin. Mirrors: mm/truncate.c:truncate_pagecache_range(),
 *  mm/shmem.c:shmem_fallocate(). */
function unmapEnd(task: u32): u32 {
  return frees(task) && taskAt(task).want < 4096 ? pagesMax : endWhole(task);
}

/** Head of the next cached folio that lies in the hole as a whole; 0 for none. */
function nextWhole(task: u32): u32 {
  const id: u32 = target(task);
  for (let page = <u32>taskAt(task).pos; page < endWhole(task); page++) {
    const head = cachedFolio(id, page);
    if (head && frameAt(head).index == <u16>page && page + folioPages(head) <= endWhole(task))
      return head;
  }
  return 0;
}

/** Head of the cached folio with a byte of the hole that also reaches out of it; 0 for none. */
function edgeFolio(task: u32, page: u32): u32 {
  const head = cachedFolio(target(task), page);
  if (head == 0) return 0;
  const index: u32 = frameAt(head).index;
  return index >= firstWhole(task) && index + folioPages(head) <= endWhole(task) ? 0 : head;
}

/** Whether there is something to zero at that edge: in the cache, or on the disk, where it is read from. */
function isEdge(task: u32, stage: i64): bool {
  return edgeFolio(task, edgePage(task, stage)) != 0 || isReadFirst(task, stage);
}
/** With SWITCH_PUNCH_SKIPS: whether the page that an edge cuts is on the disk only.
 *  Mirrors: fs/btrfs/file.c:btrfs_punch_hole(), fs/btrfs/inode.c:btrfs_truncate_block(). */
function isReadFirst(task: u32, stage: i64): bool {
  if (!fileHas(target(task), SWITCH_PUNCH_SKIPS) || modeOf(task) != FALLOC_FL_PUNCH_HOLE)
    return false;
  const at = stage == STAGE_FRONT ? taskAt(task).size : taskAt(task).want;
  if ((at & 4095) == 0 || at >= inodeAt(target(task)).size) return false;
  return mustFault(target(task), edgePage(task, stage));
}

/** Whether the file system zeroes a part of the block at that edge, and has to have it in the cache. */
function isBlockCut(task: u32, stage: i64): bool {
  const front = frontPage(task);
  const back = backPage(task);
  if (!frees(task)) return false;
  if (fileHas(target(task), SWITCH_PUNCH_DETACH)) return isReadAgain(task, stage);
  if (!fileHas(target(task), SWITCH_PUNCH_CLIPPED)) return false;
  if (stage == STAGE_FRONT_BLOCK) return front < firstWhole(task) || front >= endWhole(task);
  return back != front && back >= endWhole(task);
}

/** With SWITCH_PUNCH_DETACH: whether a part of the page at that edge stays, and the disk has it. */
function isReadAgain(task: u32, stage: i64): bool {
  const it = taskAt(task);
  const id: u32 = target(task);
  const isFront = stage == STAGE_FRONT_BLOCK;
  const page = isFront ? frontPage(task) : backPage(task);
  const begin = (<i64>page) << PAGE_SHIFT;
  if (!isFront && page == frontPage(task)) return false;
  if (max<i64>(it.size, begin) >= inodeAt(id).size) return false;
  const isWhole = it.size <= begin && it.want >= begin + 4096;
  return !isWhole && (hasContent(id, page) || cachedFolio(id, page) != 0);
}

/** Head of the folio that is written back next: a dirty one that the hole touches, or one that goes with it; 0 for none. */
function nextDirty(task: u32): u32 {
  for (let page = frontPage(task); page <= backPage(task) && page < pagesMax; page++) {
    const head = cachedFolio(target(task), page);
    if (head && isDirty(frameAt(head))) return lastAllocated(head);
  }
  return 0;
}

/** The first stage from the task's own on that has something to do. */
function stageOf(task: u32): i64 {
  let stage = taskAt(task).part;
  if (stage == STAGE_FLUSH && (!flushes(task) || nextDirty(task) == 0)) stage++;
  if (stage > STAGE_FLUSH && modeOf(task) == 0) return STAGE_END;
  if (stage == STAGE_SKIP && !skips(task)) stage++;
  if (stage == STAGE_WHOLE && nextWhole(task) == 0) stage++;
  if (stage == STAGE_FRONT && !isEdge(task, stage)) stage++;
  if (stage == STAGE_BACK && !isEdge(task, stage)) stage++;
  if (stage == STAGE_FRONT_BLOCK && !isBlockCut(task, stage)) stage++;
  if (stage == STAGE_BACK_BLOCK && !isBlockCut(task, stage)) stage++;
  return stage;
}

/** Whether the range is narrowed by what the disk has. */
function skips(task: u32): bool {
  if (modeOf(task) == FALLOC_FL_PUNCH_HOLE)
    return fileHas(target(task), SWITCH_PUNCH_SKIPS) && MUTANT != PUNCH_TAKES_HOLES;
  return modeOf(task) == FALLOC_FL_ZERO_RANGE && fileHas(target(task), SWITCH_PREALLOCATED);
}

/** The folio of a stage; 0 where it has to be made. */
function folioOf(task: u32, stage: i64): u32 {
  if (stage == STAGE_FLUSH) return nextDirty(task);
  if (stage == STAGE_WHOLE) return nextWhole(task);
  if (stage == STAGE_SKIP || stage == STAGE_END) return 0;
  return cachedFolio(target(task), edgePage(task, stage));
}
function edgePage(task: u32, stage: i64): u32 {
  const isFront = stage == STAGE_FRONT || stage == STAGE_FRONT_BLOCK;
  return isFront ? frontPage(task) : backPage(task);
}

/** The guard of PUNCH: the folio that comes next is unlocked, or is this task's. */
export function punchCanGo(task: u32): bool {
  if (mustUnmap(task)) return true;
  if (punchHeldUpBy(task)) return false;
  const head = folioOf(task, stageOf(task));
  return head == 0 || !folioIsLocked(head) || frameAt(head).lock == <u8>(task + 1);
}

/** At PUNCH: the folio that is to be zeroed, if the policy does not do that before nobody outside holds it. */
export function punchHeldUpBy(task: u32): u32 {
  if (!truncateWaits() || mustUnmap(task) || taskAt(task).flags & TASK_ZEROING) return 0;
  const stage = stageOf(task);
  const head = stage == STAGE_FRONT || stage == STAGE_BACK ? folioOf(task, stage) : 0;
  return head && isMarked(head) ? head : 0;
}

/** One step, decided when it runs. True when nothing is left to do. What is written back meanwhile is freed again. */
export function stepPunch(task: u32): bool {
  const it = taskAt(task);
  const begun = stageOf(task) > STAGE_SKIP;
  if (begun && frees(task)) punchDisk(target(task), it.size, it.want);
  if (begun && mustUnmap(task)) {
    zapFile(target(task), firstWhole(task), unmapEnd(task), zapsCopies(task));
    return false;
  }
  it.part = stageOf(task);
  if (it.part == STAGE_END) return true;
  const head = folioOf(task, it.part);
  if (it.part == STAGE_FLUSH) writeBack(head);
  else if (it.part == STAGE_SKIP) narrow(task);
  else if (it.part == STAGE_WHOLE) {
    it.pos = <i64>frameAt(head).index + folioPages(head);
    removeFolio(head);
  } else if (it.part <= STAGE_BACK && head == 0) fault(target(task), edgePage(task, it.part));
  else if (it.part <= STAGE_BACK) zeroEdge(task, head);
  else cacheBlock(task, head);
  return false;
}

/** The range becomes what there is to do. */
function narrow(task: u32): void {
  const it = taskAt(task);
  if (modeOf(task) == FALLOC_FL_PUNCH_HOLE) skipHoles(task);
  else {
    skipAllocated(task);
    it.pos = firstWhole(task);
  }
  it.part = it.size < it.want ? STAGE_WHOLE : STAGE_END;
}

/** The range begins behind the allocated pages that it begins with. Its ends are zeroed in place where there is content; they
 *  are whole pages where there is a hole. Mirrors: fs/btrfs/file.c:btrfs_zero_range(). */
function skipAllocated(task: u32): void {
  const it = taskAt(task);
  const id: u32 = target(task);
  let page = frontPage(task);
  while (page <= backPage(task) && isAllocated(id, page)) page++;
  it.size = max<i64>(it.size, (<i64>page) << PAGE_SHIFT);
  if (it.size >= it.want) return;
  const back = backPage(task);
  if (it.size & 4095 && !onDisk(id, frontPage(task))) it.size &= ~4095;
  if ((it.want & 4095) == 0) return;
  if (!onDisk(id, back)) it.want = (it.want + 4095) & ~4095;
  else if (isAllocated(id, back)) it.want &= ~4095;
}

/** The hole begins where the disk has something. Behind a page that it begins inside of this is looked for once more: what
 *  is a hole up to there stays cached. Mirrors: fs/btrfs/file.c:btrfs_punch_hole(), find_first_non_hole(). */
function skipHoles(task: u32): void {
  const it = taskAt(task);
  const begin = it.size;
  it.size = max<i64>(begin, firstOnDisk(task, frontPage(task)));
  it.pos = firstWhole(task);
  if (it.size != begin || (begin & 4095) == 0) return;
  const next = firstOnDisk(task, frontPage(task) + 1);
  if (next >= it.want) it.want = min<i64>(it.want, (begin + 4095) & ~4095);
  else it.pos = next >> PAGE_SHIFT;
}
/** Begin of the first page from `page` on that the disk has, in bytes; behind the range if there is none. */
function firstOnDisk(task: u32, page: u32): i64 {
  let at = page;
  while (at <= backPage(task) && at < pagesMax && !onDisk(target(task), at)) at++;
  return (<i64>at) << PAGE_SHIFT;
}

/** The bytes that are zeroed in folios that stay. */
function holeBegin(task: u32): i64 {
  if (fileHas(target(task), SWITCH_PUNCH_DETACH)) return (<i64>firstWhole(task)) << PAGE_SHIFT;
  return taskAt(task).size;
}
function holeEnd(task: u32): i64 {
  return fileHas(target(task), SWITCH_PUNCH_DETACH)
    ? (<i64>endWhole(task)) << PAGE_SHIFT
    : taskAt(task).want;
}

/** Replaces the folio if the policy wants that and it is marked now, else zeroes what lies in the hole. */
function zeroEdge(task: u32, head: u32): void {
  const it = taskAt(task);
  if (it.folio == 0 && MUTANT != PUNCH_IN_PLACE && mustReplace(head)) {
    lockFolio(head, task);
    it.folio = <u16>replaceLocked(head, task);
    return;
  }
  const begin = (<i64>frameAt(head).index) << PAGE_SHIFT;
  const bytes = <i64>(folioPages(head) << PAGE_SHIFT);
  const end = holeEnd(task) - begin;
  const first = <u32>max<i64>(holeBegin(task) - begin, 0);
  const last = <u32>min<i64>(end, bytes);
  if (beginZero(task, head, first, last)) return;
  if (it.folio) unlockFolio(head, task);
  it.folio = 0;
  // One folio with both edges is done at once.
  it.part = it.part == STAGE_FRONT && end <= bytes ? STAGE_FRONT_BLOCK : it.part + 1;
  zeroPart(task, head, first, last);
  dirtyCut(head);
}

/** The page of a block that is cut is cached with its buffer heads, though there be nothing to zero. */
function cacheBlock(task: u32, head: u32): void {
  const it = taskAt(task);
  const id: u32 = target(task);
  const page = edgePage(task, it.part);
  if (mustFault(id, page)) {
    fault(id, page);
    return noteUnread(cachedFolio(id, page));
  }
  if (head == 0 && modeOf(task) == FALLOC_FL_ZERO_RANGE) fillPage(id, page);
  else if (head == 0) fillHole(id, page);
  const cached = cachedFolio(id, page);
  if (head == 0) noteUnread(cached);
  if (cached) attachPrivate(cached);
  // What was read back has its zeros from the disk already.
  if (cached && fileHas(target(task), SWITCH_PUNCH_DETACH)) dirtyFolio(cached);
  it.part++;
}
