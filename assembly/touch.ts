// Declared read and write sets: what a step may look at, and what it may change.
//
// Interface: declareRead and declareWrite fill the sets of the step that is about to run (sched/declare.ts);
// touch traps in checked builds on an object that is in neither; mayWrite tells verifyWrites which
// objects may differ after the step.
// An object is a descriptor table, an open file description, an inode with its page index, a frame with its
// cells, a pipe with its ring and wait queues, a task with its results, or a mapping with its page table entries.
// Not modelled: single fields; a step that needs one field of an object declares the object.

export const OBJECT_FDS: u32 = 0;
export const OBJECT_FILE: u32 = 1;
export const OBJECT_INODE: u32 = 2;
export const OBJECT_FRAME: u32 = 3;
export const OBJECT_PIPE: u32 = 4;
export const OBJECT_TASK: u32 = 5;
export const OBJECT_MAPPING: u32 = 6;

/** Ids per kind in the sets: above every limit of limits.ts. */
const IDS: u32 = 4096;
const KINDS: u32 = 7;
const SET_BYTES: u32 = KINDS * IDS;
/** One byte per object: bit 0 may be read, bit 1 may be written. Not part of the state. */
const sets: usize = memory.data(SET_BYTES);
let watching: bool = false;

/** Empties both sets. */
export function clearSets(): void {
  watching = false;
  memory.fill(sets, 0, SET_BYTES);
}
/** From now on an undeclared access traps. */
export function watch(on: bool): void {
  watching = on;
}
export function declareRead(kind: u32, id: u32): void {
  if (CHECKED) store<u8>(sets + kind * IDS + id, load<u8>(sets + kind * IDS + id) | 1);
}
export function declareWrite(kind: u32, id: u32): void {
  if (CHECKED) store<u8>(sets + kind * IDS + id, 3);
}
/** Whether the running step declared that it may change the object. */
export function mayWrite(kind: u32, id: u32): bool {
  return (load<u8>(sets + kind * IDS + id) & 2) != 0;
}
/** Traps if the running step did not declare the object. */
export function touch(kind: u32, id: u32): void {
  if (CHECKED && watching)
    assert(
      load<u8>(sets + kind * IDS + id) != 0,
      "the step touches an object that it did not declare",
    );
}
