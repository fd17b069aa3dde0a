// Copies that take time (C-7): what the other side shows meanwhile may be among the bytes of a copy.
//
// Interface: settle, after each step; beginZero, zeroCells (zeros into a folio); noteAccess (a store through a mapping);
// isWriting. Without `tears` (mm/values.ts) everything happens in one step.
// A copy to a reader is under way at END (copy-out.ts), a write at STORED (copy-in.ts), zeros at TASK_ZEROING.
// Law: what settle changes of another task's copy, that task's next step declares as read or written. So of two steps
// that meet in a copy a persistent set (explore/ample.ts) has both or none.
// Not modelled: tears between copies that are one step: loads, stores, and what a network card, a socket's sender,
// write-back and a policy's replacement read. Each of them is torn by a write that is under way.

import { TASK_ZEROING, cellsAt, gridShift, taskAt, tasks, tornAt } from "../layout";
import { lockFolio } from "../mm/folio";
import { joinCells, tears } from "../mm/values";
import { LINE_END, LINE_STORED } from "../sched/line";
import { firstCellIn, foldCopyIn } from "./copy-in";
import { foldCopy } from "./copy-out";

/** Begins to zero the bytes [from, end) of a folio; false where that is one step, or has begun. */
export function beginZero(task: u32, head: u32, from: u32, end: u32): bool {
  const it = taskAt(task);
  if (!tears || it.flags & TASK_ZEROING) return false;
  if (it.folio == 0) lockFolio(head, task);
  it.folio = <u16>head;
  it.flags |= TASK_ZEROING;
  it.step = (<i64>from) | ((<i64>end) << 32);
  return true;
}

/** Zeroes the bytes [from, end) of a folio; the end of what beginZero began. */
export function zeroCells(task: u32, head: u32, from: u32, end: u32): void {
  const it = taskAt(task);
  memory.fill(cellsAt(head) + (from >> gridShift), 0, (end - from) >> gridShift);
  if (!tears) return;
  // What a mapping stored meanwhile may have come later than the zeros.
  const at = firstCell(task);
  joinCells(cellsAt(head) + at, tornAt(task) + at, countCells(task));
  memory.fill(tornAt(task) + at, 0, countCells(task));
  it.flags &= ~TASK_ZEROING;
  it.step = 0;
}

/** A store through a mapping puts `count` cells at `at` in this step. */
export function noteAccess(at: usize, from: usize, count: u32): void {
  if (!tears) return;
  accessAt = at;
  accessFrom = from;
  accessCount = count;
}
let accessAt: usize = 0;
let accessFrom: usize = 0;
let accessCount: u32 = 0;

/** A write under way where the step stored may come before the store, or after it. */
function meetAccess(at: usize, from: usize, count: u32): void {
  for (let t: u32 = 0; t < tasks; t++) {
    if (!isWriting(t)) continue;
    const folio = cellsAt(taskAt(t).folio);
    const begin = max<usize>(at, folio + firstCell(t));
    const end = min<usize>(at + count, folio + firstCell(t) + countCells(t));
    if (begin < end)
      joinCells(tornAt(t) + (begin - folio), from + (begin - at), <u32>(end - begin));
  }
}

/** After a step: every copy under way takes up what it meets now. */
export function settle(): void {
  if (!tears) return;
  if (accessCount) meetAccess(accessAt, accessFrom, accessCount);
  accessCount = 0;
  while (grows()) {}
}
function grows(): bool {
  let grew = false;
  for (let t: u32 = 0; t < tasks; t++) {
    if (taskAt(t).line == LINE_END && foldCopy(t)) grew = true;
    if (!isWriting(t)) continue;
    if (taskAt(t).line == LINE_STORED && foldCopyIn(t)) grew = true;
    const at = firstCell(t);
    if (joinCells(cellsAt(taskAt(t).folio) + at, tornAt(t) + at, countCells(t))) grew = true;
  }
  return grew;
}

/** Whether a task's write into its folio is under way. */
export function isWriting(task: u32): bool {
  return taskAt(task).line == LINE_STORED || (taskAt(task).flags & TASK_ZEROING) != 0;
}
/** Where in its folio a task's write is under way. */
function firstCell(task: u32): u32 {
  const it = taskAt(task);
  if (it.flags & TASK_ZEROING) return (<u32>it.step) >> gridShift;
  return firstCellIn(task);
}
function countCells(task: u32): u32 {
  const it = taskAt(task);
  if (it.flags & TASK_ZEROING) return (<u32>(it.step >> 32) - <u32>it.step) >> gridShift;
  return <u32>(it.step >> gridShift);
}
