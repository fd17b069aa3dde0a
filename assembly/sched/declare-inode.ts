// What steps declare of a file as a whole: its disk, its page cache, its name.
//
// Interface: declareCaches, declareCut, declareDisk, declareFile, declareFolioLookup, declareGrown, declareNames. Part of declare.ts.
// Not modelled: single names of the folder.

import { SWITCH_PRIVATE_PARTIAL } from "../abi/switches";
import { has } from "../config";
import { fifoOf, isFifo } from "../fs/fifo";
import { asksDisk, inodeAt, inodesMax, pageObject, pagesMax, pageIndex } from "../layout";
import { ORDER_MAX, PAGE_SHIFT } from "../limits";
import { isMemfd } from "../mm/kind";
import { cachedFrameQuiet } from "../mm/page-cache";
import { SYS_UNLINK } from "../abi/syscalls";
import { callCode } from "../program";
import { currentCall, fileIn } from "./call";
import { nameEntry, nameInode, renameFlushes } from "../syscall/sys-names";
import {
  OBJECT_FDS,
  OBJECT_INODE,
  OBJECT_PAGE,
  OBJECT_PIPE,
  OBJECT_RWSEM,
  declareRead,
  declareWrite,
} from "../touch";
import {
  declareFolioFound,
  declareFolioLock,
  declareFolioPrivate,
  declareFolioWait,
  declareFolioWhole,
  declareFrees,
} from "./declare-folio";
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

/** The folio of i_size may be dirtied, and written back, before a write goes beyond; so may be the one of the page behind. */
export function declareGrown(inode: u32): void {
  const page = pageIndex(inodeAt(inode).size);
  if (!has(SWITCH_PRIVATE_PARTIAL) || page == pagesMax) return;
  declareWrite(OBJECT_INODE, inode);
  declareRead(OBJECT_PAGE, pageObject(inode, page));
  declareFolioWhole(cachedFrameQuiet(inode, page));
  if (!asksDisk) return;
  declareFrees();
  if (page + 1 < pagesMax) declareFolioWhole(cachedFrameQuiet(inode, page + 1));
  declareMappings(inode, false);
  declareDisk(inode);
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

/** Any folio of any file may leave the cache. */
export function declareCaches(): void {
  for (let inode: u32 = 0; inode < inodesMax; inode++) declareFile(inode);
}

/** What a folio step of a write may find or make at `pos`; a seal may end the write. */
export function declareFolioLookup(inode: u32, pos: i64, bytes: i64): void {
  if (isMemfd(inode)) {
    declareRead(OBJECT_INODE, inode);
    declareWrite(OBJECT_RWSEM, inode);
  }
  const index = pageIndex(pos);
  if (index >= pagesMax) return;
  const frame = cachedFrameQuiet(inode, index);
  if (frame) {
    declareRead(OBJECT_PAGE, pageObject(inode, index));
    declareFolioLock(frame);
    declareFolioWait(frame);
    return declareFolioPrivate(frame);
  }
  declareFrees();
  if (asksDisk) declareRead(OBJECT_INODE, inode);
  const last = <u32>min<i64>((pos + bytes - 1) >> PAGE_SHIFT, index + (1 << ORDER_MAX) - 1);
  for (let page = index; page <= last && page < pagesMax; page++) {
    declareWrite(OBJECT_PAGE, pageObject(inode, page));
    if (has(SWITCH_PRIVATE_PARTIAL)) declareFolioFound(cachedFrameQuiet(inode, page));
  }
}

/** A name goes, or is another file's from now on; with it goes a file that nothing else holds. */
export function declareNames(task: u32): void {
  declareWrite(OBJECT_FDS, 0);
  const entry = nameEntry(task, 0);
  if (entry == 0) return;
  if (callCode(currentCall(task)) == SYS_UNLINK) return declareNameless(entry);
  const inode = nameInode(task, 0);
  if (inode) declareRead(OBJECT_RWSEM, inode - 1);
  const other = nameEntry(task, 1);
  if (other == 0 || other == entry) return;
  declareNameless(other);
  if (!inode || !renameFlushes()) return;
  declareFile(inode - 1);
  declareRead(OBJECT_INODE, inode - 1);
}
/** A file or a FIFO loses its name. */
function declareNameless(entry: u32): void {
  if (isFifo(entry)) return declareWrite(OBJECT_PIPE, fifoOf(entry));
  const inode = entry - 1;
  declareWrite(OBJECT_INODE, inode);
  if (inodeAt(inode).opens) return declareRead(OBJECT_RWSEM, inode);
  declareWrite(OBJECT_RWSEM, inode);
  declareFile(inode);
}
