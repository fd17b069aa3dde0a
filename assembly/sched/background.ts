// Background actions: what the kernel does on its own, without a call that asks for it.
//
// Interface: BACKGROUND_*; clearBackground, addBackground (reset); backgroundCount, backgroundKind,
// backgroundTarget; backgroundEnabled, backgroundStep, declareBackground, foreseeBackground, isProgress, isLate.
// Action tasks + k is the kth that reset added, so threads come first in every numbering. A kind is one row in
// each of the four switches below: its guard, its step, its read and write sets, and whether a run waits for it.
// Law: a run is over when no thread can step and no progress action is enabled. Without threads, actions that
// are no progress come to an end by themselves.
// Not modelled: more than ACTIONS_MAX actions in one scenario.

import { clockCanTick, declareClock, tick } from "../fs/nowait-write";
import { tasks } from "../layout";
import { ACTIONS_MAX } from "../limits";
import {
  declarePage,
  dropBehindEnabled,
  foreseePage,
  reclaimEnabled,
  stepDropBehind,
  stepReclaim,
  stepWriteback,
  writebackEnabled,
} from "../mm/daemons";
import {
  declareAck,
  declareReceiver,
  declareRetransmit,
  declareTimer,
  declareTransmit,
  foreseeAck,
  foreseeReceiver,
  foreseeTimer,
  foreseeTransmit,
} from "../net/declare";
import { canReceive, receive } from "../net/loopback";
import { runTimer, timerCanRun } from "../net/tcp";
import { ack, canAck, canRetransmit, canTransmit, retransmit, transmit } from "../net/wire";

/** A wire's network card: which of the three comes next is open. Target: the wire's Sock. */
export const BACKGROUND_TRANSMIT: u32 = 1;
export const BACKGROUND_ACK: u32 = 2;
export const BACKGROUND_RETRANSMIT: u32 = 3;
/** The timer of an end of a TCP connection that holds something back. Target: that end's Sock. */
export const BACKGROUND_TIMER: u32 = 4;
/** The receiver behind a wire over loopback. Target: the wire's Sock. */
export const BACKGROUND_RECEIVE: u32 = 5;
/** Write-back and reclaim of one page of a file; the target is the page (mm/daemons.ts). */
export const BACKGROUND_WRITE_PAGE: u32 = 16;
export const BACKGROUND_DROP_PAGE: u32 = 17;
/** What a write with RWF_DONTCACHE has made leaves the cache; the target is the page. */
export const BACKGROUND_DROP_BEHIND: u32 = 18;
/** The clock ticks before a write that must not wait; the target is the task. */
export const BACKGROUND_CLOCK: u32 = 19;

/** Kind and target (a wire, an inode, nothing) of each action: one u32 each. Not part of the state. */
const table: usize = memory.data(32 * 8);
let count: u32 = 0;

/** Forgets every action: reset adds them anew. */
export function clearBackground(): void {
  count = 0;
}
/** Adds the next action; false if there is no number left for it. */
export function addBackground(kind: u32, target: u32): bool {
  if (tasks + count >= ACTIONS_MAX) return false;
  store<u32>(table + count * 8, kind);
  store<u32>(table + count * 8, target, 4);
  count++;
  return true;
}

export function backgroundCount(): u32 {
  return count;
}
/** BACKGROUND_* of the kth action. */
export function backgroundKind(k: u32): u32 {
  return load<u32>(table + k * 8);
}
/** What the kth action works on. */
export function backgroundTarget(k: u32): u32 {
  return load<u32>(table + k * 8, 4);
}

/** Whether the kth action can take its step now. */
export function backgroundEnabled(k: u32): bool {
  switch (backgroundKind(k)) {
    case BACKGROUND_TRANSMIT:
      return canTransmit(backgroundTarget(k));
    case BACKGROUND_ACK:
      return canAck(backgroundTarget(k));
    case BACKGROUND_RETRANSMIT:
      return canRetransmit(backgroundTarget(k));
    case BACKGROUND_TIMER:
      return timerCanRun(backgroundTarget(k));
    case BACKGROUND_RECEIVE:
      return canReceive(backgroundTarget(k));
    case BACKGROUND_WRITE_PAGE:
      return writebackEnabled(backgroundTarget(k));
    case BACKGROUND_DROP_PAGE:
      return reclaimEnabled(backgroundTarget(k));
    case BACKGROUND_DROP_BEHIND:
      return dropBehindEnabled(backgroundTarget(k));
    case BACKGROUND_CLOCK:
      return clockCanTick(backgroundTarget(k));
    default:
      return false;
  }
}

