// What a step declares of a folio: found, held, locked, stored to, replaced.
//
// Interface: the functions below take any frame of the folio; frame 0, the zero page, is nobody's.
// Not modelled: which of a folio's frames a copy stays within.

import { MARK_LATE } from "../abi/decisions";
import { SWITCH_PRIVATE_PARTIAL } from "../abi/switches";
import { has, markKind, writeWaits } from "../config";
import { isMarked } from "../mm/mark";
import { mayAttach } from "../mm/page-cache";
import { pageObject, rawFrame } from "../layout";
import {
  MODE_ADD,
  MODE_WRITE,
  OBJECT_CELLS,
  OBJECT_COUNT,
  OBJECT_FRAME,
  OBJECT_FREE,
  OBJECT_LOCK,
  OBJECT_PAGE,
  declareAdd,
  declareMode,
  declareRead,
  declareWrite,
} from "../touch";

function headQuiet(frame: u32): u32 {
  return rawFrame(frame).head;
}
function pagesQuiet(head: u32): u32 {
  return 1 << rawFrame(head).order;
}

/** The step may take a free frame, or free one. */
export function declareFrees(): void {
  declareAdd(OBJECT_FREE, 0);
}

/** Looks at what the folio is. */
export function declareFolioFound(frame: u32): void {
  const head = headQuiet(frame);
  if (frame == 0 || head == 0) return;
  for (let i: u32 = 0; i < pagesQuiet(head); i++) declareRead(OBJECT_FRAME, head + i);
}

/** How references are taken and dropped: where a count of zero is acted upon later, it matters who reads it. */
export function countMode(): u8 {
  return markKind() == MARK_LATE ? MODE_WRITE : MODE_ADD;
}

/** Takes references. */
export function declareFolioGet(frame: u32): void {
  declareFolioFound(frame);
  if (frame == 0 || headQuiet(frame) == 0) return;
  declareMode(OBJECT_COUNT, headQuiet(frame), countMode());
}

/** Waits until nobody outside holds the folio, where the policy does. */
export function declareFolioWait(frame: u32): void {
  if (writeWaits()) declareRead(OBJECT_COUNT, headQuiet(frame));
}

/** Drops references, at most `count`; with the last one the folio is free. */
export function declareFolioPut(frame: u32, count: u32): void {
  if (frame == 0) return;
  const head = headQuiet(frame);
  declareFolioGet(frame);
  declareFrees();
  if (<u32>rawFrame(head).refs > count) return;
  for (let i: u32 = 0; i < pagesQuiet(head); i++) {
    declareWrite(OBJECT_FRAME, head + i);
    declareWrite(OBJECT_CELLS, head + i);
  }
}

/** Waits for the folio lock to be free, and leaves it so. */
export function declareFolioUnlocked(frame: u32): void {
  declareFolioFound(frame);
  if (frame) declareRead(OBJECT_LOCK, headQuiet(frame));
}

/** Takes or drops the folio lock. */
export function declareFolioLock(frame: u32): void {
  declareFolioFound(frame);
  if (frame) declareWrite(OBJECT_LOCK, headQuiet(frame));
}

/** Reads or changes bytes. */
export function declareFolioCells(frame: u32, writes: bool): void {
  const head = headQuiet(frame);
  if (frame == 0 || head == 0) return;
  declareFolioFound(frame);
  for (let i: u32 = 0; i < pagesQuiet(head); i++)
    if (writes) declareWrite(OBJECT_CELLS, head + i);
    else declareRead(OBJECT_CELLS, head + i);
}

/** Attaches private data where it is missing; that of iomap begins with what each block is. */
export function declareFolioPrivate(frame: u32): void {
  const head = headQuiet(frame);
  if (!mayAttach(rawFrame(head))) return;
  declareWrite(OBJECT_FRAME, head);
  if (has(SWITCH_PRIVATE_PARTIAL)) declareFolioCells(head, true);
  declareAdd(OBJECT_COUNT, head);
}

/** The policy looks whether the folio is marked, and replaces it if so. */
export function declareDecision(head: u32): void {
  declareFolioFound(head);
  declareRead(OBJECT_COUNT, head);
  if (isMarked(head)) declareFolioReplaced(head);
}

/** The folio leaves its place in the cache; a copy may take it. */
export function declareFolioReplaced(frame: u32): void {
  const head = headQuiet(frame);
  const folio = rawFrame(head);
  declareFolioWhole(head);
  declareFrees();
  for (let i: u32 = 0; folio.inode && i < pagesQuiet(head); i++)
    declareWrite(OBJECT_PAGE, pageObject(<u32>folio.inode - 1, <u32>folio.index + i));
}

/** Everything about a folio. */
export function declareFolioWhole(frame: u32): void {
  const head = headQuiet(frame);
  if (frame == 0 || head == 0) return;
  for (let i: u32 = 0; i < pagesQuiet(head); i++) declareFrameWhole(head + i);
}

/** Everything about one frame. */
export function declareFrameWhole(frame: u32): void {
  declareWrite(OBJECT_FRAME, frame);
  declareWrite(OBJECT_CELLS, frame);
  declareWrite(OBJECT_COUNT, frame);
  declareWrite(OBJECT_LOCK, frame);
}
