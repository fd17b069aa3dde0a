// Which actions are enabled: the guards of the definition, section by section.
//
// Interface: actions, isFinal.

import {
  bitsFor,
  fan,
  fileReaders,
  frameBits,
  frameMask,
  lanes,
  mapped,
  pages,
  punched,
  reclaims,
  retransmits,
  ring,
  queue,
  sink,
  SINK_SOCKETS,
  SINK_TEE,
  splicers,
  waits,
  writers,
} from "./parameters";
import {
  ACTION_ACK,
  ACTION_CONSUME,
  ACTION_MAP,
  ACTION_PUNCH,
  ACTION_READ,
  ACTION_RECLAIM,
  ACTION_RETRANSMIT,
  ACTION_SPLICER,
  ACTION_TEE,
  ACTION_WRITER,
  AT_LOCK,
  heldIn,
  localsOf,
  pageIn,
  placeIn,
  positionIn,
  readPage,
  single,
} from "./processes";
import {
  cached,
  isDirty,
  isLocked,
  pipeFramesMask,
  pipeOf,
  refsOf,
  singleMap,
  singlePunch,
  singleTee,
  sinkAgain,
  sinkFramesMask,
  sinkOf,
  sinkSent,
  sinkSentMask,
} from "./state";

const ONE: u64 = 1;

/** Enabled actions, one bit each: ACTION_*. */
export function actions(): u64 {
  let mask: u64 = 0;
  for (let i: u32 = 0; i < splicers; i++) if (splicerCan(i)) mask |= ONE << (ACTION_SPLICER + i);
  if (sink == SINK_SOCKETS) for (let i: u32 = 0; i < splicers; i++) mask |= nic(i);
  else mask |= readers();
  for (let j: u32 = 0; j < writers; j++) if (writerCan(j)) mask |= ONE << (ACTION_WRITER + j);
  if (fileReaders | mapped | punched) mask |= singles();
  if (reclaims) mask |= reclaim();
  return mask;
}

/** Whether only the reclaim daemon can go on. */
export function isFinal(enabled: u64): bool {
  return (enabled & ((ONE << ACTION_RECLAIM) - 1)) == 0;
}

function splicerCan(i: u32): bool {
  const pipe = pipeOf(i);
  const full = isFull(pipe);
  if (heldIn(pipe)) return !full;
  const p = positionIn(pipe);
  if (p < pages) return cached(p) == 0 || (!full && !(waits && isLocked(p)));
  if (sink != SINK_SOCKETS || p == 2 * pages || (pipe & pipeFramesMask) == 0) return false;
  return ((sinkOf(i) >> ((queue - 1) * frameBits)) & frameMask) == 0;
}
function isFull(pipe: u64): bool {
  return ((pipe >> ((ring - 1) * frameBits)) & frameMask) != 0;
}

function nic(i: u32): u64 {
  const socket = sinkOf(i);
  const queued = socket & sinkFramesMask;
  if (queued == 0) return 0;
  const sent = (socket >> sinkSent) & sinkSentMask;
  let mask: u64 = 0;
  if (queued >> (sent * frameBits)) mask |= ONE << (ACTION_CONSUME + i);
  if (sent == 0) return mask;
  mask |= ONE << (ACTION_ACK + i);
  if (retransmits && ((socket >> sinkAgain) & 1) == 0) mask |= ONE << (ACTION_RETRANSMIT + i);
  return mask;
}

function readers(): u64 {
  const from: u32 = sink == SINK_TEE ? 1 : 0;
  let mask: u64 = 0;
  for (let q = from; q < lanes; q++)
    if (pipeOf(q) & pipeFramesMask) mask |= ONE << (ACTION_CONSUME + q);
  if (sink == SINK_TEE && (pipeOf(0) & pipeFramesMask) != 0 && !isFull(pipeOf(teeTarget())))
    mask |= ONE << ACTION_TEE;
  return mask;
}
/** The pipe that tee serves next. */
export function teeTarget(): u32 {
  return single(singleTee, bitsFor(fan));
}

function writerCan(j: u32): bool {
  const locals = localsOf(j);
  if (placeIn(locals) != AT_LOCK) return true;
  const p = pageIn(locals);
  return p < pages && (cached(p) == 0 || !isLocked(p));
}

function singles(): u64 {
  let mask: u64 = 0;
  for (let r: u32 = 0; r < fileReaders; r++)
    if (readPage(r) < pages) mask |= ONE << (ACTION_READ + r);
  if (mapped && single(singleMap, bitsFor(mapped)) < mapped) mask |= ONE << ACTION_MAP;
  if (punched) {
    const p = single(singlePunch, bitsFor(punched));
    if (p < punched && !isLocked(p)) mask |= ONE << ACTION_PUNCH;
  }
  return mask;
}

function reclaim(): u64 {
  let mask: u64 = 0;
  for (let p: u32 = 0; p < pages; p++) {
    const frame = cached(p);
    if (frame == 0 || isLocked(p)) continue;
    if (isDirty(p) || refsOf(frame) == 1) mask |= ONE << (ACTION_RECLAIM + p);
  }
  return mask;
}
