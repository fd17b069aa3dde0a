// What a consumer takes from a slot: the place where P1 (snapshot) is judged.
//
// Interface: noteConsumed.
// Law: a consumer gets the bytes that the slot's frame held in the step that took the slot's reference.

import { emit, EVENT_CONSUME } from "../events";
import { asksSnapshot, cellsAt, expectedAt, gridShift, header, slotAt } from "../layout";
import { currentCall } from "../sched/call";

/** A consumer takes bytes [offset, offset + len) of the frame behind a slot, now. */
export function noteConsumed(task: u32, pipe: u32, counter: u32, offset: u32, len: u32): void {
  const frame: u32 = slotAt(pipe, counter).frame;
  let changed: u32 = 0;
  if (asksSnapshot) {
    const at = offset >> gridShift;
    changed = memory.compare(cellsAt(frame) + at, expectedAt(pipe, counter) + at, len >> gridShift)
      ? 1
      : 0;
    if (changed) header().snapshotBroken = 1;
  }
  emit(EVENT_CONSUME, currentCall(task), pipe, counter, frame, offset, len, changed);
}
