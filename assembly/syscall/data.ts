// User memory: the bytes that a call writes, and those that it has read.
//
// Interface: prepareData (reset), sourceAt, appendData, dataOf, dataStartOf.
// The bytes to write are constants of the program, outside the state; the bytes read are results.
// The buffers of a vector lie one behind the other, so the first one's index tells where all of them are.
// Not modelled: buffers that overlap.

import { RUN_HOLE } from "../abi/program";
import { dataAt, gridShift, taskAt } from "../layout";
import { encode } from "../mm/values";
import * as program from "../program";
import { currentCall } from "../sched/call";

/** Cells of every buffer of the program, one after the other; first cell of each as u32. */
let sources: usize = 0;
let sourceStarts: usize = 0;
/** First cell of each call's part of the data area. */
let dataStarts: usize = 0;

/** Bytes that prepareData needs at most. */
export function dataTablesBytes(shift: u32): u32 {
  let sum: u32 = 0;
  for (let b: u32 = 0; b < program.buffersCount(); b++) sum += program.bufferBytes(b) >> shift;
  return ((sum + 7) & ~7) + (program.buffersCount() + program.callsCount() + 2) * 4;
}

/** Expands the program's buffers into cells at `base`. */
export function prepareData(base: usize): void {
  sourceStarts = base;
  dataStarts = sourceStarts + program.buffersCount() * 4;
  sources = dataStarts + program.callsCount() * 4;
  let at: u32 = 0;
  for (let b: u32 = 0; b < program.buffersCount(); b++) {
    store<u32>(sourceStarts + b * 4, at);
    for (let run: u32 = 0; run < program.bufferRuns(b); run++) {
      const count = program.runBytes(b, run) >> gridShift;
      const value = program.runByte(b, run);
      memory.fill(sources + at, value >= <u32>RUN_HOLE ? 0 : encode(<u8>value), count);
      at += count;
    }
  }
}

/** Address of the cells of a buffer from byte `offset` on. */
export function sourceAt(buffer: u32, offset: i64): usize {
  return sources + load<u32>(sourceStarts + buffer * 4) + <u32>(offset >> gridShift);
}

export function setDataStart(call: u32, cell: u32): void {
  store<u32>(dataStarts + call * 4, cell);
}
export function dataStart(call: u32): u32 {
  return load<u32>(dataStarts + call * 4);
}
/** Cells of a call's part of the data area. */
export function callCells(call: u32): u32 {
  const end = call + 1 < program.callsCount() ? dataStart(call + 1) : dataCells;
  return end - dataStart(call);
}

/** Where the running call puts what it reads next. */
export function dataOf(task: u32): usize {
  return dataAt(dataStart(currentCall(task)) + doneCells(task));
}
/** Where what the running call has read begins. */
export function dataStartOf(task: u32): usize {
  return dataAt(dataStart(currentCall(task)));
}
function doneCells(task: u32): u32 {
  return <u32>(taskAt(task).done >> gridShift);
}
/** Appends cells to what the running call has read; call before `done` advances. */
export function appendData(task: u32, from: usize, count: u32): void {
  assert(
    doneCells(task) + count <= callCells(currentCall(task)),
    "a call reads no more than the data area was laid out for",
  );
  memory.copy(dataOf(task), from, count);
}
let dataCells: u32 = 0;
export function setDataCells(count: u32): void {
  dataCells = count;
}
