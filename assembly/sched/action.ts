// Actions: which tasks can take a step, and the step. An action is a task; nothing else is left open yet.
//
// Interface: isEnabled (the guards of docs/steps.md), run (one step).
// Not modelled: choices inside a step.

import {
  SYS_FALLOCATE,
  SYS_FCNTL,
  SYS_FTRUNCATE,
  SYS_IOCTL,
  SYS_LSEEK,
  SYS_OPEN,
  SYS_READ,
  SYS_VMSPLICE,
  SYS_WRITE,
} from "../abi/syscalls";
import { beginCopy } from "../fs/copy-out";
import { stepCopyBatch } from "../fs/copy-range";
import { batchCanGo, stepReadBatch, stepReadDrop, stepReadEnd } from "../fs/file-read";
import { stepFifoLock, stepPartner } from "../fs/fifo";
import { directCanRead, stepDirectRead } from "../fs/direct-read";
import { directCanWrite, stepDirectWrite } from "../fs/direct-write";
import { releaseFile } from "../fs/file-table";
import {
  folioIsFree,
  writeHeldUpBy,
  stepWriteDecide,
  stepWriteFolio,
  stepWriteLock,
  stepWriteStore,
  stepWriteStored,
  stepWriteUnlock,
  writeTarget,
} from "../fs/file-write";
import { stepPipeReadEnd, stepPipeReadLock, stepPipeReadRelease } from "../fs/pipe-read";
import { stepPipeWrite } from "../fs/pipe-write";
import { fallocateLocked, stepFallocate, stepGrown } from "../fs/fallocate";
import { punchCanGo, punchHeldUpBy } from "../fs/punch";
import { remapCanGo, remapCanLock, stepRemap, stepRemapLock } from "../fs/remap";
import { writeCanLock } from "../fs/nowait-write";
import {
  pushCanGo,
  stepSpliceInBatch,
  stepSpliceInDrop,
  stepSpliceInLock,
  stepSpliceInPush,
} from "../fs/splice-in";
import { stepSpliceOutDone, stepSpliceOutLock } from "../fs/splice-out";
import {
  inputCanGo,
  moveCanGo,
  outputCanGo,
  stepInput,
  stepMove,
  stepOutput,
} from "../fs/splice-pipes";
import { sealLocked, stepSeal } from "../fs/seals";
import { stepEvict } from "../fs/drop-caches";
import { stepSync, syncCanGo } from "../fs/sync";
import { stepVmspliceLock } from "../fs/vmsplice";
import { stepVmspliceOutLock } from "../fs/vmsplice-out";
import { stepTruncate, truncateCanGo, truncateHeldUpBy, truncateLocked } from "../fs/truncate";
import {
  STATUS_RETURNED,
  TARGET_INODE,
  fileAt,
  header,
  inodeAt,
  pipeAt,
  resultAt,
  taskAt,
} from "../layout";
import { UNMODELLED_CALL } from "../limits";
import { clearLater } from "../mm/mark";
import { sockAt } from "../net/layout";
import { stepSocketEnd, stepSocketLock } from "../net/receive";
import { stepShutdown, stepShutdownPeer } from "../net/socket";
import { drainCanGo, stepDrain, stepDrainSleep } from "../net/splice-read";
import { lockIsFree as socketIsFree } from "../net/tcp";
import { send, sendCanGo } from "../net/wire";
import { asksErrors, isNotified } from "../net/zerocopy";
import { accessCanGo, accessHeldUpBy, stepAccess, stepMap, stepMkwrite } from "../mm/fault";
import {
  callAfter,
  callAfterNotified,
  callAfters,
  callCode,
  plainCode,
  threadCalls,
} from "../program";
import { stepLseek, stepPipeControl, stepPoll } from "../syscall/sys-file";
import { stepUnmap, unmapCanGo } from "../syscall/sys-memory";
import { namesCanGo, stepNames } from "../syscall/sys-names";
import { openTruncated } from "../syscall/sys-open";
import { stepPosLock } from "../syscall/sys-read-write";
import { stepArmed } from "../syscall/sys-uring";
import {
  currentCall,
  exit,
  fileIn,
  fileOut,
  finish,
  isCopy,
  isDevice,
  isPipe,
  isRequest,
  isSocket,
  isSplice,
  isVmspliceIn,
  isVmspliceOut,
  locksPosition,
} from "./call";
import { enter } from "./enter";
import * as line from "./line";
import { stepInputSleep, stepOutputSleep, stepSleep } from "./wait-line";

