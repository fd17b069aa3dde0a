// fallocate: what each mode checks, takes from the page cache, and does to the size and to the disk.
// Mirrors: fs/open.c:vfs_fallocate(), fs/ext4/extents.c:ext4_fallocate(), ext4_zero_range(), ext4_collapse_range(),
// ext4_insert_range(), fs/xfs/xfs_file.c:xfs_file_fallocate(), fs/xfs/xfs_bmap_util.c:xfs_prepare_shift(),
// fs/btrfs/file.c:btrfs_fallocate(), mm/shmem.c:shmem_fallocate().
//
// Interface: sysFallocate; fallocateLocked (the line RWSEM), stepFallocate (the line PUNCH), stepGrown (the line TRUNCATE).
// What a holder sees: to allocate changes nothing but the size. To zero a range is to punch it. What lies behind a range that is
// collapsed or inserted leaves the cache, comes back from the disk at its new place, and its holders keep the old folios.
// Not modelled: ENOSPC; FALLOC_FL_UNSHARE_RANGE, FALLOC_FL_WRITE_ZEROES.

import { EBADF, EFBIG, EINVAL, ENODEV, EOPNOTSUPP, EPERM, ESPIPE } from "../abi/errno";
import {
  FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_ZERO_RANGE,
} from "../abi/mman";
import {
  SWITCH_KEEP_LIMITED,
  SWITCH_PREALLOCATED,
  SWITCH_PRIVATE_PARTIAL,
  SWITCH_PUNCH_CLIPPED,
  SWITCH_SHIFT,
  SWITCH_SHIFT_BEFORE,
  SWITCH_ZERO_RANGE,
} from "../abi/switches";
import { emit, EVENT_SIZE } from "../events";
import { header, inodeAt, pagesMax, taskAt } from "../layout";
import { PAGE_SHIFT, UNMODELLED_FILE_SIZE } from "../limits";
import { allocateDisk, shiftDisk } from "../mm/disk";
import { INSERT_AT_END } from "../mutants";
import {
  canWrite,
  fail,
  failBadFd,
  fileIn,
  holdIn,
  isPipe,
  isRegular,
  operand,
} from "../sched/call";
import { LINE_RWSEM } from "../sched/line";
import { cacheCutBlock, zeroOldEnd } from "./partial";
import { modeOf, punchLocked, shifts, startRange, stepPunch } from "./punch";
import { contentIsSealed, sizeIsSealed } from "./seals";
import { maxBytes, sizeLimit } from "./size-limit";
import { stepTruncate, truncateLocked } from "./truncate";
import { fileHas } from "../mm/kind";

export function sysFallocate(task: u32): void {
  const offset = operand(task, 2);
  const len = operand(task, 3);
  if (!holdIn(task, 0)) return failBadFd(task);
  if (offset < 0 || len <= 0) return fail(task, EINVAL);
  if (!isMode(task)) return fail(task, EOPNOTSUPP);
  const file = fileIn(task);
  if (!canWrite(file)) return fail(task, EBADF);
  if (isPipe(file)) return fail(task, ESPIPE);
  if (!isRegular(file)) return fail(task, ENODEV);
  if (offset + len < 0 || offset + len > maxBytes(file.id)) return fail(task, EFBIG);
  if (!isKnown(file.id, modeOf(task))) return fail(task, EOPNOTSUPP);
  taskAt(task).line = LINE_RWSEM;
}

/** Whether the flags are one mode, with FALLOC_FL_KEEP_SIZE where it must or may be. */
function isMode(task: u32): bool {
  const mode = modeOf(task);
  if (mode == FALLOC_FL_PUNCH_HOLE) return keepsSize(task);
  if (mode == FALLOC_FL_COLLAPSE_RANGE || mode == FALLOC_FL_INSERT_RANGE) return !keepsSize(task);
  return mode == 0 || mode == FALLOC_FL_ZERO_RANGE;
}
function keepsSize(task: u32): bool {
  return (operand(task, 1) & FALLOC_FL_KEEP_SIZE) != 0;
}
/** Whether the file system has the mode. */
function isKnown(inode: u32, mode: u32): bool {
  if (mode == FALLOC_FL_ZERO_RANGE) return fileHas(inode, SWITCH_ZERO_RANGE);
  return mode == 0 || mode == FALLOC_FL_PUNCH_HOLE || fileHas(inode, SWITCH_SHIFT);
}

