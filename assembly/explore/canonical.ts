// The representative of a state among those that differ in numbers alone.
//
// Interface: canonical; canonicalRoom, startCanonical. Equal threads are sorted (permute.ts), frames are renumbered in the order in which the holders name
// them (page indexes, rings, queues, batches), rings begin at slot 0, and readahead state that no lookup can use is forgotten.
// Law: two states that differ so have the same future up to the same renaming, so one stands for both.

import { MARK_LATE } from "../abi/decisions";
import { REDUCE_FRAMES, REDUCE_THREADS } from "../abi/explore";
import { markKind } from "../config";
import {
  Frame,
  PipeBuffer,
  TARGET_NONE,
  asksSnapshot,
  batchAt,
  cells,
  cellsAt,
  expectedAt,
  fileAt,
  filesMax,
  framesMax,
  inodesMax,
  pagesMax,
  pipeAt,
  pipesMax,
  rawFrame,
  rawPageAt,
  ringMax,
  slotAt,
  taskAt,
  tasks,
} from "../layout";
import { FRAMES_MAX } from "../limits";
import { lateAt } from "../mm/mark";
import { PTE_FRAME, mappedMax, mappingsMax, rawPteAt } from "../mm/page-table";
import { fragAt, sockAt, socksMax } from "../net/layout";
import { missesAhead, pending } from "./pending";
import { permuteRoom, sortThreads, startPermute } from "./permute";
import { prepareSymmetry } from "./symmetry";
import { framesUsed } from "./used";

/** New number of each frame, two bytes; 0 while it has none. */
const renamed: usize = memory.data(FRAMES_MAX * 2);
let frameNext: u32 = 0;
/** One above the highest old number. */
let framesEnd: u32 = 0;
let moved: bool = false;
/** Copies of frames and cells, or of a ring. */
let spare: usize = 0;

/** Bytes that startCanonical needs. */
export function canonicalRoom(): u32 {
  return permuteRoom() + spareBytes();
}
function spareBytes(): u32 {
  const frames = framesMax * (<u32>offsetof<Frame>() + cells + 1);
  const ring = ringMax * (<u32>offsetof<PipeBuffer>() + cells);
  return (max<u32>(frames, ring) + 7) & ~7;
}
/** Readies both symmetries. The present state is the first of a search. */
export function startCanonical(room: usize): void {
  startPermute(room);
  spare = room + permuteRoom();
  prepareSymmetry();
}

/** Brings the present state to its representative under REDUCE_FRAMES and REDUCE_THREADS. */
export function canonical(symmetries: u32): void {
  if (symmetries & REDUCE_THREADS) sortThreads();
  if (symmetries & REDUCE_FRAMES) orderFrames();
}

function orderFrames(): void {
  if (!missesAhead(pending()))
    for (let f: u32 = 0; f < filesMax; f++)
      if (fileAt(f).target != TARGET_NONE) fileAt(f).previous = -1;
  for (let p: u32 = 0; p < pipesMax; p++) if (pipeAt(p).tail) beginAtZero(p);
  numberFrames();
  if (moved) moveFrames();
}

/** Brings the oldest slot to index 0. */
function beginAtZero(pipe: u32): void {
  const it = pipeAt(pipe);
  const count = it.head - it.tail;
  const slotBytes = <u32>offsetof<PipeBuffer>();
  const each = slotBytes + (asksSnapshot ? cells : 0);
  for (let i: u32 = 0; i < count; i++) {
    const at = changetype<usize>(slotAt(pipe, it.tail + i));
    memory.copy(spare + i * each, at, slotBytes);
    memory.fill(at, 0, slotBytes);
    if (!asksSnapshot) continue;
    memory.copy(spare + i * each + slotBytes, expectedAt(pipe, it.tail + i), cells);
    memory.fill(expectedAt(pipe, it.tail + i), 0, cells);
  }
  it.tail = 0;
  it.head = count;
  for (let i: u32 = 0; i < count; i++) {
    memory.copy(changetype<usize>(slotAt(pipe, i)), spare + i * each, slotBytes);
    if (asksSnapshot) memory.copy(expectedAt(pipe, i), spare + i * each + slotBytes, cells);
  }
}