/** Whether the task can take a step now. */
export function isEnabled(task: u32): bool {
  const it = taskAt(task);
  if (it.queue || header().unmodelled) return false;
  switch (it.line) {
    case line.LINE_ENTER:
      return <u32>it.pc < threadCalls(task) && aftersHold(currentCall(task));
    case line.LINE_FPUT:
      return releaseCanGo(<u32>it.fput - 1);
    case line.LINE_POS:
      return fileIn(task).posLock == 0 || !locksPosition(task);
    case line.LINE_LOCK:
    case line.LINE_PARTNER:
      return lockIsFree(task);
    case line.LINE_BATCH:
      return batchCanGo(task);
    case line.LINE_DIRECT_READ:
      return directCanRead(task);
    case line.LINE_DIRECT_WRITE:
      return directCanWrite(task);
    case line.LINE_PUSH:
      return pushCanGo(task);
    case line.LINE_RWSEM:
      return writeCanLock(task, rwsemInode(task));
    case line.LINE_FOLIO:
      return folioIsFree(task);
    case line.LINE_TRUNCATE:
      return truncateCanGo(task);
    case line.LINE_INPUT:
      return inputCanGo(task);
    case line.LINE_OUTPUT:
      return outputCanGo(task);
    case line.LINE_MOVE:
      return moveCanGo(task);
    case line.LINE_SEND:
      return sendCanGo(task);
    case line.LINE_ACCESS:
      return accessCanGo(task);
    case line.LINE_UNMAP:
      return unmapCanGo(task);
    case line.LINE_PUNCH:
      return isCopy(task) ? remapCanGo(task) : punchCanGo(task);
    case line.LINE_NAMES:
      return namesCanGo(task);
    case line.LINE_SYNC:
      return syncCanGo(task);
    case line.LINE_REMAP:
      return remapCanLock(task);
    case line.LINE_DRAIN:
      return drainCanGo(task);
    case line.LINE_SHUTDOWN:
      return socketIsFree(fileIn(task).id);
    default:
      return true;
  }
}

/** The folio of which the task waits until nobody outside the page cache holds it; 0 for none. */
export function heldUpBy(task: u32): u32 {
  const at = taskAt(task).line;
  if (at == line.LINE_FOLIO) return writeHeldUpBy(task);
  if (at == line.LINE_ACCESS) return accessHeldUpBy(task);
  if (at == line.LINE_PUNCH) return punchHeldUpBy(task);
  return at == line.LINE_TRUNCATE ? truncateHeldUpBy(task) : 0;
}

