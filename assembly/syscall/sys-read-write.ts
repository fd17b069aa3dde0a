// read, write, pread, pwrite and the vectored calls that are like them: arguments and errno order, then the file's or the pipe's own lines.
//
// Mirrors: fs/read_write.c:ksys_read(), ksys_pread64(), vfs_read(), vfs_write(), vfs_readv(), vfs_writev().
// Interface: sysReadWrite, stepPosLock. A vectored call is one transfer: what was checked, no line tells segments apart.
// Not modelled: faults (EFAULT) of a socket.

import { EBADF, EFAULT, EINVAL, ESPIPE } from "../abi/errno";
import { O_DIRECT } from "../abi/fcntl";
import { SYS_PREAD, SYS_PWRITE, SYS_READ, SYS_WRITE } from "../abi/syscalls";
import { readWriteDevice } from "../fs/device";
import { readLine } from "../fs/direct-read";
import { startWrite } from "../fs/file-write";
import {
  FILE_WAITS,
  File,
  TASK_NONBLOCK,
  TASK_POLLS,
  TASK_POS_LOCKED,
  header,
  taskAt,
} from "../layout";
import { MAX_RW_COUNT, UNMODELLED_CALL, USER_BYTES, USER_BYTES_SURE } from "../limits";
import { REQUEST_WRITES_ALL } from "../mutants";
import { isLimited } from "../net/wire";
import { isVectored, mappedBytes, plainCode, transferBytes } from "../program";
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
  isRequest,
  isSocket,
  locksPosition,
  operand,
} from "../sched/call";
import { LINE_LOCK, LINE_POLL, LINE_POS, LINE_SEND } from "../sched/line";
import { mustNotWait, refuseFlags } from "./rwf";
import { misplaced } from "./sys-uring";

function reads(code: u32): bool {
  return code == SYS_READ || code == SYS_PREAD;
}

export function sysReadWrite(task: u32): void {
  const call = currentCall(task);
  const code = plainCode(call);
  const positioned = code == SYS_PREAD || code == SYS_PWRITE;
  const request = isRequest(task);
  if (positioned && operand(task, 2) < 0 && !request) return fail(task, EINVAL);
  if (!holdIn(task, 0)) return failBadFd(task);
  const file = fileIn(task);
  const hasPosition = isRegular(file) || isDevice(file);
  if (positioned && !hasPosition && !request) return fail(task, ESPIPE);
  if (reads(code) ? !canRead(file) : !canWrite(file)) return fail(task, EBADF);
  const count = transferBytes(call);
  if (request && positioned) {
    const errno = misplaced(file, operand(task, 2), count);
    if (errno) return fail(task, errno);
  }
  if (<u64>count >= USER_BYTES) return fail(task, EFAULT);
  if (<u64>count > USER_BYTES_SURE) {
    header().unmodelled = UNMODELLED_CALL;
    return;
  }
  if (positioned && operand(task, 2) + count < 0) return fail(task, EINVAL);
  // A socket looks whether its peer is there even if there is nothing to write, but for an empty vector.
  const looks = isSocket(file) && !reads(code) && !isVectored(call);
  if (count == 0 && pollsForNothing(task, file)) return waitForPoll(task);
  if (count == 0 && !looks) return finish(task, 0);
  const refused = refuseFlags(call, file, reads(code));
  if (refused) return fail(task, refused);
  const faults = isSocket(file) && mappedBytes(call) < count;
  if (faults) {
    header().unmodelled = UNMODELLED_CALL;
    return;
  }
  taskAt(task).want = min<i64>(count, MAX_RW_COUNT);
  begin(task, code, file);
}

/** Whether a request for no bytes polls nevertheless: a pipe that no longer takes RWF_NOWAIT is asked whether it is ready. Mirrors:
 *  io_uring/rw.c:io_file_supports_nowait(). */
function pollsForNothing(task: u32, file: File): bool {
  if (!isRequest(task) || isRegular(file) || isDevice(file) || isSocket(file)) return false;
  return (file.flags & FILE_WAITS) != 0 && !isNonblock(file);
}
function waitForPoll(task: u32): void {
  taskAt(task).flags |= TASK_POLLS | TASK_NONBLOCK;
  taskAt(task).line = LINE_POLL;
}

/** The first line behind the checks. */
function begin(task: u32, code: u32, file: File): void {
  const it = taskAt(task);
  if (isDevice(file)) return readWriteDevice(task, reads(code), it.want);
  // A pipe looks at O_NONBLOCK when it would wait.
  if (mustNotWait(currentCall(task)) || (isSocket(file) && isNonblock(file)))
    it.flags |= TASK_NONBLOCK;
  if (isRequest(task)) {
    const all = MUTANT == REQUEST_WRITES_ALL && !reads(code);
    if (!isRegular(file) && !all) it.flags |= TASK_NONBLOCK | TASK_POLLS;
    if (isLimited(file) || (isRegular(file) && file.flags & O_DIRECT))
      header().unmodelled = UNMODELLED_CALL;
  }
  if (isSocket(file) && !reads(code)) it.line = LINE_SEND;
  else if (!isRegular(file)) it.line = LINE_LOCK;
  else if (code == SYS_PREAD || code == SYS_PWRITE) {
    it.pos = operand(task, 2);
    if (reads(code)) it.line = readLine(task);
    else startWrite(task);
  } else it.line = LINE_POS;
}

/** Takes f_pos_lock, but for a request; lseek ends here. Mirrors: fs/file.c:fdget_pos(); io_uring/rw.c:io_kiocb_update_pos(). */
export function stepPosLock(task: u32): void {
  const it = taskAt(task);
  const file = fileIn(task);
  if (locksPosition(task)) file.posLock = <u8>(task + 1);
  it.flags |= TASK_POS_LOCKED;
  it.pos = file.pos;
  if (plainCode(currentCall(task)) == SYS_WRITE) startWrite(task);
  else it.line = readLine(task);
}