/** With i_rwsem free: the call ends, with an errno or without, or takes the lock. True if it ends in this step. */
export function fallocateLocked(task: u32): bool {
  const punches = modeOf(task) == FALLOC_FL_PUNCH_HOLE;
  if (punches && contentIsSealed(fileIn(task).id)) return failLocked(task, EPERM);
  if (punches) return punchLocked(task);
  return shifts(task) ? shiftLocked(task) : allocateLocked(task);
}

function endOf(task: u32): i64 {
  return operand(task, 2) + operand(task, 3);
}
/** Whether i_size grows. */
function grows(task: u32): bool {
  return !keepsSize(task) && endOf(task) > inodeAt(fileIn(task).id).size;
}
function failLocked(task: u32, errno: i32): bool {
  taskAt(task).ret = -(<i64>errno);
  return true;
}
/** A file that would have more pages than the state holds. */
function isTooLong(size: i64): bool {
  if (size <= (<i64>pagesMax) << PAGE_SHIFT) return false;
  header().unmodelled = UNMODELLED_FILE_SIZE;
  return true;
}

/** To allocate, or to zero. */
function allocateLocked(task: u32): bool {
  const id: u32 = fileIn(task).id;
  const size = inodeAt(id).size;
  const end = endOf(task);
  const isLimited = grows(task) || (fileHas(fileIn(task).id, SWITCH_KEEP_LIMITED) && end > size);
  if (isLimited && end > sizeLimit(id)) return failLocked(task, EFBIG);
  if (end > size && sizeIsSealed(id, end)) return failLocked(task, EPERM);
  if (grows(task) && isTooLong(end)) return false;
  if (fileHas(fileIn(task).id, SWITCH_PREALLOCATED) && end > size) {
    cacheCutBlock(id, size, true);
    zeroOldEnd(id, size, size + 4096);
  }
  if (modeOf(task) == 0 && !fileHas(id, SWITCH_PREALLOCATED)) {
    if (fileHas(id, SWITCH_PRIVATE_PARTIAL)) allocateRange(id, operand(task, 2), end);
    return grows(task) ? grow(task) : true;
  }
  // Edges that are cut are allocated before anything leaves the cache.
  const isCut = ((operand(task, 2) | end) & 4095) != 0;
  if (isCut && fileHas(fileIn(task).id, SWITCH_PUNCH_CLIPPED) && grows(task)) setSize(task, end);
  startRange(task, operand(task, 2), end);
  return false;
}

/** i_size becomes what ftruncate would make it; a block that the new end cuts is cached, too. True if that was all. */
function grow(task: u32): bool {
  taskAt(task).want = endOf(task);
  const ends = truncateLocked(task);
  cacheCutBlock(fileIn(task).id, endOf(task), false);
  return ends;
}

function setSize(task: u32, size: i64): void {
  const id: u32 = fileIn(task).id;
  cacheCutBlock(id, inodeAt(id).size, true);
  zeroOldEnd(id, inodeAt(id).size, size);
  inodeAt(id).size = size;
  emit(EVENT_SIZE, id, <u32>size, <u32>(size >> 32));
}

