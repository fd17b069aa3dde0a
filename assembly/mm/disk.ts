// What a file's pages hold behind the page cache: on the disk, or in swap for a file system without one.
//
// Interface: onDisk, diskAt, diskFlagAt; writeBack, mustFault, fault, readInto; truncateDisk, punchDisk, forgetDisk;
// allocateDisk, isAllocated, hasContent, isShared, isSameExtent, shiftDisk, fillDisk (fallocate), shareDisk.
// In the state only while a page can leave the cache, or a call writes back: the policy steals, a background task is
// declared, or state.ts finds such a call.
// Law: a clean cached page holds what the disk holds; a page that is on neither is a hole.
// Mirrors: mm/page-writeback.c, mm/filemap.c:filemap_read_folio(), fs/ext4/inode.c:ext4_block_truncate_page().
// Not modelled: I/O errors, the folio lock while I/O is in flight (both are one step), journals, a crash.

import {
  SWITCH_BLOCK_ZERO,
  SWITCH_INLINE,
  SWITCH_PREALLOCATED,
  SWITCH_PRIVATE_PARTIAL,
  SWITCH_PRIVATE_REF,
  SWITCH_TRUNCATE_FLUSH,
} from "../abi/switches";
import { emit, EVENT_DISK_READ, EVENT_DISK_WRITE } from "../events";
import {
  FOLIO_DIRTY,
  asksDisk,
  cells,
  cellsAt,
  diskBase,
  frameAt,
  gridShift,
  inodeAt,
  inodesMax,
  pageObject,
  pagesMax,
} from "../layout";
import { PAGE_SHIFT } from "../limits";
import { WRITEBACK_FORGETS } from "../mutants";
import { PRICE_FAULTS, PRICE_WRITES, pay } from "../price";
import { OBJECT_PAGE, touch } from "../touch";
import { allocFolio, folioPages, isMarked } from "./folio";
import { protectFolio } from "./mapping";
import { attachPrivate, cachedFrame, cleanBlocks, insertRead, isCleanBlock } from "./page-cache";
import { fileHas } from "./kind";

/** Address of the byte that tells whether the disk has a page of an inode. */
export function diskFlagAt(inode: u32, page: u32): usize {
  touch(OBJECT_PAGE, OBJECT_PAGE, pageObject(inode, page));
  return diskBase + inode * pagesMax + page;
}
/** Address of the cells that the disk has for it. */
export function diskAt(inode: u32, page: u32): usize {
  touch(OBJECT_PAGE, OBJECT_PAGE, pageObject(inode, page));
  return diskBase + inodesMax * pagesMax + (inode * pagesMax + page) * cells;
}

/** What the disk has for a page: nothing, content, or only the place for it. */
const DISK_CONTENT: u8 = 1;
const DISK_ALLOCATED: u8 = 2;
/** Content, in a place that may be another page's too; only where that decides about folios. */
const DISK_SHARED: u8 = 3;

/** Whether the disk has content for a page, or the place for it. */
export function onDisk(inode: u32, page: u32): bool {
  return asksDisk != 0 && page < pagesMax && load<u8>(diskFlagAt(inode, page)) != 0;
}

/** Whether the disk has the place for a page and no content: where fallocate leaves one, and it matters. */
export function isAllocated(inode: u32, page: u32): bool {
  return onDisk(inode, page) && load<u8>(diskFlagAt(inode, page)) == DISK_ALLOCATED;
}
/** Whether the disk has content for a page. */
export function hasContent(inode: u32, page: u32): bool {
  return onDisk(inode, page) && !isAllocated(inode, page);
}
/** Whether a page may have its place on the disk together with another one. */
export function isShared(inode: u32, page: u32): bool {
  return onDisk(inode, page) && load<u8>(diskFlagAt(inode, page)) == DISK_SHARED;
}
/** Whether the disk has the same for two pages: content, the place for it, or nothing. */
export function isSameExtent(inode: u32, one: u32, other: u32): bool {
  return !asksDisk || load<u8>(diskFlagAt(inode, one)) == load<u8>(diskFlagAt(inode, other));
}
/** Gets the place for a page that was a hole. */
export function allocateDisk(inode: u32, page: u32): void {
  if (asksDisk && !onDisk(inode, page)) store<u8>(diskFlagAt(inode, page), DISK_ALLOCATED);
}

