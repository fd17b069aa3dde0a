// Packed states, one behind the other, in the order in which they were found: breadth first, this is the
// queue as well. In front of each state one word tells how it was reached.
//
//   parent u32 | action u8 | worker that owns the parent u8 | words of the state u16
//
// Interface: entryWord makes such a word, the others read it; equals, hashOf on packed words.

import { unitAt } from "./memory";

/** The most words that a packed state may have: the field above, and a chunk. */
export const WORDS_MAX: u32 = 0x7ff0;
const ACTION_SHIFT: u64 = 32;
const WORKER_SHIFT: u64 = 40;
const WORDS_SHIFT: u64 = 48;

/** The word in front of a state. */
export function entryWord(parent: u32, action: u32, worker: u32, words: u32): u64 {
  const upper = action | (worker << 8) | (words << 16);
  return (<u64>parent) | ((<u64>upper) << ACTION_SHIFT);
}
/** Index of the state before; 0 for the first. Of the worker that workerOf names. */
export function parentOf(state: u32): u32 {
  return load<u32>(unitAt(state));
}
/** The action that led here. */
export function actionOf(state: u32): u32 {
  return (<u32>(load<u64>(unitAt(state)) >> ACTION_SHIFT)) & 0xff;
}
export function workerOf(state: u32): u32 {
  return (<u32>(load<u64>(unitAt(state)) >> WORKER_SHIFT)) & 0xff;
}
/** Words of the packed state behind such a word. */
export function wordsIn(word: u64): u32 {
  return <u32>(word >> WORDS_SHIFT);
}
/** Words of a packed state. */
export function wordsOf(state: u32): u32 {
  return wordsIn(load<u64>(unitAt(state)));
}
/** Address of the packed state. */
export function packedAt(state: u32): usize {
  return unitAt(state) + 8;
}

/** Whether a stored state is the packed one at `at`. */
export function equals(state: u32, at: usize, words: u32): bool {
  const entry = unitAt(state);
  if (<u32>(load<u64>(entry) >> WORDS_SHIFT) != words) return false;
  for (let i: u32 = 0; i < words; i++)
    if (load<u64>(entry + (i << 3), 8) != load<u64>(at + (i << 3))) return false;
  return true;
}

/** Bytes from which on memory.copy is quicker than a loop. */
const COPY_BYTES: u32 = 512;

/** Copies whole words. */
export function copyWords(to: usize, from: usize, bytes: u32): void {
  if (bytes >= COPY_BYTES) {
    memory.copy(to, from, bytes);
    return;
  }
  for (let i: u32 = 0; i < bytes; i += 8) store<u64>(to + i, load<u64>(from + i));
}

const PRIME1: u64 = 0x9e3779b185ebca87;
const PRIME2: u64 = 0xc2b2ae3d27d4eb4f;

/** 64-bit hash of packed words; never 0, which is the table's empty entry. */
export function hashOf(at: usize, words: u32): u64 {
  let hash: u64 = words;
  for (let i: u32 = 0; i < words; i++) {
    hash = (hash ^ load<u64>(at + (i << 3))) * PRIME1;
    hash ^= hash >> 32;
  }
  hash *= PRIME2;
  return max<u64>(1, hash ^ (hash >> 29));
}
