// The first step of every call: it starts, and its own function checks the arguments.
//
// Interface: enter. Part of action.ts.
// Not modelled: a call that is restarted.

import {
  SYS_CLOSE,
  SYS_COPY_FILE_RANGE,
  SYS_DROP_CACHES,
  SYS_DUP,
  SYS_FALLOCATE,
  SYS_FCNTL,
  SYS_FORK,
  SYS_FSYNC,
  SYS_FTRUNCATE,
  SYS_IOCTL,
  SYS_IO_URING_ENTER,
  SYS_LOAD,
  SYS_LSEEK,
  SYS_MADVISE,
  SYS_MEMFD_CREATE,
  SYS_MKFIFO,
  SYS_MMAP,
  SYS_MSYNC,
  SYS_MUNMAP,
  SYS_OPEN,
  SYS_PIPE2,
  SYS_POLL,
  SYS_POSIX_FADVISE,
  SYS_RECV,
  SYS_RECVMSG,
  SYS_RENAME,
  SYS_SEND,
  SYS_SENDFILE,
  SYS_SENDMSG,
  SYS_SHUTDOWN,
  SYS_SPLICE,
  SYS_STORE,
  SYS_TEE,
  SYS_UNLINK,
  SYS_VMSPLICE,
} from "../abi/syscalls";
import { emit, EVENT_CALL_START } from "../events";
import { sysCopyFileRange } from "../fs/copy-range";
import { sysFallocate } from "../fs/fallocate";
import { sysMemfdCreate } from "../fs/seals";
import { sysDropCaches } from "../fs/drop-caches";
import { sysFadvise, sysFsync, sysMsync } from "../fs/sync";
import { sysSendmsg } from "../net/sendmsg";
import { STATUS_STARTED, resultAt } from "../layout";
import { sysFcntl, sysFtruncate, sysIoctl, sysLseek, sysPoll } from "../syscall/sys-file";
import { sysAccess, sysFork, sysMadvise, sysMmap, sysMunmap } from "../syscall/sys-memory";
import { sysMkfifo, sysRename, sysUnlink } from "../syscall/sys-names";
import { sysClose, sysDup, sysOpen, sysPipe2 } from "../syscall/sys-open";
import { sysReadWrite } from "../syscall/sys-read-write";
import { sysRecv, sysSend, sysShutdown } from "../syscall/sys-socket";
import { sysSendfile, sysSplice, sysTee, sysVmsplice } from "../syscall/sys-splice";
import { notMade, sysIoUringEnter } from "../syscall/sys-uring";
import { currentCall, fail } from "./call";

/** `code`: a SYS_ code, of the task's current call. */
export function enter(task: u32, code: u32): void {
  const call = currentCall(task);
  resultAt(call).status = STATUS_STARTED;
  emit(EVENT_CALL_START, task, call);
  const errno = notMade(task);
  if (errno) return fail(task, errno);
  switch (code) {
    case SYS_OPEN:
      return sysOpen(task);
    case SYS_CLOSE:
      return sysClose(task);
    case SYS_DUP:
      return sysDup(task);
    case SYS_LSEEK:
      return sysLseek(task);
    case SYS_FTRUNCATE:
      return sysFtruncate(task);
    case SYS_PIPE2:
      return sysPipe2(task);
    case SYS_FCNTL:
      return sysFcntl(task);
    case SYS_IOCTL:
      return sysIoctl(task);
    case SYS_POLL:
      return sysPoll(task);
    case SYS_SPLICE:
      return sysSplice(task);
    case SYS_SENDFILE:
      return sysSendfile(task);
    case SYS_VMSPLICE:
      return sysVmsplice(task);
    case SYS_TEE:
      return sysTee(task);
    case SYS_FALLOCATE:
      return sysFallocate(task);
    case SYS_MKFIFO:
      return sysMkfifo(task);
    case SYS_UNLINK:
      return sysUnlink(task);
    case SYS_RENAME:
      return sysRename(task);
    case SYS_FSYNC:
      return sysFsync(task);
    case SYS_POSIX_FADVISE:
      return sysFadvise(task);
    case SYS_DROP_CACHES:
      return sysDropCaches(task);
    case SYS_COPY_FILE_RANGE:
      return sysCopyFileRange(task);
    case SYS_SEND:
      return sysSend(task);
    case SYS_RECV:
    case SYS_RECVMSG:
      return sysRecv(task);
    case SYS_SHUTDOWN:
      return sysShutdown(task);
    default:
      return enterOnMemory(task, code);
  }
}

/** The calls on memory, and io_uring's; what is left reads or writes. */
function enterOnMemory(task: u32, code: u32): void {
  switch (code) {
    case SYS_MMAP:
      return sysMmap(task);
    case SYS_MUNMAP:
      return sysMunmap(task);
    case SYS_MADVISE:
      return sysMadvise(task);
    case SYS_MEMFD_CREATE:
      return sysMemfdCreate(task);
    case SYS_FORK:
      return sysFork(task);
    case SYS_LOAD:
    case SYS_STORE:
      return sysAccess(task);
    case SYS_MSYNC:
      return sysMsync(task);
    case SYS_SENDMSG:
      return sysSendmsg(task);
    case SYS_IO_URING_ENTER:
      return sysIoUringEnter(task);
    default:
      return sysReadWrite(task);
  }
}
