// What steps declare of mappings: calls on memory, and what others do to who maps a file.
//
// Interface: declareMappings (of a file), declareMemory (a step of load, store, munmap), declareOldEnd, changesOldEnd.
// Not modelled: single page table entries.

import { SWITCH_PREALLOCATED } from "../abi/switches";
import { has } from "../config";
import { asksDisk, inodeAt, pageObject, pagesMax, taskAt } from "../layout";
import { PAGE_SHIFT } from "../limits";
import { namedMapping } from "../mm/fault";
import { cachedFrameQuiet } from "../mm/page-cache";
import { Mapping, PTE_FRAME, mappingsMax, rawMapping, rawPteAt } from "../mm/page-table";
import { operandValue } from "../program";
import {
  OBJECT_FILE,
  OBJECT_INODE,
  OBJECT_MAPPING,
  OBJECT_PAGE,
  OBJECT_RWSEM,
  OBJECT_TASK,
  declareRead,
  declareWrite,
} from "../touch";
import { currentCall } from "./call";
import { taskOfCall } from "./declare-enter";
import {
  declareFolioCells,
  declareFolioPut,
  declareFolioReplaced,
  declareFolioWhole,
  declareFrees,
} from "./declare-folio";
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
  declareRead(OBJECT_TASK, taskOfCall(<u32>operandValue(currentCall(task), 0)));
  const mapping = namedMapping(task);
  const map = rawMapping(mapping);
  declareWrite(OBJECT_MAPPING, mapping);
  if (map.file == 0) return;
  if (it.line == LINE_UNMAP) {
    declareWrite(OBJECT_FILE, <u32>map.file - 1);
    return declareMapped(mapping);
  }
  declareRead(OBJECT_INODE, map.inode);
  declareRead(OBJECT_RWSEM, map.inode);
  declareFrees();
  if (it.folio) declareFolioWhole(it.folio);
  const page = <u32>(it.pos >> PAGE_SHIFT);
  if (page >= <u32>map.pages) return;
  const frame: u32 = load<u16>(rawPteAt(mapping, page)) & PTE_FRAME;
  if (frame) declareFolioCells(frame, true);
  declareFolioPut(frame, 1);
  if (it.line != LINE_MAP) declareFault(map, map.index + page, it.line == LINE_ACCESS);
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

/** Whether a file that grows changes the page that was its last. */
export function changesOldEnd(): bool {
  return mappingsMax > 0 || (asksDisk != 0 && has(SWITCH_PREALLOCATED));
}

/** The page of i_size, whose rest is zeroed when a write goes beyond. */
export function declareOldEnd(inode: u32): void {
  const page = inodeAt(inode).size >> PAGE_SHIFT;
  if (!changesOldEnd() || page >= <i64>pagesMax) return;
  if (asksDisk && has(SWITCH_PREALLOCATED)) declareWrite(OBJECT_PAGE, pageObject(inode, <u32>page));
  declareRead(OBJECT_PAGE, pageObject(inode, <u32>page));
  declareFolioCells(cachedFrameQuiet(inode, <u32>page), true);
}
