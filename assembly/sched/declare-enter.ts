// What entering a call declares: what it waits for, the descriptors that it names and what is behind them.
//
// Interface: declareEnter, declarePollAgain, taskOfCall. Part of declare.ts.

import { F_SETFL } from "../abi/fcntl";
import {
  NAME_DIRECTORY,
  OPERAND_READ_END,
  OPERAND_RESULT,
  OPERAND_WRITE_END,
} from "../abi/program";
import {
  SYS_CLOSE,
  SYS_COPY_FILE_RANGE,
  SYS_DUP,
  SYS_FCNTL,
  SYS_FORK,
  SYS_IOCTL,
  SYS_IO_URING_ENTER,
  SYS_LOAD,
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
  SYS_RENAME,
  SYS_SENDFILE,
  SYS_SENDMSG,
  SYS_SPLICE,
  SYS_STORE,
  SYS_TEE,
  SYS_UNLINK,
  SYS_VMSPLICE,
} from "../abi/syscalls";
import { isDeviceName } from "../fs/device";
import { fifoOf, isFifo } from "../fs/fifo";
import { declareSizes } from "../fs/pipe-limits";
import { TARGET_INODE, fileAt, nameAt, tasks } from "../layout";
import { makerOf, namedMapping } from "../mm/fault";
import { mappingOfCall } from "../mm/mapping";
import { mappingsMax, rawMapping } from "../mm/page-table";
import { declareCompletions, declareSums } from "../net/declare";
import { copies } from "../call-kind";
import {
  callAfter,
  callAfterNotified,
  callAfters,
  callCode,
  operandKind,
  operandValue,
  threadCalls,
  threadFirstCall,
} from "../program";
import {
  OBJECT_FDS,
  OBJECT_FILE,
  OBJECT_INODE,
  OBJECT_MAPPING,
  OBJECT_PIPE,
  OBJECT_POSITION,
  OBJECT_TASK,
  declareAdd,
  declareRead,
  declareWrite,
} from "../touch";
import { makesWait } from "../syscall/rwf";
import { currentCall, fileOfFd, isDevice, isSocket, operand, operandFd } from "./call";

/** Entering a call: what it waits for, the descriptors that it names and what is behind them. */
export function declareEnter(task: u32): void {
  const call = currentCall(task);
  const code = callCode(call);
  for (let nth: u32 = 0; nth < callAfters(call); nth++) declareAfter(call, nth);
  if (code == SYS_IO_URING_ENTER) return;
  if (changesTables(code)) declareWrite(OBJECT_FDS, 0);
  else declareRead(OBJECT_FDS, 0);
  if (code == SYS_PIPE2) return declareSizes();
  if (code == SYS_OPEN) return declareName(task);
  if (code == SYS_MEMFD_CREATE || isOnNames(code)) return;
  if (isOnMapping(code)) return declareRead(OBJECT_TASK, taskOfCall(<u32>operandValue(call, 0)));
  if (code == SYS_MSYNC) return declareMsync(task);
  if (code == SYS_MMAP) {
    declareWrite(OBJECT_MAPPING, mappingOfCall(call));
    return declareFd(task, 4, code);
  }
  declareFd(task, 0, code);
  if (code == SYS_VMSPLICE || code == SYS_SENDMSG)
    declareRead(OBJECT_TASK, taskOfCall(makerOf(call)));
  if (code == SYS_SPLICE || copies(call)) declareFd(task, 2, code);
  if (code == SYS_TEE || code == SYS_SENDFILE) declareFd(task, 1, code);
}

function isOnNames(code: u32): bool {
  return code == SYS_UNLINK || code == SYS_RENAME || code == SYS_MKFIFO;
}

/** A call that another one waits for; with its notification, whatever that may come from. */
export function declareAfter(call: u32, nth: u32): void {
  declareRead(OBJECT_TASK, taskOfCall(callAfter(call, nth)));
  if (callAfterNotified(call, nth)) declareCompletions();
}

