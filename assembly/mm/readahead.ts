// What a miss caches: folios of order 0 for the readahead window, read from the disk, or zeroed for a hole.
//
// Interface: readAhead, readAround (faults), fillHole, fillPage; readBehind (RWF_DONTCACHE). Mirrors: mm/readahead.c:page_cache_sync_ra(),
// mm/filemap.c:do_sync_mmap_readahead().
// Not modelled: asynchronous readahead (folios of order > 0 further on); ra_pages other than 32.

import { FOLIO_DROPS, File, Inode, frameAt, inodeAt, pagesMax } from "../layout";
import { PAGE_SHIFT } from "../limits";
import { allocFolio } from "./folio";
import { fault, hasContent, onDisk } from "./disk";
import { cachedFrame, insertRead } from "./page-cache";
import { noteUnread } from "../syscall/rwf";

/** Pages of the largest window: read_ahead_kb 128. */
const WINDOW_MAX: u32 = 32;

/** Caches what a miss at `page` of a request of `wanted` pages brings in. */
export function readAhead(file: File, inode: u32, page: u32, wanted: u32): void {
  fill(inode, page, page + window(file, inode, page, wanted), page);
}

/** The same for a file without folios: what comes in leaves the cache with the next read of it. */
export function readBehind(file: File, inode: u32, page: u32, wanted: u32): void {
  readAhead(file, inode, page, wanted);
  for (let at = page; at < pagesMax; at++) {
    const head = cachedFrame(inode, at);
    if (head) frameAt(head).flags |= FOLIO_DROPS;
  }
}

/** Caches what a fault at `page` brings in: a window around it. */
export function readAround(inode: u32, page: u32): void {
  const from = page < WINDOW_MAX / 2 ? 0 : page - WINDOW_MAX / 2;
  fill(inode, from, from + WINDOW_MAX, page);
}

/** Caches one zeroed page. */
export function fillHole(inode: u32, page: u32): void {
  fill(inode, page, page + 1, page);
}

/** Caches one zeroed page, though it begins behind i_size. */
export function fillPage(inode: u32, page: u32): void {
  if (page >= pagesMax || cachedFrame(inode, page)) return;
  const head = allocFolio(0);
  if (head) insertRead(inode, page, head);
}

/** What is missing of [from, to) up to the last page of the file; somebody waits for one of them. */
function fill(inode: u32, from: u32, to: u32, waited: u32): void {
  const end = min<u32>(to, lastPage(inodeAt(inode)) + 1);
  for (let at = from; at < end && at < pagesMax; at++) {
    if (cachedFrame(inode, at)) continue;
    if (onDisk(inode, at)) {
      fault(inode, at);
      if (at != waited && hasContent(inode, at)) noteUnread(cachedFrame(inode, at));
    } else fillPage(inode, at);
  }
}

function lastPage(inode: Inode): u32 {
  return <u32>((inode.size - 1) >> PAGE_SHIFT);
}

function window(file: File, inode: u32, page: u32, wanted: u32): u32 {
  const previous = file.previous >> PAGE_SHIFT;
  const distance = <i64>page - previous;
  const sequential = file.previous >= 0 && (distance == 0 || distance == 1);
  if (page == 0 || wanted > WINDOW_MAX || sequential) return initialWindow(wanted);
  let before: u32 = 0;
  while (before < page && before < WINDOW_MAX && cachedFrame(inode, page - 1 - before)) before++;
  if (before <= wanted) return wanted;
  if (before == page) before *= 2;
  return min<u32>(before + wanted, WINDOW_MAX);
}

/** Mirrors: mm/readahead.c:get_init_ra_size(). */
function initialWindow(wanted: u32): u32 {
  let size: u32 = 1;
  while (size < wanted) size <<= 1;
  if (size <= WINDOW_MAX / 32) return size * 4;
  if (size <= WINDOW_MAX / 4) return size * 2;
  return WINDOW_MAX;
}
