// Property R: a frame's references are its holders, and it is free if it has no content.
//
// Interface: holders counts them; referencesHold compares.

import { frameBits, lanes, pages, frameMask, sink, SINK_SOCKETS } from "./parameters";
import { heldIn } from "./processes";
import {
  CACHE,
  REFS,
  TAGS,
  nonZero,
  pipeFramesMask,
  pipeOf,
  sinkFramesMask,
  sinkOf,
  word,
} from "./state";

const ONE: u64 = 1;
/** What is none is counted as frame 0, which has no references. */
const REAL: u64 = ~15;

/** Holders of every frame, half a byte each: cache slots, buffers, frags, splicers between get and push. */
export function holders(): u64 {
  let count: u64 = 0;
  let cache = word(CACHE);
  for (let p: u32 = 0; p < pages; p++) {
    count += ONE << ((cache & frameMask) << 2);
    cache >>= frameBits;
  }
  for (let q: u32 = 0; q < lanes; q++) {
    const pipe = pipeOf(q);
    count += ONE << ((<u64>heldIn(pipe)) << 2);
    for (let queued = pipe & pipeFramesMask; queued != 0; queued >>= frameBits)
      count += ONE << ((queued & frameMask) << 2);
    if (sink != SINK_SOCKETS) continue;
    for (let queued = sinkOf(q) & sinkFramesMask; queued != 0; queued >>= frameBits)
      count += ONE << ((queued & frameMask) << 2);
  }
  return count & REAL;
}

/** Whether R holds in the present state. */
export function referencesHold(): bool {
  const refs = word(REFS);
  return holders() == refs && nonZero(refs) == nonZero(word(TAGS));
}
