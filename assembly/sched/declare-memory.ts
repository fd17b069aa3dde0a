// What steps declare of mappings: calls on memory, and what others do to who maps a file.
//
// Interface: declareMappings (of a file), declareMemory (a step of load, store, munmap, fork), declareOldEnd, declareCutBlock, changesOldEnd.
// Not modelled: single page table entries.

import { cachesCutBlock } from "../fs/partial";
import { SWITCH_PREALLOCATED, SWITCH_PRIVATE_PARTIAL } from "../abi/switches";
import { SYS_FORK } from "../abi/syscalls";
import { has, markProtects } from "../config";
import { asksDisk, inodeAt, pageObject, pagesMax, taskAt, pageIndex } from "../layout";
import { PAGE_SHIFT } from "../limits";
import { makerOf, namedMapping } from "../mm/fault";
import { mappingOfCall, originOf } from "../mm/mapping";
import { cachedFrameQuiet } from "../mm/page-cache";
import {
  MAPPING_ANON,
  MAPPING_SHARED,
  Mapping,
  PTE_ANON,
  PTE_FRAME,
  PTE_WRITE,
  mappingsMax,
  rawMapping,
  rawPteAt,
} from "../mm/page-table";
import { callCode } from "../program";
import {
  OBJECT_COUNT,
  OBJECT_FILE,
  OBJECT_INODE,
  OBJECT_MAPPING,
  OBJECT_PAGE,
  OBJECT_PIPE,
  OBJECT_RWSEM,
  OBJECT_TASK,
  declareAdd,
  declareRead,
  declareWrite,
} from "../touch";
import { declareBorrowed, declareSocket } from "../net/declare";
import { sendsMemory } from "../net/sendmsg";
import { currentCall, fileIn, isVmspliceIn, isVmspliceOut } from "./call";
import { taskOfCall } from "./declare-enter";
import {
  declareFolioCells,
  declareFolioGet,
  declareFolioPrivate,
  declareFolioPut,
  declareFolioReplaced,
  declareFolioUnlocked,
  declareFolioWhole,
  declareFrees,
} from "./declare-folio";
import { declareConsumed, declareFront } from "./declare-pipe";
import { LINE_ACCESS, LINE_MAP, LINE_UNMAP } from "./line";

/** Folios of the file are unmapped, protected, or followed to a copy; `zaps`: private copies may go too. */
export function declareMappings(inode: u32, zaps: bool): void {
  for (let m: u32 = 0; m < mappingsMax; m++) {
    if (rawMapping(m).file == 0 || rawMapping(m).inode != inode) continue;
    declareWrite(OBJECT_MAPPING, m);
    if (zaps) declareMapped(m);
  }
}

/** The frames that a mapping's entries point at may lose a reference. */
function declareMapped(mapping: u32): void {
  const pages: u32 = rawMapping(mapping).pages;
  for (let page: u32 = 0; page < pages; page++)
    declareFolioPut(load<u16>(rawPteAt(mapping, page)) & PTE_FRAME, pages);
}

/** A call on a mapping: what is mapped, and what a fault may look at or change. */
export function declareMemory(task: u32): void {
  const it = taskAt(task);
  declareRead(OBJECT_TASK, taskOfCall(makerOf(currentCall(task))));
  const splices = isVmspliceIn(task);
  if (splices) declareWrite(OBJECT_PIPE, fileIn(task).id);
  if (isVmspliceOut(task)) {
    declareFront(fileIn(task).id);
    declareConsumed(fileIn(task).id, 1);
  }
  if (sendsMemory(task)) {
    declareSocket(fileIn(task));
    declareBorrowed(fileIn(task));
  }
  const mapping = namedMapping(task);
  const map = rawMapping(mapping);
  declareWrite(OBJECT_MAPPING, mapping);
  if (map.pages == 0) return;
  if (callCode(currentCall(task)) == SYS_FORK) return declareFork(mapping, currentCall(task));
  if (it.line == LINE_UNMAP) {
    if (map.file) declareWrite(OBJECT_FILE, <u32>map.file - 1);
    return declareMapped(mapping);
  }
  if (it.folio) declareFolioWhole(it.folio);
  if (map.flags & MAPPING_ANON) return declareEntry(mapping, <u32>(it.pos >> PAGE_SHIFT));
  declareRead(OBJECT_INODE, map.inode);
  declareRead(OBJECT_RWSEM, map.inode);
  declareFrees();
  const page = <u32>(it.pos >> PAGE_SHIFT);
  if (page >= <u32>map.pages) return;
  const pte: u32 = load<u16>(rawPteAt(mapping, page));
  const frame = pte & PTE_FRAME;
  declareHeld(pte);
  if (splices) declareFolioUnlocked(frame);
  if (splices && markProtects()) declareMappings(map.inode, false);
  if (it.line != LINE_MAP) declareFault(map, map.index + page, it.line == LINE_ACCESS);
}

