// How a call begins and ends: operands, descriptors, results.
//
// Interface: currentCall, operandFd, holdIn/holdOut, finish, fail, and the questions about calls and descriptions.
// Law: a call holds a reference on every open file description that it uses, as fdget() does.

import { EAGAIN, EBADF } from "../abi/errno";
import {
  O_ACCMODE,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  POLLRDHUP,
  POLLRDNORM,
  POLLWRNORM,
} from "../abi/fcntl";
import { OPERAND_NULL, OPERAND_READ_END, OPERAND_RESULT, OPERAND_WRITE_END } from "../abi/program";
import { SYS_READ, SYS_SENDFILE, SYS_SPLICE, SYS_VMSPLICE } from "../abi/syscalls";
import { copies } from "../call-kind";
import { emit, EVENT_CALL_RETURN, EVENT_SIGPIPE } from "../events";
import {
  File,
  Result,
  STATUS_RETURNED,
  TARGET_DEVICE,
  TARGET_INODE,
  TARGET_BOTH_ENDS,
  TARGET_READ_END,
  TARGET_SOCKET,
  TARGET_WIRE,
  TARGET_WRITE_END,
  TASK_NONBLOCK,
  TASK_POLLS,
  TASK_POS_LOCKED,
  Task,
  fdAt,
  fds,
  fileAt,
  resultAt,
  taskAt,
} from "../layout";
import { clearsLater } from "../mm/mark";
import { REQUEST_LOCKS_POSITION, REQUEST_NEVER_POLLS } from "../mutants";
import {
  callCode,
  operandKind,
  operandValue,
  plainCode,
  requestFlags,
  threadFirstCall,
} from "../program";
import { LINE_ENTER, LINE_FPUT, LINE_POLL, LINE_UNMARK } from "./line";

/** The call that a task is in, or will enter next. */
export function currentCall(task: u32): u32 {
  return threadFirstCall(task) + taskAt(task).pc;
}
/** Whether the task is a chain of requests, which io_uring makes. */
export function isRequest(task: u32): bool {
  return requestFlags(task) != 0;
}
/** Whether the task's call is a splice, or a sendfile, which is made of two. */
export function isSplice(task: u32): bool {
  return callCode(currentCall(task)) == SYS_SPLICE || isSendfile(task);
}
export function isSendfile(task: u32): bool {
  return callCode(currentCall(task)) == SYS_SENDFILE;
}
/** Whether the task's call is a copy_file_range or a clone. */
export function isCopy(task: u32): bool {
  return copies(currentCall(task));
}
/** Whether the task's call is a vmsplice into a pipe; one on a description that cannot be written to gives bytes. */
export function isVmspliceIn(task: u32): bool {
  return isVmsplice(task) && canWrite(fileIn(task));
}
export function isVmspliceOut(task: u32): bool {
  return isVmsplice(task) && !canWrite(fileIn(task));
}
function isVmsplice(task: u32): bool {
  return callCode(currentCall(task)) == SYS_VMSPLICE;
}
/** Operand n of the task's call as a number. */
export function operand(task: u32, n: u32): i64 {
  return operandValue(currentCall(task), n);
}
export function operandIsNull(task: u32, n: u32): bool {
  return operandKind(currentCall(task), n) == OPERAND_NULL;
}

/** The descriptor that operand n names; -1 where a call that should have made it has not. */
export function operandFd(task: u32, n: u32): i64 {
  const kind = operandKind(currentCall(task), n);
  const value = operand(task, n);
  if (kind == OPERAND_RESULT) {
    const maker = resultAt(<u32>value);
    return maker.status == STATUS_RETURNED ? max<i64>(maker.ret, -1) : -1;
  }
  if (kind == OPERAND_READ_END || kind == OPERAND_WRITE_END) {
    const maker = resultAt(<u32>value);
    if (maker.status != STATUS_RETURNED || maker.ret < 0) return -1;
    return kind == OPERAND_READ_END ? maker.out & 0xffff : maker.out >> 16;
  }
  return <i64>(<i32>value);
}

/** Entry of an open descriptor that open() has reserved but not installed. */
export const FD_RESERVED: u8 = 0xff;

/** The description + 1 behind a descriptor, 0 for EBADF. */
export function fileOfFd(fd: i64): u32 {
  if (fd < 0 || fd >= <i64>fds) return 0;
  const entry = load<u8>(fdAt(<u32>fd));
  return entry == FD_RESERVED ? 0 : entry;
}

/** Looks operand n up and holds the description as the call's input; false and -EBADF if there is none. */
export function holdIn(task: u32, n: u32): bool {
  const file = fileOfFd(operandFd(task, n));
  if (file == 0) return false;
  fileAt(file - 1).refs++;
  taskAt(task).fileIn = <u8>file;
  return true;
}
/** The same for the output. */
export function holdOut(task: u32, n: u32): bool {
  const file = fileOfFd(operandFd(task, n));
  if (file == 0) return false;
  fileAt(file - 1).refs++;
  taskAt(task).fileOut = <u8>file;
  return true;
}
export function fileIn(task: u32): File {
  return fileAt(<u32>taskAt(task).fileIn - 1);
}
export function fileOut(task: u32): File {
  return fileAt(<u32>taskAt(task).fileOut - 1);
}

