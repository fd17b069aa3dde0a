// Footprints: which parts of the state a step, or all that a task may still do, reads, adds to and writes.
//
// Interface: hear says which footprint the declarations of touch.ts go into; conflict tells whether two
// footprints depend on each other. reachOf, containers: how frames are named.
//
// A footprint is 18 words of 64 bits: read, add and write sets of six words each. Objects without a frame are
// bits of two of them, numbers taken modulo (a collision only adds a dependence). What concerns frames is named
// by the *containers* that a frame is in or may come to: page index entries, rings, batches in flight. So "will read
// bytes of what lies in pipe p" and "changes bytes of this frame, which is in pipe p" can be compared.
// Not modelled: single cells; a frame's exact place in a ring.

import {
  OBJECT_AHEAD,
  OBJECT_FDS,
  OBJECT_FILE,
  OBJECT_FRAME,
  OBJECT_FREE,
  OBJECT_INODE,
  OBJECT_LOCK,
  OBJECT_MAPPING,
  OBJECT_PAGE,
  OBJECT_PIPE,
  OBJECT_POSITION,
  OBJECT_RWSEM,
  OBJECT_SOCKET,
  OBJECT_TAIL,
  OBJECT_TASK,
} from "../touch";

/** Words per mode: two of objects, then frames, cells, counts, locks by container. */
const WORDS: u32 = 6;
const WORD_FRAME: u32 = 2;
const WORD_CELLS: u32 = 3;
const WORD_COUNT: u32 = 4;
const WORD_LOCK: u32 = 5;
/** Modes in this order: read, add, write. */
const MODE_BYTES: u32 = WORDS * 8;
export const FOOTPRINT_BYTES: u32 = 3 * MODE_BYTES;

/** Where declarations go now; 0 is nowhere. */
let into: usize = 0;
/** Whether frame numbers matter: then taking and freeing frames does not commute. */
let numbersMatter: bool = false;
/** Whether readahead state can be looked at in what is left of the run. */
let aheadMatters: bool = true;
/** Containers that each frame is in or may come to, 8 bytes a frame; set by explore/future.ts. */
let reach: usize = 0;

/** Sets how declarations are read from now on. `reachAt`: 8 bytes of containers for each frame. */
export function readAs(framesByNumber: bool, ahead: bool, reachAt: usize): void {
  numbersMatter = framesByNumber;
  aheadMatters = ahead;
  reach = reachAt;
}

/** From now on declarations fill the footprint at `at`, emptied first; 0: they fill none. */
export function hear(at: usize): void {
  into = at;
  if (at) memory.fill(at, 0, FOOTPRINT_BYTES);
}

/** Containers as bits: what a task holds in flight, a socket's queue, a ring, a page table, a page index entry. */
export function heldBy(task: u32): u64 {
  return (<u64>1) << (task & 7);
}
export function queueOf(sock: u32): u64 {
  return (<u64>1) << (8 + (sock & 7));
}
export function ringOf(pipe: u32): u64 {
  return (<u64>1) << (16 + (pipe % 12));
}
export function mappedBy(mapping: u32): u64 {
  return (<u64>1) << (28 + (mapping & 3));
}
export function entryOf(page: u32): u64 {
  return (<u64>1) << (32 + (page & 31));
}

/** Called by every declaration of touch.ts. */
export function heard(kind: u32, id: u32, mode: u8): void {
  if (into == 0) return;
  if (kind >= OBJECT_FRAME && kind <= OBJECT_LOCK)
    return hearFrames(kind, load<u64>(reach + id * 8), mode);
  if (kind == OBJECT_AHEAD && !aheadMatters) return;
  if (kind == OBJECT_FREE) {
    if (numbersMatter) add(0, objectBit(kind, id), 4);
    return;
  }
  add(isSecond(kind) ? 1 : 0, objectBit(kind, id), mode);
}

/** What concerns the frames that are in one of the containers, or may come to be. */
export function hearFrames(kind: u32, containers: u64, mode: u8): void {
  add(WORD_FRAME + (kind - OBJECT_FRAME), containers, mode);
}

/** Everything is read and written: nobody knows what comes. */
export function hearEverything(): void {
  if (into) memory.fill(into, 0xff, FOOTPRINT_BYTES);
}

function add(word: u32, bits: u64, mode: u8): void {
  const at = into + (mode >> 1) * MODE_BYTES + word * 8;
  store<u64>(at, load<u64>(at) | bits);
}

function isSecond(kind: u32): bool {
  return kind == OBJECT_INODE || kind == OBJECT_RWSEM || kind == OBJECT_PAGE || isNet(kind);
}
function isNet(kind: u32): bool {
  return kind == OBJECT_SOCKET || kind == OBJECT_TAIL;
}

function objectBit(kind: u32, id: u32): u64 {
  return (<u64>1) << objectPlace(kind, id);
}
function objectPlace(kind: u32, id: u32): u32 {
  switch (kind) {
    case OBJECT_FDS:
      return 0;
    case OBJECT_TASK:
      return 1 + (id % 15);
    case OBJECT_PIPE:
      return 16 + (id & 15);
    case OBJECT_FILE:
      return 32 + (id & 15);
    case OBJECT_POSITION:
      return 48 + (id & 3);
    case OBJECT_MAPPING:
      return 52 + (id & 3);
    case OBJECT_AHEAD:
      return 56 + (id % 7);
    case OBJECT_FREE:
      return 63;
    case OBJECT_INODE:
      return id & 7;
    case OBJECT_RWSEM:
      return 8 + (id & 7);
    case OBJECT_SOCKET:
      return 16 + (id & 7);
    case OBJECT_TAIL:
      return 24 + (id & 7);
    default:
      assert(kind == OBJECT_PAGE, "every kind of object has its bits");
      return 32 + (id & 31);
  }
}

/** Whether one footprint changes what the other reads or changes; additions commute with each other. */
export function conflict(a: usize, b: usize): bool {
  for (let at: u32 = 0; at < MODE_BYTES; at += 8) {
    const readA = load<u64>(a + at);
    const addA = load<u64>(a + at, MODE_BYTES);
    const writeA = load<u64>(a + at, 2 * MODE_BYTES);
    const readB = load<u64>(b + at);
    const addB = load<u64>(b + at, MODE_BYTES);
    const writeB = load<u64>(b + at, 2 * MODE_BYTES);
    if (writeA & (readB | addB | writeB) || addA & (readB | writeB) || readA & (addB | writeB))
      return true;
  }
  return false;
}
