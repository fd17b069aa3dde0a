// Runs along one schedule. A schedule is bytes: each picks, modulo the number of enabled tasks, from the
// enabled tasks in cyclic order that begins with the task that ran last; 0 is "the same task, if it can".
// So every byte string is a schedule, and smaller bytes switch less.
//
// Interface: runBytes; stepsTaken, lawBroken tell how it went.

import { check } from "../invariants";
import { header, tasks } from "../layout";
import { enabledMask, step } from "../sched/step";

/** Steps of one run at most: far above what 200 calls need. */
const STEPS_MAX: u32 = 1 << 20;

let steps: u32 = 0;
let law: u32 = 0;

export function stepsTaken(): u32 {
  return steps;
}
/** LAW_* that broke first, 0 for none. */
export function lawBroken(): u32 {
  return law;
}

/** The nth enabled task in cyclic order from `last` on. */
function pick(mask: u32, last: u32, nth: u32): u32 {
  let left = nth % popcnt(mask);
  for (let i: u32 = 0; i < tasks; i++) {
    const task = (last + i) % tasks;
    if (!(mask & (1 << task))) continue;
    if (left == 0) return task;
    left--;
  }
  assert(false, "the mask names an enabled task");
  return 0;
}

/**
 * Runs from the present state until no task is enabled: `length` bytes at `schedule`, then zeros.
 * With `checks`, every law is checked after every step, and the first that breaks ends the run.
 */
export function runBytes(schedule: usize, length: u32, checks: bool): void {
  steps = 0;
  law = 0;
  let last: u32 = 0;
  for (; steps < STEPS_MAX; steps++) {
    const mask = enabledMask();
    if (mask == 0 || header().unmodelled) return;
    last = pick(mask, last, steps < length ? load<u8>(schedule + steps) : 0);
    step(last);
    if (checks) law = check();
    if (law) return;
  }
  assert(false, "a run ends: every call makes progress or sleeps");
}
