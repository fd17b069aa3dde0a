// copy_file_range and clones by sharing: the target's blocks become the source's, and its pages leave the cache.
// Mirrors: fs/remap_range.c:generic_remap_checks(), generic_remap_check_len(), fs/xfs/xfs_reflink.c:xfs_reflink_remap_prep(),
// fs/btrfs/reflink.c:btrfs_clone_files().
//
// Interface: remapCanLock, stepRemapLock (the line REMAP), remapCanGo, stepRemap (the line PUNCH).
// What a holder sees: a folio of the target is detached and keeps its bytes; one of the source stays. Only whole pages are
// shared, and the last one of the source; where nothing can be, a copy goes on through the page cache, and a clone fails.
// In the state the disk has a copy: a later write to either file goes to a block of its own.
// In the task: `done` is the length, `ret` the first pages of source and target.
// Not modelled: content inside an inode that is copied to a page of the target (unmodelled, SWITCH_INLINE).

import { EINVAL } from "../abi/errno";
import { SWITCH_REFLINK_FLUSHES, SWITCH_TRUNCATE_FLUSH } from "../abi/switches";
import { clones } from "../call-kind";
import { has } from "../config";
import { emit, EVENT_SIZE } from "../events";
import { frameAt, header, inodeAt, pagesMax, taskAt, pageIndex } from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL, UNMODELLED_FILE_SIZE } from "../limits";
import { mayBeInline, shareDisk, writeBack } from "../mm/disk";
import { folioIsLocked } from "../mm/folio";
import { cachedFolio, isDirty, lastAllocated } from "../mm/page-cache";
import { REMAP_LEAVES_CACHE } from "../mutants";
import { currentCall, fail, fileIn, fileOut, finish } from "../sched/call";
import { LINE_BATCH } from "../sched/line";
import { clonedBytes } from "./clone";
import { finishCopy } from "./copy-range";
import { cacheCutBlock, zeroGrown, zeroOldEnd } from "./partial";
import { isFlushing, punchCanGo, startRange, stepPunch } from "./punch";
import { rwsemIsFree } from "./rwsem";

/** The guard of REMAP: nobody holds the lock of either file, or of a folio that is written back with it. */
export function remapCanLock(task: u32): bool {
  if (!rwsemIsFree(fileIn(task).id) || !rwsemIsFree(fileOut(task).id)) return false;
  if (!has(SWITCH_REFLINK_FLUSHES)) return true;
  const first = pageIndex(taskAt(task).pos);
  return (
    mayFlush(fileIn(task).id, 0, pagesMax) && mayFlush(fileOut(task).id, first, flushedEnd(task))
  );
}
function mayFlush(inode: u32, first: u32, end: u32): bool {
  for (let page = first; page < end; page++) {
    const head = cachedFolio(inode, page);
    if (head && isDirty(frameAt(head)) && folioIsLocked(head)) return false;
  }
  return true;
}

/** The whole source and the range of the target are written back before anything is looked at, whether it is shared or not.
 *  Mirrors: fs/btrfs/reflink.c:btrfs_remap_file_range_prep(). */
function flushBefore(task: u32): void {
  flushPages(fileIn(task).id, 0, pagesMax);
  const first = pageIndex(taskAt(task).pos);
  flushPages(fileOut(task).id, first, flushedEnd(task));
}
function flushPages(inode: u32, first: u32, end: u32): void {
  for (let page = first; page < end; page++) {
    const head = cachedFolio(inode, page);
    if (head && isDirty(frameAt(head))) writeBack(head);
  }
}
/** The page behind that range. A length of 0 reaches as far as the source, and where that is nothing, or less, as far as there
 *  is. Mirrors: fs/btrfs/ordered-data.c:btrfs_wait_ordered_range(). */
function flushedEnd(task: u32): u32 {
  const it = taskAt(task);
  const size = inodeAt(fileIn(task).id).size;
  const bytes = it.size || ((size + 4095) & ~4095) - ((it.pos - it.ret) & ~4095);
  if (bytes < 0 || (bytes == 0 && it.pos < 4096)) return pagesMax;
  const pages = bytes ? ((bytes - 1) >> PAGE_SHIFT) + 1 : 0;
  return <u32>min<i64>((it.pos >> PAGE_SHIFT) + pages, pagesMax);
}

/** Bytes that a copy wants to share; 0 for none. */
function copiedBytes(task: u32): i64 {
  const it = taskAt(task);
  const from = it.pos - it.ret;
  const size = inodeAt(fileIn(task).id).size;
  if (from >= size || (from | it.pos) & 4095) return 0;
  let count = min<i64>(it.size, size - from);
  const toEnd = from + count == size;
  if (!toEnd) count &= ~4095;
  const whole = (count + 4095) & ~4095;
  const overlaps = it.pos + whole > from && it.pos < from + whole;
  return fileIn(task).id == fileOut(task).id && overlaps ? 0 : count;
}

/** Of `count` bytes those that can be shared: the last page of the source cannot lie inside the target. */
function sharedOf(task: u32, to: i64, count: i64): i64 {
  return to + count < inodeAt(fileOut(task).id).size ? count & ~4095 : count;
}

