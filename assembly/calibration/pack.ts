// The packing of the calibration machine: its fields, one behind the other, bit by bit.
//
// Left out is what follows from the rest: references are their holders (where R is broken, the action that
// broke it has reported that), locks are writers inside a page, what a NIC has acknowledged.
// Interface: startPacking after configure; pack, unpack, packedMax.

import {
  cells,
  fileReaders,
  flags,
  frameBits,
  frames,
  lanes,
  logs,
  misses,
  pageBits,
  pages,
  tagBits,
  writerBits,
  writers,
} from "./parameters";
import { AT_LOCK, localsOf, pageIn, placeIn } from "./processes";
import { holders } from "./holders";
import {
  CACHE,
  DISK,
  FILE,
  LANES,
  LANE_SHIFT,
  LOCKS,
  READ_LOG,
  REFS,
  SHARED,
  SINGLES,
  TAGS,
  WRITERS,
  pipeBits,
  setWord,
  singleBits,
  sinkBits,
  state,
  stateBytes,
  word,
} from "./state";

/** Fields at most: 9 words and 8 lanes of two. */
const FIELDS_MAX: i32 = 25;
/** Offset of a word in the state, u32, and its bits, u32. */
const fields: usize = memory.data(FIELDS_MAX * 8, 8);
let count: u32 = 0;
let bits: u64 = 0;

function add(offset: usize, width: u64): void {
  if (width == 0) return;
  store<u32>(fields + (count << 3), <u32>offset);
  store<u32>(fields + (count << 3), <u32>width, 4);
  count++;
  bits += width;
}

/** Lists the fields for the present parameters. */
export function startPacking(): void {
  count = 0;
  bits = 0;
  for (let q: u32 = 0; q < lanes; q++) {
    add(LANES + (q << LANE_SHIFT), pipeBits);
    add(LANES + (q << LANE_SHIFT) + 8, sinkBits);
  }
  add(WRITERS, writers * writerBits);
  add(CACHE, pages * frameBits);
  add(SINGLES, singleBits);
  if (flags) add(SHARED, frames + 1);
  if (misses) add(DISK, pages * pageBits);
  if (fileReaders) add(FILE, pages * pageBits);
  if (logs) add(READ_LOG, fileReaders * pages * pageBits);
  for (let c: u32 = 0; c < cells; c++) add(0, frames * tagBits);
  count -= cells;
  startSqueezing();
}

export function packedMax(): u32 {
  return (<u32>((bits + 63) >> 6)) << 3;
}

/** Packs the present state to `to`; returns the bytes, a multiple of 8. */
export function pack(to: usize): u32 {
  let out = to;
  let collected: u64 = 0;
  let fill: u64 = 0;
  const tagsFrom = fields + (count << 3);
  for (let field = fields; field < tagsFrom + (cells << 3); field += 8) {
    const width: u64 = load<u32>(field, 4);
    const value =
      field < tagsFrom
        ? load<u64>(state + load<u32>(field))
        : squeezed(word(TAGS + (field - tagsFrom)) >> 4);
    collected |= value << fill;
    fill += width;
    if (fill < 64) continue;
    store<u64>(out, collected);
    out += 8;
    fill -= 64;
    collected = fill ? value >> (width - fill) : 0;
  }
  if (fill) {
    store<u64>(out, collected);
    out += 8;
  }
  return <u32>(out - to);
}

/** Brings back a state that pack wrote. */
export function unpack(from: usize): void {
  memory.fill(state, 0, stateBytes);
  let at = from;
  let current = load<u64>(at);
  let used: u64 = 0;
  const tagsFrom = fields + (count << 3);
  for (let field = fields; field < tagsFrom + (cells << 3); field += 8) {
    const width: u64 = load<u32>(field, 4);
    let value = current >> used;
    used += width;
    if (used >= 64) {
      used -= 64;
      at += 8;
      current = load<u64>(at);
      if (used) value |= current << (width - used);
    }
    if (width < 64) value &= ((<u64>1) << width) - 1;
    if (field < tagsFrom) store<u64>(state + load<u32>(field), value);
    else setWord(TAGS + (field - tagsFrom), spread(value) << 4);
  }
  setWord(REFS, holders());
  setWord(LOCKS, locks());
}

/** The pages that writers have locked. */
function locks(): u64 {
  let locked: u64 = 0;
  for (let j: u32 = 0; j < writers; j++) {
    const locals = localsOf(j);
    if (placeIn(locals) != AT_LOCK) locked |= (<u64>1) << pageIn(locals);
  }
  return locked;
}

// Half bytes become fields of tagBits bits in four steps; each brings neighbours together, twice as many.
const STEPS: u32 = 4;
/** Per step: the mask of what stays, and of what comes down. */
const masks: usize = memory.data(64, 8);

function startSqueezing(): void {
  let group = tagBits;
  let stride: u64 = 8;
  for (let step: u32 = 0; step < STEPS; step++) {
    let stays: u64 = 0;
    for (let at: u64 = 0; at < 64; at += stride) stays |= (((<u64>1) << group) - 1) << at;
    store<u64>(masks + (step << 4), stays);
    store<u64>(masks + (step << 4), stays << group, 8);
    group <<= 1;
    stride <<= 1;
  }
}
function squeezed(halves: u64): u64 {
  let x = halves;
  let gap = 4 - tagBits;
  for (let mask = masks; mask < masks + 64; mask += 16) {
    x = (x & load<u64>(mask)) | ((x >> gap) & load<u64>(mask, 8));
    gap <<= 1;
  }
  return x;
}
function spread(packed: u64): u64 {
  let x = packed;
  let gap = (4 - tagBits) << 3;
  for (let mask = masks + 48; mask >= masks; mask -= 16) {
    x = (x & load<u64>(mask)) | ((x & load<u64>(mask, 8)) << gap);
    gap >>= 1;
  }
  return x;
}
