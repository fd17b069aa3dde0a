// Writes with RWF_NOWAIT and RWF_ATOMIC: what a file system says of them before it looks at a page.
//
// Mirrors: fs/ext4/file.c:ext4_buffered_write_iter(), fs/xfs/xfs_file.c:xfs_file_write_iter(), xfs_file_write_checks(),
// fs/btrfs/file.c:btrfs_write_check(); fs/read_write.c:generic_atomic_write_valid().
// Interface: prepareNowait, addClocks (reset); refuseWrite, writeCanLock, refuseNow, meetsDisk; clockCanTick, tick, declareClock.
// On xfs a write that must not wait fails if its time stamps have to be written, which is so once the clock has ticked since the last
// change. When it ticks is open: an action of its own for each thread.
// Not modelled: RWF_NOWAIT with O_DIRECT, and where a folio has to be read or is locked; that a file that was changed long ago has old stamps; atomic writes of more than 1 MiB.

import { EAGAIN, EINVAL, EOPNOTSUPP } from "../abi/errno";
import { FALLOC_FL_PUNCH_HOLE } from "../abi/mman";
import { KNOWS_NOWAIT, KNOWS_NOWAIT_IN_PLACE } from "../abi/switches";
import { SYS_FALLOCATE, SYS_PWRITEV2 } from "../abi/syscalls";
import { RWF_ATOMIC } from "../abi/uio";
import {
  FOLIO_UNREAD,
  File,
  TASK_TICKED,
  frameAt,
  header,
  inodeAt,
  pageIndex,
  taskAt,
  tasks,
} from "../layout";
import { knows } from "../config";
import { PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { hasContent, mustFault } from "../mm/disk";
import { folioIsLocked } from "../mm/folio";
import { cachedFolio } from "../mm/page-cache";
import { fileKnows } from "../mm/kind";
import {
  callCode,
  callsCount,
  operandValue,
  segments,
  threadCalls,
  threadFirstCall,
  transferFlags,
} from "../program";
import { BACKGROUND_CLOCK, addBackground } from "../sched/background";
import { currentCall } from "../sched/call";
import { LINE_RWSEM } from "../sched/line";
import { OBJECT_TASK, declareWrite } from "../touch";
import { mustNotWait } from "../syscall/rwf";
import { isDirect, passes } from "./direct";
import { writeTarget } from "./file-write";
import { rwsemIsFree } from "./rwsem";

/** Bytes of the smallest atomic write: a block; and of the largest that every log has room for. */
const ATOMIC_MIN: i64 = 4096;
const ATOMIC_SURE: i64 = 1 << 20;

/** Whether a call may allocate pages that are written in place later. */
let allocates: bool = false;

export function prepareNowait(): void {
  allocates = false;
  for (let call: u32 = 0; call < callsCount(); call++)
    if (callCode(call) == SYS_FALLOCATE && !(operandValue(call, 1) & FALLOC_FL_PUNCH_HOLE))
      allocates = true;
}

/** The errno that a write at the task's position gets for its flags before it takes i_rwsem; 0 if it goes on. */
export function refuseWrite(task: u32, file: File): i32 {
  const call = currentCall(task);
  if (transferFlags(call) & RWF_ATOMIC) {
    const refused = refuseAtomic(task, file);
    if (refused) return refused;
  }
  return mustNotWait(call) && !fileKnows(file.id, KNOWS_NOWAIT) && !passes(file) ? EOPNOTSUPP : 0;
}

function refuseAtomic(task: u32, file: File): i32 {
  const it = taskAt(task);
  if (it.want < ATOMIC_MIN || segments(currentCall(task)) != 1) return EINVAL;
  if (popcnt(it.want) != 1 || it.pos & (it.want - 1)) return EINVAL;
  if (it.want > ATOMIC_SURE) header().unmodelled = UNMODELLED_CALL;
  return isDirect(file) ? 0 : EOPNOTSUPP;
}

/** The guard of a write's line RWSEM: one that must not wait fails if it would have to. */
export function writeCanLock(task: u32, inode: u32): bool {
  return rwsemIsFree(inode) || mustNotWait(currentCall(task));
}

/** With i_rwsem, and the position known: the errno of a write that must not wait; 0 if it goes on. */
export function refuseNow(task: u32, file: File): i32 {
  if (!mustNotWait(currentCall(task))) return 0;
  const it = taskAt(task);
  const copies = fileKnows(file.id, KNOWS_NOWAIT_IN_PLACE);
  const isLonger = !passes(file) && it.pos > inodeAt(file.id).size;
  if (copies ? !allocates : isLonger) return EAGAIN;
  if (copies || passes(file)) header().unmodelled = UNMODELLED_CALL;
  const ticked = it.flags & TASK_TICKED;
  it.flags &= ~TASK_TICKED;
  return ticked ? EAGAIN : 0;
}

/** Whether a write that must not wait meets a folio that somebody has locked, or that may have to be read: whether it then fails, or is
 *  short, is not modelled. */
export function meetsDisk(task: u32): bool {
  const it = taskAt(task);
  const id: u32 = writeTarget(task).id;
  const pos = it.pos + it.part;
  const end = it.pos + it.want;
  const head = cachedFolio(id, pageIndex(pos));
  if (head) return folioIsLocked(head) || (frameAt(head).flags & FOLIO_UNREAD) != 0;
  const cutsFirst = (pos & 4095) != 0 || end < ((pos >> PAGE_SHIFT) + 1) << PAGE_SHIFT;
  if (cutsFirst && hasContent(id, pageIndex(pos))) return true;
  return (end & 4095) != 0 && mustFault(id, pageIndex(end));
}

/** Adds an action for each thread with a write that must not wait: the clock may tick before it. */
export function addClocks(): void {
  if (!knows(KNOWS_NOWAIT) || knows(KNOWS_NOWAIT_IN_PLACE)) return;
  for (let task: u32 = 0; task < tasks; task++)
    if (writesNow(task) && !addBackground(BACKGROUND_CLOCK, task))
      header().unmodelled = UNMODELLED_CALL;
}
function writesNow(task: u32): bool {
  for (let nth: u32 = 0; nth < threadCalls(task); nth++) {
    const call = threadFirstCall(task) + nth;
    if (callCode(call) == SYS_PWRITEV2 && mustNotWait(call)) return true;
  }
  return false;
}

/** Whether it matters to a task that the clock ticks: a time stamp that has to be written is EAGAIN. Mirrors: fs/inode.c:
 *  file_update_time_flags(). */
export function clockCanTick(task: u32): bool {
  const it = taskAt(task);
  if (it.line != LINE_RWSEM || it.flags & TASK_TICKED) return false;
  const call = currentCall(task);
  return callCode(call) == SYS_PWRITEV2 && mustNotWait(call);
}
export function tick(task: u32): void {
  taskAt(task).flags |= TASK_TICKED;
}
export function declareClock(task: u32): void {
  declareWrite(OBJECT_TASK, task);
}
