// What one call may do from its beginning, or from where it stands, in every way that it can go.
//
// Interface: foreseeCall (a call that has not been entered), foreseeRest (the call in progress). Both name objects
// as sched/declare.ts does for single steps; frames are named by the containers that they may be found in.
// Not modelled: what a call can no longer do because of what it has seen; only positions and counts narrow it.

import { SWITCH_TRUNCATE_FLUSH } from "../abi/switches";
import { MARK_LATE } from "../abi/decisions";
import { F_ADD_SEALS } from "../abi/fcntl";
import { NAME_DIRECTORY, OPERAND_NULL } from "../abi/program";
import {
  SYS_CLOSE,
  SYS_DROP_CACHES,
  SYS_DUP,
  SYS_FALLOCATE,
  SYS_FCNTL,
  SYS_FSYNC,
  SYS_FTRUNCATE,
  SYS_IOCTL,
  SYS_IO_URING_ENTER,
  SYS_LSEEK,
  SYS_MEMFD_CREATE,
  SYS_MKFIFO,
  SYS_MMAP,
  SYS_MSYNC,
  SYS_OPEN,
  SYS_PIPE2,
  SYS_POLL,
  SYS_POSIX_FADVISE,
  SYS_PREAD,
  SYS_PWRITE,
  SYS_READ,
  SYS_RECVMSG,
  SYS_RENAME,
  SYS_SENDFILE,
  SYS_SENDMSG,
  SYS_SHUTDOWN,
  SYS_SPLICE,
  SYS_TEE,
  SYS_UNLINK,
  SYS_VMSPLICE,
  SYS_WRITE,
} from "../abi/syscalls";
import { RWF_APPEND, RWF_DONTCACHE, RWF_NOWAIT } from "../abi/uio";
import { has, markKind } from "../config";
import { makesFifos } from "../fs/fifo";
import { declareSizes } from "../fs/pipe-limits";
import { writeTarget } from "../fs/file-write";
import { clones, copies } from "../call-kind";
import {
  File,
  TARGET_INODE,
  TASK_POS_LOCKED,
  fileAt,
  inodesMax,
  pipesMax,
  taskAt,
} from "../layout";
import {
  callAfters,
  callCode,
  operandKind,
  operandValue,
  plainCode,
  transferBytes,
  transferFlags,
} from "../program";
import { foreseeSocket } from "../net/declare";
import {
  currentCall,
  fileIn,
  fileOut,
  isDevice,
  isPipe,
  isSocket,
  operandIsNull,
} from "../sched/call";
import { countMode } from "../sched/declare-folio";
import { isInTable } from "../sched/declare";
import { declareAfter, setsFlags } from "../sched/declare-enter";
import { writesBack, makesWait } from "../syscall/rwf";
import {
  LINE_BATCH,
  LINE_DROP,
  LINE_FPUT,
  LINE_PUNCH,
  LINE_RWSEM,
  LINE_TRUNCATE,
} from "../sched/line";
import {
  MODE_READ,
  MODE_WRITE,
  OBJECT_AHEAD,
  OBJECT_CELLS,
  OBJECT_COUNT,
  OBJECT_FDS,
  OBJECT_FILE,
  OBJECT_FREE,
  OBJECT_INODE,
  OBJECT_PIPE,
  OBJECT_POSITION,
  OBJECT_RWSEM,
  OBJECT_TASK,
  declareAdd,
  declareRead,
  declareWrite,
} from "../touch";
import { foreseeCopy } from "./future-copy";
import {
  foreseeCaches,
  foreseeCut,
  foreseeDetached,
  foreseeNames,
  foreseeSync,
  losesName,
} from "./future-inode";
import { foreseeMemory, foreseeSendmsg, foreseeVmsplice, isMemory } from "./future-memory";
import { foreseeRounds, foreseeSendfile } from "./future-sendfile";
import { hearEverything, hearFrames, heldBy, ringOf } from "./footprint";
import { foreseeDrain, foreseeRings, foreseeSend } from "./future-rings";
import { FILE_UNKNOWN, PENDING_CLOSES, fileBehind, mayAppend, mayEmpty } from "./pending";
import {
  wholeFile,
  pagesOf,
  entries,
  foreseeSpliceIn,
  foreseeSpliceOut,
  foreseeLookup,
  foreseeWrite,
  foreseeRing,
} from "./future-rows";

