// What the next step of a task declares: the objects that it may look at and those that it may change.
//
// Interface: declare. Checked builds trap on an access outside these sets (touch.ts) and on a change of an
// object that was only to be read (verify.ts); they are the same sets that independence is judged by.
// Guards count as looks, so that a step that cannot be taken yet says what would let it go.
// New objects (a free frame, inode, description, a woken task) are declared where they are picked.
// Not modelled: anything finer than an object of touch.ts.

import {
  SWITCH_PRIVATE_PARTIAL,
  SWITCH_PUNCH_CLIPPED,
  SWITCH_TRUNCATE_FLUSH,
} from "../abi/switches";
import { F_SETPIPE_SZ } from "../abi/fcntl";
import { FALLOC_FL_PUNCH_HOLE } from "../abi/mman";
import { SYS_FALLOCATE, SYS_FCNTL, SYS_LSEEK, SYS_OPEN, SYS_WRITE } from "../abi/syscalls";
import { has, sendCopies } from "../config";
import { faults, looksAtEnd, writeTarget } from "../fs/file-write";
import { pipeEmptied } from "../fs/own-pipe";
import { modeOf } from "../fs/punch";
import { pageBehind } from "../fs/truncate";
import { declareSizes } from "../fs/pipe-limits";
import { offsetIn } from "../fs/splice-offset";
import {
  INODE_CUT,
  TARGET_INODE,
  TASK_POS_LOCKED,
  TASK_SLEPT,
  fdAt,
  fds,
  fileAt,
  inodeAt,
  pageObject,
  rawFrame,
  pagesMax,
  pipeAt,
  slotAt,
  taskAt,
  pageIndex,
} from "../layout";
import { declareLater } from "../mm/mark";
import { tears } from "../mm/values";
import { cachedFrameQuiet } from "../mm/page-cache";
import { SIZE_BEFORE_COPY } from "../mutants";
import { callCode, plainCode, threadCalls } from "../program";
import {
  OBJECT_AHEAD,
  OBJECT_FDS,
  OBJECT_FILE,
  OBJECT_INODE,
  OBJECT_PAGE,
  OBJECT_PIPE,
  OBJECT_POSITION,
  OBJECT_RWSEM,
  OBJECT_SOCKET,
  OBJECT_TAIL,
  OBJECT_TASK,
  declareAdd,
  declareRead,
  declareWrite,
} from "../touch";
import { cuts } from "./action";
import {
  declareDrain,
  declareReceive,
  declareSend,
  declareReceiveLock,
  declareSocketRelease,
  readsSlots,
} from "../net/declare";
import {
  currentCall,
  fileIn,
  fileOut,
  isDevice,
  isCopy,
  isPipe,
  isRequest,
  isSendfile,
  isSocket,
  isSplice,
  operand,
} from "./call";
import { declareCopying } from "./declare-copy";
import { declareEnter, declarePollAgain } from "./declare-enter";
import {
  declareDecision,
  declareFolioCells,
  declareFolioFound,
  declareFolioLock,
  declareFolioPrivate,
  declareFolioWait,
  declareFrees,
} from "./declare-folio";
import {
  declareCaches,
  declareCut,
  declareDisk,
  declareFile,
  declareFolioLookup,
  declareGrown,
  declareNames,
} from "./declare-inode";
import { declareMappings, declareMemory, declareOldEnd, declareCutBlock } from "./declare-memory";
import {
  declareAsleep,
  declareConsumed,
  declareOpening,
  declarePipes,
  declareFront,
  declareSlotsSent,
  declareSlotsRead,
  slotsWithin,
} from "./declare-pipe";
import * as line from "./line";
import {
  declareBatch,
  declareDirectRead,
  declareDirectWrite,
  declareDrop,
  declareOffset,
  declarePush,
  declareReadEnd,
} from "./declare-read";

