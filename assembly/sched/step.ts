// One step, with the checks of checked builds around it.
//
// Interface: step, enabledMask, insideMask.

import { truncateWaits, writeWaits } from "../config";
import { clear } from "../events";
import { stateBase, stateBytes, taskAt, tasks } from "../layout";
import { setActor } from "../mm/mark";
import { PRICE_WAITS, pay } from "../price";
import { shadowBase } from "../state";
import { clearSets, watch } from "../touch";
import { isEnabled, heldUpBy, run } from "./action";
import { declare } from "./declare";
import { LINE_ENTER } from "./line";
import { verifyWrites } from "./verify";

/** Bit t is set if task t can take a step. */
export function enabledMask(): u32 {
  let mask: u32 = 0;
  for (let t: u32 = 0; t < tasks; t++) if (isEnabled(t)) mask |= 1 << t;
  return mask;
}

/** Bit t is set if task t is inside a call. */
export function insideMask(): u32 {
  let mask: u32 = 0;
  for (let t: u32 = 0; t < tasks; t++) if (taskAt(t).line != LINE_ENTER) mask |= 1 << t;
  return mask;
}

/** Bit t is set if task t waits until nobody outside the page cache holds a folio. */
function heldUpMask(): u32 {
  if (!writeWaits() && !truncateWaits()) return 0;
  let mask: u32 = 0;
  for (let t: u32 = 0; t < tasks; t++) if (heldUpBy(t)) mask |= 1 << t;
  return mask;
}

/** One step of an enabled task. */
export function step(task: u32): void {
  clear();
  assert(isEnabled(task), "only an enabled task takes a step");
  const waited = heldUpMask();
  if (CHECKED) {
    memory.copy(shadowBase, stateBase, stateBytes);
    clearSets();
    declare(task);
    watch(true);
  }
  setActor(task);
  run(task);
  if (CHECKED) {
    watch(false);
    verifyWrites(shadowBase);
  }
  pay(PRICE_WAITS, popcnt(heldUpMask() & ~waited));
}