/** To collapse or to insert a range. */
function shiftLocked(task: u32): bool {
  const id: u32 = fileIn(task).id;
  const size = inodeAt(id).size;
  const len = operand(task, 3);
  const inserts = modeOf(task) == FALLOC_FL_INSERT_RANGE;
  if ((operand(task, 2) | len) & 4095) return failLocked(task, EINVAL);
  const behind = MUTANT == INSERT_AT_END ? size + 1 : size;
  if (inserts ? operand(task, 2) >= behind : endOf(task) >= size) return failLocked(task, EINVAL);
  const most = fileHas(id, SWITCH_SHIFT_BEFORE) ? sizeLimit(id) : maxBytes(id);
  if (inserts && size + len > most) return failLocked(task, EFBIG);
  if (inserts && isTooLong(size + len)) return false;
  if (inserts && fileHas(fileIn(task).id, SWITCH_SHIFT_BEFORE)) {
    taskAt(task).want = size + len;
    if (!truncateLocked(task)) return false;
  }
  startShift(task);
  return false;
}

/** What leaves the cache before pages move; with SWITCH_SHIFT_BEFORE a range that is collapsed goes first. */
function startShift(task: u32): void {
  const offset = operand(task, 2);
  inodeAt(fileIn(task).id).moving = 1;
  const collapses = modeOf(task) == FALLOC_FL_COLLAPSE_RANGE;
  if (!fileHas(fileIn(task).id, SWITCH_SHIFT_BEFORE))
    startRange(task, offset, (<i64>pagesMax) << PAGE_SHIFT);
  else if (collapses && taskAt(task).done == 0) startRange(task, offset, endOf(task));
  else startRange(task, max<i64>(offset - 4096, 0), (<i64>pagesMax) << PAGE_SHIFT);
}

/** One step of the line PUNCH. True if the call is over. */
export function stepFallocate(task: u32): bool {
  if (!stepPunch(task)) return false;
  if (modeOf(task) == FALLOC_FL_PUNCH_HOLE) return true;
  return shifts(task) ? shift(task) : allocate(task);
}

/** The range has left the cache. */
function allocate(task: u32): bool {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  if (fileHas(id, SWITCH_PREALLOCATED)) allocateRange(id, it.size, it.want);
  else {
    if (fileHas(id, SWITCH_PRIVATE_PARTIAL)) allocateRange(id, operand(task, 2), endOf(task));
    return grows(task) ? grow(task) : true;
  }
  if (grows(task)) {
    inodeAt(id).size = endOf(task);
    emit(EVENT_SIZE, id, <u32>endOf(task), <u32>(endOf(task) >> 32));
  }
  return true;
}

/** The disk gets the place for the pages of a range. */
function allocateRange(inode: u32, from: i64, to: i64): void {
  for (let page: u32 = 0; page < pagesMax; page++) {
    const begin = (<i64>page) << PAGE_SHIFT;
    if (begin + 4096 > from && begin < to) allocateDisk(inode, page);
  }
}

/** Pages move, and the size with them. */
function shift(task: u32): bool {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const len = operand(task, 3);
  const inserts = modeOf(task) == FALLOC_FL_INSERT_RANGE;
  if (fileHas(fileIn(task).id, SWITCH_SHIFT_BEFORE) && !inserts && it.done == 0) {
    it.done = 1;
    startShift(task);
    return false;
  }
  const size = inodeAt(id).size + (inserts ? len : -len);
  inodeAt(id).moving = 0;
  shiftDisk(id, <u32>(operand(task, 2) >> PAGE_SHIFT), <u32>(len >> PAGE_SHIFT), inserts);
  if (fileHas(fileIn(task).id, SWITCH_SHIFT_BEFORE)) {
    if (inserts) return true;
    it.want = size;
    return truncateLocked(task);
  }
  inodeAt(id).size = size;
  emit(EVENT_SIZE, id, <u32>size, <u32>(size >> 32));
  return true;
}

/** One step of the line TRUNCATE: i_size has changed as by ftruncate. True if the call is over. */
export function stepGrown(task: u32): bool {
  if (!stepTruncate(task)) return false;
  if (modeOf(task) != FALLOC_FL_INSERT_RANGE) return true;
  startShift(task);
  return false;
}
