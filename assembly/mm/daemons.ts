// The background tasks that work on the page cache, one page at a time: write-back and reclaim, and the end of write-back behind which
// a folio that a write with RWF_DONTCACHE has made leaves the cache: at any time, or never.
//
// Interface: addDaemons, addDropBehind (reset); writebackEnabled, stepWriteback; reclaimEnabled, stepReclaim; letLeave, dropBehindEnabled, stepDropBehind;
// declarePage, foreseePage; reclaim and bringIn, from outside. Mirrors: mm/page-writeback.c:write_cache_pages(), mm/vmscan.c:shrink_folio_list(), remove_mapping().
// A large folio is one: its first page stands for it. Neither takes a folio that somebody has locked; reclaim takes
// none that anybody holds but the cache and its buffer heads, which it releases.
// Not modelled: which page comes first (any may), mapped folios (they have other holders), dirty throttling,
// folio_wait_writeback: both are one step.

import { SWITCH_HAS_DISK, SWITCH_LARGE_FOLIOS } from "../abi/switches";
import { RWF_APPEND } from "../abi/uio";
import { BACKGROUND_RECLAIM, BACKGROUND_WRITEBACK } from "../abi/program";
import { has } from "../config";
import {
  FOLIO_DIRTY,
  FOLIO_LEAVES,
  frameAt,
  header,
  inodesMax,
  pageIndex,
  pageObject,
  pagesMax,
  rawFrame,
} from "../layout";
import { UNMODELLED_CALL } from "../limits";
import {
  backgroundTasks,
  callsCount,
  operandValue,
  transferBytes,
  transferFlags,
} from "../program";
import {
  BACKGROUND_DROP_BEHIND,
  BACKGROUND_DROP_PAGE,
  BACKGROUND_WRITE_PAGE,
  addBackground,
  backgroundCount,
  backgroundKind,
  backgroundTarget,
} from "../sched/background";
import { leavesCache } from "../syscall/rwf";
import { entryOf, hearFrames } from "../explore/footprint";
import { foreseeMappings } from "../explore/future-memory";
import { declareMappings } from "../sched/declare-memory";
import { declareFolioReplaced, declareFrees } from "../sched/declare-folio";
import {
  MODE_WRITE,
  OBJECT_FRAME,
  OBJECT_INODE,
  OBJECT_LOCK,
  OBJECT_PAGE,
  declareRead,
  declareWrite,
} from "../touch";
import { fault, mustFault, writeBack } from "./disk";
import { folioIsLocked } from "./folio";
import { fileHas } from "./kind";
import {
  baseline,
  cachedFolio,
  cachedFrame,
  cachedFrameQuiet,
  detachFolio,
  removeFolio,
} from "./page-cache";

/** Adds an action for each declared task and each of the first `pages` pages of every inode: its target is the
 *  page, counted through all inodes. False if there are more than a scenario may have. */
export function addDaemons(pages: u32): bool {
  const declared = backgroundTasks();
  for (let inode: u32 = 0; inode < inodesMax; inode++)
    for (let page: u32 = 0; page < min<u32>(pages, pagesMax); page++) {
      const target = inode * pagesMax + page;
      if (declared & BACKGROUND_WRITEBACK && !addBackground(BACKGROUND_WRITE_PAGE, target))
        return false;
      if (declared & BACKGROUND_RECLAIM && !addBackground(BACKGROUND_DROP_PAGE, target))
        return false;
    }
  return true;
}

