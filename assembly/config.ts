// What a run is a function of, beside program and schedule: profile, policy, environment.
//
// Interface: configure; the questions below. Fixed during a run, never part of the state.

import {
  COUNTS_FRAGS,
  DECIDE_COUNTS_MASK,
  DECIDE_COUNTS_SHIFT,
  DECIDE_LOCK_MASK,
  DECIDE_LOCK_SHIFT,
  DECIDE_MARK_MASK,
  DECIDE_MARK_SHIFT,
  DECIDE_PROTECT_MASK,
  DECIDE_PROTECT_SHIFT,
  DECIDE_SEND_MASK,
  DECIDE_SEND_SHIFT,
  DECIDE_SPLICE_MASK,
  DECIDE_SPLICE_SHIFT,
  DECIDE_TRUNCATE_MASK,
  DECIDE_TRUNCATE_SHIFT,
  DECIDE_WRITE_MASK,
  DECIDE_WRITE_SHIFT,
  PROTECT_PTES,
  SEND_COPY,
  SPLICE_COPY,
  SPLICE_STEAL,
  TRUNCATE_REPLACE,
  TRUNCATE_WAIT,
  WRITE_REPLACE,
  WRITE_WAIT,
} from "./abi/decisions";

let switches: u32 = 0;
let known: u32 = 0;
let decisions: u32 = 0;
/** CAP_SYS_RESOURCE of the scenario's user. */
export let capSysResource: bool = false;
/** /proc/sys/fs/pipe-max-size, bytes. */
export let pipeMaxBytes: u32 = 0;
/** /proc/sys/fs/pipe-user-pages-soft and -hard, pages; 0 is none. */
export let pipeSoftPages: u32 = 0;
export let pipeHardPages: u32 = 0;
/** RLIMIT_FSIZE, bytes; -1 is none. */
export let fileLimitBytes: i64 = -1;

export function configure(
  profile: u32,
  knowledge: u32,
  policy: u32,
  resource: bool,
  pipeMax: u32,
  pipeSoft: u32,
  pipeHard: u32,
  fileLimit: i64,
): void {
  switches = profile;
  known = knowledge;
  decisions = policy;
  capSysResource = resource;
  pipeMaxBytes = pipeMax;
  pipeSoftPages = pipeSoft;
  pipeHardPages = pipeHard;
  fileLimitBytes = fileLimit;
}

/** Whether the profile has a SWITCH_*. */
export function has(bit: u32): bool {
  return (switches & bit) != 0;
}
/** Whether the profile has a KNOWS_*. */
export function knows(bit: u32): bool {
  return (known & bit) != 0;
}
export function spliceCopies(): bool {
  return ((decisions >> DECIDE_SPLICE_SHIFT) & DECIDE_SPLICE_MASK) == SPLICE_COPY;
}
/** Whether a frag owns a copy of what a slot held as it was sent. */
export function sendCopies(): bool {
  return ((decisions >> DECIDE_SEND_SHIFT) & DECIDE_SEND_MASK) == SEND_COPY;
}
export function spliceSteals(): bool {
  return ((decisions >> DECIDE_SPLICE_SHIFT) & DECIDE_SPLICE_MASK) == SPLICE_STEAL;
}
/** MARK_*. */
export function markKind(): u32 {
  return (decisions >> DECIDE_MARK_SHIFT) & DECIDE_MARK_MASK;
}
/** Whether the references of frags alone mark a folio. */
export function countsFrags(): bool {
  return ((decisions >> DECIDE_COUNTS_SHIFT) & DECIDE_COUNTS_MASK) == COUNTS_FRAGS;
}
/** Whether a reference that marks is taken under the folio lock. */
function locks(): bool {
  return ((decisions >> DECIDE_LOCK_SHIFT) & DECIDE_LOCK_MASK) != 0;
}
/** Whether a slot's is. */
export function spliceLocks(): bool {
  return locks() && !countsFrags();
}
/** Whether a frag's is: its slot has not marked the folio yet. */
export function sendLocks(): bool {
  return locks() && countsFrags();
}
/** Whether a write has a step of its own in which it replaces a marked folio. */
export function writeReplaces(): bool {
  return ((decisions >> DECIDE_WRITE_SHIFT) & DECIDE_WRITE_MASK) == WRITE_REPLACE;
}
export function truncateReplaces(): bool {
  return ((decisions >> DECIDE_TRUNCATE_SHIFT) & DECIDE_TRUNCATE_MASK) == TRUNCATE_REPLACE;
}
/** Whether a write waits for outside references before it locks the folio. */
export function writeWaits(): bool {
  return ((decisions >> DECIDE_WRITE_SHIFT) & DECIDE_WRITE_MASK) == WRITE_WAIT;
}
export function truncateWaits(): bool {
  return ((decisions >> DECIDE_TRUNCATE_SHIFT) & DECIDE_TRUNCATE_MASK) == TRUNCATE_WAIT;
}
/** Whether marking a folio write-protects its page table entries. */
export function markProtects(): bool {
  return ((decisions >> DECIDE_PROTECT_SHIFT) & DECIDE_PROTECT_MASK) == PROTECT_PTES;
}
