// What each action does: the effects of the definition, and what they violate.
//
// Interface: act; verdict of the last action.

import { PROPERTY_R, PROPERTY_S, PROPERTY_W } from "../abi/calibration";
import { referencesHold } from "./holders";
import {
  bitsFor,
  breaks,
  cells,
  copies,
  fan,
  fileReaders,
  flags,
  frameBits,
  frameMask,
  logs,
  mapped,
  misses,
  pageBits,
  pageMask,
  pages,
  punched,
  sink,
  SINK_SOCKETS,
  steals,
  tagBits,
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
  ACTION_TEE,
  ACTION_WRITER,
  AT_COW,
  AT_LOCK,
  AT_UNLOCK,
  AT_WRITE,
  cellIn,
  heldIn,
  localsOf,
  pageIn,
  placeIn,
  positionIn,
  readPage,
  setLocals,
  setReadPage,
  setSingle,
  single,
} from "./processes";
import {
  DISK,
  FILE,
  LOCKS,
  READ_LOG,
  SHARED,
  acked,
  addRef,
  alloc,
  appendPipe,
  cached,
  contentOf,
  isDirty,
  lengthOf,
  markShared,
  pipeContent,
  pipeHeld,
  pipeHold,
  pipeOf,
  pipePos,
  popped,
  put,
  refsOf,
  setCached,
  setContent,
  setDirty,
  setPipe,
  setSink,
  setStored,
  setTag,
  setWord,
  singleMap,
  singlePunch,
  singleTee,
  sinkAgain,
  sinkCell,
  sinkContent,
  sinkFramesMask,
  sinkLog,
  sinkOf,
  sinkSent,
  sinkSentMask,
  stored,
  tagOf,
  uniform,
  word,
} from "./state";

const ONE: u64 = 1;

let violated: u32 = 0;

/** Properties that the last action violated: bits of PROPERTY_*. */
export function verdict(): u32 {
  return violated;
}

/** Performs an enabled action. */
export function act(action: u32): void {
  violated = 0;
  const who = action & 7;
  if (action < ACTION_CONSUME) splicer(action);
  else if (action < ACTION_ACK) sink == SINK_SOCKETS ? transmit(who) : reader(who);
  else if (action < ACTION_RETRANSMIT) ack(who);
  else if (action < ACTION_WRITER) retransmit(who);
  else if (action < ACTION_READ) writer(who);
  else singleAct(action);
  if (!referencesHold()) violated |= 1 << PROPERTY_R;
}

function singleAct(action: u32): void {
  if (action >= ACTION_RECLAIM) reclaim(action - ACTION_RECLAIM);
  else if (action == ACTION_TEE) tee();
  else if (action == ACTION_PUNCH) punch();
  else if (action == ACTION_MAP) map();
  else readFile(action - ACTION_READ);
}

function fault(p: u32): void {
  const frame = alloc();
  setContent(frame, stored(DISK, p));
  setCached(p, frame);
  setDirty(p, false);
}

function splicer(i: u32): void {
  const pipe = pipeOf(i);
  const p = positionIn(pipe);
  if (heldIn(pipe)) push(i, pipe);
  else if (p >= pages) move(i, pipe);
  else if (cached(p) == 0) fault(p);
  else get(i, p);
}

function get(i: u32, p: u32): void {
  let frame = cached(p);
  const content = contentOf(frame);
  if (copies) {
    frame = alloc();
    setContent(frame, content);
  } else if (steals) {
    if (isDirty(p)) setStored(DISK, p, content);
    setDirty(p, false);
    setCached(p, 0);
  } else {
    addRef(frame);
    markShared(frame);
  }
  setPipe(i, pipeOf(i) | ((<u64>frame) << pipeHold) | (content << pipeHeld));
}

function push(i: u32, pipe: u64): void {
  const frame = (pipe >> pipeHold) & frameMask;
  const content = (pipe >> pipeHeld) & pageMask;
  setPipe(i, (pipe & ~((frameMask << pipeHold) | (pageMask << pipeHeld))) + (ONE << pipePos));
  appendPipe(i, frame, content);
}

function move(i: u32, pipe: u64): void {
  const socket = sinkOf(i);
  const length = lengthOf(socket & sinkFramesMask);
  const frame = pipe & frameMask;
  const content = (pipe >> pipeContent) & pageMask;
  const entry = (frame << (length * frameBits)) | (content << (sinkContent + length * pageBits));
  setSink(i, socket | entry);
  setPipe(i, popped(pipe) + (ONE << pipePos));
}

/** Frags that a NIC has acknowledged: what was moved and is not queued. */
function ackedBy(i: u32, socket: u64): u64 {
  return <u64>positionIn(pipeOf(i)) - pages - lengthOf(socket & sinkFramesMask);
}

function transmit(i: u32): void {
  const socket = sinkOf(i);
  const sent = (socket >> sinkSent) & sinkSentMask;
  setSink(i, seen(socket, sent, ackedBy(i, socket) + sent) + (ONE << sinkSent));
}

function retransmit(i: u32): void {
  const socket = sinkOf(i);
  setSink(i, seen(socket, 0, ackedBy(i, socket)) | (ONE << sinkAgain));
}

