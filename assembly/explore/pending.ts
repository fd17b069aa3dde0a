// The calls that are still to come, or in progress: what a scenario can no longer do.
//
// Interface: preparePending (once per search), pending: facts of all calls that are not over; fileBehind.
// Not modelled: which of two pending calls comes first.

import { O_APPEND, O_TRUNC } from "../abi/fcntl";
import { SWITCH_HOLE_CACHED } from "../abi/switches";
import {
  SYS_CLOSE,
  SYS_DUP,
  SYS_FALLOCATE,
  SYS_FTRUNCATE,
  SYS_MEMFD_CREATE,
  SYS_OPEN,
  SYS_PIPE2,
  SYS_PWRITE,
  SYS_RENAME,
  SYS_SENDFILE,
  SYS_SPLICE,
  SYS_UNLINK,
  SYS_WRITE,
} from "../abi/syscalls";
import { RWF_APPEND } from "../abi/uio";
import { has } from "../config";
import {
  File,
  STATUS_RETURNED,
  TARGET_INODE,
  asksDisk,
  fdAt,
  fds,
  fileAt,
  inodeAt,
  inodesMax,
  pagesMax,
  rawPageAt,
  resultAt,
  taskAt,
  tasks,
} from "../layout";
import { CALLS_MAX, PAGE_SHIFT } from "../limits";
import { OPERAND_READ_END, OPERAND_RESULT, OPERAND_WRITE_END } from "../abi/program";
import { copies } from "../call-kind";
import {
  callCode,
  callsCount,
  operandKind,
  operandValue,
  plainCode,
  threadCalls,
  threadFirstCall,
  transferBytes,
  transferFlags,
} from "../program";
import { FD_RESERVED } from "../sched/call";
import { setsFlags } from "../sched/declare-enter";

/** A descriptor may be made. */
export const PENDING_MAKES: u8 = 1;
/** A descriptor may be closed. */
export const PENDING_CLOSES: u8 = 2;
/** A page below i_size may come to be missing: a file is cut, or made longer. */
export const PENDING_HOLES: u8 = 4;
/** A file may lose its name. */
export const PENDING_UNLINKS: u8 = 8;

/** Facts of a call and of those behind it in its thread, one byte a call. */
const facts: usize = memory.data(CALLS_MAX);

/** Whether a call may set O_APPEND. */
let setsAppend: bool = false;

/** Notes the facts of every call of the program. The present state is the first. */
export function preparePending(): void {
  setsAppend = false;
  for (let c: u32 = 0; c < callsCount(); c++)
    if (setsFlags(c) && operandValue(c, 2) & O_APPEND) setsAppend = true;
  for (let t: u32 = 0; t < tasks; t++) {
    let sum: u8 = 0;
    for (let nth = threadCalls(t); nth > 0; nth--) {
      const call = threadFirstCall(t) + nth - 1;
      sum |= factsOf(call);
      store<u8>(facts + call, sum);
    }
  }
}

function factsOf(call: u32): u8 {
  const code = plainCode(call);
  if (code == SYS_CLOSE) return PENDING_CLOSES;
  if (code == SYS_DUP || code == SYS_PIPE2 || code == SYS_MEMFD_CREATE) return PENDING_MAKES;
  if (code == SYS_OPEN) return PENDING_MAKES | PENDING_HOLES;
  if (code == SYS_UNLINK || code == SYS_RENAME) return PENDING_UNLINKS;
  if (copies(call)) return PENDING_HOLES;
  const cuts = code == SYS_FTRUNCATE || code == SYS_FALLOCATE;
  return cuts || mayExtend(call, code) ? PENDING_HOLES : 0;
}

