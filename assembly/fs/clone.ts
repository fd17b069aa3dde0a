// FICLONE and FICLONERANGE: a range of one file becomes the same blocks as a range of another, or nothing happens.
// Mirrors: fs/ioctl.c:ioctl_file_clone(), fs/remap_range.c:vfs_clone_file_range(), generic_remap_checks().
//
// Interface: sysClone; clonedBytes, for remap.ts, which does the rest as for copy_file_range.
// The operands: the target, the request, the source; for a range also its offset, its length, the target's offset.
// Not modelled: files on two file systems; compression, which is another reason to refuse.

import { EBADF, EFBIG, EINVAL, EOPNOTSUPP, EXDEV } from "../abi/errno";
import { O_APPEND } from "../abi/fcntl";
import { SWITCH_REFLINK } from "../abi/switches";
import { File, PIPE_FIFO, inodeAt, pipeAt, taskAt } from "../layout";
import {
  canRead,
  canWrite,
  fail,
  failBadFd,
  fileIn,
  fileOut,
  holdIn,
  holdOut,
  isDevice,
  isPipe,
  isRegular,
  isSocket,
  operand,
} from "../sched/call";
import { LINE_REMAP } from "../sched/line";
import { fileHas, isMemfd } from "../mm/kind";
import { sizeLimit } from "./size-limit";

export function sysClone(task: u32): void {
  if (!holdOut(task, 0) || !holdIn(task, 2)) return failBadFd(task);
  const input = fileIn(task);
  const output = fileOut(task);
  if (!isBeside(input, output)) return fail(task, EXDEV);
  if (!isRegular(input) || !isRegular(output)) return fail(task, EINVAL);
  if (!canRead(input) || !canWrite(output) || output.flags & O_APPEND) return fail(task, EBADF);
  if (!fileHas(input.id, SWITCH_REFLINK)) return fail(task, EOPNOTSUPP);
  const from = operand(task, 3);
  const len = operand(task, 4);
  const to = operand(task, 5);
  if (from < 0 || len < 0 || to < 0 || from + len < 0 || to + len < 0) return fail(task, EINVAL);
  const it = taskAt(task);
  it.pos = to;
  it.ret = to - from;
  it.size = len;
  it.line = LINE_REMAP;
}

/** Whether two descriptions are of one file system. Pipes and sockets have one of their own, and so have devices and memfds;
 *  a FIFO is where the files are. */
function isBeside(one: File, other: File): bool {
  return (
    isInFolder(one) == isInFolder(other) &&
    isOfMemory(one) == isOfMemory(other) &&
    isSocket(one) == isSocket(other) &&
    isDevice(one) == isDevice(other)
  );
}
function isOfMemory(file: File): bool {
  return isRegular(file) && isMemfd(file.id);
}
function isInFolder(file: File): bool {
  const isFile = isRegular(file) && !isMemfd(file.id);
  return isFile || (isPipe(file) && (pipeAt(file.id).live & PIPE_FIFO) != 0);
}

/** Bytes that a clone wants to share, to the end of the source if it says 0. 0 if nothing is there, -errno where the
 *  ranges do not fit: a clone does all or nothing. */
export function clonedBytes(task: u32): i64 {
  const it = taskAt(task);
  const to = it.pos;
  const from = it.pos - it.ret;
  const size = inodeAt(fileIn(task).id).size;
  if (it.size == 0 && from == size) return 0;
  if ((from | to) & 4095 || from >= size) return -EINVAL;
  const most = sizeLimit(fileOut(task).id);
  if (to >= most) return -EFBIG;
  const count = it.size || size - from;
  const isWhole = (count & 4095) == 0 || from + count == size;
  if (count > size - from || !isWhole) return -EINVAL;
  if (count > most - to) return -EINVAL;
  const whole = (count + 4095) & ~4095;
  const overlaps = to < from + whole && to + whole > from;
  return fileIn(task).id == fileOut(task).id && overlaps ? -EINVAL : count;
}
