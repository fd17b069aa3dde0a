// What a step declares of the slots of a pipe.
//
// Interface: declareFront, declareConsumed, declareSlotsGet; slotsWithin.
// Not modelled: single slots: a ring is one object.

import { pipeAt, slotAt, taskAt } from "../layout";
import { OBJECT_PIPE, declareRead, declareWrite } from "../touch";
import { pipeEmptied } from "../fs/own-pipe";
import { declareFolioCells, declareFolioGet, declareFolioPut } from "./declare-folio";

/** A look at the oldest slot's bytes. */
export function declareFront(pipe: u32): void {
  declareRead(OBJECT_PIPE, pipe);
  declareFolioCells(slotAt(pipe, pipeAt(pipe).tail).frame, false);
}
/** The oldest slots are used up, or begun. */
export function declareConsumed(pipe: u32, count: u32): void {
  const it = pipeAt(pipe);
  declareWrite(OBJECT_PIPE, pipe);
  for (let c = it.tail; c != it.tail + count; c++) declareFolioPut(slotAt(pipe, c).frame, count);
}
export function declareSlotsGet(pipe: u32): void {
  const it = pipeAt(pipe);
  for (let c = it.tail; c != it.head; c++) declareFolioGet(slotAt(pipe, c).frame);
}

/** Slots that a splice to a file has read from by now. */
export function slotsWithin(task: u32): u32 {
  const pipe = pipeEmptied(task);
  let left = taskAt(task).part;
  let count: u32 = 0;
  for (let c = pipeAt(pipe).tail; left > 0 && c != pipeAt(pipe).head; c++, count++)
    left -= slotAt(pipe, c).len;
  return count;
}
