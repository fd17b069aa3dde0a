// What is known of a search, for the host: counters, final states, violations, the way to a state.
//
// Interface: exploreX for counters; stateX for single states, named by their indices.

import { REDUCE_FRAMES, REDUCE_THREADS } from "../abi/explore";
import { actionOf, copyWords, packedAt, parentOf, wordsOf, workerOf } from "./arena";
import { packedRoom, savedAt } from "./batch";
import { facts, finals, states, violationOf } from "./facts";
import {
  machineAct,
  machineActions,
  machineBase,
  machineBytes,
  machineProperties,
  machineUnpack,
  machineVaried,
  machineVariants,
  machineVary,
} from "./machine";
import {
  CHUNK_UNITS,
  bytesClaimed,
  firstIndex,
  firstUnit,
  indexOf,
  linkOf,
  unitAt,
} from "./memory";
import { packUnder, packedPresent } from "./search";

export function exploreStatus(): u32 {
  return facts.status;
}
/** Distinct states found. */
export function exploreStates(): f64 {
  return <f64>facts.states;
}
/** States that wait to be expanded. */
export function exploreFrontier(): f64 {
  return <f64>(facts.states - facts.expanded);
}
/** Actions performed, towards known states too. */
export function exploreTransitions(): f64 {
  return <f64>facts.transitions;
}
/** Breadth first: the present level; depth first: the deepest state expanded. */
export function exploreDepth(): u32 {
  return facts.depth;
}
export function exploreFinals(): u32 {
  return facts.finals;
}
/** Bytes of memory that the search has claimed. */
export function exploreBytes(): f64 {
  return bytesClaimed();
}
/** Properties that the machine knows, numbered from 0. */
export function properties(): u32 {
  return machineProperties();
}
/** Transitions that violate a property; in a search for witnesses, states. */
export function violations(property: u32): f64 {
  return <f64>violationOf(property).count;
}
/** The state before the first violation of a property (in a search for witnesses the state itself, and no action), the action that violates it, and the number of steps up to
 *  and with that action; all 0 without one. */
export function violationState(property: u32): u32 {
  return violationOf(property).state;
}
export function violationAction(property: u32): u32 {
  return violationOf(property).action;
}
export function violationSteps(property: u32): u32 {
  return violationOf(property).steps;
}

/** Index of the nth final state. */
export function finalAt(nth: u32): u32 {
  assert(nth < facts.finals, "a final state has a number below their count");
  let chunk = finals.first - 1;
  let left = nth + firstUnit(chunk);
  for (; left >= CHUNK_UNITS; left = left - CHUNK_UNITS + firstUnit(chunk))
    chunk = linkOf(chunk) - 1;
  return load<u32>(unitAt(indexOf(chunk, left)));
}

/** Index of the first state, where this worker owns it. */
export function firstState(): u32 {
  return firstIndex(states);
}
/** Brings the machine to a state. */
export function loadState(state: u32): void {
  machineUnpack(packedAt(state));
}
/** The state before, of the worker that workerOfState names; 0 for the first state. */
export function parentOfState(state: u32): u32 {
  return parentOf(state);
}
export function workerOfState(state: u32): u32 {
  return workerOf(state);
}
/** The action that led to a state, in the numbering of the state before. */
export function actionOfState(state: u32): u32 {
  return actionOf(state);
}
/** Address of a packed state, and its bytes. */
export function packedState(state: u32): usize {
  return packedAt(state);
}
export function packedBytes(state: u32): u32 {
  return wordsOf(state) << 3;
}

/** Where the host puts the packed state that actionTowards looks for. */
export function wantedAt(): usize {
  return packedRoom();
}
/** The enabled action that takes the machine's present state to the packed state of `bytes` bytes at wantedAt(), or to
 *  one that the reductions hold for the same; -1 if there is none. The machine keeps its state. Every variant is tried:
 *  which one stands for the others may hang on more than they have in common. */
export function actionTowards(bytes: u32): i32 {
  const room = savedAt();
  copyWords(room, machineBase(), machineBytes());
  const count = variants();
  let symmetries = facts.reductions & (REDUCE_FRAMES | REDUCE_THREADS);
  if (count > 1) symmetries &= ~REDUCE_THREADS;
  let found: i32 = -1;
  for (let variant: u32 = 0; variant < count && found < 0; variant++)
    for (let left = machineActions(); left != 0 && found < 0; left &= left - 1) {
      machineAct(<u32>ctz(left));
      machineVary(variant);
      const words = packUnder(symmetries);
      if (words << 3 == bytes && memory.compare(packedPresent(), wantedAt(), bytes) == 0)
        found = <i32>ctz(left);
      copyWords(machineBase(), room, machineBytes());
    }
  return found;
}
/** Variants of the present state that the search holds for the same, itself included, and the nth of them. */
export function variants(): u32 {
  return facts.reductions & REDUCE_THREADS ? machineVariants() : 1;
}
export function vary(variant: u32): void {
  machineVary(variant);
}
/** What an action is called in the nth variant. */
export function variedAction(variant: u32, action: u32): u32 {
  return machineVaried(variant, action);
}