/** One step of the kth action. */
export function backgroundStep(k: u32): void {
  switch (backgroundKind(k)) {
    case BACKGROUND_TRANSMIT:
      return transmit(backgroundTarget(k), tasks + k);
    case BACKGROUND_ACK:
      return ack(backgroundTarget(k), tasks + k);
    case BACKGROUND_RETRANSMIT:
      return retransmit(backgroundTarget(k));
    case BACKGROUND_TIMER:
      return runTimer(backgroundTarget(k), tasks + k);
    case BACKGROUND_RECEIVE:
      return receive(backgroundTarget(k));
    case BACKGROUND_WRITE_PAGE:
      return stepWriteback(backgroundTarget(k));
    case BACKGROUND_DROP_PAGE:
      return stepReclaim(backgroundTarget(k));
    case BACKGROUND_DROP_BEHIND:
      return stepDropBehind(backgroundTarget(k));
    case BACKGROUND_CLOCK:
      return tick(backgroundTarget(k));
    default:
      assert(false, "a background action of unknown kind");
  }
}

/** Fills the sets of the kth action's step. */
export function declareBackground(k: u32): void {
  switch (backgroundKind(k)) {
    case BACKGROUND_TRANSMIT:
      return declareTransmit(backgroundTarget(k));
    case BACKGROUND_ACK:
      return declareAck(backgroundTarget(k));
    case BACKGROUND_RETRANSMIT:
      return declareRetransmit(backgroundTarget(k));
    case BACKGROUND_TIMER:
      return declareTimer(backgroundTarget(k));
    case BACKGROUND_RECEIVE:
      return declareReceiver(backgroundTarget(k));
    case BACKGROUND_WRITE_PAGE:
    case BACKGROUND_DROP_PAGE:
    case BACKGROUND_DROP_BEHIND:
      return declarePage(backgroundTarget(k));
    case BACKGROUND_CLOCK:
      return declareClock(backgroundTarget(k));
    default:
      assert(false, "a background action of unknown kind");
  }
}

/** Fills the sets of all steps that the kth action may still take. */
export function foreseeBackground(k: u32): void {
  switch (backgroundKind(k)) {
    case BACKGROUND_TRANSMIT:
    case BACKGROUND_RETRANSMIT:
      return foreseeTransmit(backgroundTarget(k), backgroundKind(k) == BACKGROUND_RETRANSMIT);
    case BACKGROUND_ACK:
      return foreseeAck(backgroundTarget(k));
    case BACKGROUND_TIMER:
      return foreseeTimer(backgroundTarget(k));
    case BACKGROUND_RECEIVE:
      return foreseeReceiver(backgroundTarget(k));
    case BACKGROUND_WRITE_PAGE:
    case BACKGROUND_DROP_PAGE:
    case BACKGROUND_DROP_BEHIND:
      return foreseePage(backgroundTarget(k));
    case BACKGROUND_CLOCK:
      return declareClock(backgroundTarget(k));
    default:
      assert(false, "a background action of unknown kind");
  }
}

/** Whether a run is not over while the kth action is enabled. */
export function isProgress(k: u32): bool {
  switch (backgroundKind(k)) {
    case BACKGROUND_TRANSMIT:
    case BACKGROUND_ACK:
    case BACKGROUND_TIMER:
    case BACKGROUND_RECEIVE:
      return true;
    default:
      return false;
  }
}
/** Whether a run waits for the kth action, but any call may come before it: it is a timer's. */
export function isLate(k: u32): bool {
  return backgroundKind(k) == BACKGROUND_TIMER;
}
