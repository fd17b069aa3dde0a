// Writing a file: folio by folio, in place or as the policy decides. Mirrors: mm/filemap.c:
// generic_perform_write(), fs/ext4/file.c:ext4_buffered_write_iter(), fs/splice.c:iter_file_splice_write().
//
// Interface: the lines RWSEM, FOLIO, DECIDE, STORE, STORED, UNLOCK of docs/steps.md; startWrite, writeTarget, folioIsFree,
// writeHeldUpBy, looksAtEnd.
// The source is user memory, the slots of a pipe in order (splice), or folios of another file (copy-range.ts).
// Not modelled: ENOSPC, dirty throttling, a source that overlaps its destination (unmodelled).

import { EAGAIN, EFAULT, EFBIG, EINVAL, EPERM } from "../abi/errno";
import {
  SWITCH_FAULT_FIRST,
  SWITCH_FAULT_WHOLE,
  SWITCH_HAS_DISK,
  SWITCH_PRIVATE_PARTIAL,
} from "../abi/switches";
import { writeReplaces, writeWaits } from "../config";
import { emit, EVENT_SIZE } from "../events";
import {
  File,
  Inode,
  FOLIO_LEAVES,
  TASK_APPENDS,
  TASK_WAKES,
  frameAt,
  header,
  inodeAt,
  pipeAt,
  slotAt,
  taskAt,
  pageIndex,
} from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { fault, mustFault, onDisk } from "../mm/disk";
import { folioIsLocked, folioPages, isMarked, lockFolio, unlockFolio } from "../mm/folio";
import {
  cachedFolio,
  cachedFrame,
  dirtyBlocks,
  dirtyFolio,
  folioForWrite,
  replaceFolio,
} from "../mm/page-cache";
import { letLeave } from "../mm/daemons";
import { mappingsMax } from "../mm/page-table";
import { mappedBytes } from "../program";
import { currentCall, fail, fileIn, fileOut, finishShort, isCopy, isSplice } from "../sched/call";
import {
  LINE_DECIDE,
  LINE_DIRECT_WRITE,
  LINE_DONE,
  LINE_FOLIO,
  LINE_RWSEM,
  LINE_STORE,
  LINE_STORED,
  LINE_UNLOCK,
} from "../sched/line";
import { beginCopyIn, endCopyIn } from "./copy-in";
import { stepCopyWritten } from "./copy-range";
import { leavesAsDirect } from "./direct";
import { endsCached, refusesDirect, startDirectWrite } from "./direct-write";
import { storePosition } from "./file-read";
import { syncWritten } from "./sync";
import { cacheCutBlock, zeroGrown, zeroOldEnd } from "./partial";
import { fileHas } from "../mm/kind";
import { meetsDisk, refuseNow, refuseWrite } from "./nowait-write";
import { pipeEmptied } from "./own-pipe";
import { rwsemIsFree } from "./rwsem";
import { appends, leavesCache, mustNotWait, noteUnread } from "../syscall/rwf";
import { consumeFront } from "./pipe";
import { writeIsSealed } from "./seals";
import { sizeLimit } from "./size-limit";
import { APPEND_IGNORED, SIZE_BEFORE_COPY, STABLE_NEVER_WAITS } from "../mutants";

/** The description that is written to. */
export function writeTarget(task: u32): File {
  return isSplice(task) || isCopy(task) ? fileOut(task) : fileIn(task);
}
function targetInode(task: u32): Inode {
  return inodeAt(writeTarget(task).id);
}

/** The cached folio at the position, 0 for none. */
function nextFolio(task: u32): u32 {
  const it = taskAt(task);
  return cachedFolio(writeTarget(task).id, pageIndex(it.pos + it.part));
}