/** Adds an action for each page that a write with RWF_DONTCACHE may make, of every inode, as long as there is a number for it. */
export function addDropBehind(pages: u32): void {
  for (let page: u32 = 0; page < min<u32>(pages, pagesMax); page++) {
    if (!mayLeave(page)) continue;
    for (let inode: u32 = 0; inode < inodesMax; inode++)
      if (!addBackground(BACKGROUND_DROP_BEHIND, inode * pagesMax + page)) return;
  }
}
/** Whether a write of the program with RWF_DONTCACHE may begin a folio at a page. */
function mayLeave(page: u32): bool {
  for (let call: u32 = 0; call < callsCount(); call++) {
    if (!leavesCache(call)) continue;
    const pos = operandValue(call, 2);
    if (pos < 0 || transferFlags(call) & RWF_APPEND) return true;
    if (page >= pageIndex(pos) && page < pageIndex(pos + transferBytes(call) + 4095)) return true;
  }
  return false;
}
/** A new folio is to leave the cache once it is written back; without an action for that the run leaves the model. */
export function letLeave(head: u32): void {
  const folio = frameAt(head);
  const target = (<u32>folio.inode - 1) * pagesMax + folio.index;
  folio.flags |= FOLIO_LEAVES;
  for (let k: u32 = 0; k < backgroundCount(); k++)
    if (backgroundKind(k) == BACKGROUND_DROP_BEHIND && backgroundTarget(k) == target) return;
  header().unmodelled = UNMODELLED_CALL;
}

/** Head of the unlocked folio that begins at the page, 0 for none. */
function folioAt(target: u32): u32 {
  const frame = cachedFrame(target / pagesMax, target % pagesMax);
  return frame && rawFrame(frame).head == frame && !folioIsLocked(frame) ? frame : 0;
}

export function writebackEnabled(target: u32): bool {
  const head = folioAt(target);
  return head != 0 && (frameAt(head).flags & FOLIO_DIRTY) != 0;
}
export function stepWriteback(target: u32): void {
  writeBack(folioAt(target));
}

export function reclaimEnabled(target: u32): bool {
  const head = folioAt(target);
  if (head == 0 || frameAt(head).flags & FOLIO_DIRTY) return false;
  return frameAt(head).refs == baseline(head);
}
export function stepReclaim(target: u32): void {
  detachFolio(folioAt(target));
}

/** Mirrors: mm/filemap.c:folio_end_dropbehind(), which does not ask who holds the folio, and has it unmapped. */
export function dropBehindEnabled(target: u32): bool {
  const head = folioAt(target);
  return head != 0 && (frameAt(head).flags & (FOLIO_LEAVES | FOLIO_DIRTY)) == FOLIO_LEAVES;
}
export function stepDropBehind(target: u32): void {
  removeFolio(folioAt(target));
}

/** Brings a page in between two steps, if the disk has it: for who knows that the kernel did. Whether it came. */
export function bringIn(inode: u32, page: u32): bool {
  if (!mustFault(inode, page)) return false;
  fault(inode, page);
  return true;
}

/** Lets the folio of a page go between two steps, though no task for that was declared, if reclaim may take it once it is
 *  written back: for who knows that the kernel did. Whether it went. */
export function reclaim(inode: u32, page: u32): bool {
  const head = cachedFolio(inode, page);
  const target = head ? inode * pagesMax + frameAt(head).index : 0;
  if (head && fileHas(inode, SWITCH_HAS_DISK) && writebackEnabled(target)) writeBack(head);
  if (head == 0 || !reclaimEnabled(target)) return false;
  stepReclaim(target);
  return true;
}

/** Both look at the page and its folio and may change all of them. */
export function declarePage(target: u32): void {
  declareRead(OBJECT_INODE, target / pagesMax);
  declareWrite(OBJECT_PAGE, target);
  declareFrees();
  const frame = cachedFrameQuiet(target / pagesMax, target % pagesMax);
  if (frame) declareFolioReplaced(frame);
  declareMappings(target / pagesMax, false);
}

/** The same for every step to come, whatever folio the page will have: a large one brings its other pages in. */
export function foreseePage(target: u32): void {
  const inode = target / pagesMax;
  const large = has(SWITCH_LARGE_FOLIOS);
  declareRead(OBJECT_INODE, inode);
  declareFrees();
  foreseeMappings();
  for (let page: u32 = 0; page < pagesMax; page++) {
    const object = pageObject(inode, page);
    if (!large && object != target) continue;
    declareWrite(OBJECT_PAGE, object);
    for (let kind = OBJECT_FRAME; kind <= OBJECT_LOCK; kind++)
      hearFrames(kind, entryOf(object), MODE_WRITE);
  }
}