/** Whether a write may end behind the size that its file has at first. */
function mayExtend(call: u32, code: u32): bool {
  if (code == SYS_WRITE) return true;
  if (code == SYS_PWRITE) {
    const end = operandValue(call, 2) + transferBytes(call);
    return (transferFlags(call) & RWF_APPEND) != 0 || endsBehind(knownFile(call, 0), end);
  }
  if (code == SYS_SENDFILE) {
    const output = knownFile(call, 0);
    return output == 0 || fileAt(output - 1).target == TARGET_INODE;
  }
  if (code != SYS_SPLICE) return false;
  const file = knownFile(call, 2);
  if (file && fileAt(file - 1).target != TARGET_INODE) return false;
  return endsBehind(file, operandValue(call, 3) + operandValue(call, 4));
}
function endsBehind(file: u32, end: i64): bool {
  if (file == 0) return true;
  const it = fileAt(file - 1);
  if (it.target != TARGET_INODE) return false;
  return mayAppend(it) || end < 0 || end > inodeAt(it.id).size ? true : false;
}
/** Whether what is written to a description may come behind its file's end wherever it was meant to go. */
export function mayAppend(file: File): bool {
  return setsAppend || (file.flags & O_APPEND) != 0;
}
/** The description + 1 that an operand names in the first state by number; 0 if that is not known. */
function knownFile(call: u32, n: u32): u32 {
  if (isNamedByCall(call, n)) return 0;
  const fd = operandValue(call, n);
  return fd >= 0 && fd < <i64>fds ? load<u8>(fdAt(<u32>fd)) : 0;
}
function isNamedByCall(call: u32, n: u32): bool {
  const kind = operandKind(call, n);
  return kind == OPERAND_RESULT || kind == OPERAND_READ_END || kind == OPERAND_WRITE_END;
}

/** Facts of all calls that are not over in the present state. */
export function pending(): u8 {
  let sum: u8 = 0;
  for (let t: u32 = 0; t < tasks; t++) {
    const pc: u32 = taskAt(t).pc;
    if (pc < threadCalls(t)) sum |= load<u8>(facts + threadFirstCall(t) + pc);
  }
  return sum;
}

/** Whether a lookup can still miss a page, which it reads then. `facts`: of pending(). */
export function missesAhead(now: u8): bool {
  if (asksDisk) return true;
  if (!has(SWITCH_HOLE_CACHED)) return false;
  if (now & PENDING_HOLES) return true;
  for (let i: u32 = 0; i < inodesMax; i++) {
    const pages = (inodeAt(i).size + 4095) >> PAGE_SHIFT;
    for (let page: u32 = 0; <i64>page < pages && page < pagesMax; page++)
      if (load<u16>(rawPageAt(i, page)) == 0) return true;
  }
  return false;
}

/** fileBehind: nobody knows yet which description it will be. */
export const FILE_UNKNOWN: u32 = 0xffffffff;

/** The description + 1 that operand n will name when the call is made; 0 for none; FILE_UNKNOWN. */
export function fileBehind(call: u32, n: u32, now: u8): u32 {
  let fd = operandValue(call, n);
  if (isNamedByCall(call, n)) {
    const maker = resultAt(<u32>fd);
    if (maker.status != STATUS_RETURNED) return FILE_UNKNOWN;
    const kind = operandKind(call, n);
    if (kind == OPERAND_RESULT) fd = maker.ret;
    else fd = maker.ret < 0 ? -1 : kind == OPERAND_READ_END ? maker.out & 0xffff : maker.out >> 16;
  }
  fd = <i64>(<i32>fd);
  if (fd < 0 || fd >= <i64>fds) return 0;
  const entry: u32 = load<u8>(fdAt(<u32>fd));
  const open = entry != 0 && entry != FD_RESERVED;
  const mayChange = now & PENDING_MAKES && (!open || now & PENDING_CLOSES);
  if (mayChange || entry == FD_RESERVED) return FILE_UNKNOWN;
  return open ? entry : 0;
}

/** Whether an open names a file that it may empty. */
export function mayEmpty(call: u32): bool {
  return ((<u32>operandValue(call, 1)) & O_TRUNC) != 0;
}
