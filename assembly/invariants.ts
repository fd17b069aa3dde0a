// The laws of the state, each one named function: P7 (conservation) and what the parts promise each other.
//
// Interface: lostWake; check: 0 if all hold, else the number of the first law that does not (LAW_*; names in
// src/model/core.ts).
// Not modelled: laws about content (P1 is judged where bytes are consumed: fs/consume.ts).

import { SWITCH_BLOCK_ZERO } from "./abi/switches";
import { MARK_FLAG } from "./abi/decisions";
import { SLOT_PAGECACHE, SLOT_ZERO } from "./abi/pipe";
import { countsFrags, markKind } from "./config";
import { partnerCame } from "./fs/fifo";
import { isWriting } from "./fs/tear";
import { queuesMax, socketQueue, waiter, waiters } from "./fs/wait";
import {
  FOLIO_DIRTY,
  FOLIO_MARKED,
  FOLIO_PRIVATE,
  Frame,
  PipeBuffer,
  asksDisk,
  batchAt,
  cells,
  cellsAt,
  fileAt,
  framesMax,
  gridShift,
  header,
  inodeAt,
  inodesMax,
  pagesMax,
  pipeAt,
  pipesMax,
  rawFrame,
  rawPageAt,
  slotAt,
  taskAt,
  tasks,
  tornAt,
  tornCells,
} from "./layout";
import {
  MAPPING_ANON,
  MAPPING_SHARED,
  PTE_ANON,
  PTE_FRAME,
  PTE_WRITE,
  mappedMax,
  mappingsMax,
  rawMapping,
  rawPteAt,
} from "./mm/page-table";
import { ptesOfFrame } from "./mm/mapping";
import { PAGE_SHIFT } from "./limits";
import { rwsemsHold } from "./fs/rwsem";
import { diskAt } from "./mm/disk";
import { fragAt, fragsMax, sockAt, socksMax, wireSock } from "./net/layout";
import { completionsHold } from "./net/zerocopy";
import { pipeOfDrain } from "./net/splice-read";
import { fileIn, isCopy, isPipe, isSocket, isSplice } from "./sched/call";
import {
  LINE_DRAIN,
  LINE_DRAIN_SLEEP,
  LINE_INPUT_SLEEP,
  LINE_MAP,
  LINE_OUTPUT_SLEEP,
  LINE_PARTNER,
  LINE_SLEEP,
} from "./sched/line";
import { isReady } from "./sched/wait-line";
import { endsHold, filesHold, namesHold } from "./laws-files";
import { fileHas } from "./mm/kind";

/** Every reference of a folio has a holder, and every holder a reference. */
export const LAW_REFERENCES: u32 = 1;
/** The mark knows of the slots and splice batches that hold a folio: a count is theirs, a flag is set while a
 *  cached folio has one. With MARK_LATE only the count is a law. */
export const LAW_MARK: u32 = 2;
/** A free frame is zero, and what a write in progress leaves where there is none. */
export const LAW_FREE_IS_ZERO: u32 = 3;
/** A used slot points at a living frame and stays inside its page; an unused one is zero. */
export const LAW_SLOTS: u32 = 4;
/** The page cache and its folios agree about where they are. */
export const LAW_CACHE: u32 = 5;
/** A description has as many references as descriptors, calls and mappings that use it. */
export const LAW_FILES: u32 = 6;
/** A pipe has as many readers and writers as open ends. */
export const LAW_ENDS: u32 = 7;
/** A sleeping task stands in one queue, and what it waits for does not hold. */
export const LAW_SLEEP: u32 = 8;
/** Cached bytes behind i_size are zero while nobody modifies the file. A store may change them: not asked then. */
export const LAW_TAIL: u32 = 9;
/** A clean cached page holds what the disk holds while nobody modifies the file. */
export const LAW_DISK: u32 = 10;
/** A queue's frags point at living frames, unused ones are zero; what is received or transmitted is within it. */
export const LAW_SOCKETS: u32 = 11;
/** What is mapped and no private copy is what the cache holds for that page (P3); a private page is writable for one; only mappings have entries. */
export const LAW_MAPPED: u32 = 12;
/** A file that is there is open or has a name, and every name stands for a file that knows of it. */
export const LAW_NAMES: u32 = 13;
/** Nobody shares i_rwsem while somebody holds it alone, and who shares it reads the file. */
export const LAW_RWSEM: u32 = 14;

