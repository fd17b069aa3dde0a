// lseek, ftruncate, fcntl, ioctl, poll: small calls on one descriptor.
//
// Mirrors: fs/read_write.c:vfs_lseek(), fs/open.c:do_sys_ftruncate(), fs/pipe.c:pipe_fcntl(), fs/fcntl.c:setfl(), pipe_ioctl(),
// pipe_poll(), fs/select.c:do_poll().
// Not modelled: SEEK_DATA, SEEK_HOLE, timeouts other than 0 and -1, more than one descriptor in poll, both queues of a FIFO open
// for both.

import { EBADF, EINVAL, ENOTTY, ESPIPE } from "../abi/errno";
import {
  FIONREAD,
  F_ADD_SEALS,
  F_GET_SEALS,
  F_GETPIPE_SZ,
  F_SETFL,
  F_SETPIPE_SZ,
  O_APPEND,
  O_DIRECT,
  O_NONBLOCK,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  POLLOUT,
  POLLRDNORM,
  POLLWRNORM,
  SIOCOUTQ,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from "../abi/fcntl";
import { SYS_FCNTL } from "../abi/syscalls";
import { clones } from "../call-kind";
import { sysClone } from "../fs/clone";
import { isEmpty, isFull, queuedBytes, resize } from "../fs/pipe";
import { addSeals, getSeals } from "../fs/seals";
import { maxBytes } from "../fs/size-limit";
import { readQueue, sleepIn, socketQueue, writeQueue } from "../fs/wait";
import {
  File,
  TARGET_BOTH_ENDS,
  TARGET_READ_END,
  TARGET_SOCKET,
  TARGET_WRITE_END,
  TASK_SLEPT,
  fileAt,
  header,
  inodeAt,
  pipeAt,
  taskAt,
} from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { isTcp } from "../net/layout";
import { nextBytes } from "../net/dgram";
import { socketEvents, unheard } from "../net/socket";
import { unreadBytes } from "../net/skb";
import { wireEvents } from "../net/wire";
import { callCode } from "../program";
import {
  canWrite,
  currentCall,
  fail,
  failBadFd,
  fileIn,
  fileOfFd,
  finish,
  holdIn,
  isDevice,
  isNonblock,
  isPipe,
  isRegular,
  isSocket,
  isWire,
  operand,
  operandFd,
  pollWants,
  storeOut,
} from "../sched/call";
import { LINE_LOCK, LINE_POLL, LINE_POS, LINE_RWSEM } from "../sched/line";
import { isMemfd } from "../mm/kind";
import { POLL_COUNTS_BYTES } from "../mutants";

const SEEK_MAX: i64 = 4;

export function sysLseek(task: u32): void {
  if (!holdIn(task, 0)) return failBadFd(task);
  const whence = operand(task, 2);
  if (whence < 0 || whence > SEEK_MAX) return fail(task, EINVAL);
  if (isDevice(fileIn(task))) return finish(task, 0);
  if (!isRegular(fileIn(task))) return fail(task, ESPIPE);
  if (whence > SEEK_END) header().unmodelled = UNMODELLED_CALL;
  taskAt(task).line = LINE_POS;
}

/** With f_pos_lock free: moves the position. */
export function stepLseek(task: u32): void {
  const file = fileIn(task);
  const whence = operand(task, 2);
  let base: i64 = 0;
  if (whence == SEEK_CUR) base = file.pos;
  else if (whence == SEEK_END) base = inodeAt(file.id).size;
  else assert(whence == SEEK_SET, "other values have failed before");
  const pos = base + operand(task, 1);
  if (pos < 0 || pos > maxBytes(file.id)) return fail(task, EINVAL);
  file.pos = pos;
  finish(task, pos);
}

export function sysFtruncate(task: u32): void {
  const length = operand(task, 1);
  if (length < 0) return fail(task, EINVAL);
  if (!holdIn(task, 0)) return failBadFd(task);
  const file = fileIn(task);
  if (!isRegular(file) || !canWrite(file)) return fail(task, EINVAL);
  taskAt(task).want = length;
  taskAt(task).line = LINE_RWSEM;
}

export function sysFcntl(task: u32): void {
  if (!holdIn(task, 0)) return failBadFd(task);
  const file = fileIn(task);
  const command = operand(task, 1);
  if (command == F_SETFL) return setFlags(task, file, <u32>operand(task, 2));
  if (command == F_ADD_SEALS) return addSeals(task, file);
  if (command == F_GET_SEALS) return getSeals(task, file);
  if (command != F_SETPIPE_SZ && command != F_GETPIPE_SZ) return fail(task, EINVAL);
  if (!isPipe(file)) return fail(task, EBADF);
  taskAt(task).line = LINE_LOCK;
}

/** Whether a description may have O_DIRECT: a memfd's, which no open() has made, may not. Mirrors: FMODE_CAN_ODIRECT. */
function knowsDirect(file: File): bool {
  return isPipe(file) || (isRegular(file) && !isMemfd(file.id));
}

const SETFL_MASK: u32 = O_APPEND | O_NONBLOCK | O_DIRECT;

/** Other bits are ignored. Mirrors: fs/fcntl.c:setfl(). */
function setFlags(task: u32, file: File, flags: u32): void {
  if (flags & O_DIRECT && !knowsDirect(file)) return fail(task, EINVAL);
  // A wire that does not wait.
  if (isWire(file) && flags & O_NONBLOCK) header().unmodelled = UNMODELLED_CALL;
  file.flags = (file.flags & ~SETFL_MASK) | (flags & SETFL_MASK);
  finish(task, 0);
}

export function sysIoctl(task: u32): void {
  if (clones(currentCall(task))) return sysClone(task);
  if (!holdIn(task, 0)) return failBadFd(task);
  const file = fileIn(task);
  const sends = operand(task, 1) == SIOCOUTQ && isSocket(file);
  if (!sends && (operand(task, 1) != FIONREAD || isDevice(file))) return fail(task, ENOTTY);
  if (isWire(file)) {
    header().unmodelled = UNMODELLED_CALL;
    return;
  }
  const locks = isPipe(file) || (isSocket(file) && isTcp(file.id) && !sends);
  if (locks) {
    taskAt(task).line = LINE_LOCK;
    return;
  }
  if (sends) storeOut(task, unheard(file.id));
  else storeOut(task, isSocket(file) ? nextBytes(file.id) : inodeAt(file.id).size - file.pos);
  finish(task, 0);
}

/** F_SETPIPE_SZ, F_GETPIPE_SZ and FIONREAD, with the pipe mutex free, or the lock of a TCP socket. */
export function stepPipeControl(task: u32): void {
  const pipe: u32 = fileIn(task).id;
  if (isSocket(fileIn(task))) {
    storeOut(task, unreadBytes(pipe));
    return finish(task, 0);
  }
  if (callCode(currentCall(task)) == SYS_FCNTL) {
    const asks = operand(task, 1) == F_GETPIPE_SZ;
    if (asks) finish(task, (<i64>pipeAt(pipe).maxUsage) << PAGE_SHIFT);
    else finish(task, resize(pipe, <u32>operand(task, 2), task));
    return;
  }
  storeOut(task, queuedBytes(pipe));
  finish(task, 0);
}

export function sysPoll(task: u32): void {
  const fd = operandFd(task, 0);
  const timeout = operand(task, 2);
  if (timeout > 0) header().unmodelled = UNMODELLED_CALL;
  if (fd < 0) {
    if (timeout) header().unmodelled = UNMODELLED_CALL;
    return pollDone(task, 0);
  }
  if (!holdIn(task, 0)) return pollDone(task, POLLNVAL);
  const ready = revents(task, fileIn(task));
  if (ready || timeout == 0) pollDone(task, ready);
  else taskAt(task).line = LINE_POLL;
}

/** Sleeps until an event is there. Who was woken looks its descriptor up again: it may have been closed, or be another
 *  file's. Mirrors: fs/select.c:do_poll(), do_pollfd(). */
export function stepPoll(task: u32): void {
  const it = taskAt(task);
  const file = fileIn(task);
  const now: u32 = it.flags & TASK_SLEPT ? fileOfFd(operandFd(task, 0)) : it.fileIn;
  if (now == 0) return pollDone(task, POLLNVAL);
  const ready = revents(task, fileAt(now - 1));
  if (ready) return pollDone(task, ready);
  it.flags |= TASK_SLEPT;
  if (isSocket(file)) sleepIn(socketQueue(file.id), task, false);
  else sleepIn(looksAtRead(task, file) ? readQueue(file.id) : writeQueue(file.id), task, false);
}

/** Whether poll() waits in rd_wait. A FIFO that is open for both is never empty and full at once, so who waits there waits
 *  for one of the two. */
function looksAtRead(task: u32, file: File): bool {
  if (file.target != TARGET_BOTH_ENDS) return file.target == TARGET_READ_END;
  return ((<u32>operand(task, 1)) & (POLLIN | POLLRDNORM)) != 0;
}

function pollDone(task: u32, ready: u32): void {
  storeOut(task, ready);
  finish(task, ready ? 1 : 0);
}

function revents(task: u32, file: File): u32 {
  return pollWants(task) & eventsOf(file);
}

/** What poll finds at a description, of all events. */
export function eventsOf(file: File): u32 {
  if (isRegular(file) || isDevice(file)) return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
  if (file.target == TARGET_SOCKET) return socketEvents(file.id, !isNonblock(file));
  if (isWire(file)) return wireEvents(file.id);
  const pipe = pipeAt(file.id);
  pipe.polled = 1;
  let events: u32 = 0;
  if (file.target != TARGET_WRITE_END) {
    if (!isEmpty(file.id)) events = POLLIN | POLLRDNORM;
    // A FIFO that was opened without a writer says nothing until one was there.
    if (pipe.writers == 0 && file.pos != <i64>pipe.wCounter) events |= POLLHUP;
  }
  if (file.target == TARGET_READ_END) return events;
  const full =
    MUTANT == POLL_COUNTS_BYTES
      ? queuedBytes(file.id) >= <u32>pipe.maxUsage * 4096
      : isFull(file.id);
  return events | (full ? 0 : POLLOUT | POLLWRNORM) | (pipe.readers ? 0 : POLLERR);
}
