// The state of the calibration machine: words of 64 bits, each a row of small fields.
//
//   tags (a word per cell, half a byte per frame) | refs (half a byte per frame) | cache (a frame per page) |
//   locks (a bit per page) | shared marks (a bit per frame) | disk, file (content per page) | read log |
//   writers | single processes and dirty bits | per lane: pipe word, sink word
//
// A pipe word is: slots' frames, slots' expected content, the frame held, its content, the splicer's position.
// A sink word is, for sockets: frags' frames, their expected content, frags sent, retransmitted; for readers:
// buffers and cells consumed; then the log. A queue is shifted when its oldest entry goes, and its frames are
// never 0: so its length follows from its highest bit.
// Interface: the offsets and shifts; alloc, put, contentOf and the other sub-operations.

import {
  cells,
  fileReaders,
  flags,
  frameBits,
  frameMask,
  frames,
  lanes,
  logs,
  mapped,
  misses,
  pageBits,
  pageMask,
  pages,
  punched,
  queue,
  readParameters,
  ring,
  sink,
  SINK_SOCKETS,
  SINK_TEE,
  bitsFor,
  tagBits,
  fan,
} from "./parameters";

export const TAGS: usize = 0;
export const REFS: usize = 16;
export const CACHE: usize = 24;
export const LOCKS: usize = 32;
export const SHARED: usize = 40;
export const DISK: usize = 48;
export const FILE: usize = 56;
export const READ_LOG: usize = 64;
export const WRITERS: usize = 72;
export const SINGLES: usize = 80;
export const LANES: usize = 88;
export const LANE_SHIFT: u32 = 4;
const STATE_BYTES_MAX: i32 = 88 + 8 * 16;

/** The state block. */
export const state: usize = memory.data(STATE_BYTES_MAX, 8);
/** Its bytes, as far as lanes are used. */
export let stateBytes: u32 = 0;

// Shifts in a pipe word; its frames begin at bit 0.
export let pipeFramesMask: u64 = 0;
export let pipeContent: u64 = 0;
export let pipeContentMask: u64 = 0;
export let pipeHold: u64 = 0;
export let pipeHeld: u64 = 0;
export let pipePos: u64 = 0;
export let pipeBits: u64 = 0;
// Shifts in a sink word of a socket; its frames begin at bit 0.
export let sinkFramesMask: u64 = 0;
export let sinkContent: u64 = 0;
export let sinkContentMask: u64 = 0;
export let sinkSent: u64 = 0;
export let sinkSentMask: u64 = 0;
export let sinkAgain: u64 = 0;
/** Buffers consumed stand at bit 0 of a reader's word, cells here. */
export let sinkCell: u64 = 0;
export let sinkLog: u64 = 0;
export let sinkBits: u64 = 0;
// Shifts in the word of single processes: dirty bits first.
export let singleTee: u64 = 0;
export let singleMap: u64 = 0;
export let singlePunch: u64 = 0;
export let singleRead: u64 = 0;
export let singleBits: u64 = 0;
/** Multiplier that divides by frameBits, in 1/256. */
let reciprocal: u64 = 0;

/** Lays the state out for the parameters and brings it to the first state; false where they do not fit. */
export function configure(): bool {
  if (!readParameters()) return false;
  layPipe();
  layReader();
  if (sink == SINK_SOCKETS) laySocket();
  laySingles();
  stateBytes = <u32>LANES + (lanes << LANE_SHIFT);
  reciprocal = 256 / frameBits + (256 % frameBits ? 1 : 0);
  if (pipeBits > 64 || sinkBits > 64 || pages * pageBits * max<u32>(1, fileReaders) > 64)
    return false;
  first();
  return true;
}

function layPipe(): void {
  pipeContent = ring * frameBits;
  pipeHold = pipeContent + ring * pageBits;
  pipeHeld = pipeHold + frameBits;
  pipePos = pipeHeld + pageBits;
  pipeBits = pipePos + bitsFor(sink == SINK_SOCKETS ? 2 * pages : pages);
  pipeFramesMask = ((<u64>1) << pipeContent) - 1;
  pipeContentMask = (((<u64>1) << (ring * pageBits)) - 1) << pipeContent;
}