/** Numbers every folio in the order in which its holders are visited. */
function numberFrames(): void {
  framesEnd = framesUsed();
  memory.fill(renamed, 0, framesEnd * 2);
  frameNext = 1;
  moved = false;
  for (let i: u32 = 0; i < inodesMax; i++)
    for (let page: u32 = 0; page < pagesMax; page++) name(load<u16>(rawPageAt(i, page)));
  for (let p: u32 = 0; p < pipesMax; p++)
    for (let c = pipeAt(p).tail; c != pipeAt(p).head; c++) name(slotAt(p, c).frame);
  for (let s: u32 = 0; s < socksMax; s++)
    for (let nth: u32 = 0; nth < <u32>sockAt(s).count; nth++) name(fragAt(s, nth).frame);
  for (let t: u32 = 0; t < tasks; t++)
    for (let nth: u32 = 0; nth < <u32>taskAt(t).batch; nth++) name(load<u16>(batchAt(t, nth)));
  for (let m: u32 = 0; m < mappingsMax; m++)
    for (let page: u32 = 0; page < mappedMax; page++)
      name(load<u16>(rawPteAt(m, page)) & PTE_FRAME);
  for (let t: u32 = 0; t < tasks; t++) name(taskAt(t).folio);
}

function name(frame: u32): void {
  if (frame == 0 || load<u16>(renamed + frame * 2)) return;
  const head: u32 = rawFrame(frame).head;
  const pages: u32 = 1 << rawFrame(head).order;
  if (frameNext != head) moved = true;
  for (let i: u32 = 0; i < pages; i++) store<u16>(renamed + (head + i) * 2, <u16>(frameNext + i));
  frameNext += pages;
}

function newNumber(frame: u32): u16 {
  return load<u16>(renamed + frame * 2);
}

function moveFrames(): void {
  const frameBytes = <u32>offsetof<Frame>();
  const frames = changetype<usize>(rawFrame(0));
  const content = cellsAt(0);
  const contentCopy = spare + framesEnd * frameBytes;
  const lateCopy = contentCopy + framesEnd * cells;
  const late = markKind() == MARK_LATE;
  memory.copy(spare, frames, framesEnd * frameBytes);
  memory.copy(contentCopy, content, framesEnd * cells);
  if (late) memory.copy(lateCopy, lateAt(0), framesEnd);
  if (late) memory.fill(lateAt(0), 0, framesEnd);
  memory.fill(frames, 0, framesEnd * frameBytes);
  memory.fill(content, 0, framesEnd * cells);
  for (let old: u32 = 1; old < framesEnd; old++) {
    const now: u32 = newNumber(old);
    if (now == 0) continue;
    const frame = rawFrame(now);
    memory.copy(changetype<usize>(frame), spare + old * frameBytes, frameBytes);
    memory.copy(cellsAt(now), contentCopy + old * cells, cells);
    if (late) store<u8>(lateAt(now), load<u8>(lateCopy + old));
    frame.head = newNumber(frame.head);
  }
  renameHolders();
}

function renamePte(at: usize): void {
  const pte: u16 = load<u16>(at);
  if (pte) store<u16>(at, (pte & ~PTE_FRAME) | newNumber(pte & PTE_FRAME));
}

function renameHolders(): void {
  for (let i: u32 = 0; i < inodesMax; i++)
    for (let page: u32 = 0; page < pagesMax; page++) {
      const at = rawPageAt(i, page);
      store<u16>(at, newNumber(load<u16>(at)));
    }
  for (let p: u32 = 0; p < pipesMax; p++)
    for (let c = pipeAt(p).tail; c != pipeAt(p).head; c++) {
      const slot = slotAt(p, c);
      slot.frame = newNumber(slot.frame);
    }
  for (let m: u32 = 0; m < mappingsMax; m++)
    for (let page: u32 = 0; page < mappedMax; page++) renamePte(rawPteAt(m, page));
  for (let s: u32 = 0; s < socksMax; s++)
    for (let nth: u32 = 0; nth < <u32>sockAt(s).count; nth++) {
      const frag = fragAt(s, nth);
      frag.frame = newNumber(frag.frame);
    }
  for (let t: u32 = 0; t < tasks; t++) {
    const it = taskAt(t);
    it.folio = newNumber(it.folio);
    for (let nth: u32 = 0; nth < <u32>it.batch; nth++)
      store<u16>(batchAt(t, nth), newNumber(load<u16>(batchAt(t, nth))));
  }
}
