// Sockets and wires at reset: how much room the program can need, and the first state.
//
// Interface: countSockets, makeSockets.
// What is fixed for a program, too: whether a call may lock two pipes, and whether all bytes that a splice from a socket copies
// fit into one page fragment.
// Room is counted from the calls that can send: those that name the descriptor, or one that a call returned.
// Not modelled: more room than that; a program that needs it leaves the model.

import {
  FD_FIRST,
  OPERAND_INT,
  OPERAND_READ_END,
  OPERAND_RESULT,
  OPERAND_WRITE_END,
  SOCKET_TCP,
  WIRE_LOOPBACK,
  WIRE_RETRANSMITS,
} from "../abi/program";
import {
  SYS_DUP,
  SYS_SENDFILE,
  SYS_SENDMSG,
  SYS_SPLICE,
  SYS_TEE,
  SYS_WRITE,
} from "../abi/syscalls";
import { setOpenCounts } from "../fs/pipe";
import { header } from "../layout";
import { FRAGS_MAX, PAGE_SHIFT, STATE_BYTES_MAX, UNMODELLED_CALL } from "../limits";
import * as program from "../program";
import {
  BACKGROUND_ACK,
  BACKGROUND_RECEIVE,
  BACKGROUND_RETRANSMIT,
  BACKGROUND_TIMER,
  BACKGROUND_TRANSMIT,
  addBackground,
} from "../sched/background";
import { SockCounts, isTcp, wireSock } from "./layout";
import { LINEAR_BYTES_MAX, linearBytes } from "./send";
import { makeSocket } from "./socket";
import { callSaysMore } from "./tcp";
import { setSpliceReads } from "./splice-read";
import { makeWire } from "./wire";
import { isZerocopy } from "./zerocopy";

/** First descriptor of the declared sockets, and of the wires behind them. */
function socketFd(): u32 {
  return FD_FIRST + program.filesCount() + 2 * program.pipesCount();
}
function wireFd(): u32 {
  return socketFd() + 2 * program.socketsCount();
}

/** Whether a call makes second descriptors: then any number may come to name any description. */
function duplicates(): bool {
  for (let c: u32 = 0; c < program.callsCount(); c++)
    if (program.callCode(c) == SYS_DUP) return true;
  return false;
}
let anyFd: bool = false;

/** Whether operand n of a call may name the description that has this descriptor at first. */
function mayName(call: u32, n: u32, fd: u32): bool {
  const kind = program.operandKind(call, n);
  if (kind == OPERAND_RESULT) return true;
  return kind == OPERAND_INT && (anyFd || program.operandValue(call, n) == <i64>fd);
}

/** Bytes that a call may send into a descriptor, at most; `readBytes` bounds a splice. */
function sentBytes(call: u32, fd: u32, readBytes: u64): u64 {
  const code = program.callCode(call);
  if (code == SYS_SPLICE && mayName(call, 2, fd))
    return min<u64>(<u64>program.operandValue(call, 4), readBytes);
  if (code == SYS_SENDFILE && mayName(call, 0, fd))
    return min<u64>(<u64>program.operandValue(call, 3), readBytes);
  if (code == SYS_SENDMSG && mayName(call, 0, fd)) return <u64>program.operandValue(call, 2);
  if (program.plainCode(call) == SYS_WRITE && mayName(call, 0, fd))
    return <u64>program.transferBytes(call);
  return 0;
}

/** Frags that so many bytes of a call make at most: a slot may be as short as a cell, but for those of sendfile, which
 *  fill their pages. */
function sentFrags(call: u32, bytes: u64, ring: u32, shift: u32): u64 {
  if (program.hasMemory(call)) return (bytes + 4095) >> PAGE_SHIFT;
  const code = program.callCode(call);
  if (code == SYS_SENDFILE || code == SYS_SENDMSG)
    return bytes && ((bytes + 4095) >> PAGE_SHIFT) + 1;
  return min<u64>(ring, (bytes + (1 << shift) - 1) >> shift);
}

/** Whether a message that a call begins may have a checksum, in a frag of its own. */
function mayHoldBack(call: u32): bool {
  return callSaysMore(call) || program.callCode(call) == SYS_SENDFILE;
}
/** Whether a call may send an empty message, which has a frag, too. */
function sendsNothing(call: u32, fd: u32): bool {
  const sends = program.plainCode(call) == SYS_WRITE && mayName(call, 0, fd);
  return sends && program.transferBytes(call) == 0;
}