/** References counted from the holders, per frame: two u16, all and outside. */
const held: usize = memory.data(2730 * 4);

export function check(): u32 {
  if (header().unmodelled) return 0;
  countHolders();
  if (!references()) return LAW_REFERENCES;
  if (markKind() && !marksHold()) return LAW_MARK;
  if (!freeIsZero() || !tornIsZero()) return LAW_FREE_IS_ZERO;
  if (!slotsHold()) return LAW_SLOTS;
  if (!cacheHolds()) return LAW_CACHE;
  if (!filesHold()) return LAW_FILES;
  if (!endsHold()) return LAW_ENDS;
  if (!sleepHolds()) return LAW_SLEEP;
  if (mappingsMax == 0 && !tailsAreZero()) return LAW_TAIL;
  if (asksDisk && !diskAgrees()) return LAW_DISK;
  if (!socketsHold()) return LAW_SOCKETS;
  if (!mappedHolds()) return LAW_MAPPED;
  if (!namesHold()) return LAW_NAMES;
  if (!rwsemsHold()) return LAW_RWSEM;
  return 0;
}

function hold(frame: u32, outside: u32): void {
  const head: u32 = rawFrame(frame).head;
  const at = held + head * 4;
  store<u16>(at, load<u16>(at) + 1);
  if (outside) store<u16>(at, load<u16>(at, 2) + 1, 2);
}

function countHolders(): void {
  memory.fill(held, 0, framesMax * 4);
  const slots: u32 = countsFrags() ? 0 : 1;
  for (let i: u32 = 0; i < inodesMax; i++)
    for (let page: u32 = 0; page < pagesMax; page++) {
      const frame: u32 = load<u16>(rawPageAt(i, page));
      if (frame) hold(frame, 0);
    }
  for (let f: u32 = 1; f < framesMax; f++) if (rawFrame(f).flags & FOLIO_PRIVATE) hold(f, 0);
  for (let p: u32 = 0; p < pipesMax; p++)
    for (let c = pipeAt(p).tail; c != pipeAt(p).head; c++) {
      const slot = slotAt(p, c);
      if (slot.kind != SLOT_ZERO) hold(slot.frame, slot.kind == SLOT_PAGECACHE ? slots : 0);
    }
  for (let t: u32 = 0; t < tasks; t++) {
    countBatch(t);
    // A private copy between the steps of a fault.
    const copy: u32 = taskAt(t).line == LINE_MAP ? taskAt(t).folio : 0;
    if (copy && rawFrame(copy).lock != t + 1) hold(copy, 0);
  }
  for (let m: u32 = 0; m < mappingsMax; m++)
    for (let page: u32 = 0; page < mappedMax; page++) {
      const pte: u32 = load<u16>(rawPteAt(m, page));
      if (pte) hold(pte & PTE_FRAME, 0);
    }
  for (let s: u32 = 0; s < socksMax; s++)
    for (let nth: u32 = 0; nth < <u32>sockAt(s).count; nth++) {
      const frag = fragAt(s, nth);
      if (frag.kind != SLOT_ZERO) hold(frag.frame, frag.kind == SLOT_PAGECACHE ? 1 : 0);
    }
}

function countBatch(task: u32): void {
  const it = taskAt(task);
  if (it.batch == 0) return;
  const outside = (isSplice(task) || isCopy(task)) && !countsFrags() ? 1 : 0;
  for (let nth: u32 = 0; nth < <u32>it.batch; nth++) {
    const head: u32 = load<u16>(batchAt(task, nth));
    if (head) hold(head, outside);
  }
}

function references(): bool {
  for (let f: u32 = 1; f < framesMax; f++) {
    const frame = rawFrame(f);
    if (frame.head == f && frame.refs != load<u16>(held + f * 4)) return false;
    if (frame.head != f && load<u16>(held + f * 4)) return false;
    if (frame.head == f && frame.refs == 0) return false;
  }
  return load<u16>(held) == 0;
}

