// io_uring: chains of requests are handed over, and what io_uring says of those that it does not make.
//
// Mirrors: io_uring/io_uring.c:io_submit_sqes(), io_disarm_next(); io_uring/splice.c; io_uring/rw.c, with IOSQE_ASYNC.
// Interface: sysIoUringEnter; notMade; stepArmed, misplaced (reads and writes); refusesZerocopy. A chain is a task: its first request waits for the call that hands it over
// (src/language/chains.ts), and a request is the call that it mirrors from then on.
// Not modelled: a description that a request held last, which goes only after its completion; submission queues that are full;
// reads and writes of pipes and sockets at an offset, and with O_DIRECT.

import { ECANCELED, EFAULT, EINVAL, ESPIPE } from "../abi/errno";
import { OPERAND_CHAIN, OPERANDS_MAX } from "../abi/program";
import { SPLICE_F_ALL } from "../abi/pipe";
import { SYS_READ, SYS_SENDMSG, SYS_SPLICE, SYS_TEE } from "../abi/syscalls";
import { IOSQE_IO_HARDLINK } from "../abi/uring";
import { readQueue, sleepIn, socketQueue, writeQueue } from "../fs/wait";
import { File, TASK_NONBLOCK, TASK_POLLS, TASK_SLEPT, header, resultAt, taskAt } from "../layout";
import { MAX_RW_COUNT, UNMODELLED_CALL } from "../limits";
import { mappingNamedBy } from "../mm/fault";
import { mappingsMax } from "../mm/page-table";
import { REFUSED_ALONE, SHORT_GOES_ON } from "../mutants";
import { HAS_ERROR_QUEUE, does } from "../net/kinds";
import { isLimited } from "../net/wire";
import { isZerocopy } from "../net/zerocopy";
import {
  callCode,
  operandKind,
  operandValue,
  plainCode,
  requestFlags,
  threadCalls,
  threadFirstCall,
  transferBytes,
} from "../program";
import {
  currentCall,
  fileIn,
  finish,
  isNonblock,
  isPipe,
  isRequest,
  isSocket,
  isWire,
  pollWants,
} from "../sched/call";
import { LINE_LOCK, LINE_SEND } from "../sched/line";
import { eventsOf } from "./sys-file";

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
    if (refusal(each) && (MUTANT != REFUSED_ALONE || each == call))
      return refusal(call) ? refusal(call) : ECANCELED;
  if (call == first || requestFlags(task) & IOSQE_IO_HARDLINK) return 0;
  const ret = resultAt(call - 1).ret;
  if (MUTANT == SHORT_GOES_ON && ret >= 0) return 0;
  const whole = isZerocopy(call - 1) ? ret >= 0 : ret == wanted(call - 1);
  return whole ? 0 : ECANCELED;
}

/** The errno of a request that io_uring refuses when it is handed over; 0 for others. Mirrors: io_uring/splice.c:__io_splice_prep(),
 *  lib/iov_iter.c:__import_iovec_ubuf(). */
function refusal(call: u32): i32 {
  if (callCode(call) == SYS_SENDMSG) return mappingNamedBy(call) == mappingsMax ? EFAULT : 0;
  if (!moves(call)) return 0;
  return operandValue(call, callCode(call) == SYS_TEE ? 3 : 5) & ~SPLICE_F_ALL ? EINVAL : 0;
}
/** What a request must give for the next one to be made. */
function wanted(call: u32): i64 {
  if (!moves(call)) return min<i64>(transferBytes(call), MAX_RW_COUNT);
  return operandValue(call, callCode(call) == SYS_TEE ? 2 : 4);
}
/** splice and tee; else it reads, writes or sends. */
function moves(call: u32): bool {
  return callCode(call) == SYS_SPLICE || callCode(call) == SYS_TEE;
}

/** A request polls, with O_NONBLOCK, too: what is ready at once is tried again as a call that may wait. Mirrors: io_uring/io_uring.c:
 *  io_wq_submit_work(), io_uring/poll.c:io_poll_check_events(). */
export function stepArmed(task: u32): void {
  const it = taskAt(task);
  const file = fileIn(task);
  if (!(eventsOf(file) & pollWants(task))) return arm(task, file);
  if (it.want == 0 && !isSocket(file)) return finish(task, 0);
  if (!(it.flags & TASK_SLEPT)) {
    it.flags &= ~TASK_POLLS;
    if (!isNonblock(file)) it.flags &= ~TASK_NONBLOCK;
  }
  it.flags &= ~TASK_SLEPT;
  it.line = reads(task) || !isSocket(file) ? LINE_LOCK : LINE_SEND;
}
function arm(task: u32, file: File): void {
  taskAt(task).flags |= TASK_SLEPT;
  const pipe = reads(task) ? readQueue(file.id) : writeQueue(file.id);
  sleepIn(isSocket(file) ? socketQueue(file.id) : pipe, task, false);
}
function reads(task: u32): bool {
  return plainCode(currentCall(task)) == SYS_READ;
}

/** Whether a request cannot send on a socket without a copy; a run with one that may have no room leaves the model. Mirrors:
 *  SOCK_SUPPORT_ZC. */
export function refusesZerocopy(task: u32, file: File): bool {
  if (!isRequest(task)) return false;
  if (isLimited(file)) header().unmodelled = UNMODELLED_CALL;
  return !isWire(file) && !does(file.id, HAS_ERROR_QUEUE);
}

/** The errno of a request at an offset that cannot be; a pipe does not look at it. Mirrors: fs/read_write.c:rw_verify_area(),
 *  net/socket.c:sock_read_iter(). */
export function misplaced(file: File, pos: i64, count: i64): i32 {
  if (pos < 0 || pos + count < 0) return EINVAL;
  if (isSocket(file) && pos > 0) return ESPIPE;
  if (isSocket(file) || isPipe(file)) header().unmodelled = UNMODELLED_CALL;
  return 0;
}
