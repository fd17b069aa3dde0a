// Successors in batches: first many states are expanded, then all table lines that they need are asked for, then
// each successor is looked up. So the memory's latency is paid once per batch, not once per successor.
//
// A batch is a list of results in the order in which they count: one per successor, and one that ends a state.
// Interface: startBatch, expand (fills), count and resultAt (what was filled), prefetch.

import { MODE_FINGERPRINT, REDUCE_ACTIONS, REDUCE_FRAMES, REDUCE_THREADS } from "../abi/explore";
import { hashOf, packedAt } from "./arena";
import { facts } from "./facts";
import {
  machineAct,
  machineActions,
  machineAmple,
  machineCanonical,
  machineIsFinal,
  machinePack,
  machineRestore,
  machineSave,
  machineUnpack,
  machineVerdict,
} from "./machine";
import { unitAt } from "./memory";
import { candidate, peek } from "./table";

/** One successor, or the end of a state. 32 bytes. */
@unmanaged
export class Result {
  /** Hash of the packed successor; of an ended state END_*. */
  hash: u64;
  /** What prefetch found. */
  entry: u64;
  /** The state before. */
  state: u32;
  /** Address of the packed successor, and its words; 0 words at the end of a state. */
  at: u32;
  words: u32;
  action: u8;
  /** Bits of the properties that the action violated. */
  verdict: u8;
  pad: u16;
}

/** How a state ended. */
export const END_PLAIN: u64 = 0;
export const END_FINAL: u64 = 1;
/** It was not expanded: it belongs to another shard. */
export const END_SKIPPED: u64 = 2;

/** Results of one batch at most. */
const RESULTS_MAX: u32 = 256;
const RESULT_BYTES: u32 = 32;
/** Bytes of packed successors that a batch collects, beside the largest. */
const PACKED_BYTES: u32 = 1 << 16;

/** Results in the batch. */
export let count: u32 = 0;
let results: usize = 0;
let packed: usize = 0;
let packedEnd: usize = 0;
let packedTop: usize = 0;
let packedMax: u32 = 0;
let saved: usize = 0;
let symmetries: u32 = 0;
let ample: bool = false;

/** Bytes that startBatch needs for states of `bytes` bytes that pack to `most` bytes at most. */
export function batchBytes(bytes: u32, most: u32): u32 {
  return RESULTS_MAX * RESULT_BYTES + PACKED_BYTES + most + bytes;
}
/** Readies the machine's facts and the room at `room`. */
export function startBatch(room: usize, most: u32): void {
  results = room;
  packed = results + RESULTS_MAX * RESULT_BYTES;
  packedEnd = packed + PACKED_BYTES + most;
  packedMax = most;
  saved = packedEnd;
  symmetries = facts.reductions & (REDUCE_FRAMES | REDUCE_THREADS);
  ample = (facts.reductions & REDUCE_ACTIONS) != 0;
  clearBatch();
}
/** Room for one state block, free between batches. */
export function savedAt(): usize {
  return saved;
}
/** Room for one packed state, free between batches. */
export function packedRoom(): usize {
  return packed;
}
export function clearBatch(): void {
  count = 0;
  packedTop = packed;
}
export function resultAt(nth: u32): Result {
  return changetype<Result>(results + nth * RESULT_BYTES);
}

/** Adds the successors of a state but the first `skip`; false if the batch is full before the state ends. */
export function expand(state: u32, skip: u32): bool {
  if (count >= RESULTS_MAX - 1) return false;
  machineUnpack(packedAt(state));
  const enabled = machineActions();
  let left = ample ? machineAmple(enabled) : enabled;
  for (let i: u32 = 0; i < skip; i++) left &= left - 1;
  if (left & (left - 1)) machineSave(saved);
  while (left != 0) {
    if (count >= RESULTS_MAX - 1 || packedTop + packedMax > packedEnd) return false;
    const action = <u32>ctz(left);
    left &= left - 1;
    machineAct(action);
    addSuccessor(state, action);
    if (left != 0) machineRestore(saved);
  }
  endState(state, machineIsFinal(enabled) ? END_FINAL : END_PLAIN);
  return true;
}

/** Leaves a state out; false if the batch is full. */
export function skipState(state: u32): bool {
  if (count >= RESULTS_MAX - 1) return false;
  endState(state, END_SKIPPED);
  return true;
}

function endState(state: u32, how: u64): void {
  const end = resultAt(count++);
  end.hash = how;
  end.state = state;
  end.words = 0;
}

function addSuccessor(state: u32, action: u32): void {
  const result = resultAt(count++);
  result.verdict = <u8>machineVerdict();
  if (symmetries) machineCanonical(symmetries);
  const words = machinePack(packedTop) >> 3;
  result.hash = hashOf(packedTop, words);
  result.state = state;
  result.at = <u32>packedTop;
  result.words = words;
  result.action = <u8>action;
  packedTop += words << 3;
}

/** Loads what the lookups will need, so that they wait for it side by side. */
export function prefetch(): void {
  for (let i: u32 = 0; i < count; i++) {
    const result = resultAt(i);
    if (result.words) result.entry = peek(result.hash);
  }
  if (facts.mode == MODE_FINGERPRINT) return;
  for (let i: u32 = 0; i < count; i++) {
    const result = resultAt(i);
    const state = result.words ? candidate(result.entry, result.hash) : 0;
    result.entry = state ? load<u64>(unitAt(state)) : 0;
  }
}
