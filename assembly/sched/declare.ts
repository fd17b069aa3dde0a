// What each step declares: the objects that it may look at and those that it may change.
//
// Interface: declare. Checked builds trap on an access outside these sets (touch.ts) and on a change of an
// object that was only to be read (verify.ts); they are the same sets that independence is judged by.
// New objects (a free frame, inode, description, a woken task) are declared where they are picked.
// Not modelled: anything finer than an object of touch.ts.

import { O_TRUNC } from "../abi/fcntl";
import { PAGE_SIZE } from "../abi/pipe";
import {
  NAME_DIRECTORY,
  OPERAND_RESULT,
  OPERAND_READ_END,
  OPERAND_WRITE_END,
} from "../abi/program";
import {
  SYS_CLOSE,
  SYS_DUP,
  SYS_OPEN,
  SYS_PIPE2,
  SYS_POLL,
  SYS_SPLICE,
  SYS_TEE,
  SYSCALLS_END,
} from "../abi/syscalls";
import {
  File,
  TARGET_INODE,
  batchAt,
  fds,
  fileAt,
  inodeAt,
  nameAt,
  pagesMax,
  pipeAt,
  rawFrame,
  slotAt,
  taskAt,
  tasks,
} from "../layout";
import { PAGE_SHIFT } from "../limits";
import { cachedFrameQuiet } from "../mm/page-cache";
import { callCode, operandKind, operandValue, threadCalls, threadFirstCall } from "../program";
import {
  OBJECT_FDS,
  OBJECT_FILE,
  OBJECT_FRAME,
  OBJECT_INODE,
  OBJECT_PIPE,
  OBJECT_TASK,
  declareRead,
  declareWrite,
} from "../touch";
import { declareSocket, declareSocketRelease } from "../net/declare";
import { currentCall, fileOfFd, isSocket, operand, operandFd } from "./call";
import {
  LINE_BATCH,
  LINE_BEGIN,
  LINE_DECIDE,
  LINE_DONE,
  LINE_DROP,
  LINE_END,
  LINE_ENTER,
  LINE_FOLIO,
  LINE_FPUT,
  LINE_LOCK,
  LINE_MOVE,
  LINE_POS,
  LINE_PUSH,
  LINE_RELEASE,
  LINE_RWSEM,
  LINE_SEND,
  LINE_STORE,
  LINE_STORED,
  LINE_TRUNCATE,
  LINE_UNLOCK,
} from "./line";

/** Fills the sets of the task's next step. */
export function declare(task: u32): void {
  declareWrite(OBJECT_TASK, task);
  const it = taskAt(task);
  if (it.line == LINE_ENTER) return declareEnter(task);
  if (it.fileIn) declareFile(<u32>it.fileIn - 1, it.line);
  if (it.fileOut) declareFile(<u32>it.fileOut - 1, it.line);
  if (it.folio) declareFolio(it.folio);
  switch (it.line) {
    case LINE_FPUT:
      return declareRelease(<u32>it.fput - 1);
    case LINE_BATCH:
    case LINE_FOLIO:
      return declareRange(task);
    case LINE_BEGIN:
    case LINE_END:
    case LINE_PUSH:
    case LINE_DROP:
      return declareBatch(task);
    case LINE_RWSEM:
    case LINE_TRUNCATE:
      if (callCode(currentCall(task)) == SYS_OPEN) declareWrite(OBJECT_FDS, 0);
      return declareCache(fileAt(<u32>it.fileIn - 1));
    default:
      return;
  }
}

/** The description, and the pipe with its slots' folios or the inode behind it. */
function declareFile(file: u32, line: u8): void {
  declareWrite(OBJECT_FILE, file);
  const it = fileAt(file);
  if (it.target == TARGET_INODE) {
    if (changesInode(line)) declareWrite(OBJECT_INODE, it.id);
    else declareRead(OBJECT_INODE, it.id);
    return;
  }
  if (isSocket(it)) return declareSocket(it, line);
  declareWrite(OBJECT_PIPE, it.id);
  if (changesSlots(line)) declareSlots(it.id);
}

function changesInode(line: u8): bool {
  return line == LINE_BATCH || (line >= LINE_RWSEM && line <= LINE_TRUNCATE);
}
function changesSlots(line: u8): bool {
  return (
    line == LINE_LOCK ||
    line == LINE_BEGIN ||
    line == LINE_END ||
    line == LINE_RELEASE ||
    line == LINE_STORE ||
    line == LINE_UNLOCK ||
    line == LINE_MOVE ||
    line == LINE_SEND
  );
}

