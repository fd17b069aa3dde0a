// The mark of a folio: how a policy knows that somebody outside the page cache holds it.
//
// Interface: slotGet, slotPut; outsideGet, outsidePut, isMarked; refsDropped (a put has left references); setActor, clearsLater,
// declareLater, clearLater (the line UNMARK).
// Law: with MARK_COUNT, marked means held from outside, in every state. With MARK_FLAG a folio of the cache that
// is held from outside is marked; the other way round does not hold: buffer heads are a reference too, so the
// flag of a written folio is never cleared where the file system has them.
// With MARK_LATE neither holds: who drops the last reference reads a count of zero and clears the flag in a
// later step, over a reference that came in between. Only a call does that in two steps; a put by anybody
// else, who has no later step of his own, clears at once.
// The kernel would need the mark's test-and-clear to be atomic with the count (atomic_dec_and_test with the bit in
// the same word, release); steps here are sequentially consistent.
// Not modelled: the mark on pages of user memory (vmsplice).

import { MARK_COUNT, MARK_FLAG, MARK_LATE } from "../abi/decisions";
import { countsFrags, markKind } from "../config";
import { FOLIO_MARKED, frameAt, framesMax, lateBase, tasks } from "../layout";
import { FLAG_CLEARED_EARLY } from "../mutants";
import { PRICE_MARKS, pay } from "../price";
import { OBJECT_COUNT, declareWrite } from "../touch";
import { getFolio, putFolio } from "./folio";

/** Address of the bits of the tasks that are to clear a folio's flag: one byte. */
export function lateAt(frame: u32): usize {
  return lateBase + frame;
}

/** The task whose step runs; anything from `tasks` on is no call. */
let actor: u32 = 0;
export function setActor(task: u32): void {
  actor = task;
}

/** A reference from a slot or a splice batch, which may not count. */
export function slotGet(head: u32): void {
  if (countsFrags()) getFolio(head);
  else outsideGet(head);
}
export function slotPut(head: u32): void {
  if (countsFrags()) putFolio(head);
  else outsidePut(head);
}

/** A reference that counts: marked where the policy marks, in the same step. */
export function outsideGet(head: u32): void {
  getFolio(head);
  const kind = markKind();
  if (kind == 0) return;
  if (kind != MARK_FLAG) frameAt(head).outside++;
  if (kind != MARK_COUNT) frameAt(head).flags |= FOLIO_MARKED;
  pay(PRICE_MARKS);
}

/** Drops a reference that counts. */
export function outsidePut(head: u32): void {
  const kind = markKind();
  if (kind == MARK_COUNT || kind == MARK_LATE) {
    const folio = frameAt(head);
    assert(folio.outside > 0, "the mark outlives every outside reference");
    folio.outside--;
    pay(PRICE_MARKS);
    if (kind == MARK_LATE && folio.outside == 0) sawZero(head);
  }
  putFolio(head);
}

/** The count was read as zero: the flag is cleared later, whatever happens until then. */
function sawZero(head: u32): void {
  if (actor < tasks) store<u8>(lateAt(head), load<u8>(lateAt(head)) | (<u8>((<u32>1) << actor)));
  else frameAt(head).flags &= ~FOLIO_MARKED;
}

/** Whether somebody outside the page cache holds the folio, as far as the policy knows. */
export function isMarked(head: u32): bool {
  const folio = frameAt(head);
  return markKind() == MARK_COUNT ? folio.outside > 0 : (folio.flags & FOLIO_MARKED) != 0;
}

/** A put has left `refs` references: with MARK_FLAG, one means that nobody but the cache is left. */
export function refsDropped(head: u32, refs: u32): void {
  const least: u32 = MUTANT == FLAG_CLEARED_EARLY ? 2 : 1;
  if (markKind() != MARK_FLAG || refs > least) return;
  if (frameAt(head).flags & FOLIO_MARKED) pay(PRICE_MARKS);
  frameAt(head).flags &= ~FOLIO_MARKED;
}

/** Whether the task has read a count of zero and has not cleared the flag yet. */
export function clearsLater(task: u32): bool {
  if (markKind() != MARK_LATE) return false;
  for (let f: u32 = 1; f < framesMax; f++) if (owes(f, task)) return true;
  return false;
}
function owes(frame: u32, task: u32): bool {
  return (load<u8>(lateAt(frame)) & (1 << task)) != 0;
}

/** Declares the folios whose flags the task clears next. */
export function declareLater(task: u32): void {
  for (let f: u32 = 1; f < framesMax; f++) if (owes(f, task)) declareWrite(OBJECT_COUNT, f);
}

/** Clears the flags, without looking at the counts. */
export function clearLater(task: u32): void {
  for (let f: u32 = 1; f < framesMax; f++) {
    if (!owes(f, task)) continue;
    frameAt(f).flags &= ~FOLIO_MARKED;
    store<u8>(lateAt(f), load<u8>(lateAt(f)) & ~(<u8>((<u32>1) << task)));
    pay(PRICE_MARKS);
  }
}