/** A page that is only allocated has content now: zeros. */
function writeAllocated(inode: u32, page: u32): void {
  if (isAllocated(inode, page)) store<u8>(diskFlagAt(inode, page), DISK_CONTENT);
}
/** A page of which the file system zeroes a part is no hole any more, whether it is cached or not; only with
 *  SWITCH_PREALLOCATED. Mirrors: fs/btrfs/inode.c:btrfs_truncate_block(). */
export function fillDisk(inode: u32, page: u32): void {
  if (asksDisk && page < pagesMax) store<u8>(diskFlagAt(inode, page), DISK_CONTENT);
}

/** Bytes of the longest file that may be inside its inode. Mirrors: fs/btrfs/fs.h:BTRFS_DEFAULT_MAX_INLINE. */
const INLINE_MAX: i64 = 2048;
/** Whether the disk may have a file inside its inode: to read it is to copy. */
export function mayBeInline(inode: u32): bool {
  return fileHas(inode, SWITCH_INLINE) && inodeAt(inode).size <= INLINE_MAX;
}

/** Moves the pages from `from` on by `by` pages: to the front, over those there, or to the back.
 *  Mirrors: fs/ext4/extents.c:ext4_ext_shift_extents(). */
export function shiftDisk(inode: u32, from: u32, by: u32, back: bool): void {
  for (let nth = from; nth < pagesMax; nth++) {
    const page = back ? from + pagesMax - 1 - nth : nth;
    const source = back ? page - by : page + by;
    const exists = back ? page >= from + by : source < pagesMax;
    store<u8>(diskFlagAt(inode, page), exists ? load<u8>(diskFlagAt(inode, source)) : 0);
    if (exists) memory.copy(diskAt(inode, page), diskAt(inode, source), cells);
    else memory.fill(diskAt(inode, page), 0, cells);
  }
}

/** A page of one file becomes what a page of another is. */
export function shareDisk(source: u32, from: u32, target: u32, to: u32): void {
  if (fileHas(source, SWITCH_PRIVATE_PARTIAL) && hasContent(source, from))
    store<u8>(diskFlagAt(source, from), DISK_SHARED);
  store<u8>(diskFlagAt(target, to), load<u8>(diskFlagAt(source, from)));
  memory.copy(diskAt(target, to), diskAt(source, from), cells);
}

/** Copies a cached folio to the disk; it is clean then. What a store has left behind i_size does not come along where
 *  the file system zeroes ends; it goes from the cache too, but for a marked folio, which only who replaces it may
 *  change. Mirrors: fs/ext4/page-io.c:ext4_bio_write_folio(). */
export function writeBack(head: u32): void {
  const folio = frameAt(head);
  const inode: u32 = folio.inode - 1;
  if (fileHas(inode, SWITCH_BLOCK_ZERO) && !isMarked(head)) zeroBehindEnd(inode, head);
  if (fileHas(inode, SWITCH_PRIVATE_PARTIAL)) attachPrivate(head);
  let end: u32 = 0;
  for (let i: u32 = 0; i < folioPages(head); i++) {
    const page: u32 = <u32>folio.index + i;
    if (fileHas(inode, SWITCH_PRIVATE_PARTIAL) && isCleanBlock(head + i)) continue;
    if (isBehindEnd(inode, page)) break;
    end = page + 1;
    store<u8>(diskFlagAt(inode, page), DISK_CONTENT);
    if (MUTANT != WRITEBACK_FORGETS) memory.copy(diskAt(inode, page), cellsAt(head + i), cells);
    if (fileHas(inode, SWITCH_BLOCK_ZERO)) clearFrom(diskAt(inode, page), cellsInside(inode, page));
    pay(PRICE_WRITES);
  }
  folio.flags &= ~FOLIO_DIRTY;
  if (folio.order) cleanBlocks(head);
  growDisk(inode, (<i64>end) << PAGE_SHIFT);
  protectFolio(head);
  emit(EVENT_DISK_WRITE, inode, folio.index, head);
}

