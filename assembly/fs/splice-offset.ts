// Where splice takes a file position from and where it puts it: *off, or f_pos. Mirrors: fs/splice.c:do_splice().
//
// Interface: loadOffset, storeOffset, keepOffset, unchangedOffset; offsetIn. f_pos is read at entry and stored at the end, without f_pos_lock (B-5).

import { File, taskAt } from "../layout";
import { isSendfile, operand, operandIsNull, storeOut } from "../sched/call";
import { POSITION_BY_WISH } from "../mutants";

/** The operand that points to the position of a call's input. */
export function offsetIn(task: u32): u32 {
  return isSendfile(task) ? 2 : 1;
}

/** The position that the call starts at; `n` is the operand that may hold a pointer. */
export function loadOffset(task: u32, n: u32, file: File): i64 {
  return operandIsNull(task, n) ? file.pos : operand(task, n);
}

/** Stores the position that the call has reached. */
export function storeOffset(task: u32, n: u32, file: File): void {
  if (MUTANT == POSITION_BY_WISH) taskAt(task).pos += taskAt(task).want;
  if (operandIsNull(task, n)) file.pos = taskAt(task).pos;
  else storeOut(task, taskAt(task).pos);
}

/** As storeOffset, for a call that fails: f_pos goes back to where the call found it, even if others moved it
 *  meanwhile; what a pointer names stays as it is. */
export function keepOffset(task: u32, n: u32, file: File): void {
  if (operandIsNull(task, n)) file.pos = taskAt(task).pos;
}

/** Nothing was moved: what is behind a pointer is reported as it was. */
export function unchangedOffset(task: u32, n: u32): void {
  if (!operandIsNull(task, n)) storeOut(task, operand(task, n));
}
