// What a step declares of a pipe: its slots, its descriptions, its wait queues.
//
// Interface: declareFront, declareConsumed, declareSlotsGet, declareSlotsSent, declareSlotsRead; slotsWithin; declareOpening, declareAsleep, declarePipes.
// Not modelled: single slots: a ring is one object.

import { countsFrags, markProtects } from "../config";
import { pipeAt, pipesMax, rawFrame, slotAt, taskAt } from "../layout";
import {
  OBJECT_AHEAD,
  OBJECT_FDS,
  OBJECT_PIPE,
  OBJECT_POSITION,
  OBJECT_SOCKET,
  OBJECT_TAIL,
  declareRead,
  declareWrite,
} from "../touch";
import { pipeEmptied } from "../fs/own-pipe";
import { declareSums } from "../net/declare";
import { fileIn, fileOut, isPipe, isSocket, isSplice } from "./call";
import { LINE_INPUT, LINE_INPUT_SLEEP, LINE_MOVE, LINE_OUTPUT, LINE_OUTPUT_SLEEP } from "./line";
import {
  declareFolioCells,
  declareFolioGet,
  declareFolioPut,
  declareFolioUnlocked,
} from "./declare-folio";
import { declareMappings } from "./declare-memory";

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
/** All slots of a ring may be sent: where frags alone count, their folios are marked only then, under their lock. */
export function declareSlotsSent(pipe: u32): void {
  declareSlotsGet(pipe);
  if (!countsFrags()) return;
  const it = pipeAt(pipe);
  for (let c = it.tail; c != it.head; c++) {
    const frame: u32 = slotAt(pipe, c).frame;
    const inode: u32 = frame ? rawFrame(rawFrame(frame).head).inode : 0;
    if (inode == 0) continue;
    declareFolioUnlocked(frame);
    if (markProtects()) declareMappings(inode - 1, false);
  }
}
/** The bytes of all slots are looked at. */
export function declareSlotsRead(pipe: u32): void {
  const it = pipeAt(pipe);
  for (let c = it.tail; c != it.head; c++) declareFolioCells(slotAt(pipe, c).frame, false);
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

/** A FIFO is open, or is not: the last one of its descriptions takes the ring with it. */
export function declareOpening(task: u32): void {
  const pipe: u32 = fileIn(task).id;
  declareWrite(OBJECT_FDS, 0);
  declareWrite(OBJECT_POSITION, <u32>taskAt(task).fileIn - 1);
  declareWrite(OBJECT_AHEAD, <u32>taskAt(task).fileIn - 1);
  declareConsumed(pipe, pipeAt(pipe).head - pipeAt(pipe).tail);
}

/** A task asleep in a wait queue looks at whose queue it is. */
export function declareAsleep(queue: u32): void {
  if (queue < 2 * pipesMax) return declareWrite(OBJECT_PIPE, queue >> 1);
  declareWrite(OBJECT_SOCKET, queue - 2 * pipesMax);
  declareWrite(OBJECT_TAIL, queue - 2 * pipesMax);
}

/** Lines that look at one pipe or two, or at a socket. */
export function declarePipes(task: u32): void {
  const at = taskAt(task).line;
  if (isSocket(fileIn(task)) && !isSplice(task)) return declareSums(fileIn(task));
  if (at != LINE_OUTPUT && at != LINE_OUTPUT_SLEEP && isPipe(fileIn(task)))
    declareWrite(OBJECT_PIPE, fileIn(task).id);
  if (taskAt(task).fileOut == 0 || !isPipe(fileOut(task))) return;
  if (at == LINE_INPUT || at == LINE_INPUT_SLEEP) return;
  declareWrite(OBJECT_PIPE, fileOut(task).id);
  if (at == LINE_MOVE) declareSlotsGet(fileIn(task).id);
}