/** An access to a page of anonymous memory; where it is shared, all processes get a page that is missing. */
function declareEntry(mapping: u32, page: u32): void {
  declareFrees();
  if (page >= <u32>rawMapping(mapping).pages) return;
  const pte: u32 = load<u16>(rawPteAt(mapping, page));
  declareHeld(pte);
  if (pte == 0 && rawMapping(mapping).flags & MAPPING_SHARED)
    for (let m: u32 = 0; m < mappingsMax; m++)
      if (originOf(m) == originOf(mapping)) declareWrite(OBJECT_MAPPING, m);
}

/** The frame that an access finds: its bytes, and before a store whether somebody else holds it. */
function declareHeld(pte: u32): void {
  const frame = pte & PTE_FRAME;
  if (frame == 0) return;
  declareFolioCells(frame, true);
  declareFolioPut(frame, 1);
  if (pte & PTE_ANON && !(pte & PTE_WRITE)) declareRead(OBJECT_COUNT, frame);
}

/** The copy takes a reference for every entry, and one on the description. */
function declareFork(mapping: u32, call: u32): void {
  const map = rawMapping(mapping);
  declareWrite(OBJECT_MAPPING, mappingOfCall(call));
  if (map.file) declareAdd(OBJECT_FILE, <u32>map.file - 1);
  for (let page: u32 = 0; page < <u32>map.pages; page++)
    declareFolioGet(load<u16>(rawPteAt(mapping, page)) & PTE_FRAME);
}

/** A fault may find, make, lock or replace the page; a miss brings others in. */
function declareFault(map: Mapping, page: u32, finds: bool): void {
  if (page >= pagesMax) return;
  const inode: u32 = map.inode;
  const frame = cachedFrameQuiet(inode, page);
  if (frame) {
    declareRead(OBJECT_PAGE, pageObject(inode, page));
    if (finds) declareFolioWhole(frame);
    else declareFolioReplaced(frame);
    if (!finds) declareMappings(inode, false);
    return;
  }
  for (let each: u32 = 0; each < pagesMax; each++)
    if (cachedFrameQuiet(inode, each)) declareRead(OBJECT_PAGE, pageObject(inode, each));
    else declareWrite(OBJECT_PAGE, pageObject(inode, each));
}

/** Whether a file that grows changes the page that was its last, whether or not its end cuts it and it is cached. */
export function changesOldEnd(): bool {
  return mappingsMax > 0 || changesDiskEnd();
}
/** Whether the disk has that page then, or it is read from there. */
function changesDiskEnd(): bool {
  return asksDisk != 0 && (has(SWITCH_PREALLOCATED) || has(SWITCH_PRIVATE_PARTIAL));
}

/** The page of i_size, which is cached, and whose rest is zeroed, when a write goes beyond. */
export function declareOldEnd(inode: u32): void {
  const size = inodeAt(inode).size;
  const page = pageIndex(size);
  if (page == pagesMax) return;
  const frame = cachedFrameQuiet(inode, page);
  declareCutBlock(inode, size, true);
  if (changesDiskEnd()) declareFrees();
  if (changesDiskEnd()) declareWrite(OBJECT_PAGE, pageObject(inode, page));
  if (!changesOldEnd() && !has(SWITCH_PRIVATE_PARTIAL)) return;
  declareRead(OBJECT_PAGE, pageObject(inode, page));
  declareFolioCells(frame, true);
  if (frame && has(SWITCH_PRIVATE_PARTIAL)) declareFolioPrivate(frame);
}

/** The page that is cut at `pos`, if the file system caches it. */
export function declareCutBlock(inode: u32, pos: i64, grows: bool): void {
  if (!cachesCutBlock(inode, pos, grows) || pos >> PAGE_SHIFT >= <i64>pagesMax) return;
  const page = <u32>(pos >> PAGE_SHIFT);
  declareFrees();
  declareWrite(OBJECT_PAGE, pageObject(inode, page));
  declareFolioWhole(cachedFrameQuiet(inode, page));
}
