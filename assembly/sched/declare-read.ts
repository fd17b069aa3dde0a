// What the steps of a read of a file declare, and those of a splice or sendfile from it.
//
// Interface: declareBatch, declareReadEnd, declarePush, declareDrop; declareDirectRead, declareDirectWrite; declareDone, declareOffset. Part of declare.ts.
// Not modelled: which folios of a batch a step needs.

import { SWITCH_HOLE_CACHED, SWITCH_READ_LOCKS } from "../abi/switches";
import { has, markProtects, spliceCopies, spliceLocks, spliceSteals } from "../config";
import { frameAtPosition, isLimited } from "../fs/file-read";
import { writeTarget } from "../fs/file-write";
import { pipeEmptied, pipeFilled } from "../fs/own-pipe";
import { offsetIn } from "../fs/splice-offset";
import {
  asksSnapshot,
  batchAt,
  inodeAt,
  pageObject,
  pagesMax,
  pipeAt,
  rawFrame,
  taskAt,
  pageIndex,
} from "../layout";
import { PAGE_SHIFT } from "../limits";
import { onDisk } from "../mm/disk";
import { mayDrop } from "../syscall/rwf";
import { cachedFrameQuiet } from "../mm/page-cache";
import { SIZE_SAMPLED_LATE } from "../mutants";
import {
  OBJECT_AHEAD,
  OBJECT_INODE,
  OBJECT_PAGE,
  OBJECT_PIPE,
  OBJECT_POSITION,
  OBJECT_RWSEM,
  declareAdd,
  declareRead,
  declareWrite,
} from "../touch";
import { fileIn, fileOut, isSendfile, isSplice, operand, operandIsNull } from "./call";
import {
  declareFolioCells,
  declareFolioFound,
  declareFolioGet,
  declareFolioPut,
  declareFolioReplaced,
  declareFolioUnlocked,
  declareFolioWhole,
  declareFrees,
} from "./declare-folio";
import { declareFile } from "./declare-inode";
import { declareMappings } from "./declare-memory";
import { declareConsumed, declareSlotsGet } from "./declare-pipe";

/** The folios that a batch lookup may find, or make. */
export function declareBatch(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const size = inodeAt(id).size;
  declareRead(OBJECT_INODE, id);
  declareShared(task);
  if (it.pos >= size) return declareDone(task);
  declareRead(OBJECT_AHEAD, <u32>it.fileIn - 1);
  const first = <u32>(it.pos >> PAGE_SHIFT);
  const end = pageIndex(it.pos + it.want + 4095);
  declareFrees();
  if (isLimited(task)) declareCached(id);
  if (!has(SWITCH_HOLE_CACHED) && cachedFrameQuiet(id, first) == 0 && onDisk(id, first))
    return declareWrite(OBJECT_PAGE, pageObject(id, first));
  for (let page = first; page < end; page++) {
    declareRead(OBJECT_PAGE, pageObject(id, page));
    declareFolioGet(cachedFrameQuiet(id, page));
  }
  if (markProtects()) declareMappings(id, false);
  if (cachedFrameQuiet(id, first) || !has(SWITCH_HOLE_CACHED)) return;
  for (let page: u32 = 0; page < pagesMax; page++) {
    if (page < first || cachedFrameQuiet(id, page)) declareRead(OBJECT_PAGE, pageObject(id, page));
    else declareWrite(OBJECT_PAGE, pageObject(id, page));
  }
}

/** What is cached of a file; a read with RWF_DONTCACHE may bring in all of it. */
function declareCached(inode: u32): void {
  for (let page: u32 = 0; page < pagesMax; page++) {
    declareFolioFound(cachedFrameQuiet(inode, page));
    if (mayDrop()) declareWrite(OBJECT_PAGE, pageObject(inode, page));
    else declareRead(OBJECT_PAGE, pageObject(inode, page));
  }
}

/** With O_DIRECT a read may write back, or bring in, any page. */
export function declareDirectRead(task: u32): void {
  const id: u32 = fileIn(task).id;
  declareWrite(OBJECT_INODE, id);
  declareAdd(OBJECT_RWSEM, id);
  declareWrite(OBJECT_AHEAD, <u32>taskAt(task).fileIn - 1);
  declareFile(id);
  declareDone(task);
}
/** A write may take any page from the cache, too. */
export function declareDirectWrite(task: u32): void {
  const id: u32 = writeTarget(task).id;
  declareWrite(OBJECT_INODE, id);
  declareWrite(OBJECT_RWSEM, id);
  declareFile(id);
  if (!isSplice(task)) return;
  const pipe = pipeEmptied(task);
  declareSlotsGet(pipe);
  declareConsumed(pipe, pipeAt(pipe).head - pipeAt(pipe).tail);
}

/** i_rwsem is shared, or no longer. */
function declareShared(task: u32): void {
  if (has(SWITCH_READ_LOCKS)) declareAdd(OBJECT_RWSEM, fileIn(task).id);
}

/** A read or splice of a file ends: its position is stored; the splice lets its pipe go. */
export function declareDone(task: u32): void {
  const it = taskAt(task);
  if (!isSplice(task)) return declareWrite(OBJECT_AHEAD, <u32>it.fileIn - 1);
  declareWrite(OBJECT_PIPE, pipeFilled(task));
  if (isSendfile(task)) declareWrite(OBJECT_POSITION, <u32>it.fileOut - 1);
  declareOffset(task, offsetIn(task), it.fileIn);
}

/** Where a splice stores its position: in f_pos, unless operand `n` points elsewhere. `file` is one up. */
export function declareOffset(task: u32, n: u32, file: u8): void {
  if (operandIsNull(task, n)) declareWrite(OBJECT_POSITION, <u32>file - 1);
}

export function declareReadEnd(task: u32): void {
  const head: u32 = load<u16>(batchAt(task, taskAt(task).batchAt));
  declareFolioFound(head);
  declareFolioCells(head, false);
}

export function declarePush(task: u32): void {
  const frame = frameAtPosition(task);
  declareWrite(OBJECT_PIPE, pipeFilled(task));
  declareWrite(OBJECT_AHEAD, <u32>taskAt(task).fileIn - 1);
  // Steal writes back, up to i_size.
  if (MUTANT == SIZE_SAMPLED_LATE || spliceSteals()) declareRead(OBJECT_INODE, fileIn(task).id);
  declareFrees();
  if (frame == 0) return;
  if (markProtects()) declareMappings(fileIn(task).id, false);
  if (spliceSteals()) return declareFolioReplaced(frame);
  if (spliceLocks()) declareFolioUnlocked(frame);
  if (asksSnapshot || spliceCopies()) declareFolioCells(frame, false);
  if (spliceCopies()) declareFolioFound(frame);
  else declareFolioGet(frame);
}

/** A folio that may leave the cache. */
function declareDropped(head: u32): void {
  const folio = rawFrame(head);
  declareFrees();
  declareFolioWhole(head);
  if (folio.inode) declareWrite(OBJECT_PAGE, pageObject(<u32>folio.inode - 1, folio.index));
}

export function declareDrop(task: u32): void {
  const it = taskAt(task);
  for (let nth: u32 = 0; nth < <u32>it.batch; nth++) {
    const head: u32 = load<u16>(batchAt(task, nth));
    declareFolioPut(head, 1);
    if (mayDrop() && head) declareDropped(head);
  }
  declareShared(task);
  declareDone(task);
}
