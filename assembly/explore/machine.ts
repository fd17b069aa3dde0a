// The machine that is searched, chosen when the core is compiled: MACHINE 0 is the core, 1 the calibration
// machine (assembly/calibration/). The search knows actions, bits of reductions and packed words; it knows no
// scenario and no policy.
//
// Interface: what a machine must do, one function each. A machine that is added gets a line in each.

import * as calibration from "../calibration/machine";
import { REDUCE_FRAMES } from "../abi/explore";
import { copyWords } from "./arena";
import { ample } from "./ample";
import { canonical, canonicalRoom, startCanonical } from "./canonical";
import { facts } from "./facts";
import { preparePending } from "./pending";
import { applySymmetry, symmetricAction, symmetryOrder } from "./permute";
import { header, tasks } from "../layout";
import { scheduleAt, stateAt, stateSize } from "../state";
import { unboundedMask } from "../sched/held";
import { enabledMask, isOver, step } from "../sched/step";
import { pack, packTowards, packedMax, packingBytes, startPacking, unpack } from "./pack";
import { runBytes } from "./replay";
import { measureFrames, quietFrom, quietTo, restoreState, saveState } from "./used";

const CALIBRATION: i32 = 1;
/** Room that stays free for a schedule behind the core's state, bytes. */
const SCHEDULE_BYTES: u32 = 1 << 16;

/** The first byte behind everything that the machine uses. */
export function machineEnd(): usize {
  if (MACHINE == CALIBRATION) return __heap_base;
  return scheduleAt(SCHEDULE_BYTES) + SCHEDULE_BYTES;
}
/** Bytes that machineStart needs for itself. */
export function machineRoom(): u32 {
  if (MACHINE == CALIBRATION) return 0;
  return packingBytes(stateSize()) + canonicalRoom();
}
/** The present state is the first of a search. */
export function machineStart(room: usize): void {
  if (MACHINE == CALIBRATION) return;
  measureFrames();
  startPacking(stateAt(), stateSize(), quietFrom(), room);
  runBytes(0, 0, false);
  packTowards();
  measureFrames();
  startCanonical(room + packingBytes(stateSize()));
  preparePending();
}

/** Enabled actions of the present state, one bit each; none once a run is over, whatever goes on in the background. */
export function machineActions(): u64 {
  if (MACHINE == CALIBRATION) return calibration.actions();
  const enabled = enabledMask();
  return isOver(enabled) || header().unmodelled ? 0 : enabled;
}
/** Performs an enabled action. */
export function machineAct(action: u32): void {
  if (MACHINE == CALIBRATION) calibration.act(action);
  else {
    step(action);
    measureFrames();
  }
}
/** Whether the run is over, although background actions may still be enabled. */
export function machineIsFinal(actions: u64): bool {
  if (MACHINE == CALIBRATION) return calibration.isFinal(actions);
  return actions == 0;
}
/** Actions of `actions` that suffice to reach every final state, and every violation. */
export function machineAmple(actions: u64): u64 {
  if (MACHINE == CALIBRATION) return calibration.ample(actions);
  return ample(actions, !(facts.reductions & REDUCE_FRAMES));
}
/** Brings the present state to the representative of its orbit under the symmetries, bits REDUCE_FRAMES and
 *  REDUCE_THREADS. */
export function machineCanonical(symmetries: u32): void {
  if (MACHINE == CALIBRATION) calibration.canonical(symmetries);
  else canonical(symmetries);
}

/** Variants of a state that equal threads have, itself included; and what each is: the present state brought to it, and
 *  what an action is called there. */
export function machineVariants(): u32 {
  return MACHINE == CALIBRATION ? 1 : symmetryOrder();
}
export function machineVary(variant: u32): void {
  if (MACHINE != CALIBRATION) applySymmetry(variant);
}
export function machineVaried(variant: u32, action: u32): u32 {
  return MACHINE == CALIBRATION ? action : symmetricAction(variant, action);
}

/** The flat state block, whole words of 8 bytes. */
export function machineBase(): usize {
  if (MACHINE == CALIBRATION) return calibration.stateAt();
  return stateAt();
}
export function machineBytes(): u32 {
  if (MACHINE == CALIBRATION) return calibration.stateSize();
  return stateSize();
}
/** Keeps the present state at `room`; machineRestore brings it back when one action was performed since. */
export function machineSave(room: usize): void {
  if (MACHINE == CALIBRATION) copyWords(room, machineBase(), machineBytes());
  else saveState(room);
}
export function machineRestore(room: usize): void {
  if (MACHINE == CALIBRATION) copyWords(machineBase(), room, machineBytes());
  else restoreState(room);
}
/** Bytes that machinePack writes at most. */
export function machinePackedMax(): u32 {
  if (MACHINE == CALIBRATION) return calibration.packedMax();
  return packedMax(stateSize());
}
/** Writes the present state injectively; returns the bytes, a multiple of 8. */
export function machinePack(to: usize): u32 {
  if (MACHINE == CALIBRATION) return calibration.pack(to);
  return pack(to, quietFrom(), quietTo());
}
/** Brings back a state that machinePack wrote. */
export function machineUnpack(from: usize): void {
  if (MACHINE == CALIBRATION) calibration.unpack(from);
  else {
    unpack(from);
    measureFrames();
  }
}
/** Properties that the machine knows: of the core one per task, that it never waits without bound (P4). */
export function machineProperties(): u32 {
  return MACHINE == CALIBRATION ? calibration.PROPERTIES : tasks;
}
/** Properties that the last action violated, one bit each. */
export function machineVerdict(): u32 {
  return MACHINE == CALIBRATION ? calibration.verdict() : unboundedMask();
}
/** Properties that the present state violates, however it was reached, one bit each. */
export function machineStanding(): u32 {
  return MACHINE == CALIBRATION ? 0 : unboundedMask();
}
