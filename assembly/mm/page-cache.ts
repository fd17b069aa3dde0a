// The page cache of an inode: which folio holds which pages. Mirrors: mm/filemap.c.
//
// Interface: cachedFrame, insertFolio, insertRead, detachFolio, folioForWrite, replaceFolio, splitFolio.
// Law: the cache holds one reference per page, and one more for buffer heads.
// What is neither cached nor on the disk (disk.ts) is a hole and reads as zeros.
// Not modelled: readahead from the disk.

import {
  SWITCH_HAS_DISK,
  SWITCH_LARGE_FOLIOS,
  SWITCH_PREALLOCATED,
  SWITCH_PRIVATE_CACHED,
  SWITCH_PRIVATE_PARTIAL,
  SWITCH_PRIVATE_REF,
} from "../abi/switches";
import { emit, EVENT_CACHE_INSERT, EVENT_CACHE_REMOVE, EVENT_REPLACE } from "../events";
import {
  FOLIO_DIRTY,
  FOLIO_DROPS,
  FOLIO_LEAVES,
  FOLIO_MARKED,
  FOLIO_BLOCK_CLEAN,
  FOLIO_PRIVATE,
  Frame,
  cells,
  cellsAt,
  frameAt,
  header,
  pageAt,
  pagesMax,
  rawPageAt,
} from "../layout";
import { ORDER_MAX, PAGE_SHIFT, UNMODELLED_EXTENTS, UNMODELLED_FILE_SIZE } from "../limits";
import { PRICE_BYTES, PRICE_PAGES, pay } from "../price";
import { isSameExtent, isShared, onDisk, readInto } from "./disk";
import { allocFolio, folioPages, getFolio, headOf, putFolio } from "./folio";
import { moveMappers, ptesOfFolio, ptesOfFrame, unmapFolio } from "./mapping";
import { FOLIO_UNALIGNED, REPLACE_DROPS_PRIVATE, STATE_NEVER_ATTACHED } from "../mutants";
import { fileHas } from "./kind";

/** The frame cached for a page, 0 for none. */
export function cachedFrame(inode: u32, page: u32): u32 {
  return page < pagesMax ? load<u16>(pageAt(inode, page)) : 0;
}

/** The same for the one who declares: the inode is not being looked at yet. */
export function cachedFrameQuiet(inode: u32, page: u32): u32 {
  return load<u16>(rawPageAt(inode, page));
}

/** Head of the folio cached for a page, 0 for none. */
export function cachedFolio(inode: u32, page: u32): u32 {
  const frame = cachedFrame(inode, page);
  return frame ? headOf(frame) : 0;
}

/** Puts a folio into the cache, which takes its references. */
export function insertFolio(inode: u32, index: u32, head: u32): void {
  const folio = frameAt(head);
  const pages = folioPages(head);
  for (let i: u32 = 0; i < pages; i++) store<u16>(pageAt(inode, index + i), <u16>(head + i));
  folio.inode = <u8>(inode + 1);
  folio.index = <u16>index;
  emit(EVENT_CACHE_INSERT, inode, index, head);
  getFolio(head, pages);
}

/** The same for one that was read: from the disk, or zeroes for a hole. */
export function insertRead(inode: u32, index: u32, head: u32): void {
  insertFolio(inode, index, head);
  if (fileHas(inode, SWITCH_PRIVATE_CACHED)) attachPrivate(head);
}

/** Takes a folio out of the cache; its holders keep it. Mirrors: mm/truncate.c:truncate_inode_folio(). */
export function detachFolio(head: u32): void {
  const folio = frameAt(head);
  const pages = folioPages(head);
  assert(folio.inode != 0, "only a cached folio is detached");
  const inode: u32 = folio.inode - 1;
  for (let i: u32 = 0; i < pages; i++) store<u16>(pageAt(inode, folio.index + i), 0);
  emit(EVENT_CACHE_REMOVE, inode, folio.index, head);
  folio.inode = 0;
  const refs = pages + (folio.flags & FOLIO_PRIVATE ? 1 : 0);
  for (let i: u32 = 0; i < pages; i++) frameAt(head + i).flags = 0;
  putFolio(head, refs);
}

/** The same for one that may be mapped: what maps it goes first. */
export function removeFolio(head: u32): void {
  unmapFolio(head);
  detachFolio(head);
}

/** Whether a folio gets private data when it is written: buffer heads, or the state of its blocks. */
export function mayAttach(folio: Frame): bool {
  if (folio.flags & FOLIO_PRIVATE) return false;
  const inode = <u32>folio.inode - 1;
  if (MUTANT == STATE_NEVER_ATTACHED) return fileHas(inode, SWITCH_PRIVATE_REF);
  return (
    fileHas(inode, SWITCH_PRIVATE_REF) ||
    (fileHas(inode, SWITCH_PRIVATE_PARTIAL) && folio.order > 0)
  );
}
/** Attaches private data where the file system has it. The state of the blocks begins with that of the folio. Mirrors:
 *  fs/buffer.c:create_empty_buffers(), fs/iomap/buffered-io.c:ifs_alloc(). */
