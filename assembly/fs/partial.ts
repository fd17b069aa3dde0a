// The part of a folio that a cut removes: zeroed in place, and what then becomes of a large one.
// Mirrors: mm/truncate.c:truncate_inode_partial_folio(), mm/huge_memory.c:folio_split(),
// fs/buffer.c:block_invalidate_folio(), try_to_free_buffers().
//
// Interface: zeroPart, mustReplace, zeroOldEnd; dirtyCutBlock, zeroGrown, cachesCutBlock, cacheCutBlock, dirtyCut, dirtyZeroed, flushCut, releaseCut; beginZero of
// tear.ts goes before zeroPart. Shared by truncate and by holes that are punched.
// What a holder sees: zeros, up to the end of what is cut, in whole pages too (C-8).
// Not modelled: a split that fails because somebody else has a part of the folio locked.

import {
  SWITCH_BLOCK_ZERO,
  SWITCH_PREALLOCATED,
  SWITCH_PRIVATE_CACHED,
  SWITCH_PRIVATE_PARTIAL,
  SWITCH_PUNCH_CLIPPED,
} from "../abi/switches";
import { truncateReplaces } from "../config";
import { emit, EVENT_STORE } from "../events";
import {
  FOLIO_DIRTY,
  FOLIO_BLOCK_CLEAN,
  FOLIO_PRIVATE,
  asksDisk,
  cellsAt,
  frameAt,
  gridShift,
  inodeAt,
} from "../layout";
import { mappingsMax } from "../mm/page-table";
import { PAGE_SHIFT } from "../limits";
import { folioPages, headOf, isMarked, putFolio } from "../mm/folio";
import { fault, fillDisk, hasContent, mustFault, writeBack } from "../mm/disk";
import { unmapFolio } from "../mm/mapping";
import { fillHole } from "../mm/readahead";
import {
  attachPrivate,
  cachedFolio,
  cachedFrame,
  dirtyBlocks,
  dirtyFolio,
  dirtyWhole,
  isCleanBlock,
  isDirty,
  onlyCached,
  removeFolio,
  splitFolio,
} from "../mm/page-cache";
import { noteUnread } from "../syscall/rwf";
import { currentCall } from "../sched/call";
import { zeroCells } from "./tear";
import { fileHas } from "../mm/kind";

/** Whether the policy wants a copy in the cache before a part of the folio is zeroed. */
export function mustReplace(head: u32): bool {
  return truncateReplaces() && isMarked(head);
}

/** Zeroes [from, end) of a folio, in bytes from its begin; a large one is split or dropped where Linux does. */
export function zeroPart(task: u32, head: u32, from: u32, end: u32): void {
  zeroCells(task, head, from, end);
  emitZeros(task, head, from, end);
  if (frameAt(head).order) shrinkLarge(head, from, end);
}

function emitZeros(task: u32, head: u32, from: u32, end: u32): void {
  for (let at = from; at < end; at = ((at >> PAGE_SHIFT) + 1) << PAGE_SHIFT) {
    const len = min<u32>(end - at, 4096 - (at & 4095));
    emit(EVENT_STORE, currentCall(task), head + (at >> PAGE_SHIFT), at & 4095, len);
  }
}

/**
 * A large folio that loses its bytes [from, end), and the pages that lie in there. Dirty buffer heads cannot be released, so with
 * them it never splits and stays whole, those pages included (seen on 6.18/ext4, held or not). Without them it is split at both
 * ends if nobody outside the cache holds it, and loses what is behind i_size; else it stays whole if dirty and is dropped whole if clean.
 * It is unmapped whatever becomes of it. Mirrors: mm/truncate.c:truncate_inode_partial_folio(), try_folio_split_or_unmap().
 */
function shrinkLarge(head: u32, from: u32, end: u32): void {
  const first = (from + 4095) >> PAGE_SHIFT;
  const last = end >> PAGE_SHIFT;
  const released = release(head, first, last);
  if (unmapFolio(head)) dirtyWhole(head);
  if (!released) return;
  if (onlyCached(head)) {
    const pages = folioPages(head);
    const inFile = pagesInFile(head);
    splitFolio(head, head + (from >> PAGE_SHIFT));
    if (last < pages) splitFolio(headOf(head + last), head + last);
    for (let i: u32 = 0; i < pages; i++) {
      if (!((i >= first && i < last) || i >= inFile)) continue;
      if (headOf(head + i) == head + i) removeFolio(head + i);
    }
  } else if (!isDirty(frameAt(head))) removeFolio(head);
}

