// send, recv, recvmsg and shutdown: arguments and errno order; behind them the lines of a socket.
//
// Mirrors: net/socket.c:__sys_sendto(), __sys_recvfrom(), __sys_recvmsg(), __sys_shutdown_sock().
// Interface: sysSend, sysRecv, sysShutdown. A flag that a socket does not know changes nothing.
// Not modelled: out-of-band data; what a wire receives, and its shutdown; MSG_DONTWAIT on a wire; MSG_FASTOPEN and MSG_TRUNC over TCP; faults (EFAULT); recvmsg with room for bytes.

import { EINVAL, ENOTSOCK, EOPNOTSUPP } from "../abi/errno";
import {
  MSG_DONTWAIT,
  MSG_ERRQUEUE,
  MSG_FASTOPEN,
  MSG_OOB,
  MSG_TRUNC,
  SHUT_RD,
  SHUT_RDWR,
} from "../abi/socket";
import { SYS_RECVMSG } from "../abi/syscalls";
import { File, TASK_NONBLOCK, header, taskAt } from "../layout";
import { MAX_RW_COUNT, UNMODELLED_CALL } from "../limits";
import { SENDS_MESSAGES, does } from "../net/kinds";
import { isTcp } from "../net/layout";
import { callCode, mappedBytes, messageFlags, transferBytes } from "../program";
import {
  currentCall,
  fail,
  failBadFd,
  fileIn,
  holdIn,
  isNonblock,
  isSocket,
  isWire,
  operand,
} from "../sched/call";
import { LINE_LOCK, LINE_SEND, LINE_SHUTDOWN } from "../sched/line";
import { refusesZerocopy } from "./sys-uring";

/** Holds the description that the first operand names; whether it is a socket. Mirrors: sock_from_file(). */
function holdSocket(task: u32): bool {
  if (!holdIn(task, 0)) failBadFd(task);
  else if (isSocket(fileIn(task))) return true;
  else fail(task, ENOTSOCK);
  return false;
}

/** What the transfer wants, and whether it may wait. */
function start(task: u32, file: File, count: i64): void {
  const it = taskAt(task);
  it.want = <i64>min<u64>(<u64>count, <u64>MAX_RW_COUNT);
  if (messageFlags(currentCall(task)) & MSG_DONTWAIT || isNonblock(file)) it.flags |= TASK_NONBLOCK;
}

export function sysSend(task: u32): void {
  if (!holdSocket(task)) return;
  const call = currentCall(task);
  const file = fileIn(task);
  if (refusesZerocopy(task, file)) return fail(task, EOPNOTSUPP);
  const count = transferBytes(call);
  start(task, file, count);
  const waits = isWire(file) && taskAt(task).flags & TASK_NONBLOCK;
  const holds = isTcp(file.id) && messageFlags(call) & MSG_FASTOPEN;
  if (waits || holds || messageFlags(call) & MSG_OOB || mappedBytes(call) < count)
    header().unmodelled = UNMODELLED_CALL;
  taskAt(task).line = LINE_SEND;
}

/** A count of 0 waits for bytes, too; recvmsg has no room for any. */
export function sysRecv(task: u32): void {
  if (!holdSocket(task)) return;
  const call = currentCall(task);
  const flags = messageFlags(call);
  if (isWire(fileIn(task)) && !(flags & MSG_ERRQUEUE)) header().unmodelled = UNMODELLED_CALL;
  const id: u32 = fileIn(task).id;
  if (flags & MSG_OOB && does(id, SENDS_MESSAGES)) header().unmodelled = UNMODELLED_CALL;
  if (flags & MSG_OOB) return fail(task, EINVAL);
  if (flags & MSG_TRUNC && isTcp(id) && !(flags & MSG_ERRQUEUE))
    header().unmodelled = UNMODELLED_CALL;
  start(task, fileIn(task), callCode(call) == SYS_RECVMSG ? 0 : transferBytes(call));
  taskAt(task).line = LINE_LOCK;
}

export function sysShutdown(task: u32): void {
  if (!holdSocket(task)) return;
  const how = <i32>operand(task, 1);
  if (isWire(fileIn(task))) header().unmodelled = UNMODELLED_CALL;
  if (how < SHUT_RD || how > SHUT_RDWR) return fail(task, EINVAL);
  taskAt(task).line = LINE_SHUTDOWN;
}
