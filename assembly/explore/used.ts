// Which part of a state is in use: it has room for all frames that a program may ever need, and most are never used.
//
// Interface: measureFrames notes how the present state is; framesUsed, for loops over all frames; quietFrom, quietTo:
// between them lies nothing but zeros. copyUsed copies the rest; saveState, restoreState.
// Law: who brings the block to another state, or performs an action, measures (machine.ts).
// Not modelled: holes between frames that are in use; unused cells.

import { Frame, cellsAt, framesMax, rawFrame, stateBase, stateBytes } from "../layout";

let used: u32 = 0;

/** One above the highest frame in use, when it was last measured; at least 1. */
export function framesUsed(): u32 {
  return used;
}
/** Offset in the block of the first word behind the frames in use. */
export function quietFrom(): u32 {
  return (<u32>(changetype<usize>(rawFrame(used)) - stateBase) + 7) & ~7;
}
/** Offset of the first word behind all frames. */
export function quietTo(): u32 {
  return <u32>(cellsAt(0) - stateBase);
}

/** Copies a block but for what is zero in the present state. */
export function copyUsed(to: usize, from: usize): void {
  const rest = quietTo();
  memory.copy(to, from, quietFrom());
  memory.copy(to + rest, from + rest, stateBytes - rest);
}

/** Frames in use in the state that was saved. */
let usedSaved: u32 = 0;

/** Keeps the present state at `room`. */
export function saveState(room: usize): void {
  usedSaved = used;
  copyUsed(room, stateBase);
}
/** Brings it back. */
export function restoreState(room: usize): void {
  const end = quietFrom();
  used = usedSaved;
  copyUsed(stateBase, room);
  if (end > quietFrom()) memory.fill(stateBase + quietFrom(), 0, end - quietFrom());
}

/** Finds the highest frame in use; what is free is zero. */
export function measureFrames(): void {
  const frames = changetype<usize>(rawFrame(0));
  const bytes = <u32>offsetof<Frame>();
  let end = stateBase + quietTo();
  while (end >= frames + 128 && isZero(end - 64) && isZero(end - 128)) end -= 128;
  while (end > frames && load<u64>(end - 8) == 0) end -= 8;
  used = min<u32>(framesMax, max<u32>(1, (<u32>(end - frames) + bytes - 1) / bytes));
}
function isZero(at: usize): bool {
  const lower = load<u64>(at) | load<u64>(at, 8) | load<u64>(at, 16) | load<u64>(at, 24);
  return (
    (lower | load<u64>(at, 32) | load<u64>(at, 40) | load<u64>(at, 48) | load<u64>(at, 56)) == 0
  );
}
