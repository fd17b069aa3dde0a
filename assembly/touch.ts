// Declared read and write sets: what a step may look at, and what it may change.
//
// Interface: declareRead, declareAdd and declareWrite name what the step that is about to run uses
// (sched/declare.ts). Checked builds keep the names in a table: touch traps on an object that is in no set, mayWrite
// tells verifyWrites which objects may differ after the step. The explorer hears the same names (explore/footprint.ts)
// and judges independence by them.
// A part of the state is an object of one OBJECT_* kind, with a number; the table below says which fields.
// Not modelled: single cells of a frame, single slots of a ring.

import { heard } from "./explore/footprint";

/** The descriptor table, the names, and which description, inode and pipe numbers are free. */
export const OBJECT_FDS: u32 = 0;
/** A description's references and what it is open on. */
export const OBJECT_FILE: u32 = 1;
/** Its f_pos and f_pos lock. */
export const OBJECT_POSITION: u32 = 2;
/** Its readahead state. */
export const OBJECT_AHEAD: u32 = 3;
/** An inode's size, links and openers. */
export const OBJECT_INODE: u32 = 4;
/** Its i_rwsem. */
export const OBJECT_RWSEM: u32 = 5;
/** One entry of its page index; the number is pageObject(). */
export const OBJECT_PAGE: u32 = 6;
/** What a frame is: its folio, place, order, private flag. */
export const OBJECT_FRAME: u32 = 7;
/** Its cells, the dirty flag, and which blocks are discarded. */
export const OBJECT_CELLS: u32 = 8;
/** A folio's reference counts; the number is its head frame, as for the lock. */
export const OBJECT_COUNT: u32 = 9;
export const OBJECT_LOCK: u32 = 10;
/** A pipe with its ring and wait queues. */
export const OBJECT_PIPE: u32 = 11;
/** A task and the results of its calls. */
export const OBJECT_TASK: u32 = 12;
/** Which frames are free: nobody looks at it but the allocator. */
export const OBJECT_FREE: u32 = 13;
/** A socket or wire with its frags and wait queue. */
export const OBJECT_SOCKET: u32 = 14;
/** The end of its queue where frags are added: adding commutes with taking, but for an empty or a full queue. */
export const OBJECT_TAIL: u32 = 15;
/** A mapping with its page table entries. */
export const OBJECT_MAPPING: u32 = 16;
const KINDS: u32 = 17;

export const MODE_READ: u8 = 1;
/** Adds to or takes from a counter: two of these commute while nobody looks for zero. */
export const MODE_ADD: u8 = 2;
export const MODE_WRITE: u8 = 4;

/** Numbers per kind in the table, more than any limit of limits.ts but that of pages, which are taken modulo. */
const IDS: u32 = 4096;
/** MODE_* bits of each object, in checked builds. Not part of the state. */
const sets: usize = CHECKED ? memory.data(KINDS * IDS) : 0;
let watching: bool = false;

/** Empties both sets. */
export function clearSets(): void {
  watching = false;
  memory.fill(sets, 0, KINDS * IDS);
}
/** From now on an undeclared access traps. */
export function watch(on: bool): void {
  watching = on;
}

export function declareRead(kind: u32, id: u32): void {
  declareMode(kind, id, MODE_READ);
}
export function declareAdd(kind: u32, id: u32): void {
  declareMode(kind, id, MODE_ADD);
}
export function declareWrite(kind: u32, id: u32): void {
  declareMode(kind, id, MODE_WRITE);
}
/** The same in a mode that is decided at run time. */
export function declareMode(kind: u32, id: u32, mode: u8): void {
  if (CHECKED) store<u8>(entry(kind, id), load<u8>(entry(kind, id)) | mode);
  heard(kind, id, mode);
}
function entry(kind: u32, id: u32): usize {
  return sets + kind * IDS + (id & (IDS - 1));
}

/** Whether the running step declared that it may change the object. */
export function mayWrite(kind: u32, id: u32): bool {
  return (load<u8>(entry(kind, id)) & (MODE_ADD | MODE_WRITE)) != 0;
}
function isDeclared(kind: u32, id: u32): bool {
  return load<u8>(entry(kind, id)) != 0;
}

/** Traps if the running step declared none of the objects of kinds `from` to `to` with this number. */
export function touch(from: u32, to: u32, id: u32): void {
  if (!CHECKED || !watching) return;
  let found = false;
  for (let kind = from; kind <= to; kind++) if (isDeclared(kind, id)) found = true;
  assert(found, "the step touches an object that it did not declare");
}