/** The guard of LINE_FOLIO: the folio, if there is one, is unlocked, and nobody outside is waited for. */
export function folioIsFree(task: u32): bool {
  const head = nextFolio(task);
  if (head == 0 || mustNotWait(currentCall(task))) return true;
  return !folioIsLocked(head) && !writeWaitsFor(head);
}
/** Whether the policy lets a writer wait until nobody outside the cache holds the folio. */
function writeWaitsFor(head: u32): bool {
  return MUTANT != STABLE_NEVER_WAITS && writeWaits() && isMarked(head);
}
/** At LINE_FOLIO: the folio whose outside references the task waits for, 0 for none. */
export function writeHeldUpBy(task: u32): u32 {
  const head = nextFolio(task);
  return head && writeWaitsFor(head) ? head : 0;
}

/** The next line is RWSEM: whether the write appends is known before it. Mirrors: init_sync_kiocb(). */
export function startWrite(task: u32): void {
  const it = taskAt(task);
  it.flags &= ~TASK_APPENDS;
  if (appends(currentCall(task), writeTarget(task))) it.flags |= TASK_APPENDS;
  const refused = refuseWrite(task, writeTarget(task));
  if (refused) return fail(task, refused);
  it.line = LINE_RWSEM;
}

/** Takes i_rwsem; position and count as generic_write_checks() leaves them. */
export function stepWriteLock(task: u32): void {
  const it = taskAt(task);
  const file = writeTarget(task);
  const inode = inodeAt(file.id);
  if (isCopy(task) && leavesAsDirect(task)) return;
  if (refusesDirect(task)) return failWrite(task, inode, EINVAL);
  if (!rwsemIsFree(file.id)) return failWrite(task, inode, EAGAIN);
  inode.rwsem = <u8>(task + 1);
  if (it.flags & TASK_APPENDS && MUTANT != APPEND_IGNORED) it.pos = inode.size;
  it.part = 0;
  const most = sizeLimit(file.id);
  if (it.pos >= most) return failWrite(task, inode, EFBIG);
  const refused = refuseNow(task, file);
  if (refused) return failWrite(task, inode, refused);
  it.want = min<i64>(it.want, most - it.pos);
  const grown = it.pos > inode.size;
  if (grown) zeroGrown(file.id, inode.size, it.pos);
  it.line = startDirectWrite(task) ? LINE_DIRECT_WRITE : LINE_FOLIO;
  if (grown && fileHas(file.id, SWITCH_FAULT_FIRST)) cutOldEnd(file.id, it.pos);
}
/** A write begins behind i_size: the block there is cached where it is to be, and zeroed. */
function cutOldEnd(id: u32, pos: i64): void {
  const size = inodeAt(id).size;
  cacheCutBlock(id, size, true);
  zeroOldEnd(id, size, pos);
}

/** Drops i_rwsem, and fails; in a splice the pipe's mutex is still to be dropped. */
export function failWrite(task: u32, inode: Inode, errno: i32): void {
  const it = taskAt(task);
  if (inode.rwsem == <u8>(task + 1)) inode.rwsem = 0;
  it.step = 0;
  if (!isSplice(task)) return fail(task, errno);
  it.ret = -(<i64>errno);
  it.line = LINE_DONE;
}

/** A seal forbids the next page: the write ends with its progress. */
function endWrite(task: u32): void {
  const it = taskAt(task);
  if (it.part == 0) return failWrite(task, targetInode(task), EPERM);
  it.want = it.part;
  it.line = LINE_UNLOCK;
}

/** Bytes of the source that are left in front of the first one that is not mapped; slots are memory of the kernel's. */
function sourceLeft(task: u32): i64 {
  return isSplice(task) ? i64.MAX_VALUE : mappedBytes(currentCall(task)) - taskAt(task).part;
}
/** Whether a write ends for its source before it looks for the folio. */
function faultsFirst(task: u32): bool {
  const it = taskAt(task);
  const id: u32 = writeTarget(task).id;
  const left = sourceLeft(task);
  if (!fileHas(id, SWITCH_FAULT_FIRST) || left >= it.want - it.part) return false;
  const inPage = (1 << PAGE_SHIFT) - ((it.pos + it.part) & ((1 << PAGE_SHIFT) - 1));
  return left == 0 || (fileHas(id, SWITCH_FAULT_WHOLE) && left < inPage);
}