function marksHold(): bool {
  for (let f: u32 = 1; f < framesMax; f++)
    if (rawFrame(f).head == f && !markHolds(rawFrame(f), load<u16>(held + f * 4, 2))) return false;
  return true;
}
function markHolds(folio: Frame, outside: u32): bool {
  if (markKind() != MARK_FLAG) return folio.outside == outside;
  return outside == 0 || folio.inode == 0 || (folio.flags & FOLIO_MARKED) != 0;
}

function freeIsZero(): bool {
  for (let f: u32 = 0; f < framesMax; f++) {
    if (rawFrame(f).head) continue;
    if (!isZero(changetype<usize>(rawFrame(f)), offsetof<Frame>())) return false;
    if (!isZero(cellsAt(f), cells)) return false;
  }
  return true;
}
function isZero(at: usize, bytes: u32): bool {
  for (let i: u32 = 0; i < bytes; i++) if (load<u8>(at + i)) return false;
  return true;
}

function tornIsZero(): bool {
  for (let t: u32 = 0; t < tasks; t++)
    if (!isWriting(t) && !isZero(tornAt(t), tornCells)) return false;
  return true;
}

function slotsHold(): bool {
  for (let p: u32 = 0; p < pipesMax; p++) {
    const pipe = pipeAt(p);
    if (!pipe.live) continue;
    if (pipe.head - pipe.tail > <u32>pipe.maxUsage) return false;
    for (let i: u32 = 0; i < <u32>pipe.maxUsage; i++) {
      const counter = pipe.tail + i;
      const slot = slotAt(p, counter);
      const inUse = counter - pipe.tail < pipe.head - pipe.tail;
      if (inUse ? !slotIsGood(slot) : !isZero(changetype<usize>(slot), offsetof<PipeBuffer>()))
        return false;
    }
  }
  return true;
}
function slotIsGood(slot: PipeBuffer): bool {
  if (slot.len == 0 || <u32>slot.offset + slot.len > 4096) return false;
  return slot.kind == SLOT_ZERO ? slot.frame == 0 : rawFrame(slot.frame).head != 0;
}

function cacheHolds(): bool {
  for (let i: u32 = 0; i < inodesMax; i++)
    for (let page: u32 = 0; page < pagesMax; page++) {
      const frame: u32 = load<u16>(rawPageAt(i, page));
      if (frame == 0) continue;
      const head: u32 = rawFrame(frame).head;
      const folio = rawFrame(head);
      if (folio.inode != i + 1 || <u32>folio.index + (frame - head) != page) return false;
    }
  return true;
}

/** A sleeper whose condition holds has lost its wake-up: its waker has let it stand in the queue. */
function sleepHolds(): bool {
  for (let t: u32 = 0; t < tasks; t++) {
    const queue: u32 = taskAt(t).queue;
    if (queue == 0) continue;
    let found: u32 = 0;
    for (let q: u32 = 0; q < queuesMax(); q++)
      for (let nth: u32 = 0; nth < waiters(q); nth++)
        if (waiter(q, nth) == t) found += q + 1 == queue ? 1 : 2;
    if (found != 1 || lostWake(t)) return false;
  }
  return true;
}

/** Whether the task sleeps although what it waits for is there, and nobody is about to wake it (P10). A task in poll
 *  never does. */
export function lostWake(task: u32): bool {
  const it = taskAt(task);
  const line = it.line;
  if (line == LINE_PARTNER)
    return it.queue != 0 && partnerCame(task) && pipeAt(fileIn(task).id).mutex == 0;
  const onPipe = line == LINE_SLEEP || line == LINE_INPUT_SLEEP || line == LINE_OUTPUT_SLEEP;
  return it.queue != 0 && (onPipe || line == LINE_DRAIN_SLEEP) && wakeIsLost(<u32>it.queue - 1);
}

/** The condition of a queue holds and nobody who was woken, or who holds the mutex, will look again. */
function wakeIsLost(queue: u32): bool {
  if (!isReady(queue)) return false;
  if (queue < 2 * pipesMax && pipeAt(queue >> 1).mutex) return false;
  for (let t: u32 = 0; t < tasks; t++) {
    const it = taskAt(t);
    const awake = it.queue == 0 && it.line != 0;
    if (awake && (looksAt(it.fileIn, queue) || looksAt(it.fileOut, queue))) return false;
  }
  return true;
}
function looksAt(file: u8, queue: u32): bool {
  if (file == 0) return false;
  const it = fileAt(<u32>file - 1);
  if (queue < 2 * pipesMax) return isPipe(it) && it.id == queue >> 1;
  return isSocket(it) && socketQueue(it.id) == queue;
}

