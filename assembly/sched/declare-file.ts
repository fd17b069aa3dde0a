// What steps declare of a whole file: what leaves its page cache, and what it has on the disk.
//
// Interface: declareCut, declareDisk, declareFile. Part of declare.ts.
// Not modelled: which pages a step is about.

import { asksDisk, pageObject, pagesMax } from "../layout";
import { cachedFrameQuiet } from "../mm/page-cache";
import { OBJECT_PAGE, OBJECT_RWSEM, declareWrite } from "../touch";
import { fileIn } from "./call";
import { declareFolioWhole, declareFrees } from "./declare-folio";
import { declareMappings } from "./declare-memory";

/** A cut looks at every cached folio of the file, and may detach, zero or split it. */
export function declareCut(task: u32): void {
  const id: u32 = fileIn(task).id;
  declareWrite(OBJECT_RWSEM, id);
  declareFile(id);
}

/** What a file has on the disk. */
export function declareDisk(inode: u32): void {
  if (!asksDisk) return;
  for (let page: u32 = 0; page < pagesMax; page++)
    declareWrite(OBJECT_PAGE, pageObject(inode, page));
}

/** A file's whole page cache, and who maps it. */
export function declareFile(inode: u32): void {
  declareFrees();
  declareMappings(inode, true);
  for (let page: u32 = 0; page < pagesMax; page++) {
    declareWrite(OBJECT_PAGE, pageObject(inode, page));
    declareFolioWhole(cachedFrameQuiet(inode, page));
  }
}
