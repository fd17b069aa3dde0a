// Writes with O_DIRECT: what they go over is written back and leaves the cache, then the disk is written.
//
// Mirrors: fs/iomap/direct-io.c:__iomap_dio_rw(), fs/ext4/file.c:ext4_dio_write_iter(), fs/xfs/xfs_file.c:xfs_file_dio_write(),
// fs/btrfs/direct-io.c:btrfs_direct_write(); mm/truncate.c:invalidate_inode_pages2_range(), invalidate_mapping_pages().
// Interface: refusesDirect, startDirectWrite, endsCached; directCanWrite, stepDirectWrite (the line DIRECT_WRITE).
// What a holder sees: a folio that is written over leaves the cache as a whole, and its holders keep the old bytes; btrfs writes
// through the cache, where holders see it, and then lets the pages go that nobody holds.
// Not modelled: that overwriting shares i_rwsem; the steps of one transfer; memory in segments; slots that are not aligned.

import { EINVAL } from "../abi/errno";
import { PAGE_SIZE } from "../abi/pipe";
import { SWITCH_DIRECT_BUFFERS, SWITCH_DIRECT_CHECKS, SWITCH_REFLINK } from "../abi/switches";
import { fileHas } from "../mm/kind";
import {
  TASK_CACHED,
  cellsAt,
  frameAt,
  gridShift,
  header,
  inodeAt,
  pagesMax,
  pipeAt,
  slotAt,
  taskAt,
} from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { diskAt, growDisk, storeOnDisk, writeBack } from "../mm/disk";
import { allocFolio, getFolio, putFolio } from "../mm/folio";
import { cachedFolio, detachFolio, isDirty, removeFolio } from "../mm/page-cache";
import { DIRECT_LEAVES_CACHE } from "../mutants";
import { currentCall, isCopy, isSplice } from "../sched/call";
import { LINE_FOLIO, LINE_UNLOCK } from "../sched/line";
import { beginCopyIn, endCopyIn } from "./copy-in";
import { failWrite, growFile, writeTarget, written } from "./file-write";
import { pipeEmptied } from "./own-pipe";
import { isIdle } from "./sync";
import { BLOCK, SECTOR, isFree, isScattered, mayShareBlocks, nextFolio, passes } from "./direct";

// What is left to do of a write, in order: `step` of the task.
const STAGE_FLUSH: i64 = 0;
const STAGE_TAKE: i64 = 1;
const STAGE_WRITE: i64 = 2;
/** After a write through the cache. */
const STAGE_FLUSH_WRITTEN: i64 = 3;
const STAGE_EVICT: i64 = 4;
const STAGE_END: i64 = 5;

/** Whether a write of `it.want` bytes at its position is aligned. */
function isAligned(task: u32): bool {
  const it = taskAt(task);
  return ((it.pos | it.want) & (SECTOR - 1)) == 0;
}

/** Whether the file system refuses a write before it takes a lock. */
export function refusesDirect(task: u32): bool {
  return (
    fileHas(writeTarget(task).id, SWITCH_DIRECT_CHECKS) &&
    passes(writeTarget(task)) &&
    !isAligned(task)
  );
}

/** With i_rwsem, and the position known: the line after RWSEM. True if the write goes past the cache. */
export function startDirectWrite(task: u32): bool {
  const it = taskAt(task);
  if (!passes(writeTarget(task)) || isCopy(task)) return false;
  if (leavesModel(task)) header().unmodelled = UNMODELLED_CALL;
  it.flags &= ~TASK_CACHED;
  it.step = STAGE_FLUSH;
  if (!fileHas(writeTarget(task).id, SWITCH_DIRECT_BUFFERS)) return true;
  it.flags |= TASK_CACHED;
  return false;
}

/** Segments and slots that are not aligned are up to the disk's driver; xfs writes parts of blocks that it may share through the
 *  cache; of a write that is refused, one that spans pages may be done in part. */
function leavesModel(task: u32): bool {
  const it = taskAt(task);
  if (!isSplice(task) && isScattered(currentCall(task))) return true;
  if (fileHas(writeTarget(task).id, SWITCH_DIRECT_BUFFERS)) return false;
  if (!isAligned(task)) return it.pos >> PAGE_SHIFT != (it.pos + it.want - 1) >> PAGE_SHIFT;
  if (
    mayShareBlocks &&
    fileHas(writeTarget(task).id, SWITCH_REFLINK) &&
    (it.pos | it.want) & (BLOCK - 1)
  )
    return true;
  return isSplice(task) && !slotsAreAligned(task);
}
function slotsAreAligned(task: u32): bool {
  const pipe = pipeEmptied(task);
  let left = taskAt(task).want;
  for (let c = pipeAt(pipe).tail; left > 0; c++) {
    const slot = slotAt(pipe, c);
    const n = min<i64>(left, slot.len);
    if ((slot.offset | n) & (SECTOR - 1)) return false;
    left -= n;
  }
  return true;
}

