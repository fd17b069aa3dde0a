// The copy to a reader, between BEGIN and END: which bytes it is about, and when they are taken.
//
// Interface: aimAt (a reader says where its bytes are), beginCopy, takeCopy, foldCopy; mappedLeft, where it faults.
// Where copies do not tear, all bytes are taken at the end. Else the copy collects from its beginning to its end.
// Not modelled: memory that is mapped or unmapped meanwhile.

import { taskAt } from "../layout";
import { joinCells, tears } from "../mm/values";
import { aimReceive } from "../net/receive";
import { mappedBytes } from "../program";
import { currentCall, fileIn, isPipe, isSocket } from "../sched/call";
import { LINE_END } from "../sched/line";
import { appendData, dataOf } from "../syscall/data";
import { aimFileRead } from "./file-read";
import { aimPipeRead } from "./pipe-read";

/** Bytes of the call's memory that are left in front of the first one that is not mapped. */
export function mappedLeft(task: u32): i64 {
  return mappedBytes(currentCall(task)) - taskAt(task).done;
}

/** First of the cells that the copy is about, and how many they are. */
let from: usize = 0;
let count: u32 = 0;

export function aimAt(cells: usize, howMany: u32): void {
  from = cells;
  count = howMany;
}

function aim(task: u32): void {
  if (isPipe(fileIn(task))) aimPipeRead(task);
  else if (isSocket(fileIn(task))) aimReceive(task);
  else aimFileRead(task);
}

/** The line BEGIN of every read. */
export function beginCopy(task: u32): void {
  if (tears) append(task);
  taskAt(task).line = LINE_END;
}

/** At END: after it the bytes stand at dataOf(). */
export function takeCopy(task: u32): void {
  if (!tears) append(task);
}

/** Adds what the source holds now to a copy under way; whether it grew. */
export function foldCopy(task: u32): bool {
  aim(task);
  return joinCells(dataOf(task), from, count);
}

function append(task: u32): void {
  aim(task);
  appendData(task, from, count);
}