/** Fills the sets of the task's next step; a task that has no step left declares nothing. */
export function declare(task: u32): void {
  const it = taskAt(task);
  declareWrite(OBJECT_TASK, task);
  if (it.queue) return declareAsleep(<u32>it.queue - 1);
  if (it.line == line.LINE_ENTER) {
    if (<u32>it.pc < threadCalls(task)) declareEnter(task);
    return;
  }
  if (it.line == line.LINE_EVICT) return declareCaches();
  if (it.fileIn) declareHeld(<u32>it.fileIn - 1);
  if (it.fileOut) declareHeld(<u32>it.fileOut - 1);
  if (it.flags & TASK_POS_LOCKED) declareWrite(OBJECT_POSITION, <u32>it.fileIn - 1);
  if (isCopy(task) && declareCopying(task)) return;
  if (it.line >= line.LINE_RWSEM && it.line <= line.LINE_TRUNCATE) declareModifier(task);
  else declareLine(task);
}

/** A description that the call holds: the step may end the call and drop it. */
function declareHeld(file: u32): void {
  if (isInTable(file)) declareAdd(OBJECT_FILE, file);
  else declareWrite(OBJECT_FILE, file);
}
/** While a descriptor names it, no call can drop its last reference. */
export function isInTable(file: u32): bool {
  for (let fd: u32 = 0; fd < fds; fd++) if (load<u8>(fdAt(fd)) == <u8>(file + 1)) return true;
  return false;
}

/** Lines of consumers, splices and small calls. */
function declareLine(task: u32): void {
  const it = taskAt(task);
  switch (it.line) {
    case line.LINE_FPUT:
      return declareRelease(<u32>it.fput - 1);
    case line.LINE_POS:
      declareWrite(OBJECT_POSITION, <u32>it.fileIn - 1);
      if (callCode(currentCall(task)) == SYS_LSEEK) declareRead(OBJECT_INODE, fileIn(task).id);
      return;
    case line.LINE_LOCK:
      return declareLock(task);
    case line.LINE_BATCH:
      return declareBatch(task);
    case line.LINE_BEGIN:
    case line.LINE_END:
      return declareCopy(task);
    case line.LINE_RELEASE:
      return declareConsumed(fileIn(task).id, 1);
    case line.LINE_PUSH:
      return declarePush(task);
    case line.LINE_DROP:
      return declareDrop(task);
    case line.LINE_DIRECT_READ:
      return declareDirectRead(task);
    case line.LINE_DIRECT_WRITE:
      return declareDirectWrite(task);
    case line.LINE_UNMARK:
      return declareLater(task);
    case line.LINE_SEND:
      return declareSending(task);
    case line.LINE_DRAIN:
    case line.LINE_DRAIN_SLEEP:
      return declareDrain(task);
    case line.LINE_ACCESS:
    case line.LINE_MKWRITE:
    case line.LINE_MAP:
    case line.LINE_UNMAP:
      return declareMemory(task);
    case line.LINE_NAMES:
      return declareNames(task);
    case line.LINE_SEAL:
      declareWrite(OBJECT_INODE, fileIn(task).id);
      return declareCut(task);
    case line.LINE_SYNC:
      declareWrite(OBJECT_INODE, fileIn(task).id);
      return declareFile(fileIn(task).id);
    case line.LINE_POLL:
      if (it.flags & TASK_SLEPT && !isRequest(task)) declarePollAgain(task);
      return declarePipes(task);
    case line.LINE_PARTNER:
      return declareOpening(task);
    case line.LINE_PUNCH:
      if (modeOf(task) == FALLOC_FL_PUNCH_HOLE) declareRead(OBJECT_INODE, fileIn(task).id);
      else declareWrite(OBJECT_INODE, fileIn(task).id);
      return declareCut(task);
    default:
      return declarePipes(task);
  }
}