/** Pages of a folio that begin before i_size. A split leaves no others in the cache. */
function pagesInFile(head: u32): u32 {
  const folio = frameAt(head);
  const end = (inodeAt(folio.inode - 1).size + 4095) >> PAGE_SHIFT;
  return <u32>max<i64>(end - folio.index, 0);
}

/** Discards the buffer heads of the pages cut off, and releases them all if none is dirty then. */
function release(head: u32, from: u32, end: u32): bool {
  const folio = frameAt(head);
  if (!(folio.flags & FOLIO_PRIVATE)) return true;
  if (fileHas(<u32>folio.inode - 1, SWITCH_PRIVATE_PARTIAL)) return releaseState(head);
  const pages = folioPages(head);
  let clean: u32 = 0;
  for (let i: u32 = 0; i < pages; i++) {
    if (i >= from && i < end) frameAt(head + i).flags |= FOLIO_BLOCK_CLEAN;
    if (frameAt(head + i).flags & FOLIO_BLOCK_CLEAN) clean++;
  }
  if (isDirty(folio) && clean < pages) return false;
  for (let i: u32 = 0; i < pages; i++) frameAt(head + i).flags &= ~FOLIO_BLOCK_CLEAN;
  folio.flags &= ~(FOLIO_DIRTY | FOLIO_PRIVATE);
  putFolio(head);
  return true;
}

/** Mirrors: fs/iomap/buffered-io.c:iomap_release_folio(), fs/btrfs/inode.c:btrfs_release_folio(). */
function releaseState(head: u32): bool {
  if (isDirty(frameAt(head))) return false;
  frameAt(head).flags &= ~FOLIO_PRIVATE;
  dirtyBlocks(head, 0, folioPages(head));
  putFolio(head);
  return true;
}

/** The file system zeroes a part of the block at `pos`, through the cache, if it has one there or on the disk: its folio is
 *  dirty then. Mirrors: fs/iomap/buffered-io.c:iomap_zero_range(). */
export function dirtyCutBlock(inode: u32, pos: i64): void {
  if (!fileHas(inode, SWITCH_PRIVATE_PARTIAL) || (pos & 4095) == 0) return;
  const page = <u32>(pos >> PAGE_SHIFT);
  if (mustFault(inode, page) && hasContent(inode, page)) fault(inode, page);
  const head = cachedFolio(inode, page);
  if (head == 0 || !(isDirty(frameAt(head)) || hasContent(inode, page))) return;
  attachPrivate(head);
  dirtyFolio(head);
  dirtyBlocks(head, page - frameAt(head).index, page - frameAt(head).index + 1);
}

/** A file grows from `size` on, up to where `to` is: its cut block is zeroed through the cache. If a hole lies between, and a folio that
 *  reaches into it was dirty, that one is written back. Mirrors: fs/iomap/buffered-io.c:iomap_zero_range(). */
export function zeroGrown(inode: u32, size: i64, to: i64): void {
  if (!fileHas(inode, SWITCH_PRIVATE_PARTIAL)) return;
  const head = asksDisk ? folioInHole(inode, size, to) : 0;
  const flushes = head && isDirty(frameAt(head));
  dirtyCutBlock(inode, size);
  if (flushes) writeBack(head);
}
/** Head of the folio with the first block between the two that the disk has not; 0 for none. */
function folioInHole(inode: u32, size: i64, to: i64): u32 {
  const hole = holeBehind(inode, size);
  return hole < to ? cachedFolio(inode, <u32>(hole >> PAGE_SHIFT)) : 0;
}
/** Where the first hole at or behind the end of a file begins: the disk has nothing behind that. */
function holeBehind(inode: u32, size: i64): i64 {
  const page = <u32>(size >> PAGE_SHIFT);
  const frame = cachedFrame(inode, page);
  const isNew = frame && isDirty(frameAt(headOf(frame))) && !isCleanBlock(frame);
  return isNew || hasContent(inode, page) ? (size + 4095) & ~4095 : size;
}

