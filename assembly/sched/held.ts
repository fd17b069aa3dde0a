// Unbounded waits (P4): who waits for a folio that a slot or a frag holds, which nobody has to empty.
//
// Interface: unboundedMask. What a policy waits for: action.ts:heldUpBy.
// A folio that nothing but splice batches in flight and sendfiles of others hold is waited for in vain by nobody: they end by
// themselves, unless they wait for the waiting task, which is a deadlock.
// Law: the mask of a state changes only with what the waiting task's next step declares: the page, and the count of
// references from outside. So no persistent set hides a wait (explore/ample.ts).
// Not modelled: who waits for a lock behind such a task.

import { truncateWaits, writeWaits } from "../config";
import { batchAt, header, pipeAt, pipesMax, rawFrame, slotAt, taskAt, tasks } from "../layout";
import { ownPipe, ownerOf } from "../fs/own-pipe";
import { fragAt, sockAt, socksMax } from "../net/layout";
import { heldUpBy } from "./action";
import { isCopy, isSplice } from "./call";

/** Bit t is set if task t waits for a folio, and more than splice batches in flight keep it waiting. */
export function unboundedMask(): u32 {
  if (!(writeWaits() || truncateWaits()) || header().unmodelled) return 0;
  let mask: u32 = 0;
  for (let t: u32 = 0; t < tasks; t++) {
    const folio = heldUpBy(t);
    if (folio && !passes(folio, t)) mask |= 1 << t;
  }
  return mask;
}

/** Whether what other tasks have in flight, and nothing else, holds the folio: splice batches, slots of own pipes. */
function passes(folio: u32, task: u32): bool {
  return !isQueued(folio, task) && isInFlight(folio, task);
}

function isIn(pipe: u32, folio: u32): bool {
  for (let c = pipeAt(pipe).tail; c != pipeAt(pipe).head; c++)
    if (isPartOf(slotAt(pipe, c).frame, folio)) return true;
  return false;
}

function isQueued(folio: u32, task: u32): bool {
  for (let p: u32 = 0; p < pipesMax; p++) {
    const owner = ownerOf(p);
    if ((owner == tasks || owner == task) && isIn(p, folio)) return true;
  }
  for (let s: u32 = 0; s < socksMax; s++)
    for (let nth: u32 = 0; nth < <u32>sockAt(s).count; nth++)
      if (isPartOf(fragAt(s, nth).frame, folio)) return true;
  return false;
}

function isInFlight(folio: u32, task: u32): bool {
  for (let t: u32 = 0; t < tasks; t++) {
    if (t != task && ownPipe(t) < pipesMax && isIn(ownPipe(t), folio)) return true;
    const batch: u32 = taskAt(t).batch;
    // Who copies to a file ends by itself, unless it waits, too.
    const ends = isSplice(t) || (isCopy(t) && heldUpBy(t) == 0);
    if (batch == 0 || !ends) continue;
    for (let nth: u32 = 0; nth < batch; nth++)
      if (isPartOf(load<u16>(batchAt(t, nth)), folio)) return true;
  }
  return false;
}

function isPartOf(frame: u32, folio: u32): bool {
  return frame != 0 && <u32>rawFrame(frame).head == folio;
}
