// The stack of depth first: states that wait to be expanded, the newest on top. Its chunks are linked
// downwards.
//
// Interface: Stack, push, pop.

import { CHUNK_UNITS, giveBack, indexOf, linkOf, setLink, takeChunk, unitAt } from "./memory";

/** 16 bytes. */
@unmanaged
export class Stack {
  /** Number + 1 of the top chunk, and units used in it. */
  chunk: u32;
  fill: u32;
  /** Entries. */
  length: u32;
  pad: u32;
}

/** Puts a state and its depth on top; false if there is no more memory. */
export function push(stack: Stack, state: u32, depth: u32): bool {
  if (stack.chunk == 0 || stack.fill == CHUNK_UNITS) {
    const chunk = takeChunk();
    if (chunk == 0) return false;
    setLink(chunk - 1, stack.chunk);
    stack.chunk = chunk;
    stack.fill = 0;
  }
  store<u64>(unitAt(indexOf(stack.chunk - 1, stack.fill++)), (<u64>state) | ((<u64>depth) << 32));
  stack.length++;
  return true;
}

/** Takes the top off: the state in the lower half, its depth in the upper. */
export function pop(stack: Stack): u64 {
  assert(stack.length > 0, "the stack has a top");
  const entry = load<u64>(unitAt(indexOf(stack.chunk - 1, --stack.fill)));
  stack.length--;
  if (stack.fill == 0) {
    const gone = stack.chunk - 1;
    stack.chunk = linkOf(gone);
    stack.fill = CHUNK_UNITS;
    giveBack(gone);
  }
  return entry;
}