export function attachPrivate(head: u32): void {
  const folio = frameAt(head);
  if (!mayAttach(folio)) return;
  folio.flags |= FOLIO_PRIVATE;
  const parts = fileHas(<u32>folio.inode - 1, SWITCH_PRIVATE_PARTIAL);
  if (parts && !isDirty(folio)) cleanBlocks(head);
  getFolio(head);
}

/**
 * The folio that a write of `bytes` bytes at `pos` modifies next, made if need be; 0 when the run
 * leaves the model. Mirrors: mm/filemap.c:__filemap_get_folio() with fgf_set_order().
 */
export function folioForWrite(inode: u32, pos: i64, bytes: i64): u32 {
  const page = pos >> PAGE_SHIFT;
  if (page >= <i64>pagesMax) {
    header().unmodelled = UNMODELLED_FILE_SIZE;
    return 0;
  }
  const index = <u32>page;
  let head = cachedFolio(inode, index);
  if (head == 0) {
    head = allocFolio(writeOrder(inode, pos, bytes));
    if (head == 0) return 0;
    insertFolio(inode, index, head);
    if (fileHas(inode, SWITCH_HAS_DISK)) readFolio(head);
  }
  const begin = (<i64>frameAt(head).index) << PAGE_SHIFT;
  const isWhole = pos <= begin && pos + bytes >= begin + (folioPages(head) << PAGE_SHIFT);
  if (fileHas(inode, SWITCH_PRIVATE_REF) || !isWhole) attachPrivate(head);
  return head;
}

/** A new folio has what the disk has: a write may end before it has replaced all of it. */
function readFolio(head: u32): void {
  const folio = frameAt(head);
  const inode: u32 = folio.inode - 1;
  for (let i: u32 = 0; i < folioPages(head); i++)
    if (onDisk(inode, folio.index + i)) readInto(inode, folio.index + i, head + i);
}

/** The order of a new folio: the largest that the write covers, aligned at its index and free of others; with iomap in one
 *  extent. Mirrors: fs/iomap/buffered-io.c:iomap_write_iter(). */
function writeOrder(inode: u32, pos: i64, bytes: i64): u32 {
  const index = <u32>(pos >> PAGE_SHIFT);
  const most = fileHas(inode, SWITCH_PRIVATE_PARTIAL) ? bytesInExtent(inode, pos, bytes) : bytes;
  if (!fileHas(inode, SWITCH_LARGE_FOLIOS) || most < 2 << PAGE_SHIFT) return 0;
  let order = <u32>min<i64>(63 - clz<i64>(most) - PAGE_SHIFT, ORDER_MAX);
  if (index & ((1 << order) - 1) && MUTANT != FOLIO_UNALIGNED) order = ctz(index);
  while (order > 0 && !rangeIsEmpty(inode, index, 1 << order)) order--;
  return order;
}

/** How much of a write lies in the extent that it begins in; what is more than a folio can hold is taken to. */
function bytesInExtent(inode: u32, pos: i64, bytes: i64): i64 {
  const index = <u32>(pos >> PAGE_SHIFT);
  const last = <u32>min<i64>((pos + bytes - 1) >> PAGE_SHIFT, index + (1 << ORDER_MAX) - 1);
  for (let page = index + 1; page <= last && page < pagesMax; page++) {
    if (isShared(inode, index) || isShared(inode, page)) header().unmodelled = UNMODELLED_EXTENTS;
    if (isDirtyPage(inode, page) || !isSameExtent(inode, index, page))
      return ((<i64>page) << PAGE_SHIFT) - pos;
  }
  return bytes;
}
/** Whether a page waits for its place on the disk. */
export function isDirtyPage(inode: u32, page: u32): bool {
  const frame = cachedFrame(inode, page);
  return frame != 0 && isDirty(frameAt(headOf(frame))) && !isCleanBlock(frame);
}

function rangeIsEmpty(inode: u32, index: u32, pages: u32): bool {
  if (index + pages > pagesMax) return false;
  for (let i: u32 = 0; i < pages; i++) if (cachedFrame(inode, index + i)) return false;
  return true;
}

/**
 * A policy's copy on write: a copy takes the folio's place in the cache and in page tables, with its dirty
 * and private state; the folio stays with its other holders. Returns the copy, 0 when the run leaves the model.
 */
