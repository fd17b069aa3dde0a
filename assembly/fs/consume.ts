// What a consumer takes from a slot: the place where P1 (snapshot) is judged.
//
// Interface: noteConsumed (slots), noteReceived (frags), judgeConsumed.
// Law: a consumer gets the bytes that the slot's frame held in the step that took the slot's reference. It is not asked of
// memory that vmsplice shares: who stores there changes what is his.

import { SLOT_USER } from "../abi/pipe";
import { emit, EVENT_CONSUME, EVENT_FRAG_CONSUME } from "../events";
import {
  SNAPSHOT_BROKEN,
  SNAPSHOT_KEPT,
  SNAPSHOT_MAY_BREAK,
  asksSnapshot,
  expectedAt,
  gridShift,
  header,
  slotAt,
} from "../layout";
import { mayDiffer, mustDiffer } from "../mm/values";
import { fragAt, fragExpectedAt } from "../net/layout";
import { currentCall } from "../sched/call";

/** A consumer takes bytes [offset, offset + len) of the frame behind a slot; `got`: the cells that it gets. */
export function noteConsumed(
  task: u32,
  pipe: u32,
  counter: u32,
  offset: u32,
  len: u32,
  got: usize,
): void {
  const frame: u32 = slotAt(pipe, counter).frame;
  const changed = judgeConsumed(pipe, counter, offset, len, got);
  emit(EVENT_CONSUME, currentCall(task), pipe, counter, frame, offset, len, changed);
}

/** Judges P1 alone. Returns 1 if it is broken, or may be. */
export function judgeConsumed(pipe: u32, counter: u32, offset: u32, len: u32, got: usize): u32 {
  if (!asksSnapshot || slotAt(pipe, counter).kind == SLOT_USER) return 0;
  return judge(got, expectedAt(pipe, counter) + (offset >> gridShift), len >> gridShift);
}

/** The same of a frag: by a receiver's call, or by a network card (NO_CALL). */
export function noteReceived(
  call: u32,
  sock: u32,
  nth: u32,
  offset: u32,
  len: u32,
  got: usize,
): void {
  const expected = fragExpectedAt(sock, nth) + (offset >> gridShift);
  const asked = asksSnapshot != 0 && fragAt(sock, nth).kind != SLOT_USER;
  const changed = asked ? judge(got, expected, len >> gridShift) : 0;
  emit(EVENT_FRAG_CONSUME, call, sock, fragAt(sock, nth).frame, offset, len, changed);
}

function judge(got: usize, expected: usize, count: u32): u32 {
  if (!mayDiffer(got, expected, count)) return 0;
  const it = header();
  if (mustDiffer(got, expected, count)) it.snapshotBroken = SNAPSHOT_BROKEN;
  else if (it.snapshotBroken == SNAPSHOT_KEPT) it.snapshotBroken = SNAPSHOT_MAY_BREAK;
  return 1;
}