/** Whether a write that ends at `end` leaves bytes in its file that nobody has written: what the memory of a new page held before,
 *  for iomap zeroes a block but for what is to be written, and then takes less. Seen on 6.18/xfs: unmodelled. */
function showsMemory(task: u32, end: i64): bool {
  const id: u32 = writeTarget(task).id;
  if (!fileHas(id, SWITCH_FAULT_FIRST) || fileHas(id, SWITCH_FAULT_WHOLE)) return false;
  if (end >= inodeAt(id).size && mappingsMax == 0) return false;
  if (onDisk(id, pageIndex(end))) return false;
  const it = taskAt(task);
  const block = (end >> PAGE_SHIFT) << PAGE_SHIFT;
  return it.pos + it.part > block || it.pos + it.want < block + (1 << PAGE_SHIFT);
}

/** For how much of the write a folio is made. iomap tries again with what the source has if a new end of the file fails.
 *  Mirrors: fs/iomap/buffered-io.c:iomap_write_iter(), iomap_write_failed(). */
function bytesAsked(task: u32, pos: i64): i64 {
  const left = taskAt(task).want - taskAt(task).part;
  if (!looksAtEnd(task)) return left;
  const inside = ((targetInode(task).size + 4095) & ~4095) - pos;
  return min<i64>(left, max<i64>(sourceLeft(task), inside));
}
/** Whether where the file ends decides about the folio. */
export function looksAtEnd(task: u32): bool {
  const left = taskAt(task).want - taskAt(task).part;
  return fileHas(writeTarget(task).id, SWITCH_PRIVATE_PARTIAL) && sourceLeft(task) < left;
}

/** Finds or makes the folio and locks it; a page that is in swap only is read first. */
export function stepWriteFolio(task: u32): void {
  const it = taskAt(task);
  const pos = it.pos + it.part;
  const inode: u32 = writeTarget(task).id;
  const page = pageIndex(pos);
  if (faultsFirst(task)) {
    it.ret = -EFAULT;
    it.line = LINE_UNLOCK;
    return;
  }
  if (mustNotWait(currentCall(task)) && meetsDisk(task)) {
    header().unmodelled = UNMODELLED_CALL;
    return;
  }
  if (writeIsSealed(inode, pos, it.want - it.part)) return endWrite(task);
  if (!fileHas(inode, SWITCH_HAS_DISK) && mustFault(inode, page)) return fault(inode, page);
  const isNew = cachedFrame(inode, page) == 0;
  const head = folioForWrite(inode, pos, bytesAsked(task, pos));
  if (head == 0) return;
  lockFolio(head, task);
  if (isNew && leavesCache(currentCall(task))) letLeave(head);
  it.folio = <u16>head;
  const end = (<i64>frameAt(head).index + folioPages(head)) << PAGE_SHIFT;
  it.step = min<i64>(it.want - it.part, end - pos);
  if (sourceLeft(task) < it.step) {
    it.step = sourceLeft(task);
    it.ret = -EFAULT;
    if (isNew && showsMemory(task, pos + it.step)) header().unmodelled = UNMODELLED_CALL;
    // Pages that got nothing may not be up to date.
    if (isNew && fileHas(inode, SWITCH_HAS_DISK)) noteUnread(head);
  }
  it.line = writeReplaces() ? LINE_DECIDE : LINE_STORE;
}

/** The policy decides about a folio that somebody outside the cache may hold. */
export function stepWriteDecide(task: u32): void {
  const it = taskAt(task);
  if (isMarked(it.folio)) {
    const copy = replaceLocked(it.folio, task);
    if (copy == 0) return;
    it.folio = <u16>copy;
  }
  it.line = LINE_STORE;
}

/** Replaces a folio that the task has locked; the lock moves to the copy. */
export function replaceLocked(head: u32, task: u32): u32 {
  unlockFolio(head, task);
  const copy = replaceFolio(head);
  if (copy) lockFolio(copy, task);
  return copy;
}

