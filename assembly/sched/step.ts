// One step, with the checks of checked builds around it.
//
// Interface: step, enabledMask, insideMask, progressMask, lateMask, isOver.
// Actions are the tasks, then the background actions (background.ts).

import { truncateWaits, writeWaits } from "../config";
import { clear } from "../events";
import { settle } from "../fs/tear";
import { header, stateBase, stateBytes, taskAt, tasks } from "../layout";
import { setActor } from "../mm/mark";
import { PRICE_WAITS, pay } from "../price";
import { shadowBase } from "../state";
import { clearSets, watch } from "../touch";
import { heldUpBy, isEnabled, run } from "./action";
import {
  backgroundCount,
  backgroundEnabled,
  backgroundStep,
  declareBackground,
  isLate,
  isProgress,
} from "./background";
import { isRequest } from "./call";
import { declare } from "./declare";
import { LINE_ENTER } from "./line";
import { verifyWrites } from "./verify";

/** Bit a is set if action a can take a step. */
export function enabledMask(): u32 {
  let mask: u32 = 0;
  for (let t: u32 = 0; t < tasks; t++) if (isEnabled(t)) mask |= 1 << t;
  if (header().unmodelled) return mask;
  for (let k: u32 = 0; k < backgroundCount(); k++)
    if (backgroundEnabled(k)) mask |= 1 << (tasks + k);
  return mask;
}

/** Bit a is set if a run is not over while action a is enabled: a thread, or a background action that is
 *  progress. */
export function progressMask(): u32 {
  let mask: u32 = (1 << tasks) - 1;
  for (let k: u32 = 0; k < backgroundCount(); k++) if (isProgress(k)) mask |= 1 << (tasks + k);
  return mask;
}

/** Bit a is set if action a is progress, and any call may come before it. */
export function lateMask(): u32 {
  let mask: u32 = 0;
  for (let k: u32 = 0; k < backgroundCount(); k++) if (isLate(k)) mask |= 1 << (tasks + k);
  return mask;
}

/** Whether a run ends in the present state, of which `enabled` is the mask. */
export function isOver(enabled: u32): bool {
  return (enabled & progressMask()) == 0;
}

/** Bit t is set if task t is inside a call, or about to make a request by itself. */
export function insideMask(): u32 {
  let mask: u32 = 0;
  for (let t: u32 = 0; t < tasks; t++)
    if (taskAt(t).line != LINE_ENTER || (isRequest(t) && isEnabled(t))) mask |= 1 << t;
  return mask;
}

/** Bit t is set if task t waits until nobody outside the page cache holds a folio. */
function heldUpMask(): u32 {
  if (!writeWaits() && !truncateWaits()) return 0;
  let mask: u32 = 0;
  for (let t: u32 = 0; t < tasks; t++) if (heldUpBy(t)) mask |= 1 << t;
  return mask;
}

/** One step of an enabled action. */
export function step(action: u32): void {
  clear();
  const background = action >= tasks;
  assert(
    background ? backgroundEnabled(action - tasks) : isEnabled(action),
    "only an enabled action takes a step",
  );
  const waited = heldUpMask();
  if (CHECKED) {
    memory.copy(shadowBase, stateBase, stateBytes);
    clearSets();
    if (background) declareBackground(action - tasks);
    else declare(action);
    watch(true);
  }
  setActor(action);
  if (background) backgroundStep(action - tasks);
  else run(action);
  if (CHECKED) {
    watch(false);
    verifyWrites(shadowBase);
  }
  settle();
  pay(PRICE_WAITS, popcnt(heldUpMask() & ~waited));
}