function aftersHold(call: u32): bool {
  for (let nth: u32 = 0; nth < callAfters(call); nth++)
    if (!hasReturned(callAfter(call, nth), callAfterNotified(call, nth))) return false;
  return true;
}
function hasReturned(call: u32, notified: bool): bool {
  return resultAt(call).status == STATUS_RETURNED && (!notified || isNotified(call));
}
function releaseCanGo(file: u32): bool {
  const it = fileAt(file);
  if (it.target == TARGET_INODE || isDevice(it)) return true;
  return isSocket(it) || pipeAt(it.id).mutex == 0;
}
function lockIsFree(task: u32): bool {
  if (isReceiver(task)) return asksErrors(task) || sockAt(fileIn(task).id).iolock == 0;
  return pipeAt(lockedPipe(task)).mutex == 0;
}
/** Whether the call reads a socket; a splice from one has a pipe to lock first. */
function isReceiver(task: u32): bool {
  return isSocket(fileIn(task)) && !isSplice(task);
}
/** The pipe whose mutex LINE_LOCK takes. */
function lockedPipe(task: u32): u32 {
  return isSplice(task) && isPipe(fileOut(task)) ? fileOut(task).id : fileIn(task).id;
}
function rwsemInode(task: u32): u32 {
  return cuts(task) ? fileIn(task).id : writeTarget(task).id;
}
/** Whether the task's call changes its file as a whole: ftruncate, O_TRUNC, fallocate, F_ADD_SEALS. */
export function cuts(task: u32): bool {
  const code = callCode(currentCall(task));
  return code == SYS_FCNTL || code == SYS_FTRUNCATE || code == SYS_OPEN || code == SYS_FALLOCATE;
}

/** One step of an enabled task. */
export function run(task: u32): void {
  const code = callCode(currentCall(task));
  switch (taskAt(task).line) {
    case line.LINE_ENTER:
      return enter(task, code);
    case line.LINE_FPUT:
      return stepFput(task);
    case line.LINE_POS:
      return code == SYS_LSEEK ? stepLseek(task) : stepPosLock(task);
    case line.LINE_LOCK:
      return lock(task, code);
    case line.LINE_SLEEP:
      return stepSleep(task);
    case line.LINE_BATCH:
      return lookUp(task);
    case line.LINE_BEGIN:
      return beginCopy(task);
    case line.LINE_END:
      return end(task);
    case line.LINE_RELEASE:
      return stepPipeReadRelease(task);
    case line.LINE_PUSH:
      return stepSpliceInPush(task);
    case line.LINE_DROP:
      return isSplice(task) ? stepSpliceInDrop(task) : stepReadDrop(task);
    case line.LINE_RWSEM:
      return cuts(task) ? cutStart(task, code) : stepWriteLock(task);
    default:
      return runModifier(task, code);
  }
}

/** The lines of calls that change a file, and of those between pipes. */
function runModifier(task: u32, code: u32): void {
  switch (taskAt(task).line) {
    case line.LINE_FOLIO:
      return stepWriteFolio(task);
    case line.LINE_DECIDE:
      return stepWriteDecide(task);
    case line.LINE_STORE:
      return stepWriteStore(task);
    case line.LINE_STORED:
      return stepWriteStored(task);
    case line.LINE_UNLOCK:
      return stepWriteUnlock(task);
    case line.LINE_DONE:
      return stepSpliceOutDone(task);
    case line.LINE_TRUNCATE:
      return cut(task, code, code == SYS_FALLOCATE ? stepGrown(task) : stepTruncate(task));
    case line.LINE_INPUT:
      return stepInput(task);
    case line.LINE_INPUT_SLEEP:
      return stepInputSleep(task);
    case line.LINE_OUTPUT:
      return stepOutput(task);
    case line.LINE_OUTPUT_SLEEP:
      return stepOutputSleep(task);
    case line.LINE_MOVE:
      return stepMove(task);
    case line.LINE_POLL:
      return isRequest(task) ? stepArmed(task) : stepPoll(task);
    case line.LINE_UNMARK:
      clearLater(task);
      return exit(task);
    case line.LINE_PUNCH:
      return isCopy(task) ? stepRemap(task) : cut(task, code, stepFallocate(task));
    case line.LINE_NAMES:
      return stepNames(task);
    case line.LINE_SEAL:
      return cut(task, code, stepSeal(task));
    case line.LINE_SYNC:
      return stepSync(task);
    case line.LINE_EVICT:
      return stepEvict(task);
    case line.LINE_REMAP:
      return stepRemapLock(task);
    case line.LINE_PARTNER:
      return stepPartner(task);
    case line.LINE_DIRECT_READ:
      return stepDirectRead(task);
    case line.LINE_DIRECT_WRITE:
      return stepDirectWrite(task);
    default:
      return runMemory(task);
  }
}

