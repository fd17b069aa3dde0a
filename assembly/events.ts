// What a step changed, in order: records of eight words, read by src/model/views.ts and emptied before
// each step. Never part of the state; written only while somebody listens.
//
// Interface: EVENT_*; emit; clear, listen; eventsAt, eventsUsed.

import { EVENTS_MAX } from "./limits";

/** task, call */
export const EVENT_CALL_START: u32 = 1;
/** task, call; return value or -errno as two words */
export const EVENT_CALL_RETURN: u32 = 2;
/** task, pipe */
export const EVENT_SLEEP: u32 = 3;
/** task, waker */
export const EVENT_WAKE: u32 = 4;
/** task */
export const EVENT_SIGPIPE: u32 = 5;
/** frame, order */
export const EVENT_FOLIO_NEW: u32 = 6;
/** frame */
export const EVENT_FOLIO_FREE: u32 = 7;
/** frame, references now */
export const EVENT_FOLIO_REF: u32 = 8;
/** inode, index, frame */
export const EVENT_CACHE_INSERT: u32 = 9;
/** inode, index, frame */
export const EVENT_CACHE_REMOVE: u32 = 10;
/** old frame, new frame */
export const EVENT_REPLACE: u32 = 11;
/** inode; size as two words */
export const EVENT_SIZE: u32 = 12;
/** pipe, counter, frame, offset, len, flags, kind */
export const EVENT_SLOT_PUSH: u32 = 13;
/** pipe, counter */
export const EVENT_SLOT_POP: u32 = 14;
/** call, frame, offset, len */
export const EVENT_STORE: u32 = 15;
/** call, pipe, counter, frame, offset, len, changed */
export const EVENT_CONSUME: u32 = 16;
/** inode, index, frame: the disk's content came into the cache, went out to the disk */
export const EVENT_DISK_READ: u32 = 40;
export const EVENT_DISK_WRITE: u32 = 41;
/** frame, copy: a page got a copy of another one's bytes */
export const EVENT_COPY: u32 = 42;

/** task, socket */
export const EVENT_SLEEP_SOCKET: u32 = 17;
/** socket, frame, offset, len, kind */
export const EVENT_FRAG_PUSH: u32 = 18;
/** call or NO_CALL, socket, frame, offset, len, changed */
export const EVENT_FRAG_CONSUME: u32 = 19;
/** socket, frags that were dropped */
export const EVENT_FRAG_DROP: u32 = 20;
/** socket: its oldest message has a wrong checksum, and is dropped */
export const EVENT_MESSAGE_LOST: u32 = 21;
/** In place of a call: the kernel acts on its own. */
export const NO_CALL: u32 = 0xffffffff;

export const EVENT_WORDS: u32 = 8;

const buffer: usize = memory.data(EVENTS_MAX * EVENT_WORDS * 4);
let used: u32 = 0;
let listening: bool = false;

/** Starts or stops recording. */
export function listen(on: bool): void {
  listening = on;
  used = 0;
}
export function clear(): void {
  used = 0;
}
export function eventsAt(): usize {
  return buffer;
}
export function eventsUsed(): u32 {
  return used;
}
export function emit(
  kind: u32,
  a: u32 = 0,
  b: u32 = 0,
  c: u32 = 0,
  d: u32 = 0,
  e: u32 = 0,
  f: u32 = 0,
  g: u32 = 0,
): void {
  if (!listening) return;
  assert(used < EVENTS_MAX, "one step emits at most EVENTS_MAX events");
  const at = buffer + used * EVENT_WORDS * 4;
  store<u32>(at, kind);
  store<u32>(at, a, 4);
  store<u32>(at, b, 8);
  store<u32>(at, c, 12);
  store<u32>(at, d, 16);
  store<u32>(at, e, 20);
  store<u32>(at, f, 24);
  store<u32>(at, g, 28);
  used++;
}