/** The bytes that a read takes: at the end, or from the beginning on. */
function declareCopy(task: u32): void {
  if (taskAt(task).line == line.LINE_BEGIN && !tears) return;
  if (isSocket(fileIn(task))) return declareReceive(fileIn(task));
  return isPipe(fileIn(task)) ? declareFront(fileIn(task).id) : declareReadEnd(task);
}

/** One sendmsg: slots or bytes become frags. */
function declareSending(task: u32): void {
  declareFrees();
  if (!isSplice(task)) return declareSend(fileIn(task));
  const pipe = pipeEmptied(task);
  declareSend(fileOut(task));
  declareSlotsSent(pipe);
  if (sendCopies() || readsSlots(fileOut(task))) declareSlotsRead(pipe);
  declareConsumed(pipe, pipeAt(pipe).head - pipeAt(pipe).tail);
  if (isSendfile(task)) declareOffset(task, offsetIn(task), taskAt(task).fileIn);
}

/** Lines of calls that change a file. */
function declareModifier(task: u32): void {
  const it = taskAt(task);
  const target = writeTarget(task);
  const opens = callCode(currentCall(task)) == SYS_OPEN;
  switch (it.line) {
    case line.LINE_RWSEM:
      if (opens) declareWrite(OBJECT_FDS, 0);
      declareWrite(OBJECT_RWSEM, target.id);
      if (cuts(task)) {
        declareWrite(OBJECT_INODE, target.id);
        if (callCode(currentCall(task)) == SYS_FCNTL) return declareCut(task);
        declareOldEnd(target.id);
        declareBehind(target.id, opens ? 0 : it.want);
        if (callCode(currentCall(task)) == SYS_FALLOCATE) declareNewEnd(task);
        return declareDisk(target.id);
      }
      if (isSplice(task)) declareRead(OBJECT_PIPE, pipeEmptied(task));
      if (it.pos > inodeAt(target.id).size) {
        declareGrown(target.id);
        declareOldEnd(target.id);
      }
      return declareRead(OBJECT_INODE, target.id);
    case line.LINE_FOLIO:
      if (looksAtEnd(task)) declareRead(OBJECT_INODE, target.id);
      return declareFolioLookup(target.id, it.pos + it.part, it.want - it.part);
    case line.LINE_DECIDE:
      declareMappings(target.id, false);
      return declareDecision(it.folio);
    case line.LINE_STORE:
      return declareStore(task);
    case line.LINE_STORED:
      declareFolioLock(it.folio);
      if (tears) declareStore(task);
      if (it.pos + it.part + it.step > inodeAt(target.id).size)
        declareWrite(OBJECT_INODE, target.id);
      if (it.pos + it.part > inodeAt(target.id).size) declareOldEnd(target.id);
      return declareRead(OBJECT_INODE, target.id);
    case line.LINE_UNLOCK:
      declareWrite(OBJECT_RWSEM, target.id);
      if (isSplice(task)) declareConsumed(pipeEmptied(task), slotsWithin(task));
      return;
    case line.LINE_DONE:
      if (isSendfile(task)) return declareEmptied(task);
      declareWrite(OBJECT_PIPE, fileIn(task).id);
      return declareOffset(task, 3, it.fileOut);
    default:
      if (opens) declareWrite(OBJECT_FDS, 0);
      // Behind the new size pages may begin to move, and a file that is cut is written back when it is closed.
      if (callCode(currentCall(task)) == SYS_FALLOCATE || has(SWITCH_TRUNCATE_FLUSH))
        declareWrite(OBJECT_INODE, target.id);
      return declareCut(task);
  }
}

/** A round of sendfile is over: what is left in its pipe goes, and the positions may be stored. */
function declareEmptied(task: u32): void {
  const pipe = pipeEmptied(task);
  declareConsumed(pipe, pipeAt(pipe).head - pipeAt(pipe).tail);
  declareWrite(OBJECT_POSITION, <u32>taskAt(task).fileOut - 1);
  declareOffset(task, offsetIn(task), taskAt(task).fileIn);
}

