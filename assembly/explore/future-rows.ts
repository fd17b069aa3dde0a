// The rows that futures are made of: what a lookup, a write, a ring or a splice may touch, to its end.
//
// Interface: wholeFile and pagesOf say which pages of a file; then entries and the foresee functions below.
// Frames are named by the containers that they may be found in.
// Not modelled: what a call can no longer do because of what it has seen.

import { asksDirect } from "../fs/direct";
import { declareSizes } from "../fs/pipe-limits";
import { cachesCutBlock } from "../fs/partial";
import { SWITCH_HOLE_CACHED, SWITCH_PRIVATE_PARTIAL, SWITCH_READ_LOCKS } from "../abi/switches";
import { SYS_FCNTL, SYS_READ, SYS_WRITE } from "../abi/syscalls";
import {
  has,
  markProtects,
  spliceCopies,
  spliceLocks,
  spliceSteals,
  writeReplaces,
  writeWaits,
} from "../config";
import {
  asksDisk,
  asksSnapshot,
  fileAt,
  inodeAt,
  pageObject,
  pagesMax,
  rawFrame,
  rawPageAt,
  pageIndex,
} from "../layout";
import { PAGE_SHIFT } from "../limits";
import { countMode } from "../sched/declare-folio";
import { changesOldEnd } from "../sched/declare-memory";
import { mayAttach } from "../mm/page-cache";
import {
  MODE_READ,
  MODE_WRITE,
  OBJECT_AHEAD,
  OBJECT_CELLS,
  OBJECT_COUNT,
  OBJECT_FRAME,
  OBJECT_INODE,
  OBJECT_LOCK,
  OBJECT_PAGE,
  OBJECT_PIPE,
  OBJECT_RWSEM,
  declareAdd,
  declareRead,
  declareWrite,
} from "../touch";
import { addFlow } from "./flows";
import { foreseeCut } from "./future-inode";
import { foreseeMappings } from "./future-memory";
import { entryOf, hearFrames, heldBy, ringOf } from "./footprint";
import { missesAhead } from "./pending";
import { mayDrop } from "../syscall/rwf";

/** First and last page that a transfer may touch; set by the callers of the rows below. */
let firstPage: u32 = 0;
let endPage: u32 = 0;

export function wholeFile(): void {
  firstPage = 0;
  endPage = pagesMax;
}
export function pagesOf(pos: i64, bytes: i64): void {
  if (pos < 0 || bytes < 0 || pos + bytes < 0) return wholeFile();
  firstPage = pageIndex(pos);
  endPage = pageIndex(pos + bytes + 4095);
}
/** The containers of those pages of a file. */
export function entries(inode: u32): u64 {
  let all: u64 = 0;
  for (let page = firstPage; page < endPage; page++) all |= entryOf(pageObject(inode, page));
  return all;
}

/** Those of the whole file: the private data of a large folio begins with what each of its blocks is. */
function wholeEntries(inode: u32): u64 {
  wholeFile();
  return entries(inode);
}

export function foreseeSpliceIn(task: u32, file: u32, pipe: u32, now: u8): void {
  const containers = entries(fileAt(file).id) | heldBy(task);
  foreseeLookup(task, file, now);
  if (markProtects()) foreseeMappings();
  if (spliceSteals()) foreseeSteal(fileAt(file).id, containers);
  if (spliceLocks()) hearFrames(OBJECT_LOCK, containers, MODE_READ);
  if (asksSnapshot || spliceCopies()) hearFrames(OBJECT_CELLS, containers, MODE_READ);
  if (!spliceCopies()) addFlow(containers, ringOf(pipe));
}

/** Folios may leave the cache; their content goes to the disk. */
function foreseeSteal(inode: u32, containers: u64): void {
  for (let page = firstPage; page < endPage; page++)
    declareWrite(OBJECT_PAGE, pageObject(inode, page));
  for (let kind = OBJECT_FRAME; kind <= OBJECT_LOCK; kind++)
    hearFrames(kind, containers, MODE_WRITE);
}

export function foreseeSpliceOut(pipe: u32, inode: u32): void {
  hearFrames(OBJECT_CELLS, ringOf(pipe), MODE_READ);
  foreseeWrite(inode);
}