export function replaceFolio(head: u32): u32 {
  const folio = frameAt(head);
  const order: u32 = folio.order;
  const inode: u32 = folio.inode - 1;
  const index: u32 = folio.index;
  const flags = folio.flags & ~FOLIO_MARKED;
  const copy = allocFolio(order);
  if (copy == 0) return 0;
  for (let i: u32 = 0; i < <u32>(1 << order); i++)
    frameAt(copy + i).flags = frameAt(head + i).flags & ~FOLIO_MARKED;
  memory.copy(cellsAt(copy), cellsAt(head), cells << order);
  pay(PRICE_PAGES, 1 << order);
  pay(PRICE_BYTES, 1 << (order + PAGE_SHIFT));
  detachFolio(head);
  insertFolio(inode, index, copy);
  moveMappers(head, copy);
  if (flags & FOLIO_PRIVATE && MUTANT != REPLACE_DROPS_PRIVATE) getFolio(copy);
  emit(EVENT_REPLACE, head, copy);
  return copy;
}

/** Halves a cached folio that only the cache holds until one of its frames is a folio of its own; the halves without it stay.
 *  Mirrors: mm/huge_memory.c:__split_unmapped_folio(). */
export function splitFolio(head: u32, at: u32): void {
  let from = head;
  for (let order: u32 = frameAt(head).order; order > 0; order--) {
    const second = from + (1 << (order - 1));
    makeHalf(second, from, order - 1);
    makeHalf(from, from, order - 1);
    if (at >= second) from = second;
  }
}

/** A folio that begins at a frame of `whole`, with that one's state. */
function makeHalf(head: u32, whole: u32, order: u32): void {
  const from = frameAt(whole);
  const folio = frameAt(head);
  const pages: u32 = 1 << order;
  folio.index = <u16>(from.index + head - whole);
  folio.inode = from.inode;
  folio.flags = from.flags;
  folio.order = <u8>order;
  for (let i: u32 = 0; i < pages; i++) frameAt(head + i).head = <u16>head;
  folio.refs = <u16>(baseline(head) + ptesOfFolio(head));
}

/** References of the cache and of buffer heads. */
export function baseline(head: u32): u32 {
  return folioPages(head) + (frameAt(head).flags & FOLIO_PRIVATE ? 1 : 0);
}
/** Whether nobody but the cache, its buffer heads and page tables holds the folio. */
export function onlyCached(head: u32): bool {
  return frameAt(head).refs == baseline(head) + ptesOfFolio(head);
}

/** Of a dirty folio, the head of the one that is written back first with it: the last of the dirty ones that follow without a
 *  gap, which btrfs allocates in one go. Mirrors: fs/btrfs/extent_io.c:find_lock_delalloc_range(),
 *  fs/btrfs/ordered-data.c:btrfs_wait_ordered_range(). */
export function lastAllocated(head: u32): u32 {
  if (!fileHas(<u32>frameAt(head).inode - 1, SWITCH_PREALLOCATED)) return head;
  let last = head;
  let next = dirtyBehind(head);
  while (next) {
    last = next;
    next = dirtyBehind(last);
  }
  return last;
}
/** Head of the folio that follows, if it is dirty; else 0. */
function dirtyBehind(head: u32): u32 {
  const folio = frameAt(head);
  const next = cachedFolio(folio.inode - 1, <u32>folio.index + folioPages(head));
  return next && isDirty(frameAt(next)) ? next : 0;
}

/** Marks a folio dirty. */
export function dirtyFolio(head: u32): void {
  frameAt(head).flags = (frameAt(head).flags | FOLIO_DIRTY) & ~(FOLIO_DROPS | FOLIO_LEAVES);
}

/** None of the blocks of a folio is dirty: no block of it is written back again before it is written to. */
export function cleanBlocks(head: u32): void {
  for (let i: u32 = 0; i < folioPages(head); i++) frameAt(head + i).flags |= FOLIO_BLOCK_CLEAN;
}

/** Whether the block of a page of a large folio is not dirty, though the folio may be. */
export function isCleanBlock(frame: u32): bool {
  return (frameAt(frame).flags & FOLIO_BLOCK_CLEAN) != 0;
}

/** A folio is dirty, with all its blocks. Mirrors: fs/buffer.c:block_dirty_folio(), fs/iomap/buffered-io.c:iomap_dirty_folio(). */
export function dirtyWhole(head: u32): void {
  dirtyFolio(head);
  dirtyBlocks(head, 0, folioPages(head));
}

/** The blocks of the pages [from, to) of a folio are dirty again. */
export function dirtyBlocks(head: u32, from: u32, to: u32): void {
  for (let i = from; i < to; i++) frameAt(head + i).flags &= ~FOLIO_BLOCK_CLEAN;
}

/** Whether a folio is dirty. */
export function isDirty(folio: Frame): bool {
  return (folio.flags & FOLIO_DIRTY) != 0;
}