/** The lines of calls on memory. */
function runMemory(task: u32): void {
  switch (taskAt(task).line) {
    case line.LINE_ACCESS:
      return stepAccess(task);
    case line.LINE_MKWRITE:
      return stepMkwrite(task);
    case line.LINE_MAP:
      return stepMap(task);
    case line.LINE_UNMAP:
      return stepUnmap(task);
    default:
      return runSocket(task);
  }
}

/** The lines of calls on sockets. */
function runSocket(task: u32): void {
  switch (taskAt(task).line) {
    case line.LINE_SEND:
      return send(task);
    case line.LINE_DRAIN:
      return stepDrain(task);
    case line.LINE_DRAIN_SLEEP:
      return stepDrainSleep(task);
    case line.LINE_SHUTDOWN:
      return stepShutdown(task);
    case line.LINE_SHUTDOWN_PEER:
      return stepShutdownPeer(task);
    default:
      assert(false, "a task stands at a line that does not exist");
  }
}

/** Closes a description. Leaves the model where a request held a pipe or a socket last and another one is linked behind it: Linux makes that
 *  one first, or beside. Mirrors: io_uring/io-wq.c:io_worker_handle_work(), io_uring/io_uring.c:io_free_req(). */
function stepFput(task: u32): void {
  const it = taskAt(task);
  const file: u32 = it.fput - 1;
  it.fput = 0;
  const isLinked = isRequest(task) && <u32>it.pc + 1 < threadCalls(task);
  if (isLinked && (isPipe(fileAt(file)) || isSocket(fileAt(file))))
    header().unmodelled = UNMODELLED_CALL;
  releaseFile(file, task);
  exit(task);
}

/** Folios of a file are looked up: for a pipe, for another file, or for a reader. */
function lookUp(task: u32): void {
  if (isSplice(task)) stepSpliceInBatch(task);
  else if (isCopy(task)) stepCopyBatch(task);
  else stepReadBatch(task);
}

/** A copy to the reader ends: from a pipe, a socket or a file. */
function end(task: u32): void {
  if (isPipe(fileIn(task))) stepPipeReadEnd(task);
  else if (isSocket(fileIn(task))) stepSocketEnd(task);
  else stepReadEnd(task);
}

function lock(task: u32, code: u32): void {
  const plain = plainCode(currentCall(task));
  if (isReceiver(task) && code != SYS_IOCTL) stepSocketLock(task);
  else if (plain == SYS_READ) stepPipeReadLock(task);
  else if (plain == SYS_WRITE) stepPipeWrite(task);
  else if (code == SYS_OPEN) stepFifoLock(task);
  else if (code == SYS_FCNTL || code == SYS_IOCTL) stepPipeControl(task);
  else if (isVmspliceIn(task)) stepVmspliceLock(task);
  else if (isVmspliceOut(task)) stepVmspliceOutLock(task);
  else if (isPipe(fileOut(task))) stepSpliceInLock(task);
  else stepSpliceOutLock(task);
}

/** ftruncate, O_TRUNC and fallocate take i_rwsem; where nothing is cut off they are done at once. */
function cutStart(task: u32, code: u32): void {
  if (code == SYS_FCNTL) return cut(task, code, sealLocked(task));
  cut(task, code, code == SYS_FALLOCATE ? fallocateLocked(task) : truncateLocked(task));
}

/** After a step of a cut; with the last one the locks are dropped. */
function cut(task: u32, code: u32, isDone: bool): void {
  if (!isDone) return;
  const inode = inodeAt(fileIn(task).id);
  inode.rwsem = 0;
  inode.invalidate = 0;
  if (code == SYS_OPEN) openTruncated(task);
  else finish(task, taskAt(task).ret);
}