/** A batch lookup and the drop of its references. */
export function foreseeLookup(task: u32, file: u32, now: u8): void {
  const id: u32 = fileAt(file).id;
  if (asksDirect) foreseeCut(id);
  const containers = entries(id) | heldBy(task);
  declareRead(OBJECT_INODE, id);
  if (has(SWITCH_READ_LOCKS)) declareAdd(OBJECT_RWSEM, id);
  declareWrite(OBJECT_AHEAD, file);
  for (let page = firstPage; page < endPage; page++) declareRead(OBJECT_PAGE, pageObject(id, page));
  hearFrames(OBJECT_FRAME, containers, MODE_READ);
  hearFrames(OBJECT_COUNT, containers, countMode());
  if (mayDrop()) {
    wholeFile();
    foreseeSteal(id, containers);
  }
  if (firstPage == endPage || !missesAhead(now)) return;
  for (let page: u32 = 0; page < pagesMax; page++) declareWrite(OBJECT_PAGE, pageObject(id, page));
}

/** A write of the pages, to its end; if it may begin behind i_size, with the page of that. */
export function foreseeWrite(inode: u32): void {
  // With O_DIRECT, which may still be set, everything may leave the cache.
  if (asksDirect) foreseeCut(inode);
  const size = inodeAt(inode).size;
  declareWrite(OBJECT_RWSEM, inode);
  declareRead(OBJECT_INODE, inode);
  if ((<i64>endPage) << PAGE_SHIFT > size) {
    declareWrite(OBJECT_INODE, inode);
    if (cachesCutBlock(inode, size, true) || has(SWITCH_PRIVATE_PARTIAL))
      firstPage = min<u32>(firstPage, <u32>(size >> PAGE_SHIFT));
  }
  // Nobody knows where the file ends by then.
  if (changesOldEnd()) firstPage = 0;
  const containers = entries(inode);
  if (writeReplaces()) foreseeMappings();
  let changes = writeReplaces() || asksDisk != 0;
  let begins = false;
  for (let page = firstPage; page < endPage; page++) {
    const frame: u32 = load<u16>(rawPageAt(inode, page));
    const folio = rawFrame(rawFrame(frame).head);
    if (frame == 0 || mayAttach(folio)) changes = true;
    if (frame && folio.order && mayAttach(folio)) begins = true;
  }
  for (let page = firstPage; page < endPage; page++)
    if (changes) declareWrite(OBJECT_PAGE, pageObject(inode, page));
    else declareRead(OBJECT_PAGE, pageObject(inode, page));
  hearFrames(OBJECT_FRAME, containers, changes ? MODE_WRITE : MODE_READ);
  hearFrames(OBJECT_CELLS, containers, MODE_WRITE);
  if (begins && has(SWITCH_PRIVATE_PARTIAL))
    hearFrames(OBJECT_CELLS, wholeEntries(inode), MODE_WRITE);
  hearFrames(OBJECT_LOCK, containers, MODE_WRITE);
  if (writeWaits()) hearFrames(OBJECT_COUNT, containers, MODE_READ);
  if (writeReplaces()) hearFrames(OBJECT_COUNT, containers, MODE_WRITE);
  else if (changes) hearFrames(OBJECT_COUNT, containers, countMode());
}

/** Folios of a file are looked up and copied to another one, anywhere. */
export function foreseeCopied(task: u32, file: u32, inode: u32, now: u8): void {
  wholeFile();
  foreseeLookup(task, file, now);
  hearFrames(OBJECT_CELLS, entries(fileAt(file).id) | heldBy(task), MODE_READ);
  wholeFile();
  foreseeWrite(inode);
}

/** Reading (SYS_READ), merging into (SYS_WRITE) or looking at a ring. */
export function foreseeRing(pipe: u32, code: u32): void {
  declareWrite(OBJECT_PIPE, pipe);
  if (code == SYS_FCNTL) declareSizes();
  if (code == SYS_WRITE) {
    hearFrames(OBJECT_FRAME, ringOf(pipe), MODE_READ);
    hearFrames(OBJECT_CELLS, ringOf(pipe), MODE_WRITE);
  }
  if (code != SYS_READ) return;
  hearFrames(OBJECT_FRAME, ringOf(pipe), MODE_READ);
  hearFrames(OBJECT_COUNT, ringOf(pipe), countMode());
  hearFrames(OBJECT_CELLS, ringOf(pipe), MODE_READ);
}