/** Whether the file system has a block in the cache that is cut at `pos`, which is the old end of a file that `grows`. */
export function cachesCutBlock(inode: u32, pos: i64, grows: bool): bool {
  const caches =
    fileHas(inode, SWITCH_PUNCH_CLIPPED) || (grows && fileHas(inode, SWITCH_PRIVATE_CACHED));
  return caches && (pos & 4095) != 0;
}
/** It zeroes a part of that block through the cache, where it therefore has it, a hole too, with private data.
 *  Mirrors: fs/ext4/inode.c:ext4_block_truncate_page(), ext4_zero_partial_blocks(), fs/btrfs/inode.c:btrfs_cont_expand(). */
export function cacheCutBlock(inode: u32, pos: i64, grows: bool): void {
  if (!cachesCutBlock(inode, pos, grows)) return;
  const page = <u32>(pos >> PAGE_SHIFT);
  const isNew = cachedFrame(inode, page) == 0;
  if (mustFault(inode, page)) fault(inode, page);
  else if (isNew) fillHole(inode, page);
  const head = cachedFolio(inode, page);
  if (head == 0) return;
  if (isNew) noteUnread(head);
  attachPrivate(head);
  dirtyCut(head);
  dirtyZeroed(inode, page);
}
/** Where ext4 has a block of a page that it zeroes a part of, the page is dirty. Mirrors: fs/ext4/inode.c:__ext4_block_zero_page_range(). */
export function dirtyZeroed(inode: u32, page: u32): void {
  const head = cachedFolio(inode, page);
  if (head == 0 || !fileHas(inode, SWITCH_PUNCH_CLIPPED)) return;
  if (!isDirty(frameAt(head)) && !hasContent(inode, page)) return;
  dirtyFolio(head);
  dirtyBlocks(head, page - frameAt(head).index, page - frameAt(head).index + 1);
}
/** What btrfs zeroes through the cache, and leaves there, is dirty then, and has its private data again where it had lost it.
 *  Mirrors: fs/btrfs/inode.c:btrfs_truncate_block(). */
export function dirtyCut(head: u32): void {
  const inode: u32 = frameAt(head).inode;
  if (inode == 0 || !fileHas(inode - 1, SWITCH_PRIVATE_CACHED)) return;
  attachPrivate(head);
  dirtyFolio(head);
}

/** The file system writes back the folio that the new end of a file cuts, or one that stays; without a disk it is clean.
 *  Mirrors: fs/btrfs/inode.c:btrfs_truncate(), btrfs_wait_ordered_range(). */
export function flushCut(inode: u32, pos: i64): void {
  if (!fileHas(inode, SWITCH_PRIVATE_CACHED) || (pos & 4095) == 0) return;
  const head = cachedFolio(inode, <u32>(pos >> PAGE_SHIFT));
  if (head == 0 || !isDirty(frameAt(head))) return;
  if (asksDisk) writeBack(head);
  else frameAt(head).flags &= ~FOLIO_DIRTY;
}

/** The folio that is cut loses its private data, if it is clean; what is written back afterwards keeps it.
 *  Mirrors: fs/btrfs/inode.c:btrfs_invalidate_folio(). */
export function releaseCut(inode: u32, pos: i64): void {
  if (!fileHas(inode, SWITCH_PRIVATE_CACHED) || (pos & 4095) == 0) return;
  const head = cachedFolio(inode, <u32>(pos >> PAGE_SHIFT));
  if (head && frameAt(head).flags & FOLIO_PRIVATE) releaseState(head);
}

/**
 * A file grows: what a store has left behind its old end is zeroed, up to `to` or the end of the page. Only a store
 * leaves anything there. Mirrors: fs/ext4/inode.c:ext4_block_zero_eof().
 */
export function zeroOldEnd(inode: u32, size: i64, to: i64): void {
  if (fileHas(inode, SWITCH_PREALLOCATED) && size & 4095)
    fillDisk(inode, <u32>(size >> PAGE_SHIFT));
  if (mappingsMax == 0 || !fileHas(inode, SWITCH_BLOCK_ZERO) || (size & 4095) == 0) return;
  const frame = cachedFrame(inode, <u32>(size >> PAGE_SHIFT));
  if (frame == 0) return;
  const from = <u32>(size & 4095);
  const end = <u32>min<i64>(4096, to - (size - from));
  memory.fill(cellsAt(frame) + (from >> gridShift), 0, (end - from) >> gridShift);
}
