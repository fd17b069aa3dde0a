// copy_file_range by sharing: the target's blocks become the source's, and its pages leave the cache.
// Mirrors: fs/remap_range.c:generic_remap_checks(), generic_remap_check_len(), fs/xfs/xfs_reflink.c:xfs_reflink_remap_prep(),
// fs/btrfs/reflink.c:btrfs_clone_files().
//
// Interface: remapCanLock, stepRemapLock (the line REMAP), remapCanGo, stepRemap (the line PUNCH).
// What a holder sees: a folio of the target is detached and keeps its bytes; one of the source stays. Only whole pages are
// shared, and the last one of the source; where nothing can be, the call goes on through the page cache.
// In the state the disk has a copy: a later write to either file goes to a block of its own.
// In the task: `done` is the length, `ret` the first pages of source and target.
// Not modelled: content inside an inode that is copied to a page of the target (unmodelled, SWITCH_INLINE).

import { SWITCH_INLINE, SWITCH_REFLINK_FROM_END, SWITCH_TRUNCATE_FLUSH } from "../abi/switches";
import { has } from "../config";
import { emit, EVENT_SIZE } from "../events";
import { frameAt, header, inodeAt, pagesMax, taskAt } from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL, UNMODELLED_FILE_SIZE } from "../limits";
import { shareDisk, writeBack } from "../mm/disk";
import { folioIsLocked } from "../mm/folio";
import { cachedFolio, isDirty, lastAllocated } from "../mm/page-cache";
import { fileIn, fileOut } from "../sched/call";
import { LINE_BATCH } from "../sched/line";
import { finishCopy } from "./copy-range";
import { cacheCutBlock, zeroGrown, zeroOldEnd } from "./partial";
import { punchCanGo, startRange, stepPunch } from "./punch";
import { rwsemIsFree } from "./rwsem";

/** Bytes of the longest file that may be inside its inode. Mirrors: fs/btrfs/fs.h:BTRFS_DEFAULT_MAX_INLINE. */
const INLINE_MAX: i64 = 2048;

/** The guard of REMAP: nobody holds the lock of either file. */
export function remapCanLock(task: u32): bool {
  return rwsemIsFree(fileIn(task).id) && rwsemIsFree(fileOut(task).id);
}

/** Bytes that can be shared; 0 for none. */
function sharedBytes(task: u32): i64 {
  const it = taskAt(task);
  const from = it.pos - it.ret;
  const size = inodeAt(fileIn(task).id).size;
  if (from >= size) return 0;
  let count = min<i64>(it.size, size - from);
  const toEnd = from + count == size;
  if (!toEnd) count &= ~4095;
  const whole = (count + 4095) & ~4095;
  const overlaps = it.pos + whole > from && it.pos < from + whole;
  if (fileIn(task).id == fileOut(task).id && overlaps) return 0;
  // The last page of the source cannot lie inside the target.
  return it.pos + count < inodeAt(fileOut(task).id).size ? count & ~4095 : count;
}

/** Takes the locks, or goes on through the page cache. */
export function stepRemapLock(task: u32): void {
  const it = taskAt(task);
  const count = sharedBytes(task);
  if (count == 0) {
    it.line = LINE_BATCH;
    return;
  }
  const from = it.pos - it.ret;
  const to = it.pos;
  if (to + count > (<i64>pagesMax) << PAGE_SHIFT) {
    header().unmodelled = UNMODELLED_FILE_SIZE;
    return;
  }
  if (has(SWITCH_INLINE) && to > 0 && inodeAt(fileIn(task).id).size <= INLINE_MAX) {
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
  const begin = has(SWITCH_REFLINK_FROM_END) ? min<i64>(to, size) : to;
  startRange(task, begin, (to + count + 4095) & ~4095);
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

/** Head of the folio of the source that is written back next; 0 for none. */
function nextOfSource(task: u32): u32 {
  const first = pageFrom(task);
  for (let page = first; page < first + pagesShared(task); page++) {
    const head = cachedFolio(fileIn(task).id, page);
    if (head && isDirty(frameAt(head))) return lastAllocated(head);
  }
  return 0;
}

/** The guard of PUNCH here. */
export function remapCanGo(task: u32): bool {
  const head = nextOfSource(task);
  return head ? !folioIsLocked(head) : punchCanGo(task);
}

/** One step: writes the source back, then takes the target's range from the cache, then shares. */
export function stepRemap(task: u32): void {
  const head = nextOfSource(task);
  if (head) writeBack(head);
  else if (stepPunch(task)) share(task);
}

function share(task: u32): void {
  const it = taskAt(task);
  const source = inodeAt(fileIn(task).id);
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
  target.moving = 0;
  source.rwsem = 0;
  source.invalidate = 0;
  target.rwsem = 0;
  target.invalidate = 0;
  finishCopy(task);
}
