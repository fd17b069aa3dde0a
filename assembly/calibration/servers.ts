// Servers in an order that does not hang on their numbers: sorted by what each holds.
//
// Interface: sortServers.

import { SINK_SOCKETS, frameBits, frameMask, frames, lanes, pages, sink } from "./parameters";
import {
  cached,
  pipeFramesMask,
  pipeHold,
  pipeOf,
  setPipe,
  setSink,
  sinkFramesMask,
  sinkOf,
  TAGS,
  word,
} from "./state";

const LANES_MAX: i32 = 8;
/** Per server three words to compare: frames by what they are, pipe and sink without frames. */
const keys: usize = memory.data(LANES_MAX * 24, 8);
/** Half a byte per frame: the page that it caches, plus one; or pages and its content. */
let codes: u64 = 0;

/** Sorts the servers by their keys; equal ones keep their order. */
export function sortServers(): void {
  nameFrames();
  for (let q: u32 = 0; q < lanes; q++) makeKey(q);
  for (let q: u32 = 1; q < lanes; q++)
    for (let at = q; at > 0 && isBefore(at, at - 1); at--) swap(at, at - 1);
}

function nameFrames(): void {
  const tags = word(TAGS);
  codes = 0;
  for (let f: u64 = 1; f <= frames; f++) {
    const tag = (tags >> (f << 2)) & 15;
    if (tag) codes |= (pages + tag) << (f << 2);
  }
  for (let p: u32 = 0; p < pages; p++) {
    const shift = (<u64>cached(p)) << 2;
    codes = (codes & ~((<u64>15) << shift)) | ((<u64>p + 1) << shift);
  }
}

function makeKey(q: u32): void {
  const at = keys + q * 24;
  const pipe = pipeOf(q);
  const socket = sinkOf(q);
  const hold = (pipe >> pipeHold) & frameMask;
  let key = hold ? codeOf(hold) : 0;
  key = coded(key, pipe & pipeFramesMask);
  if (sink == SINK_SOCKETS) key = coded(key, socket & sinkFramesMask);
  store<u64>(at, key);
  store<u64>(at, pipe & ~(pipeFramesMask | (frameMask << pipeHold)), 8);
  store<u64>(at, socket & ~sinkFramesMask, 16);
}
function codeOf(frame: u64): u64 {
  return (codes >> (frame << 2)) & 15;
}
/** `key` with the codes of a queue appended. The length of the queue is in the rest of the words. */
function coded(key: u64, queued: u64): u64 {
  let result = key;
  for (let left = queued; left != 0; left >>= frameBits)
    result = (result << 4) | codeOf(left & frameMask);
  return result;
}

function isBefore(a: u32, b: u32): bool {
  for (let i: u32 = 0; i < 24; i += 8) {
    const left = load<u64>(keys + a * 24 + i);
    const right = load<u64>(keys + b * 24 + i);
    if (left != right) return left < right;
  }
  return false;
}

function swap(a: u32, b: u32): void {
  for (let i: u32 = 0; i < 24; i += 8) {
    const left = load<u64>(keys + a * 24 + i);
    store<u64>(keys + a * 24 + i, load<u64>(keys + b * 24 + i));
    store<u64>(keys + b * 24 + i, left);
  }
  const pipe = pipeOf(a);
  const socket = sinkOf(a);
  setPipe(a, pipeOf(b));
  setSink(a, sinkOf(b));
  setPipe(b, pipe);
  setSink(b, socket);
}
