// read, write, pread, pwrite: arguments and errno order, then the file's or the pipe's own lines.
//
// Mirrors: fs/read_write.c:ksys_read(), ksys_pread64(), vfs_read(), vfs_write().

import { EBADF, EFAULT, EINVAL, ESPIPE } from "../abi/errno";
import { SYS_PREAD, SYS_PWRITE, SYS_READ, SYS_WRITE } from "../abi/syscalls";
import { readWriteDevice } from "../fs/device";
import { startWrite } from "../fs/file-write";
import { TASK_NONBLOCK, TASK_POS_LOCKED, taskAt } from "../layout";
import { MAX_RW_COUNT, USER_BYTES } from "../limits";
import { bufferBytes, callCode } from "../program";
import {
  canRead,
  canWrite,
  currentCall,
  fail,
  failBadFd,
  fileIn,
  finish,
  holdIn,
  isDevice,
  isNonblock,
  isRegular,
  isSocket,
  operand,
} from "../sched/call";
import { LINE_BATCH, LINE_LOCK, LINE_POS, LINE_SEND } from "../sched/line";

function reads(code: u32): bool {
  return code == SYS_READ || code == SYS_PREAD;
}

export function sysReadWrite(task: u32): void {
  const code = callCode(currentCall(task));
  const positioned = code == SYS_PREAD || code == SYS_PWRITE;
  if (positioned && operand(task, 2) < 0) return fail(task, EINVAL);
  if (!holdIn(task, 0)) return failBadFd(task);
  const file = fileIn(task);
  if (positioned && !isRegular(file) && !isDevice(file)) return fail(task, ESPIPE);
  if (reads(code) ? !canRead(file) : !canWrite(file)) return fail(task, EBADF);
  const count = reads(code) ? <u64>operand(task, 1) : <u64>bufferBytes(<u32>operand(task, 1));
  if (count >= USER_BYTES) return fail(task, EFAULT);
  if (positioned && operand(task, 2) + <i64>count < 0) return fail(task, EINVAL);
  // A socket looks whether its peer is there even if there is nothing to write.
  if (count == 0 && (reads(code) || !isSocket(file))) return finish(task, 0);
  const it = taskAt(task);
  it.want = min<i64>(<i64>count, MAX_RW_COUNT);
  if (isDevice(file)) return readWriteDevice(task, reads(code), it.want);
  // A pipe looks at O_NONBLOCK when it would wait.
  if (isSocket(file) && isNonblock(file)) it.flags |= TASK_NONBLOCK;
  if (isSocket(file) && !reads(code)) it.line = LINE_SEND;
  else if (!isRegular(file)) it.line = LINE_LOCK;
  else if (positioned) {
    it.pos = operand(task, 2);
    if (reads(code)) it.line = LINE_BATCH;
    else startWrite(task);
  } else it.line = LINE_POS;
}

/** Takes f_pos_lock; lseek ends here. Mirrors: fs/file.c:fdget_pos(). */
export function stepPosLock(task: u32): void {
  const it = taskAt(task);
  const file = fileIn(task);
  file.posLock = <u8>(task + 1);
  it.flags |= TASK_POS_LOCKED;
  it.pos = file.pos;
  if (callCode(currentCall(task)) == SYS_WRITE) startWrite(task);
  else it.line = LINE_BATCH;
}
