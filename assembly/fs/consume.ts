// What a consumer takes from a slot: the place where P1 (snapshot) is judged.
//
// Interface: noteConsumed (slots), noteReceived (frags).
// Law: a consumer gets the bytes that the slot's frame held in the step that took the slot's reference.

import { emit, EVENT_CONSUME, EVENT_FRAG_CONSUME } from "../events";
import { asksSnapshot, cellsAt, expectedAt, gridShift, header, slotAt } from "../layout";
import { fragAt, fragExpectedAt } from "../net/layout";
import { currentCall } from "../sched/call";

/** A consumer takes bytes [offset, offset + len) of the frame behind a slot, now. */
export function noteConsumed(task: u32, pipe: u32, counter: u32, offset: u32, len: u32): void {
  const frame: u32 = slotAt(pipe, counter).frame;
  const changed = judge(frame, expectedAt(pipe, counter), offset, len);
  emit(EVENT_CONSUME, currentCall(task), pipe, counter, frame, offset, len, changed);
}

/** The same of a frag: by a receiver's call, or by a network card (NO_CALL). */
export function noteReceived(call: u32, sock: u32, nth: u32, offset: u32, len: u32): void {
  const frame: u32 = fragAt(sock, nth).frame;
  const changed = judge(frame, fragExpectedAt(sock, nth), offset, len);
  emit(EVENT_FRAG_CONSUME, call, sock, frame, offset, len, changed);
}

/** 1 if the frame does not hold what is expected; then P1 is broken. */
function judge(frame: u32, expected: usize, offset: u32, len: u32): u32 {
  if (!asksSnapshot) return 0;
  const at = offset >> gridShift;
  if (memory.compare(cellsAt(frame) + at, expected + at, len >> gridShift) == 0) return 0;
  header().snapshotBroken = 1;
  return 1;
}