function layReader(): void {
  sinkCell = bitsFor(pages);
  sinkLog = sinkCell + bitsFor(cells);
  sinkBits = sinkLog + (logs ? pages * pageBits : 0);
  sinkFramesMask = 0;
}

function laySocket(): void {
  sinkContent = queue * frameBits;
  sinkSent = sinkContent + queue * pageBits;
  sinkAgain = sinkSent + bitsFor(queue);
  sinkLog = sinkAgain + 1;
  sinkBits = sinkLog + (logs ? pages * pageBits : 0);
  sinkFramesMask = ((<u64>1) << sinkContent) - 1;
  sinkContentMask = (((<u64>1) << (queue * pageBits)) - 1) << sinkContent;
  sinkSentMask = ((<u64>1) << bitsFor(queue)) - 1;
}

function laySingles(): void {
  singleTee = misses ? pages : 0;
  singleMap = singleTee + (sink == SINK_TEE ? bitsFor(fan) : 0);
  singlePunch = singleMap + bitsFor(mapped);
  singleRead = singlePunch + bitsFor(punched);
  singleBits = singleRead + fileReaders * bitsFor(pages);
}

function first(): void {
  memory.fill(state, 0, STATE_BYTES_MAX);
  for (let p: u32 = 0; p < pages; p++) {
    const frame = p + 1;
    for (let c: u32 = 0; c < cells; c++) {
      or(TAGS + (c << 3), (<u64>1) << (frame << 2));
      if (misses) or(DISK, (<u64>1) << ((p * cells + c) * tagBits));
      if (fileReaders) or(FILE, (<u64>1) << ((p * cells + c) * tagBits));
    }
    or(REFS, (<u64>1) << (frame << 2));
    or(CACHE, (<u64>frame) << (p * frameBits));
  }
  if (sink == SINK_TEE) or(SINGLES, (<u64>1) << singleTee);
}

// Words.
export function word(offset: usize): u64 {
  return load<u64>(state + offset);
}
export function setWord(offset: usize, value: u64): void {
  store<u64>(state + offset, value);
}
function or(offset: usize, bits: u64): void {
  setWord(offset, word(offset) | bits);
}
export function pipeOf(lane: u32): u64 {
  return load<u64>(state + (lane << LANE_SHIFT), LANES);
}
export function setPipe(lane: u32, value: u64): void {
  store<u64>(state + (lane << LANE_SHIFT), value, LANES);
}
export function sinkOf(lane: u32): u64 {
  return load<u64>(state + (lane << LANE_SHIFT), LANES + 8);
}
export function setSink(lane: u32, value: u64): void {
  store<u64>(state + (lane << LANE_SHIFT), value, LANES + 8);
}

