// All that a task may still do, as a footprint: its call in progress and every call behind it.
//
// Interface: lookAhead computes, for the present state, the footprint of each task's future and of its next step;
// futureOf, nextOf, isDone, countActions. What single calls do stands in future-calls.ts.
// Law: whatever a task's steps declare later is in its future of now, or concerns a frame that is in a container of
// its future (seen through test/unit/explore/equality.test.ts: what a
// future leaves out shows as a lost outcome).
// Not modelled: which way a call will go; every call is taken to do all that it can.

import { MARK_LATE } from "../abi/decisions";
import { markKind } from "../config";
import {
  batchAt,
  inodesMax,
  pageObject,
  pagesMax,
  pipeAt,
  pipesMax,
  rawFrame,
  rawPageAt,
  slotAt,
  taskAt,
  tasks,
} from "../layout";
import { ACTIONS_MAX, FRAMES_MAX } from "../limits";
import { threadCalls, threadFirstCall } from "../program";
import { lateAt } from "../mm/mark";
import { PTE_FRAME, mappedMax, mappingsMax, rawPteAt } from "../mm/page-table";
import { fragAt, sockAt, socksMax } from "../net/layout";
import { backgroundCount, declareBackground, foreseeBackground } from "../sched/background";
import { declare } from "../sched/declare";
import { LINE_ENTER } from "../sched/line";
import { clearFlows, spread } from "./flows";
import {
  FOOTPRINT_BYTES,
  entryOf,
  hear,
  heldBy,
  mappedBy,
  queueOf,
  readAs,
  ringOf,
} from "./footprint";
import { foreseeCall, foreseeRest } from "./future-calls";
import { missesAhead, pending } from "./pending";
import { framesUsed } from "./used";

const next: usize = memory.data(ACTIONS_MAX * FOOTPRINT_BYTES);
const future: usize = memory.data(ACTIONS_MAX * FOOTPRINT_BYTES);
/** Containers that each folio is in or may come to, by its head frame. */
const reach: usize = memory.data(FRAMES_MAX * 8);
/** One above the highest frame whose containers are not zero. */
let reachEnd: u32 = 0;

/** The footprint of an action's next step, guard included. */
export function nextOf(action: u32): usize {
  return next + action * FOOTPRINT_BYTES;
}
/** The footprint of everything that a task, or a background action, may still do. */
export function futureOf(action: u32): usize {
  return future + action * FOOTPRINT_BYTES;
}
/** Actions: tasks, then background actions. */
export function countActions(): u32 {
  return tasks + backgroundCount();
}
/** Whether a task has done all that it does; a background action never has. */
export function isDone(action: u32): bool {
  return action < tasks && hasReturned(action);
}
function hasReturned(task: u32): bool {
  return taskAt(task).line == LINE_ENTER && <u32>taskAt(task).pc >= threadCalls(task);
}

/** Fills the footprints for the present state. `byNumber`: frames that differ in their numbers are different. */
export function lookAhead(byNumber: bool): void {
  const now = pending();
  readAs(byNumber, missesAhead(now), reach);
  clearFlows();
  for (let t: u32 = 0; t < tasks; t++) {
    hear(futureOf(t));
    foresee(t, now);
  }
  for (let k: u32 = 0; k < backgroundCount(); k++) {
    hear(futureOf(tasks + k));
    foreseeBackground(k);
  }
  placeFrames();
  for (let t: u32 = 0; t < tasks; t++) {
    hear(nextOf(t));
    if (!isDone(t)) declare(t);
  }
  for (let k: u32 = 0; k < backgroundCount(); k++) {
    hear(nextOf(tasks + k));
    declareBackground(k);
  }
  hear(0);
}

/** Everything behind `now`: the rest of the call in progress, then whole calls. */
function foresee(task: u32, now: u8): void {
  const it = taskAt(task);
  const first = threadFirstCall(task);
  let call = first + it.pc;
  if (it.line != LINE_ENTER) {
    foreseeRest(task, call, now);
    call++;
  }
  for (; call < first + threadCalls(task); call++) foreseeCall(task, call, now);
}

/** Where each folio is, and where it may come to. */
function placeFrames(): void {
  const used = framesUsed();
  memory.fill(reach, 0, max(used, reachEnd) * 8);
  reachEnd = used;
  for (let i: u32 = 0; i < inodesMax; i++)
    for (let page: u32 = 0; page < pagesMax; page++)
      place(load<u16>(rawPageAt(i, page)), entryOf(pageObject(i, page)));
  for (let p: u32 = 0; p < pipesMax; p++)
    for (let c = pipeAt(p).tail; c != pipeAt(p).head; c++) place(slotAt(p, c).frame, ringOf(p));
  for (let s: u32 = 0; s < socksMax; s++)
    for (let nth: u32 = 0; nth < <u32>sockAt(s).count; nth++)
      place(fragAt(s, nth).frame, queueOf(s));
  for (let m: u32 = 0; m < mappingsMax; m++)
    for (let page: u32 = 0; page < mappedMax; page++)
      place(load<u16>(rawPteAt(m, page)) & PTE_FRAME, mappedBy(m));
  if (markKind() == MARK_LATE)
    for (let f: u32 = 1; f < used; f++)
      for (let t: u32 = 0; t < tasks; t++)
        if ((load<u8>(lateAt(f)) >> (<u8>t)) & 1) place(f, heldBy(t));
  for (let t: u32 = 0; t < tasks; t++) {
    place(taskAt(t).folio, heldBy(t));
    for (let nth: u32 = 0; nth < <u32>taskAt(t).batch; nth++)
      place(load<u16>(batchAt(t, nth)), heldBy(t));
  }
  for (let frame: u32 = 1; frame < used; frame++) {
    const head: u32 = rawFrame(frame).head;
    if (head == frame) store<u64>(reach + frame * 8, spread(load<u64>(reach + frame * 8)));
    else if (head) store<u64>(reach + frame * 8, load<u64>(reach + head * 8));
  }
}

function place(frame: u32, containers: u64): void {
  if (frame == 0) return;
  const at = reach + <u32>rawFrame(frame).head * 8;
  store<u64>(at, load<u64>(at) | containers);
}