/** A NIC reads a frag: the socket's word with the content logged. */
function seen(socket: u64, nth: u64, logged: u64): u64 {
  const content = contentOf(<u32>((socket >> (nth * frameBits)) & frameMask));
  if (content != ((socket >> (sinkContent + nth * pageBits)) & pageMask))
    violated |= 1 << PROPERTY_S;
  if (!logs) return socket;
  const shift = sinkLog + logged * pageBits;
  return (socket & ~(pageMask << shift)) | (content << shift);
}

function ack(i: u32): void {
  const socket = sinkOf(i);
  put(<u32>(socket & frameMask));
  setSink(i, (acked(socket) - (ONE << sinkSent)) & ~(ONE << sinkAgain));
}

/** A pipe reader copies one cell of the oldest buffer, or releases it. */
function reader(q: u32): void {
  const pipe = pipeOf(q);
  const frame = <u32>(pipe & frameMask);
  let mine = sinkOf(q);
  const consumed = mine & ((ONE << sinkCell) - 1);
  const cell = (mine >> sinkCell) & ((ONE << bitsFor(cells)) - 1);
  if (cell == cells) {
    setPipe(q, popped(pipe));
    put(frame);
    setSink(q, mine - (cell << sinkCell) + 1);
    return;
  }
  const tag = tagOf(frame, <u32>cell);
  if (tag != ((pipe >> (pipeContent + cell * tagBits)) & ((ONE << tagBits) - 1)))
    violated |= 1 << PROPERTY_S;
  if (logs) mine |= tag << (sinkLog + (consumed * cells + cell) * tagBits);
  setSink(q, mine + (ONE << sinkCell));
}

function tee(): void {
  const pipe = pipeOf(0);
  const target = single(singleTee, bitsFor(fan));
  const frame = <u32>(pipe & frameMask);
  appendPipe(target, frame, (pipe >> pipeContent) & pageMask);
  if (target == fan) setPipe(0, popped(pipe));
  else {
    addRef(frame);
    markShared(frame);
  }
  setSingle(singleTee, bitsFor(fan), target == fan ? 1 : target + 1);
}

function writer(j: u32): void {
  const locals = localsOf(j);
  const p = pageIn(locals);
  const place = placeIn(locals);
  if (place == AT_LOCK && cached(p) == 0) fault(p);
  else if (place == AT_LOCK) {
    setWord(LOCKS, word(LOCKS) | (ONE << p));
    setLocals(j, p, breaks ? AT_COW : AT_WRITE, 0);
  } else if (place == AT_COW) {
    breakSharing(p);
    setLocals(j, p, AT_WRITE, 0);
  } else if (place == AT_WRITE) write(j, p, cells > 1 ? cellIn(locals) : 0);
  else {
    setWord(LOCKS, word(LOCKS) & ~(ONE << p));
    setLocals(j, p + 1, AT_LOCK, 0);
  }
}

function breakSharing(p: u32): void {
  const frame = cached(p);
  const shared = flags ? ((word(SHARED) >> frame) & 1) != 0 : refsOf(frame) > 1;
  if (!shared) return;
  const copy = alloc();
  setContent(copy, contentOf(frame));
  setCached(p, copy);
  put(frame);
}

function write(j: u32, p: u32, cell: u32): void {
  const tag: u64 = 2 + j;
  setTag(cached(p), cell, tag);
  if (fileReaders) setFileCell(p, cell, tag);
  setDirty(p, true);
  const last = cell + 1 == cells;
  setLocals(j, p, last ? AT_UNLOCK : AT_WRITE, cells > 1 ? cell + 1 : 0);
}
function setFileCell(p: u32, cell: u32, tag: u64): void {
  const shift = (p * cells + cell) * tagBits;
  setWord(FILE, (word(FILE) & ~(((ONE << tagBits) - 1) << shift)) | (tag << shift));
}

function readFile(r: u32): void {
  const p = readPage(r);
  const frame = cached(p);
  if (frame == 0) return fault(p);
  const content = contentOf(frame);
  if (content != stored(FILE, p)) violated |= 1 << PROPERTY_W;
  if (logs) setStored(READ_LOG, r * pages + p, content);
  setReadPage(r, p + 1);
}

function map(): void {
  const p = single(singleMap, bitsFor(mapped));
  const frame = cached(p);
  if (frame == 0) return fault(p);
  const content = uniform(2 + writers);
  setContent(frame, content);
  if (fileReaders) setStored(FILE, p, content);
  setDirty(p, true);
  setSingle(singleMap, bitsFor(mapped), p + 1);
}

function punch(): void {
  const p = single(singlePunch, bitsFor(punched));
  const frame = cached(p);
  if (frame) {
    setCached(p, 0);
    put(frame);
  }
  const content = uniform(3 + writers);
  if (misses) setStored(DISK, p, content);
  setDirty(p, false);
  if (fileReaders) setStored(FILE, p, content);
  setSingle(singlePunch, bitsFor(punched), p + 1);
}

function reclaim(p: u32): void {
  const frame = cached(p);
  if (isDirty(p)) {
    setStored(DISK, p, contentOf(frame));
    setDirty(p, false);
  } else {
    setCached(p, 0);
    put(frame);
  }
}
