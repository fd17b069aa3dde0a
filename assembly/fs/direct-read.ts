// Reads with O_DIRECT: what is dirty is written back, then the disk is read. A splice from such a file copies, on every file
// system, into pages of the pipe's own.
//
// Mirrors: fs/iomap/direct-io.c:__iomap_dio_rw(), fs/btrfs/direct-io.c:btrfs_direct_read(); fs/splice.c:copy_splice_read().
// Interface: readLine; directCanRead, stepDirectRead (the line DIRECT_READ).
// What a holder sees: nothing of it. What was spliced is a copy.
// Not modelled: the steps of one transfer, which takes all its bytes at once; memory in segments; RWF_NOWAIT; that btrfs reads through the
// cache while what was written back is still being finished.

import { EINVAL } from "../abi/errno";
import { PAGE_SIZE, SLOT_DEFAULT } from "../abi/pipe";
import { SWITCH_HOLE_CACHED } from "../abi/switches";
import { fileHas } from "../mm/kind";
import { cellsAt, gridShift, header, inodeAt, taskAt, pageIndex } from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { diskAt, fault, hasContent, onDisk, writeBack } from "../mm/disk";
import { allocFolio, getFolio } from "../mm/folio";
import { cachedFrame } from "../mm/page-cache";
import { readAhead } from "../mm/readahead";
import { DIRECT_READS_STALE } from "../mutants";
import { currentCall, fileIn, isSplice } from "../sched/call";
import { LINE_BATCH, LINE_DIRECT_READ } from "../sched/line";
import { appendData } from "../syscall/data";
import { mustNotWait } from "../syscall/rwf";
import { readDone, readFails } from "./file-read";
import { pipeFilled } from "./own-pipe";
import { pushSlot } from "./pipe";
import { mayShare, shareRwsem } from "./rwsem";
import { spliceInDone, spliceInFails } from "./splice-in";
import { SECTOR, isDirect, isFree, isScattered, nextFolio, passesBy } from "./direct";

/** The line of a read, or of a splice, that looks at the file next. */
export function readLine(task: u32): u8 {
  const direct = isSplice(task) ? isDirect(fileIn(task)) : passesBy(task);
  const call = currentCall(task);
  if (direct && !isSplice(task) && (isScattered(call) || mustNotWait(call)))
    header().unmodelled = UNMODELLED_CALL;
  return direct ? LINE_DIRECT_READ : LINE_BATCH;
}

/** What a read has to write back first; 0 for nothing. */
function dirtyForRead(task: u32): u32 {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  if (MUTANT == DIRECT_READS_STALE || !passesBy(task) || it.pos >= inodeAt(id).size) return 0;
  return nextFolio(id, it.pos, it.pos + it.want, true);
}

/** The guard of DIRECT_READ. */
export function directCanRead(task: u32): bool {
  if (inodeAt(fileIn(task).id).moving) return false;
  return mayShare(task) && isFree(dirtyForRead(task));
}

/** Writes a folio back, brings a page in, or moves all that there is. */
export function stepDirectRead(task: u32): void {
  const it = taskAt(task);
  const size = inodeAt(fileIn(task).id).size;
  shareRwsem(task);
  const head = dirtyForRead(task);
  if (head) return writeBack(head);
  if (it.pos < size) {
    if (isRefused(task)) return isSplice(task) ? spliceInFails(task) : readFails(task, EINVAL);
    if (bringIn(task, size)) return;
    const bytes = min<i64>(it.want, size - it.pos);
    if (isSplice(task)) fillSlots(task, bytes);
    else take(task, bytes);
    if (header().unmodelled) return;
    if (!passesBy(task) && bytes > 0) fileIn(task).previous = it.pos;
  }
  it.want = 0;
  if (isSplice(task)) spliceInDone(task);
  else readDone(task);
}

/** Only blocks that the disk has are looked at: a hole is read at any offset, but leaves the memory for what follows unaligned.
 *  Mirrors: fs/iomap/direct-io.c:iomap_dio_bio_iter(). */
function isRefused(task: u32): bool {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  if (!passesBy(task)) return false;
  const end = it.pos + it.want;
  const last = pageIndex(end - 1);
  if (end & (SECTOR - 1) && hasContent(id, last)) return true;
  if ((it.pos & (SECTOR - 1)) == 0) return false;
  for (let page = <u32>(it.pos >> PAGE_SHIFT); page <= last; page++)
    if (hasContent(id, page)) return true;
  return false;
}

/** Where bytes are copied from the cache, the next page that is missing comes in; whether there was one. */
function bringIn(task: u32, size: i64): bool {
  const it = taskAt(task);
  const file = fileIn(task);
  const id: u32 = file.id;
  if (passesBy(task)) return false;
  const first = <u32>(it.pos >> PAGE_SHIFT);
  const end = pageIndex(it.pos + it.want + 4095);
  for (let page = first; page < end && (<i64>page) << PAGE_SHIFT < size; page++) {
    if (cachedFrame(id, page)) continue;
    if (!onDisk(id, page) && !fileHas(id, SWITCH_HOLE_CACHED)) continue;
    if (fileHas(id, SWITCH_HOLE_CACHED)) readAhead(file, id, page, end - page);
    else fault(id, page);
    return true;
  }
  return false;
}

/** The cells of a page, from the disk or from the cache; those of a hole are the zero page's. */
function sourceOf(task: u32, page: u32): usize {
  const id: u32 = fileIn(task).id;
  if (!passesBy(task)) return cellsAt(cachedFrame(id, page));
  return onDisk(id, page) ? diskAt(id, page) : cellsAt(0);
}

function take(task: u32, bytes: i64): void {
  const it = taskAt(task);
  const end = it.pos + bytes;
  while (it.pos < end) {
    const inPage = <u32>(it.pos & 4095);
    const n = <u32>min<i64>(PAGE_SIZE - inPage, end - it.pos);
    const from = sourceOf(task, <u32>(it.pos >> PAGE_SHIFT)) + (inPage >> gridShift);
    appendData(task, from, n >> gridShift);
    it.pos += n;
    it.done += n;
  }
}

/** Pages of the pipe's own, each full but the last, wherever in a page of the file the first byte lies. */
function fillSlots(task: u32, bytes: i64): void {
  const it = taskAt(task);
  const pass = passesBy(task);
  for (let at: i64 = 0; at < bytes; at += PAGE_SIZE) {
    const frame = allocFolio(0);
    if (frame == 0) return;
    getFolio(frame);
    const len = <u32>min<i64>(PAGE_SIZE, bytes - at);
    fillFrame(fileIn(task).id, frame, it.pos + at, len, pass);
    pushSlot(pipeFilled(task), frame, 0, len, 0, SLOT_DEFAULT);
  }
  it.pos += bytes;
  it.done += bytes;
}
function fillFrame(id: u32, frame: u32, pos: i64, len: u32, pass: bool): void {
  let done: u32 = 0;
  while (done < len) {
    const inPage = <u32>((pos + done) & 4095);
    const page = <u32>((pos + done) >> PAGE_SHIFT);
    const n = min<u32>(PAGE_SIZE - inPage, len - done);
    let from = cellsAt(0);
    if (!pass) from = cellsAt(cachedFrame(id, page));
    else if (onDisk(id, page)) from = diskAt(id, page);
    memory.copy(cellsAt(frame) + (done >> gridShift), from + (inPage >> gridShift), n >> gridShift);
    done += n;
  }
}