/** Counts what the state must have room for: every queue has that of the longest one. */
export function countSockets(count: SockCounts, ring: u32, readBytes: u64, shift: u32): void {
  anyFd = duplicates();
  const wires = wireFd();
  const end = wires + program.wiresCount();
  count.wires = program.wiresCount();
  count.socks = 2 * program.socketsCount() + count.wires;
  count.frags = 0;
  count.logCells = 0;
  count.logs = 1;
  count.zerocopies = 0;
  for (let c: u32 = 0; c < program.callsCount(); c++) if (isZerocopy(c)) count.zerocopies++;
  for (let w: u32 = 0; w < count.wires; w++)
    if (program.wireFlags(w) == WIRE_RETRANSMITS) count.logs = 2;
  for (let fd = socketFd(); fd < end; fd++) {
    let frags: u64 = 0;
    let logged: u64 = 0;
    for (let c: u32 = 0; c < program.callsCount(); c++) {
      const bytes = sentBytes(c, fd, readBytes);
      frags += sendsNothing(c, fd) ? 1 : sentFrags(c, bytes, ring, shift);
      if (bytes && mayHoldBack(c)) frags++;
      logged += bytes;
    }
    count.frags = max<u32>(count.frags, <u32>min<u64>(frags, FRAGS_MAX));
    const cells = min<u64>((logged + (1 << shift) - 1) >> shift, STATE_BYTES_MAX + 1);
    if (fd >= wires) count.logCells = max<u32>(count.logCells, <u32>cells);
  }
}

/** What a thread copies out of skbs lies in a page fragment of this size, up to its end. Mirrors: skb_page_frag_refill(). */
const FRAGMENT_BYTES: u64 = 32768 - 32;

/** Whether operand n of a call may name a description with a first descriptor from `from` on, below `end`. */
function mayBeAmong(call: u32, n: u32, from: u32, end: u32): bool {
  for (let fd = from; fd < end; fd++) if (mayName(call, n, fd)) return true;
  return false;
}
function mayBePipe(call: u32, n: u32): bool {
  const kind = program.operandKind(call, n);
  const isMade = kind == OPERAND_RESULT || kind == OPERAND_READ_END || kind == OPERAND_WRITE_END;
  return isMade || mayBeAmong(call, n, FD_FIRST + program.filesCount(), socketFd());
}
/** Whether a call may hold back what it sends. */
function mayHold(): bool {
  for (let c: u32 = 0; c < program.callsCount(); c++) if (callSaysMore(c)) return true;
  return false;
}
/** Whether a TCP connection is declared. */
function hasTcp(): bool {
  for (let s: u32 = 0; s < program.socketsCount(); s++)
    if (program.socketKind(s) == SOCKET_TCP) return true;
  return false;
}
function mayLockTwo(call: u32): bool {
  const code = program.callCode(call);
  if (code == SYS_TEE) return true;
  return code == SYS_SPLICE && mayBePipe(call, 0) && mayBePipe(call, 2);
}

/** Bytes that a call may add to a page fragment, at most: what it sends in the linear part of an skb, which is copied
 *  once, and what a splice copies in vain when the pipe is full. */
function copiedBytes(call: u32): u64 {
  const code = program.callCode(call);
  const input: u32 = code == SYS_SENDFILE ? 1 : 0;
  if (program.plainCode(call) == SYS_WRITE)
    return linearBytes(<u32>min<i64>(program.transferBytes(call), 32768));
  const splices = code == SYS_SPLICE || code == SYS_SENDFILE;
  return splices && mayBeAmong(call, input, socketFd(), wireFd()) ? LINEAR_BYTES_MAX : 0;
}

function findSpliceReads(): void {
  let two = false;
  let copied: u64 = 0;
  for (let c: u32 = 0; c < program.callsCount(); c++) {
    if (mayLockTwo(c)) two = true;
    copied += copiedBytes(c);
  }
  setSpliceReads(two, copied <= FRAGMENT_BYTES);
  setOpenCounts(hasTcp());
}

/** The declared sockets and wires, each with its descriptors; a wire with who takes its frags. */
export function makeSockets(): void {
  findSpliceReads();
  for (let s: u32 = 0; s < program.socketsCount(); s++) makeSocket(s, program.socketFlags(s));
  if (mayHold())
    for (let s: u32 = 0; s < 2 * program.socketsCount(); s++)
      if (isTcp(s) && !addBackground(BACKGROUND_TIMER, s)) header().unmodelled = UNMODELLED_CALL;
  for (let w: u32 = 0; w < program.wiresCount(); w++) {
    makeWire(w);
    addCard(wireSock(w), program.wireFlags(w));
  }
}
/** What takes the frags of a wire: its network card, or over loopback its receiver. */
function addCard(sock: u32, flags: u32): void {
  if (flags & WIRE_LOOPBACK) {
    addBackground(BACKGROUND_RECEIVE, sock);
    return;
  }
  addBackground(BACKGROUND_TRANSMIT, sock);
  addBackground(BACKGROUND_ACK, sock);
  if (flags & WIRE_RETRANSMITS) addBackground(BACKGROUND_RETRANSMIT, sock);
}
