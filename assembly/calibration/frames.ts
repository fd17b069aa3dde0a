// Frames under the numbering in which cache and lanes name them first.
//
// Interface: renameFrames.

import {
  SINK_SOCKETS,
  cells,
  flags,
  frameBits,
  frameMask,
  frames,
  lanes,
  pages,
  sink,
} from "./parameters";
import {
  CACHE,
  REFS,
  SHARED,
  TAGS,
  pipeFramesMask,
  pipeHold,
  pipeOf,
  setPipe,
  setSink,
  setWord,
  sinkFramesMask,
  sinkOf,
  word,
} from "./state";

/** Half a byte per frame, its new number; 0 while it has none. */
let map: u64 = 0;
let next: u64 = 0;

/** Numbers the frames anew. */
export function renameFrames(): void {
  map = 0;
  next = 0;
  setWord(CACHE, renamed(word(CACHE), pages));
  for (let q: u32 = 0; q < lanes; q++) {
    const pipe = pipeOf(q);
    const hold = (pipe >> pipeHold) & frameMask;
    const rest = pipe & ~(pipeFramesMask | (frameMask << pipeHold));
    const held = hold ? numberOf(hold) << pipeHold : 0;
    setPipe(q, rest | held | queued(pipe & pipeFramesMask));
    if (sink != SINK_SOCKETS) continue;
    const socket = sinkOf(q);
    setSink(q, (socket & ~sinkFramesMask) | queued(socket & sinkFramesMask));
  }
  moveFrames();
}

function numberOf(frame: u64): u64 {
  const shift = frame << 2;
  const known = (map >> shift) & 15;
  if (known) return known;
  map |= ++next << shift;
  return next;
}
function renamed(fields: u64, count: u32): u64 {
  let result: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const frame = (fields >> (i * frameBits)) & frameMask;
    if (frame) result |= numberOf(frame) << (i * frameBits);
  }
  return result;
}
function queued(fields: u64): u64 {
  let result: u64 = 0;
  let shift: u64 = 0;
  for (let left = fields; left != 0; left >>= frameBits) {
    result |= numberOf(left & frameMask) << shift;
    shift += frameBits;
  }
  return result;
}

/** Brings what is known of each frame under its new number; a frame that nobody names is free, all zero. */
function moveFrames(): void {
  const refs = word(REFS);
  const shared = word(SHARED);
  let newRefs: u64 = 0;
  let newShared: u64 = 0;
  for (let f: u64 = 1; f <= frames; f++) {
    const to = (map >> (f << 2)) & 15;
    if (to == 0) continue;
    newRefs |= ((refs >> (f << 2)) & 15) << (to << 2);
    newShared |= ((shared >> f) & 1) << to;
  }
  setWord(REFS, newRefs);
  if (flags) setWord(SHARED, newShared);
  for (let c: u32 = 0; c < cells; c++) moveTags(TAGS + (c << 3));
}
function moveTags(offset: usize): void {
  const tags = word(offset);
  let moved: u64 = 0;
  for (let f: u64 = 1; f <= frames; f++) {
    const to = (map >> (f << 2)) & 15;
    if (to) moved |= ((tags >> (f << 2)) & 15) << (to << 2);
  }
  setWord(offset, moved);
}