/** The bytes change here, at the beginning of the copy. */
export function stepWriteStore(task: u32): void {
  const it = taskAt(task);
  const head: u32 = it.folio;
  const pos = it.pos + it.part;
  const offset = <u32>(pos - ((<i64>frameAt(head).index) << PAGE_SHIFT));
  if (MUTANT == SIZE_BEFORE_COPY && it.part == 0) {
    targetInode(task).size = max<i64>(targetInode(task).size, it.pos + it.want);
  }
  beginCopyIn(task);
  const leaves = leavesCache(currentCall(task)) ? frameAt(head).flags & FOLIO_LEAVES : 0;
  if (it.step) {
    dirtyFolio(head);
    frameAt(head).flags |= leaves;
    dirtyBlocks(head, offset >> PAGE_SHIFT, (offset + <u32>it.step + 4095) >> PAGE_SHIFT);
  }
  if (faults(task)) dirtyFaulted(task, head, offset);
  it.line = LINE_STORED;
}

/** Whether the source had less than the folio was to get. */
export function faults(task: u32): bool {
  return taskAt(task).ret == -EFAULT && !isCopy(task);
}
/** What is dirty of a folio that was to get more bytes than its source had, with buffer heads: the block that the write begins inside, and those
 *  that the disk has not; without a disk, the folio. Mirrors: fs/buffer.c:block_write_end(), folio_zero_new_buffers(); mm/shmem.c:shmem_write_end(). */
function dirtyFaulted(task: u32, head: u32, offset: u32): void {
  const id: u32 = writeTarget(task).id;
  if (!fileHas(id, SWITCH_HAS_DISK)) return dirtyFolio(head);
  if (fileHas(id, SWITCH_FAULT_FIRST)) return;
  const it = taskAt(task);
  const wanted = min<i64>(it.want - it.part, (folioPages(head) << PAGE_SHIFT) - offset);
  const end = (offset + <u32>wanted + 4095) >> PAGE_SHIFT;
  for (let i = offset >> PAGE_SHIFT; i < end; i++) {
    if (onDisk(id, frameAt(head).index + i) && i << PAGE_SHIFT >= offset) continue;
    dirtyFolio(head);
    dirtyBlocks(head, i, i + 1);
  }
}

/** i_size grows after the copy, before the folio is unlocked (C-2). */
export function stepWriteStored(task: u32): void {
  const it = taskAt(task);
  const inode = targetInode(task);
  const id: u32 = writeTarget(task).id;
  const from = it.pos + it.part;
  endCopyIn(task);
  it.part += it.step;
  const end = it.pos + it.part;
  if (end > inode.size) {
    if (from > inode.size && !fileHas(id, SWITCH_FAULT_FIRST)) cutOldEnd(id, from);
    growFile(id, end);
  }
  unlockFolio(it.folio, task);
  it.folio = 0;
  it.step = 0;
  const more = it.part < it.want && (isCopy(task) || it.ret == 0);
  it.line = more ? LINE_FOLIO : LINE_UNLOCK;
}

export function growFile(id: u32, size: i64): void {
  inodeAt(id).size = size;
  emit(EVENT_SIZE, id, <u32>size, <u32>(size >> 32));
}

/** Drops i_rwsem; splice consumes what was written in the same step. */
export function stepWriteUnlock(task: u32): void {
  const it = taskAt(task);
  targetInode(task).rwsem = 0;
  if (isCopy(task)) return stepCopyWritten(task);
  it.pos += it.part;
  it.done += it.part;
  if (endsCached(task)) it.line = LINE_DIRECT_WRITE;
  else written(task);
}

/** The call ends, or its splice consumes what was written. */
export function written(task: u32): void {
  const it = taskAt(task);
  if (!isSplice(task)) {
    storePosition(task, fileIn(task));
    if (!syncWritten(task)) finishShort(task);
    return;
  }
  const pipe = pipeEmptied(task);
  let left = <u32>it.part;
  while (left) {
    const n = min<u32>(left, slotAt(pipe, pipeAt(pipe).tail).len);
    if (consumeFront(pipe, n)) it.flags |= TASK_WAKES;
    left -= n;
  }
  it.line = LINE_DONE;
}
