// States that pass between workers. What a worker finds and another owns waits in an outbox; between two levels
// the host carries the boxes over.
//
// A box is chunks of entries as in the arena (arena.ts), ended by its length or by a zero word.
// Interface: outboxBytes, outboxAt, outboxDrop for the first chunk of a box; inboxAt, inbox to take one in.

import { STATUS_OUT_OF_MEMORY } from "../abi/explore";
import { hashOf, wordsIn } from "./arena";
import { visit } from "./commit";
import { facts, outbox } from "./facts";
import { CHUNK_BYTES, claim, firstIndex, firstUnit, freeFirst, unitAt, unitsUsed } from "./memory";

/** Bytes of the first chunk for a worker; 0 if nothing is left for it. */
export function outboxBytes(worker: u32): u32 {
  const box = outbox(worker);
  if (box.first == 0) return 0;
  const chunk = box.first - 1;
  return (unitsUsed(box, chunk) - firstUnit(chunk)) << 3;
}
/** Where that chunk lies. */
export function outboxAt(worker: u32): usize {
  return unitAt(firstIndex(outbox(worker)));
}
/** That chunk has been passed on. */
export function outboxDrop(worker: u32): void {
  freeFirst(outbox(worker));
}

/** Where the host puts a chunk from another worker; 0 if there is no more memory. `room` is what it gave before in
 *  this search, 0 at first. */
export function inboxAt(room: usize): usize {
  return room ? room : claim(CHUNK_BYTES);
}
/** Enters the states of a chunk at `room`; returns a STATUS_*. */
export function inbox(room: usize, bytes: u32): u32 {
  let at = room;
  while (at < room + bytes) {
    const word = load<u64>(at);
    const words = wordsIn(word);
    if (words == 0) break;
    if (!visit(hashOf(at + 8, words), at + 8, words, word)) {
      facts.status = STATUS_OUT_OF_MEMORY;
      break;
    }
    at += 8 + (words << 3);
  }
  return facts.status;
}
