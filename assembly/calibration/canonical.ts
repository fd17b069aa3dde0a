// One state for all that differ in names alone: frames, servers, writers.
//
// Servers are sorted by what they hold, seen without frame numbers: a frame is the page that it caches, or its
// content. Writers are numbered by where they stand; where several stand alike, each numbering is tried and
// the smallest state taken. Frames are numbered in the order in which cache and servers name them.
// Interface: canonical.
// Not modelled: ties between servers that differ only in which frames they share; such states stay apart.

import { REDUCE_FRAMES, REDUCE_THREADS } from "../abi/explore";
import { copyWords } from "../explore/arena";
import { renameFrames } from "./frames";
import { SINK_TEE, lanes, sink, writerBits, writers } from "./parameters";
import { sortServers } from "./servers";
import { WRITERS, setWord, state, stateBytes, word } from "./state";
import { renameTags } from "./tags";

/** More writers are not permuted: their numberings would be too many. */
const WRITERS_MAX: u32 = 4;
const BYTES_MAX: i32 = 256;
const original: usize = memory.data(BYTES_MAX, 8);
const least: usize = memory.data(BYTES_MAX, 8);
let leastKnown: bool = false;
let framesToo: bool = false;

/** Brings the state to the representative of its orbit. */
export function canonical(symmetries: u32): void {
  const threads = (symmetries & REDUCE_THREADS) != 0;
  framesToo = (symmetries & REDUCE_FRAMES) != 0;
  if (!threads) return renameFrames();
  if (writers < 2 || writers > WRITERS_MAX) return arrange();
  copyWords(original, state, stateBytes);
  leastKnown = false;
  number(0, 0, 0);
  copyWords(state, least, stateBytes);
}

/** Sorts servers and numbers frames. */
function arrange(): void {
  if (sink != SINK_TEE && lanes > 1) sortServers();
  if (framesToo) renameFrames();
}

/** Gives the numbers from `next` on to the writers that have none, in every order that sorts their locals.
 *  `numbered`: a bit per writer; `order`: half a byte per number, the writer. */
function number(next: u32, numbered: u32, order: u64): void {
  if (next == writers) return tryOrder(order);
  let lowest: u64 = ~(<u64>0);
  for (let j: u32 = 0; j < writers; j++)
    if (!((numbered >> j) & 1)) lowest = min(lowest, locals(j));
  for (let j: u32 = 0; j < writers; j++)
    if (!((numbered >> j) & 1) && locals(j) == lowest)
      number(next + 1, numbered | (1 << j), order | ((<u64>j) << (next << 2)));
}
function locals(writer: u32): u64 {
  const all = load<u64>(original, WRITERS);
  return (all >> (writer * writerBits)) & (((<u64>1) << writerBits) - 1);
}

/** Numbers the writers so, and keeps the state if it is the least so far. */
function tryOrder(order: u64): void {
  copyWords(state, original, stateBytes);
  let sorted: u64 = 0;
  let tags: u64 = 0xfedcba9876543210;
  let moved = false;
  for (let n: u32 = 0; n < writers; n++) {
    const writer = (<u32>(order >> (n << 2))) & 15;
    sorted |= locals(writer) << (n * writerBits);
    const shift = (2 + writer) << 2;
    tags = (tags & ~((<u64>15) << shift)) | ((<u64>(2 + n)) << shift);
    if (writer != n) moved = true;
  }
  setWord(WRITERS, sorted);
  if (moved) renameTags(tags);
  arrange();
  if (leastKnown && !isLess()) return;
  leastKnown = true;
  copyWords(least, state, stateBytes);
}

function isLess(): bool {
  for (let at: u32 = 0; at < stateBytes; at += 8) {
    const mine = word(at);
    const best = load<u64>(least + at);
    if (mine != best) return mine < best;
  }
  return false;
}
