// How large pipes may be: /proc/sys/fs/pipe-max-size for one, pipe-user-pages-soft and -hard for all of a user's together.
// Mirrors: fs/pipe.c:alloc_pipe_info(), pipe_set_size(), too_many_pipe_buffers_soft(), too_many_pipe_buffers_hard().
//
// Interface: findLimits (reset), sumsMatter; defaultSlots, newSlots, mayGrow; declareSizes.
// The user's pages are the slots of the scenario's own pipes. Where these cannot come to a limit nobody looks at them.
// Not modelled: pipes that the user has outside of the scenario, and sendfile's; that a system administrator alone may not
// exceed pipe-max-size.

import { PIPE_DEF_BUFFERS, PIPE_MIN_DEF_BUFFERS } from "../abi/pipe";
import { capSysResource, pipeHardPages, pipeMaxBytes, pipeSoftPages } from "../config";
import { PIPE_RING, pipeAt, pipesMax, ringMax, tasks } from "../layout";
import { PAGE_SHIFT } from "../limits";
import { OBJECT_FDS, OBJECT_PIPE, declareRead } from "../touch";
import { countOwnPipes, ownerOf } from "./own-pipe";

/** Whether the scenario's pipes together can come to a limit. */
export let sumsMatter: bool = false;

export function findLimits(): void {
  sumsMatter = exceeds((pipesMax - countOwnPipes()) * ringMax);
}

/** Whether so many pages are too many for the user. */
function exceeds(pages: u32): bool {
  return exceedsSoft(pages) || exceedsHard(pages);
}
function exceedsSoft(pages: u32): bool {
  return !capSysResource && pipeSoftPages != 0 && pages > pipeSoftPages;
}
function exceedsHard(pages: u32): bool {
  return !capSysResource && pipeHardPages != 0 && pages > pipeHardPages;
}

/** Pages of all pipes. */
function pagesUsed(): u32 {
  let sum: u32 = 0;
  for (let p: u32 = 0; p < pipesMax; p++)
    if (pipeAt(p).live & PIPE_RING && ownerOf(p) == tasks) sum += pipeAt(p).maxUsage;
  return sum;
}

/** Slots of a new pipe as far as pipe-max-size goes. */
export function defaultSlots(): u32 {
  const allowed = pipeMaxBytes >> PAGE_SHIFT;
  return capSysResource ? PIPE_DEF_BUFFERS : min<u32>(PIPE_DEF_BUFFERS, max<u32>(allowed, 1));
}

/** Slots of one more pipe; 0 if the user may have none. */
export function newSlots(): u32 {
  const slots = defaultSlots();
  if (!sumsMatter) return slots;
  const used = pagesUsed();
  const granted = exceedsSoft(used + slots) ? PIPE_MIN_DEF_BUFFERS : slots;
  return exceedsHard(used + granted) ? 0 : granted;
}

/** Whether a pipe may have so many slots, which are more than it has. */
export function mayGrow(pipe: u32, slots: u32): bool {
  if (!capSysResource && slots << PAGE_SHIFT > pipeMaxBytes) return false;
  return !sumsMatter || !exceeds(pagesUsed() - pipeAt(pipe).maxUsage + slots);
}

/** What a step, or a call, declares that makes a pipe or a larger one: all sizes, and which pipes there are. */
export function declareSizes(): void {
  if (!sumsMatter) return;
  declareRead(OBJECT_FDS, 0);
  for (let p: u32 = 0; p < pipesMax; p++) declareRead(OBJECT_PIPE, p);
}
