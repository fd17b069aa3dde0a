// One random run: where a search cannot be finished, runs are drawn.
//
// Interface: walk, walkViolated; the tasks of its steps stand at scheduleAt(). Each run is a function of the seed and its number.
// changes 0: every enabled action is equally likely at every step. changes d > 0: PCT (Burckhardt, Kothari, Musuvathi,
// Nagarakatte, ASPLOS 2010): every action has a random priority, the highest enabled one goes, and at d - 1 random
// steps the one that goes falls behind all others.
// Not modelled: runs longer than the schedule's room; they are cut off, and the host sees that they are not over.

import { PROPERTIES } from "../abi/explore";
import { machineAct, machineActions, machineStanding } from "./machine";

/** Actions that a machine may have: bits of its mask. */
const ACTIONS_MAX: u32 = 64;
const CHANGES_MAX: u32 = 64;
const priorities: usize = memory.data(ACTIONS_MAX * 4);
/** Steps at which the running action falls behind. */
const points: usize = memory.data(CHANGES_MAX * 4);
/** Steps after which the last run first violated each property; 0 for never. */
const violated: usize = memory.data(PROPERTIES * 4);
let random: u64 = 0;

/** SplitMix64. */
function draw(): u64 {
  random += 0x9e3779b97f4a7c15;
  let z = random;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
/** A number below `bound`. */
function below(bound: u32): u32 {
  return <u32>(((draw() >> 32) * <u64>bound) >> 32);
}

/**
 * Runs from the present state to the end, at most `room` steps, and writes the actions to `to`, one byte each.
 * `length`: how long runs are, for the places of the changes. Returns the steps.
 */
export function walk(seed: u32, run: u32, changes: u32, length: u32, to: usize, room: u32): u32 {
  random = ((<u64>seed) << 32) | run;
  assert(changes <= CHANGES_MAX, "a run has at most 64 changes of priority");
  if (changes) setPriorities(changes, length);
  memory.fill(violated, 0, PROPERTIES * 4);
  let steps: u32 = 0;
  for (; steps < room; steps++) {
    const actions = machineActions();
    if (actions == 0) break;
    const action = changes
      ? highest(actions, steps, changes)
      : nth(actions, below(<u32>popcnt(actions)));
    store<u8>(to + steps, <u8>action);
    machineAct(action);
    noteStanding(steps + 1);
  }
  return steps;
}

function noteStanding(steps: u32): void {
  for (let left = machineStanding(); left != 0; left &= left - 1) {
    const at = violated + ctz(left) * 4;
    if (load<u32>(at) == 0) store<u32>(at, steps);
  }
}
/** Steps of the last run up to the first state that violates a property; 0 where none does. */
export function walkViolated(property: u32): u32 {
  return load<u32>(violated + property * 4);
}

function nth(actions: u64, n: u32): u32 {
  let left = actions;
  for (let i: u32 = 0; i < n; i++) left &= left - 1;
  return <u32>ctz(left);
}

function setPriorities(changes: u32, length: u32): void {
  for (let a: u32 = 0; a < ACTIONS_MAX; a++)
    store<u32>(priorities + a * 4, changes + <u32>(draw() >> 36));
  for (let i: u32 = 0; i + 1 < changes; i++) store<u32>(points + i * 4, below(max<u32>(length, 1)));
}

/** The enabled action with the highest priority; at a point of change it falls behind, and the next highest goes. */
function highest(actions: u64, step: u32, changes: u32): u32 {
  let best = leader(actions);
  for (let i: u32 = 0; i + 1 < changes; i++)
    if (load<u32>(points + i * 4) == step) {
      store<u32>(priorities + best * 4, i);
      best = leader(actions);
    }
  return best;
}
function leader(actions: u64): u32 {
  let best = <u32>ctz(actions);
  for (let left = actions; left != 0; left &= left - 1) {
    const action = <u32>ctz(left);
    if (load<u32>(priorities + action * 4) > load<u32>(priorities + best * 4)) best = action;
  }
  return best;
}