/** Takes the locks, if there is something to share. */
export function stepRemapLock(task: u32): void {
  const it = taskAt(task);
  if (has(SWITCH_REFLINK_FLUSHES)) flushBefore(task);
  if (!clones(currentCall(task))) {
    const count = copiedBytes(task);
    if (count) beginSharing(task, count);
    else it.line = LINE_BATCH;
    return;
  }
  const count = clonedBytes(task);
  if (count > 0) beginSharing(task, count);
  else finish(task, count);
}

function beginSharing(task: u32, count: i64): void {
  const it = taskAt(task);
  const from = it.pos - it.ret;
  const to = it.pos;
  if (to > ((<i64>pagesMax) << PAGE_SHIFT) - count) {
    header().unmodelled = UNMODELLED_FILE_SIZE;
    return;
  }
  if (to > 0 && mayBeInline(fileIn(task).id)) {
    header().unmodelled = UNMODELLED_CALL;
    return;
  }
  const id: u32 = fileOut(task).id;
  const target = inodeAt(id);
  const size = target.size;
  if (to > size) {
    zeroGrown(id, size, to);
    cacheCutBlock(id, size, true);
    zeroOldEnd(id, size, size + 4096);
  }
  it.done = count;
  it.ret = (from >> PAGE_SHIFT) | ((to >> PAGE_SHIFT) << 32);
  inodeAt(fileIn(task).id).rwsem = <u8>(task + 1);
  inodeAt(fileIn(task).id).invalidate = <u8>(task + 1);
  target.moving = 1;
  const begin = has(SWITCH_REFLINK_FLUSHES) ? to : min<i64>(to, size);
  startRange(task, begin, (to + sharedOf(task, to, count) + 4095) & ~4095);
}

function pageFrom(task: u32): u32 {
  return <u32>taskAt(task).ret;
}
function pageTo(task: u32): u32 {
  return <u32>(taskAt(task).ret >> 32);
}
function pagesShared(task: u32): u32 {
  return <u32>((taskAt(task).done + 4095) >> PAGE_SHIFT);
}

/** Head of the folio of both ranges that is written back next, as long as that goes on; 0 for none. */
function nextDirty(task: u32): u32 {
  if (!isFlushing(task)) return 0;
  return (
    dirtyIn(task, fileIn(task).id, pageFrom(task)) || dirtyIn(task, fileOut(task).id, pageTo(task))
  );
}
function dirtyIn(task: u32, inode: u32, first: u32): u32 {
  const end = min<u32>(first + pagesShared(task), pagesMax);
  for (let page = first; page < end; page++) {
    const head = cachedFolio(inode, page);
    if (head && isDirty(frameAt(head))) return lastAllocated(head);
  }
  return 0;
}

/** The guard of PUNCH here. */
export function remapCanGo(task: u32): bool {
  const head = nextDirty(task);
  return head ? !folioIsLocked(head) : punchCanGo(task);
}

/** One step: writes both ranges back, then takes the target's from the cache, then shares; or shares nothing after all. */
export function stepRemap(task: u32): void {
  const it = taskAt(task);
  const head = nextDirty(task);
  if (head) return writeBack(head);
  const count = sharedOf(task, (<i64>pageTo(task)) << PAGE_SHIFT, it.done);
  if (count != it.done && clones(currentCall(task))) {
    unlockBoth(task);
    return fail(task, EINVAL);
  }
  if (count == 0) return goThroughCache(task);
  it.done = count;
  if (MUTANT == REMAP_LEAVES_CACHE || stepPunch(task)) share(task);
}

function unlockBoth(task: u32): void {
  const source = inodeAt(fileIn(task).id);
  const target = inodeAt(fileOut(task).id);
  target.moving = 0;
  source.rwsem = 0;
  source.invalidate = 0;
  target.rwsem = 0;
  target.invalidate = 0;
}

/** A copy begins again, through the page cache. */
function goThroughCache(task: u32): void {
  const it = taskAt(task);
  const to = pageTo(task);
  unlockBoth(task);
  it.ret = (<i64>to - pageFrom(task)) << PAGE_SHIFT;
  it.pos = (<i64>to) << PAGE_SHIFT;
  it.size = it.done;
  it.done = 0;
  it.want = 0;
  it.part = 0;
  it.line = LINE_BATCH;
}

function share(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileOut(task).id;
  const target = inodeAt(id);
  const from = pageFrom(task);
  const to = pageTo(task);
  for (let nth: u32 = 0; nth < pagesShared(task); nth++)
    shareDisk(fileIn(task).id, from + nth, id, to + nth);
  it.pos = ((<i64>to) << PAGE_SHIFT) + it.done;
  it.ret = (<i64>to - from) << PAGE_SHIFT;
  if (it.pos > target.size) {
    target.size = it.pos;
    if (has(SWITCH_TRUNCATE_FLUSH)) target.diskSize = it.pos;
    emit(EVENT_SIZE, id, <u32>it.pos, <u32>(it.pos >> 32));
  }
  unlockBoth(task);
  finishCopy(task);
}
