// i_rwsem of a file: who changes it holds it alone, who reads it shares it where the file system wants that.
//
// Interface: rwsemIsFree; mayShare (the guard of BATCH), shareRwsem, unshareRwsem; rwsemsHold. Taken alone it is Inode.rwsem.
// Mirrors: fs/xfs/xfs_file.c:xfs_file_buffered_read(), xfs_file_splice_read(); kernel/locking/rwsem.c.
// Law: `readers` of an inode are the tasks with TASK_SHARES that read it, and nobody holds it alone then.
// Not modelled: that a writer who waits keeps new readers out.

import { SWITCH_READ_LOCKS } from "../abi/switches";
import { TASK_SHARES, inodeAt, inodesMax, taskAt, tasks } from "../layout";
import { fileIn } from "../sched/call";
import { LINE_BATCH, LINE_DIRECT_READ, LINE_DROP } from "../sched/line";
import { fileHas } from "../mm/kind";
import { passesBy } from "./direct";

/** Whether nobody holds the i_rwsem of an inode. */
export function rwsemIsFree(inode: u32): bool {
  return inodeAt(inode).rwsem == 0 && inodeAt(inode).readers == 0;
}

/** Whether a read of a file takes it: where all do, and to go past the page cache. */
function locks(task: u32): bool {
  return (
    fileHas(fileIn(task).id, SWITCH_READ_LOCKS) ||
    (taskAt(task).line == LINE_DIRECT_READ && passesBy(task))
  );
}

/** Whether a task that reads a file shares its i_rwsem, or can. */
export function mayShare(task: u32): bool {
  if (!locks(task)) return true;
  return (taskAt(task).flags & TASK_SHARES) != 0 || inodeAt(fileIn(task).id).rwsem == 0;
}

/** Takes the i_rwsem of the file that the task reads, if it has not. */
export function shareRwsem(task: u32): void {
  const it = taskAt(task);
  if (it.flags & TASK_SHARES || !locks(task)) return;
  it.flags |= TASK_SHARES;
  inodeAt(fileIn(task).id).readers++;
}

/** Drops it, if the task has it. */
export function unshareRwsem(task: u32): void {
  const it = taskAt(task);
  if (!(it.flags & TASK_SHARES)) return;
  it.flags &= ~TASK_SHARES;
  inodeAt(fileIn(task).id).readers--;
}

/** The law above. */
export function rwsemsHold(): bool {
  for (let i: u32 = 0; i < inodesMax; i++) {
    let readers: u32 = 0;
    for (let t: u32 = 0; t < tasks; t++) if (shares(t, i)) readers++;
    if (inodeAt(i).readers != readers || (readers && inodeAt(i).rwsem)) return false;
  }
  return true;
}
function shares(task: u32, inode: u32): bool {
  const it = taskAt(task);
  const reads = (it.line >= LINE_BATCH && it.line <= LINE_DROP) || it.line == LINE_DIRECT_READ;
  return reads && (it.flags & TASK_SHARES) != 0 && <u32>fileIn(task).id == inode;
}
