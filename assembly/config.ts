// What a run is a function of, beside program and schedule: profile, policy, environment.
//
// Interface: configure; the questions below. Fixed during a run, never part of the state.

import {
  DECIDE_LOCK_MASK,
  DECIDE_LOCK_SHIFT,
  DECIDE_MARK_MASK,
  DECIDE_MARK_SHIFT,
  DECIDE_PROTECT_MASK,
  DECIDE_PROTECT_SHIFT,
  DECIDE_SPLICE_MASK,
  DECIDE_SPLICE_SHIFT,
  DECIDE_TRUNCATE_MASK,
  DECIDE_TRUNCATE_SHIFT,
  DECIDE_WRITE_MASK,
  DECIDE_WRITE_SHIFT,
  MARK_COUNT,
  PROTECT_PTES,
  SPLICE_COPY,
  TRUNCATE_REPLACE,
  WRITE_IN_PLACE,
  WRITE_REPLACE,
} from "./abi/decisions";

let switches: u32 = 0;
let decisions: u32 = 0;
/** CAP_SYS_RESOURCE of the scenario's user. */
export let capSysResource: bool = false;
/** /proc/sys/fs/pipe-max-size, bytes. */
export let pipeMaxBytes: u32 = 0;
/** RLIMIT_FSIZE, bytes; -1 is none. */
export let fileLimitBytes: i64 = -1;

export function configure(
  profile: u32,
  policy: u32,
  resource: bool,
  pipeMax: u32,
  fileLimit: i64,
): void {
  switches = profile;
  decisions = policy;
  capSysResource = resource;
  pipeMaxBytes = pipeMax;
  fileLimitBytes = fileLimit;
}

/** Whether the profile has a SWITCH_*. */
export function has(bit: u32): bool {
  return (switches & bit) != 0;
}
export function spliceCopies(): bool {
  return ((decisions >> DECIDE_SPLICE_SHIFT) & DECIDE_SPLICE_MASK) == SPLICE_COPY;
}
export function marks(): bool {
  return ((decisions >> DECIDE_MARK_SHIFT) & DECIDE_MARK_MASK) == MARK_COUNT;
}
/** Whether a slot's reference is taken under the folio lock. */
export function spliceLocks(): bool {
  return ((decisions >> DECIDE_LOCK_SHIFT) & DECIDE_LOCK_MASK) != 0;
}
/** Whether a write has a step in which the policy decides. */
export function writeDecides(): bool {
  return ((decisions >> DECIDE_WRITE_SHIFT) & DECIDE_WRITE_MASK) != WRITE_IN_PLACE;
}
export function writeReplaces(): bool {
  return ((decisions >> DECIDE_WRITE_SHIFT) & DECIDE_WRITE_MASK) == WRITE_REPLACE;
}
export function truncateReplaces(): bool {
  return ((decisions >> DECIDE_TRUNCATE_SHIFT) & DECIDE_TRUNCATE_MASK) == TRUNCATE_REPLACE;
}
/** Whether marking a folio write-protects its page table entries. */
export function markProtects(): bool {
  return ((decisions >> DECIDE_PROTECT_SHIFT) & DECIDE_PROTECT_MASK) == PROTECT_PTES;
}