/** A call that its task has not entered. `now`: facts of pending.ts. */
export function foreseeCall(task: u32, call: u32, now: u8): void {
  const code = plainCode(call);
  declareWrite(OBJECT_TASK, task);
  for (let nth: u32 = 0; nth < callAfters(call); nth++) declareAfter(call, nth);
  if (code == SYS_IO_URING_ENTER) return;
  declareAdd(OBJECT_FREE, 0);
  if (code == SYS_OPEN || code == SYS_MEMFD_CREATE) return foreseeOpen(call);
  if (isOnNames(code)) return foreseeNames(code, now);
  if (code == SYS_DROP_CACHES) return foreseeCaches();
  const makes = code == SYS_PIPE2 || code == SYS_MKFIFO;
  if (code == SYS_DUP || code == SYS_CLOSE || makes) declareWrite(OBJECT_FDS, 0);
  else declareRead(OBJECT_FDS, 0);
  if (makes) return declareSizes();
  if (isMemory(code)) {
    foreseeMemory(task, call, now);
    if (code != SYS_MMAP) return;
    const mapped = fileBehind(call, 4, now);
    if (mapped == FILE_UNKNOWN) return hearEverything();
    if (mapped == 0) return;
    declareAdd(OBJECT_FILE, mapped - 1);
    const file = fileAt(mapped - 1);
    if (file.target == TARGET_INODE) declareRead(OBJECT_INODE, file.id);
    return;
  }
  if (code == SYS_SENDFILE) return foreseeSendfile(task, call, now);
  if (code == SYS_VMSPLICE) {
    const pipe = fileBehind(call, 0, now);
    if (pipe == FILE_UNKNOWN) return hearEverything();
    if (pipe == 0) return;
    foreseeFile(code, pipe - 1);
    return foreseeVmsplice(task, call, pipe - 1, now);
  }
  if (code == SYS_SENDMSG) {
    const socket = fileBehind(call, 0, now);
    if (socket == FILE_UNKNOWN) return hearEverything();
    if (socket) foreseeFile(code, socket - 1);
    if (socket) foreseeSendmsg(task, call, socket - 1, now);
    return;
  }
  const first = fileBehind(call, 0, now);
  const second: u32 = code == SYS_SPLICE || copies(call) ? 2 : code == SYS_TEE ? 1 : 0;
  const other = second ? fileBehind(call, second, now) : 0;
  const input = clones(call) ? other : first;
  const output = clones(call) ? first : other;
  if (input == FILE_UNKNOWN || output == FILE_UNKNOWN) return hearEverything();
  if (input) foreseeFile(code, input - 1);
  if (output) foreseeFile(code, output - 1);
  if (input == 0 || (second && output == 0)) return;
  if (copies(call)) foreseeCopy(task, input - 1, output - 1, now);
  else if (second) foreseeMove(task, call, code, input - 1, output - 1, now);
  else foreseeOn(task, call, code, input - 1, now);
}

/** A description that a call names. */
function foreseeFile(code: u32, file: u32): void {
  if (makesWait(code, fileAt(file))) declareWrite(OBJECT_FILE, file);
  else declareAdd(OBJECT_FILE, file);
}
function isOnNames(code: u32): bool {
  return code == SYS_UNLINK || code == SYS_RENAME;
}
/** open and memfd_create may make an inode, a description, and empty a file; a FIFO's ring may come and go. */
function foreseeOpen(call: u32): void {
  if (mayEmpty(call) && <u32>operandValue(call, 0) != NAME_DIRECTORY) return hearEverything();
  declareWrite(OBJECT_FDS, 0);
  for (let i: u32 = 0; i < inodesMax; i++) declareWrite(OBJECT_INODE, i);
  if (makesFifos) for (let p: u32 = 0; p < pipesMax; p++) foreseeEnd(p);
}
/** A call on one descriptor. */
function foreseeOn(task: u32, call: u32, code: u32, file: u32, now: u8): void {
  const it = fileAt(file);
  const isInode = it.target == TARGET_INODE;
  const id: u32 = it.id;
  if (code == SYS_CLOSE) return foreseeRelease(file, now);
  if (code == SYS_DUP) return;
  if (setsFlags(call)) return declareWrite(OBJECT_FILE, file);
  if (isDevice(it)) return;
  if (isSocket(it)) return foreseeSocket(it, code == SYS_WRITE);
  if (code == SYS_SHUTDOWN || code == SYS_RECVMSG) return;
  if (!isInode) return foreseeRing(id, code);
  if (code == SYS_LSEEK || code == SYS_IOCTL || code == SYS_READ || isWrite(code))
    declareWrite(OBJECT_POSITION, file);
  declareRead(OBJECT_INODE, id);
  const seals = code == SYS_FCNTL && operandValue(call, 1) == F_ADD_SEALS;
  if (seals || code == SYS_FTRUNCATE || code == SYS_FALLOCATE) return foreseeCut(id);
  if (code == SYS_FSYNC || code == SYS_POSIX_FADVISE) return foreseeSync(id);
  if (code == SYS_FCNTL || code == SYS_POLL || code == SYS_LSEEK || code == SYS_IOCTL) return;
  const writes = code != SYS_READ && code != SYS_PREAD;
  const fixed = code == SYS_PREAD ? !limits(call) : code == SYS_PWRITE && !mayAppendBy(call, it);
  if (fixed) pagesOf(operandValue(call, 2), transferBytes(call));
  else wholeFile();
  if (writesBack(call)) foreseeSync(id);
  if (writes) foreseeWrite(id);
  else foreseeLookup(task, file, now);
  if (!writes) hearFrames(OBJECT_CELLS, entries(id) | heldBy(task), MODE_READ);
}
function isWrite(code: u32): bool {
  return code != SYS_PREAD && code != SYS_PWRITE && code != SYS_FTRUNCATE;
}
function mayAppendBy(call: u32, file: File): bool {
  return mayAppend(file) || (transferFlags(call) & RWF_APPEND) != 0;
}
/** Whether a read looks at other pages than its own: which of them the file has in the cache. */
function limits(call: u32): bool {
  return (transferFlags(call) & (RWF_NOWAIT | RWF_DONTCACHE)) != 0;
}

