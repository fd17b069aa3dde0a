// Runs along one schedule. A schedule is bytes: each picks, modulo the number of enabled actions, from the
// enabled actions in cyclic order that begins with the one that ran last; 0 is "the same one, if it can".
// So every byte string is a schedule, and smaller bytes switch less.
//
// Interface: runBytes; stepsTaken, lawBroken tell how it went. runPicks: the same call by call; roundsAt.

import { check } from "../invariants";
import { STATUS_NOT_STARTED, STATUS_RETURNED, calls, header, resultAt, tasks } from "../layout";
import { CALLS_MAX } from "../limits";
import { backgroundCount } from "../sched/background";
import { enabledMask, insideMask, isOver, lateMask, progressMask, step } from "../sched/step";

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

/** The nth enabled action in cyclic order from `last` on. */
function pick(mask: u32, last: u32, nth: u32): u32 {
  let left = nth % popcnt(mask);
  const actions = tasks + backgroundCount();
  for (let i: u32 = 0; i < actions; i++) {
    const action = (last + i) % actions;
    if (!(mask & (1 << action))) continue;
    if (left == 0) return action;
    left--;
  }
  assert(false, "the mask names an enabled action");
  return 0;
}

/**
 * Runs from the present state until the run is over: `length` bytes at `schedule`, then zeros.
 * With `checks`, every law is checked after every step, and the first that breaks ends the run.
 */
export function runBytes(schedule: usize, length: u32, checks: bool): void {
  steps = 0;
  law = 0;
  let last: u32 = 0;
  for (; steps < STEPS_MAX; steps++) {
    const mask = enabledMask();
    if (isOver(mask) || header().unmodelled) return;
    last = pick(mask, last, steps < length ? load<u8>(schedule + steps) : 0);
    step(last);
    if (checks) law = check();
    if (law) return;
  }
  assert(false, "a run ends: every call makes progress or sleeps");
}

/** Rounds of runPicks: for each call two u16, when it was started and when it had returned, plus one; 0 never. */
const rounds: usize = memory.data(CALLS_MAX * 4);

/** Address of the rounds. */
export function roundsAt(): usize {
  return rounds;
}

/** Notes what has started or returned by the end of a round. */
function noteRound(round: u32): void {
  for (let call: u32 = 0; call < calls; call++) {
    const status = resultAt(call).status;
    const at = rounds + call * 4;
    if (status != STATUS_NOT_STARTED && load<u16>(at) == 0) store<u16>(at, <u16>(round + 1));
    if (status == STATUS_RETURNED && load<u16>(at, 2) == 0) store<u16>(at, <u16>(round + 1), 2);
  }
}

/**
 * Runs call by call, by the executor's rule: start the picked task's next call, then step until every task is
 * idle or asleep. A pick whose task cannot start a call is skipped; behind the last pick the lowest task goes.
 * While no task can step inside a call, background actions that are progress take their steps, the lowest first.
 * False as soon as two tasks could step at once, or a timer or an action that no run waits for could: then the order is open and the host looks at all of them.
 */
export function runPicks(picks: usize, length: u32): bool {
  memory.fill(rounds, 0, calls * 4);
  let at: u32 = 0;
  for (let round: u32 = 0; round <= CALLS_MAX; round++) {
    const startable = enabledMask() & threads() & ~insideMask();
    while (at < length && !(startable & (1 << load<u8>(picks + at)))) at++;
    if (startable == 0 || header().unmodelled) return true;
    step(at < length ? load<u8>(picks + at) : ctz(startable));
    at++;
    for (let running = runningMask(); running; running = runningMask()) {
      if (popcnt(running & threads()) > 1 || mayIntervene()) return false;
      step(ctz(running));
    }
    if (enabledMask() & lateMask() || mayIntervene()) return false;
    noteRound(round);
  }
  assert(false, "every round starts a call");
  return false;
}

/** Whether a background action that no run waits for can take a step. */
function mayIntervene(): bool {
  return backgroundCount() > 0 && (enabledMask() & ~progressMask()) != 0;
}
function threads(): u32 {
  return (1 << tasks) - 1;
}

/** Tasks that can step inside a call; where there are none, the background actions that are progress. */
function runningMask(): u32 {
  const enabled = enabledMask();
  const inside = enabled & insideMask();
  return inside ? inside : enabled & progressMask() & ~threads() & ~lateMask();
}
