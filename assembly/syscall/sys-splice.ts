// splice, tee, sendfile and vmsplice: argument checks in Linux's order, then the lines of fs/splice-*.ts.
//
// Mirrors: fs/splice.c:__do_splice(), do_splice(), do_tee(), vmsplice; fs/read_write.c:do_sendfile().

import { EBADF, EFAULT, EINVAL, EOVERFLOW, ESPIPE } from "../abi/errno";
import { O_APPEND } from "../abi/fcntl";
import { SPLICE_F_ALL, SPLICE_F_NONBLOCK } from "../abi/pipe";
import { startRounds } from "../fs/sendfile";
import { maxBytes } from "../fs/size-limit";
import { loadOffset } from "../fs/splice-offset";
import { File, TASK_NONBLOCK, header, taskAt } from "../layout";
import { MAX_RW_COUNT, UNMODELLED_CALL } from "../limits";
import {
  canRead,
  canWrite,
  fail,
  failBadFd,
  fileIn,
  fileOut,
  finish,
  holdIn,
  holdOut,
  isDevice,
  isNonblock,
  isPipe,
  isRegular,
  isRequest,
  isSocket,
  operand,
  operandIsNull,
  storeOut,
} from "../sched/call";
import { LINE_INPUT, LINE_LOCK } from "../sched/line";
import { namedMapping } from "../mm/fault";
import { mappingsMax } from "../mm/page-table";
import { makeWait } from "./rwf";
import {
  APPEND_TAKES_SPLICE,
  MODES_BEFORE_ESPIPE,
  NOTHING_UNLOOKED,
  REQUEST_OFFSETS_FIRST,
  SPLICE_FLAGS_IGNORED,
  TEE_LENGTH_FIRST,
} from "../mutants";

/** A request comes in behind the offsets that a program points to: it has their modes checked first, and leaves the pipes'
 *  descriptions as they are. Mirrors: io_uring/splice.c:io_splice(). */
export function sysSplice(task: u32): void {
  const len = operand(task, 4);
  const request = isRequest(task);
  if (len == 0 && (MUTANT == NOTHING_UNLOOKED || !request)) return nothing(task);
  if (operand(task, 5) & ~SPLICE_F_ALL && MUTANT != SPLICE_FLAGS_IGNORED) return fail(task, EINVAL);
  if (!holdIn(task, 0) || !holdOut(task, 2)) return failBadFd(task);
  if (len == 0) return finish(task, 0);
  const input = fileIn(task);
  const output = fileOut(task);
  const modes = canRead(input) && canWrite(output);
  const modesFirst = request && MUTANT != REQUEST_OFFSETS_FIRST;
  if ((modesFirst || MUTANT == MODES_BEFORE_ESPIPE) && !modes) return fail(task, EBADF);
  if (isPipe(input) && !operandIsNull(task, 1)) return fail(task, ESPIPE);
  if (isPipe(input) && !request) makeWait(input);
  if (isPipe(output) && !operandIsNull(task, 3)) return fail(task, ESPIPE);
  if (isPipe(output) && !request) makeWait(output);
  if (!modes) return fail(task, EBADF);
  taskAt(task).want = len;
  noteNonblock(task, operand(task, 5));
  if (isPipe(input) && isPipe(output)) return splicePipes(task, input, output);
  if (!isPipe(input) && !isPipe(output)) return fail(task, EINVAL);
  if (isPipe(input)) startTransfer(task, 3, output, true);
  else startTransfer(task, 1, input, false);
}

/** Whether the call may wait is settled here, by its flags and by the pipes' descriptions. */
function noteNonblock(task: u32, flags: i64): void {
  const never = flags & SPLICE_F_NONBLOCK || isNonblockPipe(fileIn(task));
  if (never || isNonblockPipe(fileOut(task))) taskAt(task).flags |= TASK_NONBLOCK;
}
function isNonblockPipe(file: File): bool {
  return isPipe(file) && isNonblock(file);
}

/** Length 0: nothing is looked at, a position behind a pointer stays as it is. */
function nothing(task: u32): void {
  if (!operandIsNull(task, 1)) storeOut(task, operand(task, 1));
  else if (!operandIsNull(task, 3)) storeOut(task, operand(task, 3));
  finish(task, 0);
}