/** splice and tee. */
function foreseeMove(task: u32, call: u32, code: u32, input: u32, output: u32, now: u8): void {
  const from = fileAt(input);
  const to = fileAt(output);
  const fromFile = from.target == TARGET_INODE;
  const toFile = to.target == TARGET_INODE;
  if (isDevice(from) || isDevice(to)) return foreseeDevice(from, to);
  if (fromFile && toFile) return;
  if (isSocket(from)) return foreseeDrain(from, to);
  if (isSocket(to)) return foreseeSend(from, to);
  if (!fromFile) foreseeRing(from.id, SYS_READ);
  if (!toFile) foreseeRing(to.id, code);
  if (!fromFile && !toFile) return foreseeRings(from.id, to.id);
  const n: u32 = fromFile ? 1 : 3;
  const positioned = operandKind(call, n) != OPERAND_NULL;
  if (positioned && !mayAppend(to)) pagesOf(operandValue(call, n), operandValue(call, 4));
  else wholeFile();
  if (!positioned) declareWrite(OBJECT_POSITION, fromFile ? input : output);
  if (fromFile) foreseeSpliceIn(task, input, to.id, now);
  else foreseeSpliceOut(from.id, to.id);
}

/** Pages of zeros come into a ring, or slots are dropped. */
function foreseeDevice(from: File, to: File): void {
  if (isPipe(to)) declareWrite(OBJECT_PIPE, to.id);
  if (isPipe(from)) foreseeRing(from.id, SYS_READ);
}

/** The last reference of a description may go. */
export function foreseeRelease(file: u32, now: u8): void {
  const it = fileAt(file);
  declareWrite(OBJECT_FDS, 0);
  declareWrite(OBJECT_FILE, file);
  declareWrite(OBJECT_POSITION, file);
  declareWrite(OBJECT_AHEAD, file);
  if (isDevice(it)) return;
  if (isSocket(it)) return foreseeSocket(it, false);
  if (it.target != TARGET_INODE) return foreseeEnd(it.id);
  declareWrite(OBJECT_INODE, it.id);
  declareWrite(OBJECT_RWSEM, it.id);
  if (losesName(it.id, now) || has(SWITCH_TRUNCATE_FLUSH)) foreseeDetached(it.id);
}

/** A pipe is opened or closed: its ring may go. */
function foreseeEnd(pipe: u32): void {
  declareWrite(OBJECT_PIPE, pipe);
  hearFrames(OBJECT_COUNT, ringOf(pipe), countMode());
}