/** The pipe mutex with what its holder does at once. */
function declareLock(task: u32): void {
  const code = plainCode(currentCall(task));
  if (isSplice(task) && isPipe(fileOut(task))) {
    declareWrite(OBJECT_PIPE, fileOut(task).id);
    if (isDevice(fileIn(task))) declareFrees();
    return declareOffset(task, offsetIn(task), taskAt(task).fileIn);
  }
  if (isSocket(fileIn(task))) return declareReceiveLock(fileIn(task));
  const pipe: u32 = fileIn(task).id;
  if (code == SYS_OPEN) return declareOpening(task);
  declareWrite(OBJECT_PIPE, pipe);
  if (code == SYS_FCNTL && operand(task, 1) == F_SETPIPE_SZ) declareSizes();
  if (isSplice(task)) declareOffset(task, 3, taskAt(task).fileOut);
  if (isSplice(task) && isDevice(fileOut(task)))
    declareConsumed(pipe, pipeAt(pipe).head - pipeAt(pipe).tail);
  if (code != SYS_WRITE) return;
  declareFrees();
  const it = pipeAt(pipe);
  if (it.head != it.tail) declareFolioCells(slotAt(pipe, it.head - 1).frame, true);
}

function declareStore(task: u32): void {
  if (MUTANT == SIZE_BEFORE_COPY) declareWrite(OBJECT_INODE, writeTarget(task).id);
  declareFolioFound(taskAt(task).folio);
  declareFolioCells(taskAt(task).folio, true);
  if (faults(task)) declareFaulted(task);
  if (!isSplice(task)) return;
  const pipe = pipeEmptied(task);
  declareRead(OBJECT_PIPE, pipe);
  declareSlotsRead(pipe);
}

/** Whether the disk has the pages that a write wanted in its folio. */
function declareFaulted(task: u32): void {
  const it = taskAt(task);
  const folio = rawFrame(it.folio);
  const inode: u32 = writeTarget(task).id;
  for (let page: u32 = folio.index; page < <u32>folio.index + (1 << folio.order); page++)
    declareRead(OBJECT_PAGE, pageObject(inode, page));
}

/** Whether the page behind the new size is cached, and whether a large folio holds the new end. */
function declareBehind(inode: u32, size: i64): void {
  const page = pageBehind(size);
  if (page < pagesMax) declareRead(OBJECT_PAGE, pageObject(inode, page));
  const last = pageIndex(size);
  if (last == pagesMax || !has(SWITCH_PUNCH_CLIPPED)) return;
  declareRead(OBJECT_PAGE, pageObject(inode, last));
  declareFolioFound(cachedFrameQuiet(inode, last));
}

/** fallocate may let the file grow, up to the end of its range. */
function declareNewEnd(task: u32): void {
  declareCutBlock(fileIn(task).id, operand(task, 2) + operand(task, 3), false);
}

/** The last reference of a description is gone: so is what only it held. */
function declareRelease(file: u32): void {
  declareWrite(OBJECT_FDS, 0);
  declareWrite(OBJECT_FILE, file);
  declareWrite(OBJECT_POSITION, file);
  declareWrite(OBJECT_AHEAD, file);
  const it = fileAt(file);
  if (isDevice(it)) return;
  if (isSocket(it)) return declareSocketRelease(it);
  if (it.target == TARGET_INODE) {
    declareWrite(OBJECT_INODE, it.id);
    if (inodeAt(it.id).live & INODE_CUT) declareFile(it.id);
    if (inodeAt(it.id).named || inodeAt(it.id).opens > 1) return;
    declareWrite(OBJECT_RWSEM, it.id);
    declareFile(it.id);
  } else {
    const pipe = pipeAt(it.id);
    declareConsumed(it.id, pipe.files > 1 ? 0 : pipe.head - pipe.tail);
  }
}