/** A count with the sign bit set moves as much as there is; between pipes nobody checks it. */
function splicePipes(task: u32, input: File, output: File): void {
  if (input.id == output.id) return fail(task, EINVAL);
  const it = taskAt(task);
  if (it.want < 0) it.want = i64.MAX_VALUE;
  it.line = LINE_INPUT;
}

/** Position and range checks of the file side. Mirrors: rw_verify_area(). */
function startTransfer(task: u32, offset: u32, file: File, writes: bool): void {
  if (isSocket(file) && !operandIsNull(task, offset)) return fail(task, EINVAL);
  if (writes && file.flags & O_APPEND && MUTANT != APPEND_TAKES_SPLICE) return fail(task, EINVAL);
  const it = taskAt(task);
  const pos = loadOffset(task, offset, file);
  if (it.want < 0 || pos < 0 || pos + it.want < 0) return fail(task, EINVAL);
  it.pos = pos;
  it.want = min<i64>(it.want, MAX_RW_COUNT);
  it.line = LINE_LOCK;
}

export function sysTee(task: u32): void {
  const len = operand(task, 2);
  if (MUTANT == TEE_LENGTH_FIRST && len == 0) return finish(task, 0);
  if (operand(task, 3) & ~SPLICE_F_ALL) return fail(task, EINVAL);
  if (len == 0 && !isRequest(task)) return finish(task, 0);
  if (!holdIn(task, 0) || !holdOut(task, 1)) return failBadFd(task);
  if (len == 0) return finish(task, 0);
  const input = fileIn(task);
  const output = fileOut(task);
  if (!canRead(input) || !canWrite(output)) return fail(task, EBADF);
  if (!isPipe(input) || !isPipe(output) || input.id == output.id) return fail(task, EINVAL);
  noteNonblock(task, operand(task, 3));
  taskAt(task).want = len < 0 ? i64.MAX_VALUE : len;
  taskAt(task).line = LINE_INPUT;
}

function maxBytesOf(file: File): i64 {
  return isRegular(file) ? maxBytes(file.id) : i64.MAX_VALUE;
}

/** The output's O_APPEND is looked at after all descriptors, and only where it is no pipe. Not modelled: devices. */
export function sysSendfile(task: u32): void {
  if (!holdIn(task, 1)) return failBadFd(task);
  const input = fileIn(task);
  if (!canRead(input)) return fail(task, EBADF);
  if (isDevice(input)) header().unmodelled = UNMODELLED_CALL;
  if (!operandIsNull(task, 2) && !isRegular(input)) return fail(task, ESPIPE);
  const pos = loadOffset(task, 2, input);
  const count = operand(task, 3);
  if (count < 0 || pos < 0 || pos + count < 0) return fail(task, EINVAL);
  if (!holdOut(task, 0)) return failBadFd(task);
  const output = fileOut(task);
  if (!canWrite(output)) return fail(task, EBADF);
  if (isDevice(output)) header().unmodelled = UNMODELLED_CALL;
  const it = taskAt(task);
  it.pos = pos;
  it.want = min<i64>(count, MAX_RW_COUNT);
  const most = min<i64>(maxBytesOf(input), maxBytesOf(output));
  if (pos >= most && pos + it.want > most) return fail(task, EOVERFLOW);
  if (isPipe(output)) {
    if (isNonblock(output)) it.flags |= TASK_NONBLOCK;
    it.line = LINE_LOCK;
    return;
  }
  if (output.pos + it.want < 0) return fail(task, EINVAL);
  if (output.flags & O_APPEND || !isRegular(input)) return fail(task, EINVAL);
  it.other = output.pos;
  startRounds(task);
}

/** A description that can be written to takes pages, another one would give bytes. */
export function sysVmsplice(task: u32): void {
  if (operand(task, 4) & ~SPLICE_F_ALL) return fail(task, EINVAL);
  if (!holdIn(task, 0)) return failBadFd(task);
  const file = fileIn(task);
  if (!canRead(file) && !canWrite(file)) return fail(task, EBADF);
  if (namedMapping(task) == mappingsMax) return fail(task, EFAULT);
  const it = taskAt(task);
  it.want = operand(task, 2);
  if (it.want == 0) return finish(task, 0);
  if (!isPipe(file)) return fail(task, EBADF);
  makeWait(file);
  if (operand(task, 4) & SPLICE_F_NONBLOCK) it.flags |= TASK_NONBLOCK;
  it.pos = operand(task, 3);
  it.line = LINE_LOCK;
}