/** A write through the cache is over and has dropped i_rwsem: whether the line DIRECT_WRITE comes next. */
export function endsCached(task: u32): bool {
  const it = taskAt(task);
  if (!(it.flags & TASK_CACHED) || isCopy(task)) return false;
  it.step = STAGE_FLUSH_WRITTEN;
  return true;
}

/** What the stage is about: the range that is still to be written, or the one that was. */
function rangeBegin(task: u32): i64 {
  const it = taskAt(task);
  return it.step >= STAGE_FLUSH_WRITTEN ? it.pos - it.part : it.pos;
}
function rangeEnd(task: u32): i64 {
  const it = taskAt(task);
  return it.step >= STAGE_FLUSH_WRITTEN ? it.pos : it.pos + it.want;
}

/** A folio that nobody holds and that lies in the pages of the range; 0 for none. */
function nextIdle(inode: u32, from: i64, end: i64): u32 {
  const first = from >> PAGE_SHIFT;
  const behind = (end + 4095) >> PAGE_SHIFT;
  for (let page = first; page < behind && page < <i64>pagesMax; page++) {
    const head = cachedFolio(inode, <u32>page);
    if (head == 0 || isDirty(frameAt(head)) || !isIdle(head)) continue;
    const begin: i64 = frameAt(head).index;
    if (begin >= first && begin + (1 << frameAt(head).order) <= behind) return head;
  }
  return 0;
}

/** The folio of a stage; 0 for none. */
function folioOf(task: u32, stage: i64): u32 {
  const id: u32 = writeTarget(task).id;
  const from = rangeBegin(task);
  const end = rangeEnd(task);
  if (stage == STAGE_EVICT) return nextIdle(id, from, end);
  if (stage == STAGE_WRITE || stage == STAGE_END) return 0;
  return nextFolio(id, from, end, stage != STAGE_TAKE);
}
/** The first stage from the task's own on that has something to do. */
function stageOf(task: u32): i64 {
  let stage = taskAt(task).step;
  if (stage == STAGE_FLUSH && folioOf(task, stage) == 0) stage++;
  if (stage == STAGE_TAKE && (MUTANT == DIRECT_LEAVES_CACHE || folioOf(task, stage) == 0)) stage++;
  if (stage == STAGE_FLUSH_WRITTEN && folioOf(task, stage) == 0) stage++;
  if (stage == STAGE_EVICT && folioOf(task, stage) == 0) stage++;
  return stage;
}

/** The guard of DIRECT_WRITE. */
export function directCanWrite(task: u32): bool {
  return isFree(folioOf(task, stageOf(task)));
}

/** Writes a folio back, takes one from the cache, or writes all. */
export function stepDirectWrite(task: u32): void {
  const it = taskAt(task);
  it.step = stageOf(task);
  const head = folioOf(task, it.step);
  if (it.step == STAGE_FLUSH || it.step == STAGE_FLUSH_WRITTEN) return writeBack(head);
  if (it.step == STAGE_EVICT) return detachFolio(head);
  if (it.step == STAGE_WRITE) return writeAll(task);
  if (it.step == STAGE_TAKE) {
    if (!isDirty(frameAt(head))) return removeFolio(head);
    // A mapping has stored meanwhile: the write goes through the cache, as any other does.
    if (!fileHas(writeTarget(task).id, SWITCH_DIRECT_CHECKS)) it.flags |= TASK_CACHED;
    it.step = 0;
    it.line = LINE_FOLIO;
    return;
  }
  it.step = 0;
  it.flags &= ~TASK_CACHED;
  written(task);
}

function writeAll(task: u32): void {
  const it = taskAt(task);
  const id: u32 = writeTarget(task).id;
  if (!isAligned(task)) return failWrite(task, inodeAt(id), EINVAL);
  if (it.pos + it.want > (<i64>pagesMax) << PAGE_SHIFT) {
    header().unmodelled = UNMODELLED_CALL;
    return;
  }
  while (it.part < it.want && header().unmodelled == 0) writePage(task, id);
  it.step = 0;
  if (it.pos + it.part > inodeAt(id).size) growFile(id, it.pos + it.part);
  growDisk(id, it.pos + it.part);
  it.line = LINE_UNLOCK;
}

/** One page of it, by way of a frame that is nobody's. */
function writePage(task: u32, id: u32): void {
  const it = taskAt(task);
  const pos = it.pos + it.part;
  const page = <u32>(pos >> PAGE_SHIFT);
  const frame = allocFolio(0);
  if (frame == 0) return;
  getFolio(frame);
  memory.copy(cellsAt(frame), diskAt(id, page), PAGE_SIZE >> gridShift);
  frameAt(frame).index = <u16>page;
  it.folio = <u16>frame;
  it.step = min<i64>(it.want - it.part, PAGE_SIZE - (pos & 4095));
  beginCopyIn(task);
  endCopyIn(task);
  storeOnDisk(id, page, frame);
  it.part += it.step;
  it.folio = 0;
  frameAt(frame).index = 0;
  putFolio(frame);
}