function declareSlots(pipe: u32): void {
  const it = pipeAt(pipe);
  for (let c = it.tail; c != it.head; c++) declareFrame(slotAt(pipe, c).frame);
}

function declareFrame(frame: u32): void {
  if (frame) declareFolio(rawFrame(frame).head);
}
function declareFolio(head: u32): void {
  const pages: u32 = 1 << rawFrame(head).order;
  for (let i: u32 = 0; i < pages; i++) declareWrite(OBJECT_FRAME, head + i);
}

/** The folios that a batch lookup, or a folio step of a write, may find. */
function declareRange(task: u32): void {
  const it = taskAt(task);
  const file = fileAt(<u32>(it.fileOut && targetsInode(it.fileOut) ? it.fileOut : it.fileIn) - 1);
  const from = (it.pos + it.part) >> PAGE_SHIFT;
  const to = (it.pos + it.want + PAGE_SIZE - 1) >> PAGE_SHIFT;
  for (let page = from; page < to && page < <i64>pagesMax; page++)
    declareFrame(cachedFrameQuiet(file.id, <u32>page));
}
function targetsInode(file: u8): bool {
  return fileAt(<u32>file - 1).target == TARGET_INODE;
}

function declareBatch(task: u32): void {
  for (let nth: u32 = 0; nth < <u32>taskAt(task).batch; nth++) {
    const head: u32 = load<u16>(batchAt(task, nth));
    if (head) declareFolio(head);
  }
}

/** Every cached folio of a file. */
function declareCache(file: File): void {
  if (file.target != TARGET_INODE) return;
  for (let page: u32 = 0; page < pagesMax; page++) declareFrame(cachedFrameQuiet(file.id, page));
}

function declareRelease(file: u32): void {
  declareWrite(OBJECT_FILE, file);
  const it = fileAt(file);
  if (it.target == TARGET_INODE) {
    declareWrite(OBJECT_INODE, it.id);
    declareCache(it);
  } else if (isSocket(it)) declareSocketRelease(it);
  else {
    declareWrite(OBJECT_PIPE, it.id);
    declareSlots(it.id);
  }
}

/** Entering a call: the descriptors that it names and what is behind them. */
function declareEnter(task: u32): void {
  const call = currentCall(task);
  const code = callCode(call);
  assert(code < <u32>SYSCALLS_END, "an unknown call is refused by the checker");
  const makes = code == SYS_OPEN || code == SYS_CLOSE || code == SYS_DUP || code == SYS_PIPE2;
  if (makes) declareWrite(OBJECT_FDS, 0);
  else declareRead(OBJECT_FDS, 0);
  if (code == SYS_OPEN) return declareName(task);
  if (code == SYS_PIPE2) return;
  declareFd(task, 0, code);
  if (code == SYS_SPLICE) declareFd(task, 2, code);
  if (code == SYS_TEE) declareFd(task, 1, code);
}

function declareName(task: u32): void {
  const name = <u32>operand(task, 0);
  if (name == NAME_DIRECTORY) return;
  const entry: u32 = load<u8>(nameAt(name));
  if (entry) declareWrite(OBJECT_INODE, entry - 1);
}

function declareFd(task: u32, n: u32, code: u32): void {
  const call = currentCall(task);
  const kind = operandKind(call, n);
  if (kind == OPERAND_RESULT || kind == OPERAND_READ_END || kind == OPERAND_WRITE_END)
    declareRead(OBJECT_TASK, taskOfCall(<u32>operandValue(call, n)));
  const file = fileOfFd(operandFd(task, n));
  if (file == 0) return;
  declareWrite(OBJECT_FILE, file - 1);
  const it = fileAt(file - 1);
  if (it.target == TARGET_INODE) declareRead(OBJECT_INODE, it.id);
  else if (isSocket(it)) declareSocket(it, LINE_ENTER);
  else if (code == SYS_POLL) declareWrite(OBJECT_PIPE, it.id);
  else declareRead(OBJECT_PIPE, it.id);
}

function taskOfCall(call: u32): u32 {
  let task: u32 = 0;
  while (task + 1 < tasks && call >= threadFirstCall(task) + threadCalls(task)) task++;
  return task;
}