/** A page comes to the disk from a frame that is not cached. */
export function storeOnDisk(inode: u32, page: u32, frame: u32): void {
  store<u8>(diskFlagAt(inode, page), DISK_CONTENT);
  memory.copy(diskAt(inode, page), cellsAt(frame), cells);
  pay(PRICE_WRITES);
  emit(EVENT_DISK_WRITE, inode, page, frame);
}

/** The disk knows a size of at least `end`, where it knows one. */
export function growDisk(inode: u32, end: i64): void {
  if (fileHas(inode, SWITCH_TRUNCATE_FLUSH)) growOnDisk(inode, end);
}

/** Bytes up to `end` are on the disk now. Mirrors: fs/xfs/xfs_aops.c:xfs_setfilesize(). */
function growOnDisk(inode: u32, end: i64): void {
  const it = inodeAt(inode);
  it.diskSize = max<i64>(it.diskSize, min<i64>(end, it.size));
}

function zeroBehindEnd(inode: u32, head: u32): void {
  for (let i: u32 = 0; i < folioPages(head); i++)
    clearFrom(cellsAt(head + i), cellsInside(inode, <u32>frameAt(head).index + i));
}
/** Whether a page lies behind i_size as a whole: the disk never gets it. */
export function isBehindEnd(inode: u32, page: u32): bool {
  return (<i64>page) << PAGE_SHIFT >= inodeAt(inode).size;
}
/** Cells of a page that lie before i_size. */
function cellsInside(inode: u32, page: u32): u32 {
  const inside = inodeAt(inode).size - ((<i64>page) << PAGE_SHIFT);
  return <u32>(max<i64>(0, min<i64>(inside, 1 << PAGE_SHIFT)) >> gridShift);
}
function clearFrom(at: usize, cell: u32): void {
  memory.fill(at + cell, 0, cells - cell);
}

/** Whether a page has to be read from the disk before it can be used. */
export function mustFault(inode: u32, page: u32): bool {
  return onDisk(inode, page) && cachedFrame(inode, page) == 0;
}

/** Reads a page from the disk into a new folio of the cache: clean, zero behind i_size. */
export function fault(inode: u32, page: u32): void {
  const head = allocFolio(0);
  if (head == 0) return;
  insertRead(inode, page, head);
  readInto(inode, page, head);
}

/** Copies what the disk has of a page, up to i_size, to its new frame. */
export function readInto(inode: u32, page: u32, frame: u32): void {
  memory.copy(cellsAt(frame), diskAt(inode, page), cellsInside(inode, page));
  pay(PRICE_FAULTS);
  emit(EVENT_DISK_READ, inode, page, frame);
}

/** Frees what lies behind the new end and zeroes the rest of the page that it is in. */
export function truncateDisk(inode: u32, size: i64): void {
  if (!asksDisk) return;
  const partial = <u32>((size & 4095) >> gridShift);
  let page = <u32>(size >> PAGE_SHIFT);
  if (partial && page < pagesMax) {
    memory.fill(diskAt(inode, page) + partial, 0, cells - partial);
    page++;
  }
  for (; page < pagesMax; page++) {
    store<u8>(diskFlagAt(inode, page), 0);
    memory.fill(diskAt(inode, page), 0, cells);
  }
}

/** Frees the pages that lie in [from, to) and zeroes what else is in it. */
export function punchDisk(inode: u32, from: i64, to: i64): void {
  if (!asksDisk) return;
  for (let page: u32 = 0; page < pagesMax; page++) {
    const begin = (<i64>page) << PAGE_SHIFT;
    const first = max<i64>(from - begin, 0);
    const end = min<i64>(to - begin, 1 << PAGE_SHIFT);
    if (first >= end) continue;
    const cell = <u32>(first >> gridShift);
    memory.fill(diskAt(inode, page) + cell, 0, <u32>(end >> gridShift) - cell);
    if (end - first == 1 << PAGE_SHIFT) store<u8>(diskFlagAt(inode, page), 0);
    else if (fileHas(inode, SWITCH_PREALLOCATED) && begin < inodeAt(inode).size)
      writeAllocated(inode, page);
  }
}

/** The inode is gone. */
export function forgetDisk(inode: u32): void {
  truncateDisk(inode, 0);
}
