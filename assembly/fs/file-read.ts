// Reading a file: batches of cached folios, copied one by one. Mirrors: mm/filemap.c:filemap_read(),
// filemap_get_pages(); mm/shmem.c:shmem_file_read_iter().
//
// Interface: batchCanGo, faultNext, takeBatch, dropBatch, batchFolio (shared with splice), beginFileRead … stepReadDrop.
// Not modelled: folios that are not up to date (a page from the disk comes in one step), read errors.

import { EAGAIN, EFAULT } from "../abi/errno";
import { SWITCH_HOLE_CACHED, SWITCH_SPLICE_PER_FOLIO } from "../abi/switches";
import { RWF_DONTCACHE, RWF_NOWAIT } from "../abi/uio";
import { PAGE_SIZE } from "../abi/pipe";
import {
  FOLIO_DROPS,
  FOLIO_UNREAD,
  File,
  TASK_POS_LOCKED,
  batchAt,
  cells,
  cellsAt,
  frameAt,
  gridShift,
  header,
  inodeAt,
  pagesMax,
  taskAt,
  pageIndex,
} from "../layout";
import { BATCH_MAX, PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { fault, hasContent, mayBeInline, mustFault } from "../mm/disk";
import { folioIsLocked, folioPages, getFolio, isMarked, putFolio, slotPut } from "../mm/folio";
import { shareFolio } from "../mm/mapping";
import { mappingsMax } from "../mm/page-table";
import { cachedFolio, cachedFrame, detachFolio } from "../mm/page-cache";
import { readAhead, readBehind } from "../mm/readahead";
import { transferFlags } from "../program";
import { currentCall, fail, fileIn, finish, finishShort, isCopy } from "../sched/call";
import { LINE_BATCH, LINE_BEGIN, LINE_DROP } from "../sched/line";
import { MARK_CLEARED_EARLY } from "../mutants";
import { asksOnce, mustNotWait } from "../syscall/rwf";
import { aimAt, mappedLeft, takeCopy } from "./copy-out";
import { copySource } from "./copy-range";
import { mayShare, shareRwsem, unshareRwsem } from "./rwsem";
import { fileHas } from "../mm/kind";

/** Head of the folio at the front of what is left of the task's batch; 0 is a hole. */
export function batchFolio(task: u32): u32 {
  return load<u16>(batchAt(task, taskAt(task).batchAt));
}

/**
 * Looks up the folios that cover [pos, pos + want), one reference each; samples i_size.
 * False at the end of the file. `outside`: the references are a splice's and are marked.
 */
export function takeBatch(task: u32, outside: bool): bool {
  const it = taskAt(task);
  const file = fileIn(task);
  const inode: u32 = file.id;
  if (it.pos >= inodeAt(inode).size) return false;
  const first = <u32>(it.pos >> PAGE_SHIFT);
  const end = wantedEnd(task);
  if (fileHas(inode, SWITCH_HOLE_CACHED) && cachedFolio(inode, first) == 0)
    readAhead(file, inode, first, max<u32>(end - first, 1));
  const most: u32 = fileHas(inode, SWITCH_SPLICE_PER_FOLIO) ? 1 : BATCH_MAX;
  let page = first;
  while (it.batch < <u8>most && page < end) {
    const head = cachedFolio(inode, page);
    if (head == 0) break;
    if (outside) shareFolio(head);
    else getFolio(head);
    store<u16>(batchAt(task, it.batch), <u16>head);
    it.batch++;
    page = <u32>frameAt(head).index + folioPages(head);
  }
  if (it.batch == 0) it.batch = 1;
  it.size = inodeAt(inode).size;
  return true;
}

/** The page behind the last one that is asked for. */
function wantedEnd(task: u32): u32 {
  const it = taskAt(task);
  return pageIndex(it.pos + it.want + PAGE_SIZE - 1);
}

/** A page that is wanted next and is on the disk only is read first, in a step of its own. */
export function faultNext(task: u32): bool {
  const it = taskAt(task);
  const inode: u32 = fileIn(task).id;
  const page = <u32>(it.pos >> PAGE_SHIFT);
  if (it.pos >= inodeAt(inode).size || !mustFault(inode, page)) return false;
  bringIn(task, page);
  return true;
}
function bringIn(task: u32, page: u32): void {
  const inode: u32 = fileIn(task).id;
  if (fileHas(inode, SWITCH_HOLE_CACHED))
    readAhead(fileIn(task), inode, page, wantedEnd(task) - page);
  else fault(inode, page);
}

/** The guard of BATCH: i_rwsem can be shared, and the page that is wanted next is cached, or may be brought in. Mirrors:
 *  mm/readahead.c:page_cache_ra_unbounded(), which takes invalidate_lock. */
export function batchCanGo(task: u32): bool {
  const it = taskAt(task);
  const inode = inodeAt(fileIn(task).id);
  if (!mayShare(task)) return mustNotWait(currentCall(task));
  const pos = isCopy(task) ? copySource(task) : it.pos;
  if (!inode.moving || pos >= inode.size) return true;
  return cachedFolio(fileIn(task).id, <u32>(pos >> PAGE_SHIFT)) != 0;
}

/** Drops the references of the batch. */
export function dropBatch(task: u32, outside: bool): void {
  const it = taskAt(task);
  for (let nth: u32 = 0; nth < <u32>it.batch; nth++) {
    const head: u32 = load<u16>(batchAt(task, nth));
    if (head == 0) continue;
    if (MUTANT == MARK_CLEARED_EARLY && outside && isMarked(head)) frameAt(head).outside = 1;
    if (!outside) dropBehind(head);
    if (outside) slotPut(head);
    else putFolio(head);
    store<u16>(batchAt(task, nth), 0);
  }
  it.batch = 0;
  it.batchAt = 0;
}

/** Whoever else holds the folio keeps it, without its file. Mirrors: mm/filemap.c:filemap_end_dropbehind_read(). */
function dropBehind(head: u32): void {
  const folio = frameAt(head);
  if (folio.flags & FOLIO_DROPS && folio.inode && !folioIsLocked(head)) detachFolio(head);
}

/** Bytes that can be taken from the batch's current folio: up to its end, the wish and the sampled size. */
function offered(task: u32): i64 {
  const it = taskAt(task);
  const head = batchFolio(task);
  const pageEnd = ((it.pos >> PAGE_SHIFT) + 1) << PAGE_SHIFT;
  const folioEnd = head ? (<i64>frameAt(head).index + folioPages(head)) << PAGE_SHIFT : pageEnd;
  return min<i64>(min<i64>(it.want, it.size - it.pos), folioEnd - it.pos);
}

/** Of these, the bytes that the call's memory takes. */
function available(task: u32): i64 {
  return min<i64>(offered(task), mappedLeft(task));
}

/** Frame of the batch's current folio at the position; 0 is the zero page. */
export function frameAtPosition(task: u32): u32 {
  const it = taskAt(task);
  const head = batchFolio(task);
  if (head == 0) return 0;
  return head + (<u32>(it.pos >> PAGE_SHIFT) - frameAt(head).index);
}

/** Goes to the next folio of the batch if the position has left the current one. */
export function advanceBatch(task: u32): void {
  const it = taskAt(task);
  const head = batchFolio(task);
  const end = head
    ? (<i64>frameAt(head).index + folioPages(head)) << PAGE_SHIFT
    : (it.pos + PAGE_SIZE - 1) & ~(<i64>PAGE_SIZE - 1);
  if (it.pos >= end) it.batchAt++;
}

/** Whether a read must not wait, or must leave no folio behind. */
export function isLimited(task: u32): bool {
  return (transferFlags(currentCall(task)) & (RWF_NOWAIT | RWF_DONTCACHE)) != 0;
}
/** Whether a read with RWF_DONTCACHE goes on with a batch. What is cached stays, and what it brings in goes; who has read ahead before,
 *  and may do so again, is known where all of the file is cached, or nothing. Mirrors: include/linux/pagemap.h:DEFINE_READAHEAD(). */
function dropsCanGo(task: u32): bool {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const page = <u32>(it.pos >> PAGE_SHIFT);
  if (it.pos >= inodeAt(id).size) return true;
  if (cachedFrame(id, page) && (it.size > 0 || isWhole(id))) return true;
  if (mappingsMax || mustNotWait(currentCall(task)) || it.size > 0 || hasFolios(id)) {
    header().unmodelled = UNMODELLED_CALL;
    return false;
  }
  readBehind(fileIn(task), id, page, wantedEnd(task) - page);
  it.size = inodeAt(id).size;
  return false;
}
/** Whether all pages of a file are cached, for certain. */
function isWhole(inode: u32): bool {
  const end = pageIndex(inodeAt(inode).size + PAGE_SIZE - 1);
  for (let page: u32 = 0; page < end; page++) if (!cachedFrame(inode, page)) return false;
  return !meetsUnread(inode, 0, end);
}
/** Whether a read with RWF_NOWAIT goes on with a batch. It begins to read ahead in place of waiting for the disk. How far that has
 *  come is known where the file has no folio before, and no second call asks. Mirrors: mm/filemap.c:filemap_update_page(). */
function nowaitCanGo(task: u32): bool {
  const id: u32 = fileIn(task).id;
  const page = <u32>(taskAt(task).pos >> PAGE_SHIFT);
  if (taskAt(task).pos >= inodeAt(id).size) return true;
  const unread =
    meetsUnread(id, page, wantedEnd(task)) || holeBringsDisk(id, page, wantedEnd(task));
  if (!unread && !mustRead(id, page)) return true;
  if (unread || !asksOnce() || hasFolios(id) || mayBeInline(id)) {
    header().unmodelled = UNMODELLED_CALL;
    return false;
  }
  bringIn(task, page);
  giveUp(task);
  return false;
}
/** Whether readahead that begins at a hole, which is there at once, brings in pages of the disk that are wanted, too. */
function holeBringsDisk(inode: u32, first: u32, end: u32): bool {
  if (cachedFrame(inode, first) || mustRead(inode, first)) return false;
  for (let page = first + 1; page < end; page++) if (mustRead(inode, page)) return true;
  return false;
}
/** Whether a page is to be read from the disk; one that is only allocated there is zeroed at once, as a hole is. */
function mustRead(inode: u32, page: u32): bool {
  return mustFault(inode, page) && hasContent(inode, page);
}
/** Whether one of the pages is in a folio that Linux may find not up to date. */
function meetsUnread(inode: u32, first: u32, end: u32): bool {
  for (let page = first; page < end; page++) {
    const frame = cachedFrame(inode, page);
    if (frame && frameAt(frame).flags & FOLIO_UNREAD) return true;
  }
  return false;
}
function limitedCanGo(task: u32): bool {
  if (transferFlags(currentCall(task)) & RWF_DONTCACHE) return dropsCanGo(task);
  return nowaitCanGo(task);
}
function giveUp(task: u32): void {
  taskAt(task).ret = -EAGAIN;
  readDone(task);
}
function hasFolios(inode: u32): bool {
  for (let page: u32 = 0; page < pagesMax; page++) if (cachedFrame(inode, page)) return true;
  return false;
}

export function stepReadBatch(task: u32): void {
  const it = taskAt(task);
  if (mustNotWait(currentCall(task)) && !mayShare(task)) return giveUp(task);
  shareRwsem(task);
  if (isLimited(task) && !limitedCanGo(task)) return;
  if (faultNext(task)) return;
  if (takeBatch(task, false)) it.line = LINE_BEGIN;
  else readDone(task);
}

export function stepReadEnd(task: u32): void {
  const it = taskAt(task);
  const bytes = available(task);
  if (bytes < offered(task)) it.ret = -EFAULT;
  takeCopy(task);
  it.pos += max<i64>(bytes, 0);
  it.want -= max<i64>(bytes, 0);
  it.done += max<i64>(bytes, 0);
  it.batchAt++;
  const more = it.ret == 0 && it.want > 0 && it.pos < it.size && it.batchAt < it.batch;
  it.line = more ? LINE_BEGIN : LINE_DROP;
}

/** The bytes of the batch's current folio; those of a hole are the zero page's. */
export function aimFileRead(task: u32): void {
  const head = batchFolio(task);
  const count = <u32>(max<i64>(available(task), 0) >> gridShift);
  if (head == 0) return aimAt(cellsAt(0), count);
  const begin = (<i64>frameAt(head).index) << PAGE_SHIFT;
  const offset = <u32>((taskAt(task).pos - begin) >> gridShift);
  if (count) assert(offset + count <= cells * folioPages(head), "a read stays inside its folio");
  aimAt(cellsAt(head) + offset, count);
}

export function stepReadDrop(task: u32): void {
  const it = taskAt(task);
  dropBatch(task, false);
  if (it.ret == 0 && it.want > 0 && it.pos < it.size) it.line = LINE_BATCH;
  else readDone(task);
}

/** A read fails, and moves no position. */
export function readFails(task: u32, errno: i32): void {
  unshareRwsem(task);
  fail(task, errno);
}

export function readDone(task: u32): void {
  unshareRwsem(task);
  if (taskAt(task).done) fileIn(task).previous = taskAt(task).pos;
  storePosition(task, fileIn(task));
  finishShort(task);
}

/** read() and write() move f_pos; pread() and pwrite() do not hold its lock. A request holds none either, and stores nothing if it
 *  fails. */
export function storePosition(task: u32, file: File): void {
  const it = taskAt(task);
  if (it.flags & TASK_POS_LOCKED && (it.ret == 0 || it.done > 0)) file.pos = it.pos;
}