// Pages and frames.
/** The frame that caches a page; 0 if none. */
export function cached(page: u32): u32 {
  return <u32>((word(CACHE) >> (page * frameBits)) & frameMask);
}
export function setCached(page: u32, frame: u32): void {
  const shift = page * frameBits;
  setWord(CACHE, (word(CACHE) & ~(frameMask << shift)) | ((<u64>frame) << shift));
}
export function isLocked(page: u32): bool {
  return ((word(LOCKS) >> page) & 1) != 0;
}
export function isDirty(page: u32): bool {
  return ((word(SINGLES) >> page) & 1) != 0;
}
export function setDirty(page: u32, dirty: bool): void {
  if (!misses) return;
  const bit = (<u64>1) << page;
  setWord(SINGLES, dirty ? word(SINGLES) | bit : word(SINGLES) & ~bit);
}
export function refsOf(frame: u32): u32 {
  return (<u32>(word(REFS) >> (frame << 2))) & 15;
}
/** Content of a frame: its cells' tags, tagBits each. */
export function contentOf(frame: u32): u64 {
  const tag = (word(TAGS) >> (frame << 2)) & 15;
  if (cells == 1) return tag;
  return tag | (((word(TAGS + 8) >> (frame << 2)) & 15) << tagBits);
}
export function setContent(frame: u32, content: u64): void {
  setTag(frame, 0, cells == 1 ? content : content & (((<u64>1) << tagBits) - 1));
  if (cells > 1) setTag(frame, 1, content >> tagBits);
}
export function tagOf(frame: u32, cell: u32): u64 {
  return (word(TAGS + (cell << 3)) >> (frame << 2)) & 15;
}
export function setTag(frame: u32, cell: u32, tag: u64): void {
  const shift = frame << 2;
  const tags = word(TAGS + (cell << 3)) & ~((<u64>15) << shift);
  setWord(TAGS + (cell << 3), tags | (tag << shift));
}
/** Content of a page in one of the words DISK, FILE and READ_LOG; of `nth` page. */
export function stored(offset: usize, nth: u32): u64 {
  return (word(offset) >> (nth * pageBits)) & pageMask;
}
export function setStored(offset: usize, nth: u32, content: u64): void {
  const shift = nth * pageBits;
  setWord(offset, (word(offset) & ~(pageMask << shift)) | (content << shift));
}
/** Content that has one tag in every cell. */
export function uniform(tag: u64): u64 {
  return cells == 1 ? tag : tag | (tag << tagBits);
}

/** One bit per half byte that is not zero, its lowest. */
export function nonZero(halves: u64): u64 {
  const pairs = halves | (halves >> 1);
  return (pairs | (pairs >> 2)) & 0x1111111111111111;
}
/** Takes the lowest-numbered free frame, with one reference. */
export function alloc(): u32 {
  const refs = word(REFS);
  const free = ~nonZero(refs) & 0x1111111111111110;
  const shift = ctz(free);
  const frame = <u32>(shift >> 2);
  assert(frame <= frames, "an allocation never fails");
  setWord(REFS, refs | ((<u64>1) << shift));
  return frame;
}
export function addRef(frame: u32): void {
  setWord(REFS, word(REFS) + ((<u64>1) << (frame << 2)));
}
/** Drops a reference; a frame without one is free, and its content gone. */
export function put(frame: u32): void {
  const shift = frame << 2;
  const refs = word(REFS);
  const left = ((refs >> shift) & 15) - 1;
  assert(left < 15, "a reference is dropped once");
  setWord(REFS, refs - ((<u64>1) << shift));
  if (left == 0) {
    setWord(TAGS, word(TAGS) & ~((<u64>15) << shift));
    if (cells > 1) setWord(TAGS + 8, word(TAGS + 8) & ~((<u64>15) << shift));
  }
  if (flags && left <= 1) setWord(SHARED, word(SHARED) & ~((<u64>1) << frame));
}
export function markShared(frame: u32): void {
  if (flags) setWord(SHARED, word(SHARED) | ((<u64>1) << frame));
}

// Queues.
/** Entries of a queue, given the bits of its frames. */
export function lengthOf(queued: u64): u64 {
  return ((64 - clz(queued) + frameBits - 1) * reciprocal) >> 8;
}
/** Appends a buffer to a lane's pipe. */
export function appendPipe(lane: u32, frame: u64, content: u64): void {
  const pipe = pipeOf(lane);
  const length = lengthOf(pipe & pipeFramesMask);
  const entry = (frame << (length * frameBits)) | (content << (pipeContent + length * pageBits));
  setPipe(lane, pipe | entry);
}
/** A pipe word without its oldest buffer. */
export function popped(pipe: u64): u64 {
  const rest = pipe & ~(pipeFramesMask | pipeContentMask);
  const queued = (pipe & pipeFramesMask) >> frameBits;
  return rest | queued | (((pipe & pipeContentMask) >> pageBits) & pipeContentMask);
}
/** A socket's word without its oldest frag. */
export function acked(socket: u64): u64 {
  const rest = socket & ~(sinkFramesMask | sinkContentMask);
  const queued = (socket & sinkFramesMask) >> frameBits;
  return rest | queued | (((socket & sinkContentMask) >> pageBits) & sinkContentMask);
}
