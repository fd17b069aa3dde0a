// One action that suffices: it is independent of everything that any other process may ever do before it.
//
// Who may touch what follows from ownership: a frame outside the cache is its holders' alone, a locked page
// without holders is its writer's, a page that no writer will reach is nobody's. The steps that are chosen
// alone all make progress, and every cycle of the machine (drop and fault) is made of others: so no action is
// put off for ever. All final states stay, up to the numbering of frames, and a violated S stays violated.
// Interface: ample.

import {
  bitsFor,
  breaks,
  fileReaders,
  frameMask,
  mapped,
  pages,
  punched,
  reclaims,
  retransmits,
  SINK_SOCKETS,
  sink,
  splicers,
  steals,
  waits,
  writers,
  cells,
  fan,
  frameBits,
} from "./parameters";
import {
  ACTION_ACK,
  ACTION_CONSUME,
  ACTION_RETRANSMIT,
  ACTION_TEE,
  ACTION_WRITER,
  AT_COW,
  AT_LOCK,
  AT_UNLOCK,
  AT_WRITE,
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
  pipeOf,
  refsOf,
  singleMap,
  singlePunch,
  singleTee,
  sinkAgain,
  sinkCell,
  sinkOf,
  sinkSent,
  sinkSentMask,
} from "./state";

const ONE: u64 = 1;

/** One enabled action that suffices, or all of them. */
export function ample(enabled: u64): u64 {
  const most = enabled & ((ONE << ACTION_TEE) * 2 - 1);
  for (let left = most; left != 0; left &= left - 1) {
    const action = <u32>ctz(left);
    if (suffices(action)) return ONE << action;
  }
  return enabled;
}

function suffices(action: u32): bool {
  const who = action & 7;
  if (action < ACTION_CONSUME) return splicer(who);
  if (action < ACTION_ACK) return sink == SINK_SOCKETS ? transmit(who) : reader(who);
  if (action < ACTION_RETRANSMIT) return ack(who);
  if (action < ACTION_WRITER) return false;
  if (action < ACTION_WRITER + 8) return writer(who);
  return action == ACTION_TEE && single(singleTee, bitsFor(fan)) == fan;
}

/** The page that a frame caches; `pages` if none. */
function pageOf(frame: u32): u32 {
  for (let p: u32 = 0; p < pages; p++) if (cached(p) == frame) return p;
  return pages;
}
/** Whether somebody may still change the content of a page in place, or take it out of the cache to do so. */
function willBeWritten(p: u32): bool {
  if (p < mapped && single(singleMap, bitsFor(mapped)) <= p) return true;
  for (let j: u32 = 0; j < writers; j++) {
    const locals = localsOf(j);
    const page = pageIn(locals);
    if (page < p || (page == p && placeIn(locals) != AT_UNLOCK)) return true;
  }
  return false;
}
function willBePunched(p: u32): bool {
  return p < punched && single(singlePunch, bitsFor(punched)) <= p;
}
function willBeSpliced(p: u32): bool {
  for (let i: u32 = 0; i < splicers; i++) {
    const pipe = pipeOf(i);
    const at = positionIn(pipe);
    if (at < p || (at == p && heldIn(pipe) == 0)) return true;
  }
  return false;
}
function willBeRead(p: u32): bool {
  for (let r: u32 = 0; r < fileReaders; r++) if (readPage(r) <= p) return true;
  return p < mapped && single(singleMap, bitsFor(mapped)) <= p;
}

/** push and move are between a splicer's own ends of queues; get is, of a page that stays as it is. */
function splicer(i: u32): bool {
  const pipe = pipeOf(i);
  const p = positionIn(pipe);
  if (heldIn(pipe) || p >= pages) return true;
  if (steals || reclaims || cached(p) == 0) return false;
  return !willBeWritten(p) && !willBePunched(p);
}

/** A frame whose content stays as it is while it is held. */
function isStable(frame: u32): bool {
  const p = pageOf(frame);
  return p == pages || !willBeWritten(p);
}
function transmit(i: u32): bool {
  const socket = sinkOf(i);
  const sent = (socket >> sinkSent) & sinkSentMask;
  return isStable(<u32>((socket >> (sent * frameBits)) & frameMask));
}
function reader(q: u32): bool {
  const frame = <u32>(pipeOf(q) & frameMask);
  const cell = (<u32>(sinkOf(q) >> sinkCell)) & ((1 << (<u32>bitsFor(cells))) - 1);
  return cell == cells ? canDrop(frame) : isStable(frame);
}
/** Nobody will ask for the number of a frame's references. */
function canDrop(frame: u32): bool {
  const p = pageOf(frame);
  if (p == pages) return true;
  return !reclaims && (!breaks || !willBeWritten(p));
}
function ack(i: u32): bool {
  const socket = sinkOf(i);
  if (retransmits && ((socket >> sinkAgain) & 1) == 0) return false;
  return canDrop(<u32>(socket & frameMask));
}

function writer(j: u32): bool {
  const locals = localsOf(j);
  const p = pageIn(locals);
  const frame = cached(p);
  switch (placeIn(locals)) {
    case AT_LOCK:
      return frame != 0 && canLock(j, p);
    case AT_COW:
      return waits && refsOf(frame) == 1;
    case AT_WRITE:
      return waits && refsOf(frame) == 1 && !willBeRead(p);
    default:
      return true;
  }
}
function canLock(j: u32, p: u32): bool {
  if (reclaims || willBePunched(p) || (waits && willBeSpliced(p))) return false;
  for (let k: u32 = 0; k < writers; k++) if (k != j && pageIn(localsOf(k)) <= p) return false;
  return true;
}