/** Calls that look at nothing but whether the mapping is made. */
function isOnMapping(code: u32): bool {
  const takes = code == SYS_MUNMAP || code == SYS_MADVISE || code == SYS_FORK;
  return takes || code == SYS_LOAD || code == SYS_STORE;
}

/** Whether entering a call changes the table of descriptors, or a name. */
function changesTables(code: u32): bool {
  if (code == SYS_OPEN || code == SYS_CLOSE || code == SYS_DUP) return true;
  return code == SYS_PIPE2 || code == SYS_MEMFD_CREATE || code == SYS_MKFIFO;
}

/** msync holds the description behind the mapping. */
function declareMsync(task: u32): void {
  declareRead(OBJECT_TASK, taskOfCall(makerOf(currentCall(task))));
  const mapping = namedMapping(task);
  if (mapping == mappingsMax) return;
  declareRead(OBJECT_MAPPING, mapping);
  const file = rawMapping(mapping).file;
  if (file) declareAdd(OBJECT_FILE, <u32>file - 1);
}

function declareName(task: u32): void {
  const name = <u32>operand(task, 0);
  if (name == NAME_DIRECTORY || isDeviceName(name)) return;
  const entry: u32 = load<u8>(nameAt(name));
  if (isFifo(entry)) {
    declareWrite(OBJECT_PIPE, fifoOf(entry));
    declareSizes();
  } else if (entry) declareWrite(OBJECT_INODE, entry - 1);
}

function declareFd(task: u32, n: u32, code: u32): void {
  const call = currentCall(task);
  const kind = operandKind(call, n);
  if (kind == OPERAND_RESULT || kind == OPERAND_READ_END || kind == OPERAND_WRITE_END)
    declareRead(OBJECT_TASK, taskOfCall(<u32>operandValue(call, n)));
  const file = fileOfFd(operandFd(task, n));
  if (file == 0) return;
  if (code == SYS_CLOSE || setsFlags(call) || makesWait(code, fileAt(file - 1)))
    declareWrite(OBJECT_FILE, file - 1);
  else declareAdd(OBJECT_FILE, file - 1);
  declareBehind(task, file - 1, code);
}

/** Whether a call is an fcntl that sets the flags of its description. */
export function setsFlags(call: u32): bool {
  return callCode(call) == SYS_FCNTL && operandValue(call, 1) == F_SETFL;
}

/** What entering looks at behind a description. */
function declareBehind(task: u32, file: u32, code: u32): void {
  const it = fileAt(file);
  const isInode = it.target == TARGET_INODE;
  if (isSocket(it)) {
    if (code == SYS_POLL || code == SYS_IOCTL) declareSums(it);
    return;
  }
  if (isDevice(it)) return;
  if (code == SYS_POLL && !isInode) declareWrite(OBJECT_PIPE, it.id);
  if (!isInode && copies(currentCall(task))) declareRead(OBJECT_PIPE, it.id);
  const looks = code == SYS_IOCTL || code == SYS_POSIX_FADVISE;
  const seals = code == SYS_FCNTL || code == SYS_MMAP;
  if ((looks || seals) && isInode) declareRead(OBJECT_INODE, it.id);
  if (isInode && code == SYS_COPY_FILE_RANGE) {
    declareWrite(OBJECT_POSITION, file);
    declareRead(OBJECT_INODE, it.id);
  }
  const looksAtPosition = code == SYS_SPLICE || code == SYS_SENDFILE || code == SYS_IOCTL;
  if (isInode && looksAtPosition) declareRead(OBJECT_POSITION, file);
}

/** A poll() that was woken looks its descriptor up again. */
export function declarePollAgain(task: u32): void {
  declareRead(OBJECT_FDS, 0);
  declareFd(task, 0, SYS_POLL);
}

/** The task that makes a call. */
export function taskOfCall(call: u32): u32 {
  let task: u32 = 0;
  while (task + 1 < tasks && call >= threadFirstCall(task) + threadCalls(task)) task++;
  return task;
}
