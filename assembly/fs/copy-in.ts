// The copy into a file, between STORE and STORED: from user memory, from the slots of a pipe in order, or from another file.
//
// Interface: beginCopyIn, endCopyIn; foldCopyIn, while it is under way; firstCellIn, where in its folio it is; overlaps.
// Where copies do not tear, all bytes change at the begin. Else the task's torn cells hold what the copy leaves, and until it
// ends the folio shows that beside what it held.
// Not modelled: memory that is mapped or unmapped meanwhile; a source that overlaps its destination (unmodelled).

import { emit, EVENT_STORE } from "../events";
import { cellsAt, frameAt, gridShift, header, pipeAt, slotAt, taskAt, tornAt } from "../layout";
import { PAGE_SHIFT, UNMODELLED_OVERLAP } from "../limits";
import { joinCells, tears } from "../mm/values";
import { currentCall, isCopy, isSplice, operand } from "../sched/call";
import { sourceAt } from "../syscall/data";
import { judgeConsumed, noteConsumed } from "./consume";
import { copyFrame } from "./copy-range";
import { pipeEmptied } from "./own-pipe";

// What a pass over the slots does: copy their bytes; take up what they came to hold since; judge what was taken in all.
const SLOTS_COPY: u32 = 0;
const SLOTS_FOLD: u32 = 1;
const SLOTS_JUDGE: u32 = 2;

/** First byte of the folio step, from the folio's begin on. */
function offsetInFolio(task: u32): u32 {
  const it = taskAt(task);
  return <u32>(it.pos + it.part - ((<i64>frameAt(it.folio).index) << PAGE_SHIFT));
}
/** The same as a cell. */
export function firstCellIn(task: u32): u32 {
  return offsetInFolio(task) >> gridShift;
}
function countCells(task: u32): u32 {
  return <u32>(taskAt(task).step >> gridShift);
}

/** The line STORE. */
export function beginCopyIn(task: u32): void {
  const it = taskAt(task);
  if (isSplice(task)) {
    overSlots(task, SLOTS_COPY);
    return;
  }
  if (isCopy(task)) overFolios(task, false);
  else arrive(task, firstCellIn(task), sourceAt(<u32>operand(task, 1), it.part), countCells(task));
  emitStores(task, offsetInFolio(task), <u32>it.step);
}

/** At STORED: the folio holds what the copy leaves. */
export function endCopyIn(task: u32): void {
  if (!tears) return;
  if (isSplice(task)) overSlots(task, SLOTS_JUDGE);
  const torn = tornAt(task) + firstCellIn(task);
  memory.copy(cellsAt(taskAt(task).folio) + firstCellIn(task), torn, countCells(task));
  memory.fill(torn, 0, countCells(task));
}

/** Takes up what the slots of a splice came to hold; whether there was anything. */
export function foldCopyIn(task: u32): bool {
  if (isCopy(task)) return overFolios(task, true);
  return isSplice(task) && overSlots(task, SLOTS_FOLD);
}

function arrive(task: u32, at: u32, from: usize, count: u32): void {
  const to = cellsAt(taskAt(task).folio) + at;
  if (tears) {
    memory.copy(tornAt(task) + at, from, count);
    joinCells(to, from, count);
  } else memory.copy(to, from, count);
}

/** One STORE event per page. */
function emitStores(task: u32, offset: u32, bytes: u32): void {
  const call = currentCall(task);
  const head: u32 = taskAt(task).folio;
  let at = offset;
  while (at < offset + bytes) {
    const inPage = at & 4095;
    const len = min<u32>(4096 - inPage, offset + bytes - at);
    emit(EVENT_STORE, call, head + (at >> PAGE_SHIFT), inPage, len);
    at += len;
  }
}

/** Goes over the slots, skipping the `part` bytes that earlier folio steps took. Whether a fold took something up. */
function overSlots(task: u32, what: u32): bool {
  const it = taskAt(task);
  const pipe = pipeEmptied(task);
  let grew = false;
  let counter = pipeAt(pipe).tail;
  let skip = <u32>it.part;
  let left = <u32>it.step;
  let at = offsetInFolio(task);
  while (left) {
    const slot = slotAt(pipe, counter);
    if (skip >= <u32>slot.len) {
      skip -= slot.len;
      counter++;
      continue;
    }
    const first = <u32>slot.offset + skip;
    const n = min<u32>(left, <u32>slot.len - skip);
    const from = cellsAt(slot.frame) + (first >> gridShift);
    const cell = at >> gridShift;
    const count = n >> gridShift;
    if (overlaps(from, cellsAt(it.folio) + cell, count)) {
      header().unmodelled = UNMODELLED_OVERLAP;
      return false;
    }
    if (what == SLOTS_JUDGE) judgeConsumed(pipe, counter, first, n, tornAt(task) + cell);
    else if (what == SLOTS_COPY) {
      noteConsumed(task, pipe, counter, first, n, from);
      arrive(task, cell, from, count);
      emitStores(task, at, n);
    } else if (joinCells(tornAt(task) + cell, from, count)) grew = true;
    at += n;
    left -= n;
    skip += n;
  }
  return grew;
}

/** The same for folios of another file: copies their bytes, or takes up what they came to hold. */
function overFolios(task: u32, folds: bool): bool {
  const it = taskAt(task);
  const begin = firstCellIn(task);
  let grew = false;
  let done: i64 = 0;
  while (done < it.step) {
    const pos = it.pos + it.part + done - it.ret;
    const inPage = <u32>(pos & 4095);
    const n = <u32>min<i64>(it.step - done, 4096 - inPage);
    const from = cellsAt(copyFrame(task, pos)) + (inPage >> gridShift);
    const at = begin + ((<u32>done) >> gridShift);
    if (!folds) arrive(task, at, from, n >> gridShift);
    else if (joinCells(tornAt(task) + at, from, n >> gridShift)) grew = true;
    done += n;
  }
  return grew;
}

/** Whether `count` cells at two places overlap without being the same. */
export function overlaps(from: usize, to: usize, count: u32): bool {
  return from != to && from < to + count && to < from + count;
}