/** What is left of the call that a task is in. */
export function foreseeRest(task: u32, call: u32, now: u8): void {
  const it = taskAt(task);
  const code = plainCode(call);
  declareWrite(OBJECT_TASK, task);
  declareAdd(OBJECT_FREE, 0);
  if (markKind() == MARK_LATE) hearFrames(OBJECT_COUNT, heldBy(task), MODE_WRITE);
  if (it.fput) foreseeRelease(<u32>it.fput - 1, now);
  if (it.fileIn) foreseeHeld(<u32>it.fileIn - 1, now);
  if (it.fileOut) foreseeHeld(<u32>it.fileOut - 1, now);
  if (code == SYS_MSYNC) {
    if (it.fileIn) foreseeSync(fileIn(task).id);
    return;
  }
  if (isMemory(code)) return foreseeMemory(task, call, now);
  if (code == SYS_VMSPLICE && it.fileIn)
    return foreseeVmsplice(task, call, <u32>it.fileIn - 1, now);
  if (code == SYS_SENDMSG && it.fileIn) return foreseeSendmsg(task, call, <u32>it.fileIn - 1, now);
  if (isOnNames(code)) return foreseeNames(code, now);
  if (code == SYS_DROP_CACHES) return foreseeCaches();
  if (it.line == LINE_FPUT || it.fileIn == 0) return;
  if (code == SYS_POLL) foreseePoll(task, call, now);
  if (copies(call)) {
    if (it.fileOut) foreseeCopy(task, <u32>it.fileIn - 1, <u32>it.fileOut - 1, now);
    return;
  }
  if (code == SYS_OPEN) declareWrite(OBJECT_FDS, 0);
  if (code == SYS_SENDFILE && it.fileOut)
    return foreseeRounds(task, call, <u32>it.fileIn - 1, <u32>it.fileOut - 1, now);
  if (it.line == LINE_PUNCH || (it.line >= LINE_RWSEM && it.line <= LINE_TRUNCATE))
    return foreseeModifier(task, code);
  const file: u32 = it.fileIn - 1;
  if (it.fileOut == 0) {
    if (fileIn(task).target != TARGET_INODE || it.line < LINE_BATCH || it.line > LINE_DROP)
      return foreseeOn(task, call, code, file, now);
    if (limits(call)) wholeFile();
    else pagesOf(it.pos, it.want);
    if (it.flags & TASK_POS_LOCKED) declareWrite(OBJECT_POSITION, file);
    foreseeLookup(task, file, now);
    return hearFrames(OBJECT_CELLS, entries(fileIn(task).id) | heldBy(task), MODE_READ);
  }
  if (isPipe(fileIn(task)) || isSocket(fileIn(task)) || isDevice(fileIn(task)))
    return foreseeMove(task, call, code, file, <u32>it.fileOut - 1, now);
  pagesOf(it.pos, it.want);
  foreseeRing(fileOut(task).id, code);
  if (operandIsNull(task, 1)) declareWrite(OBJECT_POSITION, file);
  foreseeSpliceIn(task, file, fileOut(task).id, now);
}
/** A poll() looks its descriptor up whenever it is woken. */
function foreseePoll(task: u32, call: u32, now: u8): void {
  declareRead(OBJECT_FDS, 0);
  const file = fileBehind(call, 0, now);
  if (file == FILE_UNKNOWN) return hearEverything();
  if (file == 0 || file == <u32>taskAt(task).fileIn) return;
  declareAdd(OBJECT_FILE, file - 1);
  foreseeOn(task, call, SYS_POLL, file - 1, now);
}

/** A description that the call holds; with the last reference it goes. */
function foreseeHeld(file: u32, now: u8): void {
  if (isSafe(file, now)) declareAdd(OBJECT_FILE, file);
  else foreseeRelease(file, now);
}
/** While it is in the table and nobody closes, no call drops the last reference. */
export function isSafe(file: u32, now: u8): bool {
  return !(now & PENDING_CLOSES) && isInTable(file);
}

function foreseeModifier(task: u32, code: u32): void {
  const it = taskAt(task);
  const id: u32 = writeTarget(task).id;
  if (it.flags & TASK_POS_LOCKED) declareWrite(OBJECT_POSITION, <u32>it.fileIn - 1);
  if (it.fileOut && operandIsNull(task, 3)) declareWrite(OBJECT_POSITION, <u32>it.fileOut - 1);
  const cuts = code == SYS_FTRUNCATE || code == SYS_FALLOCATE || code == SYS_OPEN;
  if (cuts || code == SYS_FCNTL) return foreseeCut(id);
  if (writesBack(currentCall(task))) foreseeSync(id);
  if (it.line == LINE_RWSEM) wholeFile();
  else pagesOf(it.pos + it.part, it.want - it.part);
  if (isPipe(fileIn(task))) {
    foreseeRing(fileIn(task).id, SYS_READ);
    foreseeSpliceOut(fileIn(task).id, id);
  } else foreseeWrite(id);
}
