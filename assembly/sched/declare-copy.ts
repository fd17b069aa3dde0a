// What the steps of copy_file_range declare beside what they share with a write.
//
// Interface: declareCopying. Part of declare.ts.
// Not modelled: which of the folios that a round holds a step copies from.

import { SWITCH_HOLE_CACHED, SWITCH_READ_LOCKS } from "../abi/switches";
import { has, markProtects } from "../config";
import { copySource } from "../fs/copy-range";
import { batchAt, inodeAt, pageObject, pagesMax, taskAt, pageIndex } from "../layout";
import { cachedFrameQuiet } from "../mm/page-cache";
import {
  OBJECT_AHEAD,
  OBJECT_INODE,
  OBJECT_PAGE,
  OBJECT_POSITION,
  OBJECT_RWSEM,
  declareAdd,
  declareRead,
  declareWrite,
} from "../touch";
import { fileIn, fileOut, operandIsNull } from "./call";
import { declareFolioCells, declareFolioGet, declareFolioPut, declareFrees } from "./declare-folio";
import { declareFile } from "./declare-inode";
import { declareMappings } from "./declare-memory";
import { LINE_BATCH, LINE_PUNCH, LINE_REMAP, LINE_STORE, LINE_STORED, LINE_UNLOCK } from "./line";

/** True if that is all; else the step is one of a write, too. */
export function declareCopying(task: u32): bool {
  const at = taskAt(task).line;
  if (at == LINE_BATCH) {
    declareLookup(task);
    return true;
  }
  if (at == LINE_REMAP || at == LINE_PUNCH) {
    declareBoth(fileIn(task).id);
    declareBoth(fileOut(task).id);
    declareEnd(task);
    return true;
  }
  for (let nth: u32 = 0; nth < <u32>taskAt(task).batch; nth++) {
    const head: u32 = load<u16>(batchAt(task, nth));
    if (at == LINE_STORE || at == LINE_STORED) declareFolioCells(head, false);
    if (at == LINE_UNLOCK) declareFolioPut(head, 1);
  }
  if (at == LINE_UNLOCK) declareEnd(task);
  return false;
}

/** The call may end and store positions. */
function declareEnd(task: u32): void {
  const it = taskAt(task);
  if (operandIsNull(task, 1)) declareWrite(OBJECT_POSITION, <u32>it.fileIn - 1);
  if (operandIsNull(task, 3)) declareWrite(OBJECT_POSITION, <u32>it.fileOut - 1);
}

/** The folios that a lookup may find, or make. */
function declareLookup(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const first = pageIndex(copySource(task));
  declareRead(OBJECT_INODE, id);
  if (has(SWITCH_READ_LOCKS)) declareAdd(OBJECT_RWSEM, id);
  declareEnd(task);
  declareWrite(OBJECT_AHEAD, <u32>it.fileIn - 1);
  declareFrees();
  if (copySource(task) >= inodeAt(id).size || first >= pagesMax) return;
  if (markProtects()) declareMappings(id, false);
  const misses = cachedFrameQuiet(id, first) == 0;
  for (let page: u32 = 0; page < pagesMax; page++) {
    const isWritten =
      misses && cachedFrameQuiet(id, page) == 0 && (has(SWITCH_HOLE_CACHED) || page == first);
    if (isWritten) declareWrite(OBJECT_PAGE, pageObject(id, page));
    else declareRead(OBJECT_PAGE, pageObject(id, page));
    if (page >= first) declareFolioGet(cachedFrameQuiet(id, page));
  }
}

/** Locks, sizes and page caches of a file. */
function declareBoth(inode: u32): void {
  declareWrite(OBJECT_RWSEM, inode);
  declareWrite(OBJECT_INODE, inode);
  declareFile(inode);
}