export function canRead(file: File): bool {
  const mode = file.flags & O_ACCMODE;
  return mode == O_RDONLY || mode == O_RDWR;
}
export function canWrite(file: File): bool {
  const mode = file.flags & O_ACCMODE;
  return mode == O_WRONLY || mode == O_RDWR;
}
export function isPipe(file: File): bool {
  return isPipeTarget(file.target);
}
/** An end of a pipe, or both. */
export function isPipeTarget(target: u8): bool {
  return target == TARGET_READ_END || target == TARGET_WRITE_END || target == TARGET_BOTH_ENDS;
}
export function isRegular(file: File): bool {
  return file.target == TARGET_INODE;
}
/** /dev/null or /dev/zero. */
export function isDevice(file: File): bool {
  return file.target == TARGET_DEVICE;
}
/** A socket or a wire: a description without a position. */
export function isSocket(file: File): bool {
  return file.target == TARGET_SOCKET || file.target == TARGET_WIRE;
}
export function isWire(file: File): bool {
  return file.target == TARGET_WIRE;
}
export function isNonblock(file: File): bool {
  return (file.flags & O_NONBLOCK) != 0;
}

/** The events that a poll() waits for, or io_uring's for a request; these two it cannot leave out. Mirrors:
 *  io_uring/poll.c:io_arm_poll_handler(). */
export function pollWants(task: u32): u32 {
  const always: u32 = POLLERR | POLLHUP;
  if (!isRequest(task)) return (<u32>operand(task, 1)) | always;
  const code = plainCode(currentCall(task));
  return always | POLLRDHUP | (code == SYS_READ ? POLLIN | POLLRDNORM : POLLOUT | POLLWRNORM);
}

/** Stores the number that the kernel writes through a pointer; a request has none. */
export function storeOut(task: u32, value: i64): void {
  if (isRequest(task)) return;
  const result = resultAt(currentCall(task));
  result.out = value;
  result.hasOut = 1;
}

/** Notes SIGPIPE for the running call; a worker of io_uring blocks all signals. */
export function sendSigpipe(task: u32): void {
  if (isRequest(task)) return;
  resultAt(currentCall(task)).sigpipe = 1;
  emit(EVENT_SIGPIPE, task);
}

/** Ends the call with what it has done, or else with the error in `ret`, if there is one. */
export function finishShort(task: u32): void {
  const it = taskAt(task);
  finish(task, it.done > 0 || it.ret == 0 ? it.done : it.ret);
}

/** Ends the call with an errno. */
export function fail(task: u32, errno: i32): void {
  finish(task, -(<i64>errno));
}
export function failBadFd(task: u32): void {
  fail(task, EBADF);
}

/** Ends the call: drops f_pos_lock and its descriptions; the last drop of one needs the line FPUT first. */
export function finish(task: u32, ret: i64): void {
  const it = taskAt(task);
  if (ret == -EAGAIN && polls(task)) return pollAgain(task);
  if (it.flags & TASK_POS_LOCKED) {
    if (locksPosition(task)) fileIn(task).posLock = 0;
    it.flags &= ~TASK_POS_LOCKED;
  }
  it.ret = ret;
  exit(task);
}

/** Whether a call at the file position holds its lock. */
export function locksPosition(task: u32): bool {
  return !isRequest(task) || MUTANT == REQUEST_LOCKS_POSITION;
}
/** Whether io_uring polls where the call would have to wait. */
function polls(task: u32): bool {
  const may = (taskAt(task).flags & TASK_POLLS) != 0;
  return may && isRequest(task) && MUTANT != REQUEST_NEVER_POLLS;
}
/** An attempt that must not wait was in vain. */
function pollAgain(task: u32): void {
  const it = taskAt(task);
  it.ret = 0;
  it.flags &= TASK_POLLS | TASK_NONBLOCK;
  it.line = LINE_POLL;
}

/** Goes on ending the call; LINE_FPUT and LINE_UNMARK come back here. */
export function exit(task: u32): void {
  const it = taskAt(task);
  if (it.fileIn && dropFile(it, it.fileIn)) {
    it.fileIn = 0;
    return;
  }
  it.fileIn = 0;
  if (it.fileOut && dropFile(it, it.fileOut)) {
    it.fileOut = 0;
    return;
  }
  it.fileOut = 0;
  if (clearsLater(task)) it.line = LINE_UNMARK;
  else returnToUser(task);
}

/** Drops one reference; true if it was the last. */
function dropFile(it: Task, file: u32): bool {
  const target = fileAt(file - 1);
  assert(target.refs > 0, "a description is dropped that nobody holds");
  target.refs--;
  if (target.refs) return false;
  it.fput = <u8>file;
  it.line = LINE_FPUT;
  return true;
}

function returnToUser(task: u32): void {
  const it = taskAt(task);
  const call = currentCall(task);
  const result: Result = resultAt(call);
  result.ret = it.ret;
  result.status = STATUS_RETURNED;
  emit(EVENT_CALL_RETURN, task, call, <u32>it.ret, <u32>(it.ret >> 32));
  const pc = it.pc;
  memory.fill(changetype<usize>(it), 0, offsetof<Task>());
  it.pc = <u8>(pc + 1);
  it.line = LINE_ENTER;
}
