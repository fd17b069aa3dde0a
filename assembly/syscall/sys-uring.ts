// io_uring: chains of requests are handed over, and what io_uring says of those that it does not make.
//
// Mirrors: io_uring/io_uring.c:io_submit_sqes(), io_disarm_next(); io_uring/splice.c.
// Interface: sysIoUringEnter; notMade. A chain is a task: its first request waits for the call that hands it over
// (src/language/chains.ts), and a request is the call that it mirrors from then on.
// Not modelled: a description that a request held last, which goes only after its completion; submission queues that are full.

import { ECANCELED, EINVAL } from "../abi/errno";
import { OPERAND_CHAIN, OPERANDS_MAX } from "../abi/program";
import { SPLICE_F_ALL } from "../abi/pipe";
import { SYS_TEE } from "../abi/syscalls";
import { IOSQE_IO_HARDLINK } from "../abi/uring";
import { resultAt } from "../layout";
import { REFUSED_ALONE, SHORT_GOES_ON } from "../mutants";
import {
  callCode,
  operandKind,
  operandValue,
  requestFlags,
  threadCalls,
  threadFirstCall,
} from "../program";
import { currentCall, finish, isRequest } from "../sched/call";

export function sysIoUringEnter(task: u32): void {
  const call = currentCall(task);
  let requests: u32 = 0;
  for (let n: u32 = 0; n < <u32>OPERANDS_MAX; n++)
    if (operandKind(call, n) == OPERAND_CHAIN) requests += threadCalls(<u32>operandValue(call, n));
  finish(task, requests);
}

/** The errno of a request that is not made; 0 for one that is, and for a call of a thread. */
export function notMade(task: u32): i32 {
  if (!isRequest(task)) return 0;
  const first = threadFirstCall(task);
  const call = currentCall(task);
  for (let each = first; each < first + threadCalls(task); each++)
    if (hasBadFlags(each) && (MUTANT != REFUSED_ALONE || each == call))
      return each == call || hasBadFlags(call) ? EINVAL : ECANCELED;
  if (call == first || requestFlags(task) & IOSQE_IO_HARDLINK) return 0;
  const ret = resultAt(call - 1).ret;
  if (MUTANT == SHORT_GOES_ON && ret >= 0) return 0;
  return ret == wanted(call - 1) ? 0 : ECANCELED;
}

/** Mirrors: io_uring/splice.c:__io_splice_prep(). */
function hasBadFlags(call: u32): bool {
  return (operandValue(call, callCode(call) == SYS_TEE ? 3 : 5) & ~SPLICE_F_ALL) != 0;
}
/** What a request must give for the next one to be made. */
function wanted(call: u32): i64 {
  return operandValue(call, callCode(call) == SYS_TEE ? 2 : 4);
}
