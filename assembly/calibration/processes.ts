// Locals of the processes, and the numbering of actions: eight numbers per kind of action.
//
// A splicer, reader, tee, writer, file reader, mapper or puncher has at most one action at a time, so that its
// number is the process; a NIC has three. The reclaim daemon has one per page, write-back or drop.
// Interface: ACTION_*; positions of splicers, locals of writers, the fields of single processes.

import { bitsFor, frameMask, pages, stepBits, writerBits } from "./parameters";
import { SINGLES, WRITERS, pipeHold, pipePos, setWord, singleRead, word } from "./state";

export const ACTION_SPLICER: u32 = 0;
/** NIC transmits; or pipe reader. */
export const ACTION_CONSUME: u32 = 8;
/** NIC acknowledges. */
export const ACTION_ACK: u32 = 16;
export const ACTION_RETRANSMIT: u32 = 24;
export const ACTION_WRITER: u32 = 32;
export const ACTION_READ: u32 = 40;
export const ACTION_MAP: u32 = 44;
export const ACTION_PUNCH: u32 = 45;
export const ACTION_TEE: u32 = 46;
export const ACTION_RECLAIM: u32 = 48;

/** Where a writer stands. */
export const AT_LOCK: u32 = 0;
export const AT_COW: u32 = 1;
export const AT_WRITE: u32 = 2;
export const AT_UNLOCK: u32 = 3;

/** A splicer's position, from a pipe word. */
export function positionIn(pipe: u64): u32 {
  return <u32>(pipe >> pipePos);
}
/** The frame that a splicer holds between get and push; 0 if none. */
export function heldIn(pipe: u64): u32 {
  return <u32>((pipe >> pipeHold) & frameMask);
}

/** A writer's locals. */
export function localsOf(writer: u32): u64 {
  return (word(WRITERS) >> (writer * writerBits)) & (((<u64>1) << writerBits) - 1);
}
export function setLocals(writer: u32, page: u32, at: u32, cell: u32): void {
  const shift = writer * writerBits;
  const locals = (<u64>page) | ((<u64>at) << stepBits) | ((<u64>cell) << (stepBits + 2));
  const rest = word(WRITERS) & ~((((<u64>1) << writerBits) - 1) << shift);
  setWord(WRITERS, rest | (locals << shift));
}
export function pageIn(locals: u64): u32 {
  return <u32>(locals & (((<u64>1) << stepBits) - 1));
}
export function placeIn(locals: u64): u32 {
  return (<u32>(locals >> stepBits)) & 3;
}
export function cellIn(locals: u64): u32 {
  return <u32>(locals >> (stepBits + 2));
}

/** A field of the word of single processes. */
export function single(shift: u64, bits: u64): u32 {
  return <u32>((word(SINGLES) >> shift) & (((<u64>1) << bits) - 1));
}
export function setSingle(shift: u64, bits: u64, value: u32): void {
  const mask = (((<u64>1) << bits) - 1) << shift;
  setWord(SINGLES, (word(SINGLES) & ~mask) | ((<u64>value) << shift));
}
/** The page that a file reader reads next. */
export function readPage(reader: u32): u32 {
  return single(singleRead + reader * bitsFor(pages), bitsFor(pages));
}
export function setReadPage(reader: u32, page: u32): void {
  setSingle(singleRead + reader * bitsFor(pages), bitsFor(pages), page);
}
