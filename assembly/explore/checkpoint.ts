// A search as parts that the host can write down, and back again.
//
//   part 0: the facts | part 1: links between chunks | a part per chunk, empty where the chunk is free |
//   with fingerprints a last part: the table
//
// Of an exact search the table is made anew from the states. To resume: the machine at the same first state,
// resumeStart; part 0 to partAt(0); resumeChunks; the other parts; resumeEnd.
// Interface: checkpointParts, partAt, partBytes; resumeStart, resumeChunks, resumeEnd.

import {
  MODE_FINGERPRINT,
  STATUS_FOREIGN,
  STATUS_OUT_OF_MEMORY,
  STATUS_RUNNING,
} from "../abi/explore";
import { equals, hashOf, packedAt, wordsOf } from "./arena";
import { BLOCK_BYTES, block, facts, numbers, states } from "./facts";
import { CHUNK_BYTES, indexOf, linksAt, newChunk, isFree, unitAt, firstIndex } from "./memory";
import { following, packPresent, packedPresent, prepare, resumeBatch } from "./search";
import { insert, isKnown, setUsed, startTable, tableAt, tableBytes } from "./table";

const FACTS: u32 = 0;
const LINKS: u32 = 1;
const CHUNKS: u32 = 2;

/** Parts of a checkpoint; their content may be read until the search goes on. */
export function checkpointParts(): u32 {
  return CHUNKS + numbers.count + (facts.mode == MODE_FINGERPRINT ? 1 : 0);
}
/** Address of a part. */
export function partAt(part: u32): usize {
  if (part == FACTS) return block;
  if (part == LINKS) return linksAt();
  return part - CHUNKS < numbers.count ? unitAt(indexOf(part - CHUNKS, 0)) : tableAt();
}
export function partBytes(part: u32): u32 {
  if (part == FACTS) return BLOCK_BYTES;
  if (part == LINKS) return numbers.count << 2;
  if (part - CHUNKS >= numbers.count) return tableBytes();
  return isFree(part - CHUNKS) ? 0 : CHUNK_BYTES;
}

/** Makes room for a search that is resumed; the machine is at its first state. Returns a STATUS_*. */
export function resumeStart(bytesMax: f64): u32 {
  prepare(0, 0, 0, bytesMax);
  return facts.status;
}

/** With part 0 in place, makes room for the chunks, and for a table of `tableMax` bytes, 0 if there was none. */
export function resumeChunks(tableMax: u32): u32 {
  const count = numbers.count;
  const free = numbers.free;
  numbers.count = 0;
  for (let i: u32 = 0; i < count; i++) if (!newChunk()) return stopped();
  numbers.free = free;
  resumeBatch();
  facts.status = STATUS_RUNNING;
  const entries = facts.mode == MODE_FINGERPRINT ? tableMax >> 3 : tableFor(facts.states);
  return startTable(facts.mode, entries) ? STATUS_RUNNING : stopped();
}
function stopped(): u32 {
  facts.status = STATUS_OUT_OF_MEMORY;
  return STATUS_OUT_OF_MEMORY;
}
function tableFor(count: u64): u32 {
  return <u32>(count + (count >> 1));
}

/** With all parts in place: the search can go on. STATUS_FOREIGN where it is another machine's. */
export function resumeEnd(): u32 {
  const words = packPresent();
  const hash = hashOf(packedPresent(), words);
  if (facts.mode == MODE_FINGERPRINT) {
    setUsed(<u32>facts.states);
    if (!isKnown(hash, packedPresent(), words)) facts.status = STATUS_FOREIGN;
    return facts.status;
  }
  const root = firstIndex(states);
  if (facts.workers == 1 && !equals(root, packedPresent(), words)) facts.status = STATUS_FOREIGN;
  else enterAll(root);
  return facts.status;
}

function enterAll(root: u32): void {
  let state = root;
  for (let i: u64 = 0; i < facts.states; i++) {
    const words = wordsOf(state);
    const hash = hashOf(packedAt(state), words);
    assert(!isKnown(hash, packedAt(state), words), "a state is kept once");
    insert(hash, state);
    state = following(state);
  }
}
