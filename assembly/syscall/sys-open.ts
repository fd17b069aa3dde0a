// open, close, dup, pipe2: calls that make and drop descriptors.
//
// Mirrors: fs/open.c, fs/namei.c:path_openat(), fs/pipe.c:do_pipe2(), fs/file.c.
// Not modelled: permissions, directories other than the scenario's own, symbolic links.

import { EEXIST, EINVAL, EISDIR, ENFILE, ENOENT, ENOTDIR } from "../abi/errno";
import {
  O_ACCMODE,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECT,
  O_EXCL,
  O_NONBLOCK,
  O_RDONLY,
  O_TMPFILE,
  O_TRUNC,
  O_WRONLY,
} from "../abi/fcntl";
import { NAME_DIRECTORY } from "../abi/program";
import { isDeviceName, openDevice } from "../fs/device";
import { fifoOf, isFifo, openFifo } from "../fs/fifo";
import { newFile, newInode, freePipe, installFd, reserveFd } from "../fs/file-table";
import { newPipe, slotsFor } from "../fs/pipe";
import { newSlots } from "../fs/pipe-limits";
import { PAGE_SHIFT, UNMODELLED_CALL, UNMODELLED_DIRECTORY } from "../limits";
import {
  TARGET_INODE,
  TARGET_READ_END,
  TARGET_WRITE_END,
  fdAt,
  fileAt,
  header,
  nameAt,
  taskAt,
} from "../layout";
import {
  exit,
  fail,
  failBadFd,
  fileOfFd,
  finish,
  operand,
  operandFd,
  storeOut,
} from "../sched/call";
import { LINE_RWSEM } from "../sched/line";

export function sysOpen(task: u32): void {
  const flags = <u32>operand(task, 1);
  const name = <u32>operand(task, 0);
  const tmpfile = (flags & O_TMPFILE) == O_TMPFILE;
  if (tmpfile && (flags & O_CREAT || (flags & O_ACCMODE) == O_RDONLY)) return fail(task, EINVAL);
  if (name == NAME_DIRECTORY) return openFolder(task, flags, tmpfile);
  if (isDeviceName(name)) return openDevice(task, name, flags, tmpfile);
  const entry: u32 = load<u8>(nameAt(name));
  if (entry == 0 && !(flags & O_CREAT)) return fail(task, ENOENT);
  if (tmpfile) return fail(task, ENOTDIR);
  if (entry && flags & O_CREAT && flags & O_EXCL) return fail(task, EEXIST);
  if (isFifo(entry) && flags & O_DIRECT) {
    header().unmodelled = UNMODELLED_CALL;
    return;
  }
  if (isFifo(entry)) return openFifo(task, fifoOf(entry), flags);
  const inode = entry ? entry - 1 : newInode(true);
  store<u8>(nameAt(name), <u8>(inode + 1));
  const it = taskAt(task);
  it.fd = <u16>reserveFd();
  const file = newFile(TARGET_INODE, inode, flags);
  if (entry == 0 || !(flags & O_TRUNC)) return install(task, file);
  fileAt(file).refs++;
  it.fileIn = <u8>(file + 1);
  it.want = 0;
  it.line = LINE_RWSEM;
}

/** The scenario's folder itself: only O_TMPFILE makes sense. */
function openFolder(task: u32, flags: u32, tmpfile: bool): void {
  if (tmpfile) {
    taskAt(task).fd = <u16>reserveFd();
    return install(task, newFile(TARGET_INODE, newInode(false), flags));
  }
  if (flags & O_CREAT && flags & O_EXCL) return fail(task, EEXIST);
  if ((flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC)) return fail(task, EISDIR);
  header().unmodelled = UNMODELLED_DIRECTORY;
}

function install(task: u32, file: u32): void {
  const fd: u32 = taskAt(task).fd;
  installFd(fd, file);
  finish(task, fd);
}

/** The truncation of O_TRUNC is over: the descriptor becomes visible. */
export function openTruncated(task: u32): void {
  install(task, <u32>taskAt(task).fileIn - 1);
}

export function sysClose(task: u32): void {
  const fd = operandFd(task, 0);
  const file = fileOfFd(fd);
  if (file == 0) return failBadFd(task);
  store<u8>(fdAt(<u32>fd), 0);
  // The table's reference becomes the call's, and is dropped with it.
  taskAt(task).fileIn = <u8>file;
  exit(task);
}

export function sysDup(task: u32): void {
  const file = fileOfFd(operandFd(task, 0));
  if (file == 0) return failBadFd(task);
  const fd = reserveFd();
  fileAt(file - 1).refs++;
  installFd(fd, file - 1);
  finish(task, fd);
}

export function sysPipe2(task: u32): void {
  const flags = <u32>operand(task, 1);
  if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) return fail(task, EINVAL);
  const slots = newSlots();
  if (slots == 0) return fail(task, ENFILE);
  const read = reserveFd();
  const write = reserveFd();
  makePipe(read, write, flags, slots);
  storeOut(task, <i64>(read | (write << 16)));
  finish(task, 0);
}

/** A pipe behind two reserved descriptors. */
export function makePipe(read: u32, write: u32, flags: u32, slots: u32): u32 {
  const pipe = freePipe();
  newPipe(pipe, slots);
  const shared = flags & O_NONBLOCK;
  installFd(read, newFile(TARGET_READ_END, pipe, O_RDONLY | shared));
  installFd(write, newFile(TARGET_WRITE_END, pipe, O_WRONLY | shared | (flags & O_DIRECT)));
  return pipe;
}

/** Slots of a declared pipe, for its F_SETPIPE_SZ argument. */
export function slotsOfArgument(bytes: u32): u32 {
  return bytes ? slotsFor(bytes) : newSlots();
}