/** A splice from a socket has its pipe locked, asleep or not. */
function drainsHold(): bool {
  for (let t: u32 = 0; t < tasks; t++) {
    const at = taskAt(t).line;
    if (at != LINE_DRAIN && at != LINE_DRAIN_SLEEP) continue;
    if (pipeAt(pipeOfDrain(t) - 1).mutex != <u8>(t + 1)) return false;
  }
  return true;
}

/** An empty message has one frag, of nothing. */
function fragIsGood(frag: PipeBuffer): bool {
  return frag.len == 0 ? frag.kind == SLOT_ZERO && frag.frame == 0 : slotIsGood(frag);
}

function socketsHold(): bool {
  if (!drainsHold()) return false;
  for (let s: u32 = 0; s < socksMax; s++) {
    const it = sockAt(s);
    if (
      it.sent > it.count ||
      it.held > it.count ||
      (it.count == 0 && s < wireSock(0) && it.consumed) ||
      !completionsHold(s)
    )
      return false;
    for (let nth: u32 = 0; nth < fragsMax; nth++) {
      const frag = fragAt(s, nth);
      const used = nth < <u32>it.count;
      if (used ? !fragIsGood(frag) : !isZero(changetype<usize>(frag), offsetof<PipeBuffer>()))
        return false;
    }
  }
  return true;
}

function tailsAreZero(): bool {
  for (let i: u32 = 0; i < inodesMax; i++) {
    const inode = inodeAt(i);
    if (!inode.live || inode.rwsem) continue;
    const page = <u32>(inode.size >> PAGE_SHIFT);
    const from = (<u32>(inode.size & 4095)) >> gridShift;
    const frame: u32 = page < pagesMax ? load<u16>(rawPageAt(i, page)) : 0;
    if (frame && !isZero(cellsAt(frame) + from, cells - from)) return false;
  }
  return true;
}

/** What the disk does not have it holds as zeros. */
function diskAgrees(): bool {
  for (let i: u32 = 0; i < inodesMax; i++)
    for (let page: u32 = 0; page < pagesMax; page++) {
      const frame: u32 = inodeAt(i).rwsem ? 0 : load<u16>(rawPageAt(i, page));
      if (frame == 0 || rawFrame(rawFrame(frame).head).flags & FOLIO_DIRTY) continue;
      // Behind i_size a folio that was marked when it was written back holds what was stored there, whether it
      // still is marked or not: nobody reads it, for who moves i_size zeroes it first.
      const keeps = markKind() != 0 && fileHas(i, SWITCH_BLOCK_ZERO);
      const inside = max<i64>(0, inodeAt(i).size - ((<i64>page) << PAGE_SHIFT)) >> gridShift;
      const count = keeps ? <u32>min<i64>(cells, inside) : cells;
      if (memory.compare(cellsAt(frame), diskAt(i, page), count)) return false;
    }
  return true;
}

function mappedHolds(): bool {
  for (let m: u32 = 0; m < mappingsMax; m++)
    for (let page: u32 = 0; page < mappedMax; page++) {
      const pte: u32 = load<u16>(rawPteAt(m, page));
      if (pte && !entryHolds(m, page, pte)) return false;
    }
  return true;
}
function entryHolds(mapping: u32, page: u32, pte: u32): bool {
  const map = rawMapping(mapping);
  if (page < <u32>map.gone || page >= <u32>map.pages) return false;
  const frame = pte & PTE_FRAME;
  const isOwn = pte & PTE_ANON && pte & PTE_WRITE && !(map.flags & MAPPING_SHARED);
  if (isOwn && ptesOfFrame(frame) != 1) return false;
  if (map.flags & MAPPING_ANON) return (pte & PTE_ANON) != 0 && rawFrame(frame).inode == 0;
  if (pte & PTE_ANON) return !(map.flags & MAPPING_SHARED) && rawFrame(frame).inode == 0;
  if (pte & PTE_WRITE && !(map.flags & MAPPING_SHARED)) return false;
  const at: u32 = map.index + page;
  return at < pagesMax && load<u16>(rawPageAt(map.inode, at)) == frame;
}
