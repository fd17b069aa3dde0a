// Writes with RWF_NOWAIT and RWF_ATOMIC: what a file system says of them before it looks at a page.
//
// Mirrors: fs/ext4/file.c:ext4_buffered_write_iter(), fs/xfs/xfs_file.c:xfs_file_write_iter(), xfs_file_write_checks(),
// fs/btrfs/file.c:btrfs_write_check(); fs/read_write.c:generic_atomic_write_valid().
// Interface: prepareNowait (reset); refuseWrite, writeCanLock, refuseNow.
// Not modelled: RWF_NOWAIT with O_DIRECT; where a file may be changed at once (time stamps decide); atomic writes of more than 1 MiB.

import { EAGAIN, EINVAL, EOPNOTSUPP } from "../abi/errno";
import { FALLOC_FL_PUNCH_HOLE } from "../abi/mman";
import { KNOWS_NOWAIT, KNOWS_NOWAIT_IN_PLACE } from "../abi/switches";
import { SYS_FALLOCATE } from "../abi/syscalls";
import { RWF_ATOMIC } from "../abi/uio";
import { File, header, inodeAt, taskAt } from "../layout";
import { UNMODELLED_CALL } from "../limits";
import { fileKnows } from "../mm/kind";
import { callCode, callsCount, operandValue, segments, transferFlags } from "../program";
import { currentCall } from "../sched/call";
import { mustNotWait } from "../syscall/rwf";
import { isDirect, passes } from "./direct";
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
  const copies = fileKnows(file.id, KNOWS_NOWAIT_IN_PLACE);
  const isLonger = !passes(file) && taskAt(task).pos > inodeAt(file.id).size;
  if (copies ? !allocates : isLonger) return EAGAIN;
  header().unmodelled = UNMODELLED_CALL;
  return 0;
}
