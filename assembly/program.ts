// The encoded program, read only. Layout: abi/program.ts.
//
// Interface: bind (once per reset) and the readers below. The words lie outside the state block.
// Not modelled: anything about where the program came from; src/language/encode.ts wrote it.

import {
  AFTER_NOTIFIED,
  BUFFER_WORDS,
  CALL_OPERANDS,
  CALL_WORDS,
  FILE_WORDS,
  HEADER_AFTERS,
  HEADER_BACKGROUND,
  HEADER_BUFFERS,
  HEADER_CALLS,
  HEADER_FILES,
  HEADER_NAMES,
  HEADER_PIPES,
  HEADER_SOCKETS,
  HEADER_THREADS,
  HEADER_WIRES,
  OPERAND_BUFFER,
  OPERAND_VECTOR,
  PIPE_WORDS,
  PROGRAM_HEADER_WORDS,
  PROGRAM_MAGIC,
  RUN_FAULT,
  RUN_WORDS,
  SOCKET_WORDS,
  THREAD_WORDS,
  WIRE_WORDS,
} from "./abi/program";
import {
  SYS_PREAD,
  SYS_PREADV2,
  SYS_PWRITE,
  SYS_PWRITEV2,
  SYS_READ,
  SYS_READV,
  SYS_RECV,
  SYS_RECVMSG,
  SYS_SEND,
  SYS_SENDMSG,
  SYS_WRITE,
  SYS_WRITEV,
} from "./abi/syscalls";

let base: usize = 0;
let filesAt: u32 = 0;
let pipesAt: u32 = 0;
let socketsAt: u32 = 0;
let wiresAt: u32 = 0;
let threadsAt: u32 = 0;
let callsAt: u32 = 0;
let aftersAt: u32 = 0;
let buffersAt: u32 = 0;
let runsAt: u32 = 0;

function word(index: u32): u32 {
  return load<u32>(base + ((<usize>index) << 2));
}

/** Points the readers at a program; the words are trusted: the encoder's fuzz test guards them. */
export function bind(address: usize): void {
  base = address;
  assert(word(0) == PROGRAM_MAGIC, "these words are not an encoded program");
  filesAt = PROGRAM_HEADER_WORDS;
  pipesAt = filesAt + filesCount() * FILE_WORDS;
  socketsAt = pipesAt + pipesCount() * PIPE_WORDS;
  wiresAt = socketsAt + socketsCount() * SOCKET_WORDS;
  threadsAt = wiresAt + wiresCount() * WIRE_WORDS;
  callsAt = threadsAt + threadsCount() * THREAD_WORDS;
  aftersAt = callsAt + callsCount() * CALL_WORDS;
  buffersAt = aftersAt + word(HEADER_AFTERS);
  runsAt = buffersAt + buffersCount() * BUFFER_WORDS;
}

export function namesCount(): u32 {
  return word(HEADER_NAMES);
}
export function filesCount(): u32 {
  return word(HEADER_FILES);
}
export function pipesCount(): u32 {
  return word(HEADER_PIPES);
}
export function socketsCount(): u32 {
  return word(HEADER_SOCKETS);
}
export function wiresCount(): u32 {
  return word(HEADER_WIRES);
}
export function threadsCount(): u32 {
  return word(HEADER_THREADS);
}
export function callsCount(): u32 {
  return word(HEADER_CALLS);
}
export function buffersCount(): u32 {
  return word(HEADER_BUFFERS);
}

/** BACKGROUND_*. */
export function backgroundTasks(): u32 {
  return word(HEADER_BACKGROUND);
}

export function fileBuffer(file: u32): u32 {
  return word(filesAt + file * FILE_WORDS);
}
/** Folio order of the initial writes, or ORDER_PER_PAGE. */
export function fileOrder(file: u32): u32 {
  return word(filesAt + file * FILE_WORDS + 1);
}
export function pipeFlags(pipe: u32): u32 {
  return word(pipesAt + pipe * PIPE_WORDS);
}
/** The F_SETPIPE_SZ argument, 0 for the default. */
export function pipeSizeBytes(pipe: u32): u32 {
  return word(pipesAt + pipe * PIPE_WORDS + 1);
}
/** SOCKET_STREAM, SOCKET_TCP and so on. */
export function socketKind(socket: u32): u32 {
  return word(socketsAt + socket * SOCKET_WORDS + 1);
}
/** Flags of socketpair. */
export function socketFlags(socket: u32): u32 {
  return word(socketsAt + socket * SOCKET_WORDS);
}
/** Frags that a wire's queue holds, 0 for as many as the program can send. */
export function wireFrags(wire: u32): u32 {
  return word(wiresAt + wire * WIRE_WORDS);
}
/** WIRE_*. */
export function wireFlags(wire: u32): u32 {
  return word(wiresAt + wire * WIRE_WORDS + 1);
}
export function threadFirstCall(thread: u32): u32 {
  return word(threadsAt + thread * THREAD_WORDS);
}
export function threadCalls(thread: u32): u32 {
  return word(threadsAt + thread * THREAD_WORDS + 1);
}

/** IOSQE_* of a chain of requests, 0 of a thread. */
export function requestFlags(thread: u32): u32 {
  return word(threadsAt + thread * THREAD_WORDS + 2);
}

/** The thread that hands over a chain of requests: the first one waits for its io_uring_enter() first. */
export function ringOfChain(chain: u32): u32 {
  const call = callAfter(threadFirstCall(chain), 0);
  let thread: u32 = 0;
  while (call >= threadFirstCall(thread) + threadCalls(thread)) thread++;
  return thread;
}

/** The syscall code. */
export function callCode(call: u32): u32 {
  return word(callsAt + call * CALL_WORDS);
}
export function callAfters(call: u32): u32 {
  return word(callsAt + call * CALL_WORDS + 2);
}
/** The call that the nth `after` names. */
export function callAfter(call: u32, nth: u32): u32 {
  return afterWord(call, nth) & ~AFTER_NOTIFIED;
}
/** Whether its notification is waited for, too. */
export function callAfterNotified(call: u32, nth: u32): bool {
  return (afterWord(call, nth) & AFTER_NOTIFIED) != 0;
}
function afterWord(call: u32, nth: u32): u32 {
  return word(aftersAt + word(callsAt + call * CALL_WORDS + 1) + nth);
}
/** OPERAND_* of operand n. */
export function operandKind(call: u32, n: u32): u32 {
  return (word(callsAt + call * CALL_WORDS + 3) >> (n << 2)) & 15;
}
export function operandValue(call: u32, n: u32): i64 {
  const at = callsAt + call * CALL_WORDS + CALL_OPERANDS + 2 * n;
  return <i64>((<u64>word(at)) | ((<u64>word(at + 1)) << 32));
}

export function bufferBytes(buffer: u32): u32 {
  return word(buffersAt + buffer * BUFFER_WORDS + 2);
}
export function bufferRuns(buffer: u32): u32 {
  return word(buffersAt + buffer * BUFFER_WORDS + 1);
}
/** Byte value of the nth run, or RUN_HOLE. */
export function runByte(buffer: u32, nth: u32): u32 {
  return word(runsAt + (word(buffersAt + buffer * BUFFER_WORDS) + nth) * RUN_WORDS);
}
export function runBytes(buffer: u32, nth: u32): u32 {
  return word(runsAt + (word(buffersAt + buffer * BUFFER_WORDS) + nth) * RUN_WORDS + 1);
}

/** The code of the call on one buffer at the same place that a vectored call, a send or a recv is like; other codes as they are. The offset -1 is
 *  the file position. */
export function plainCode(call: u32): u32 {
  const code = callCode(call);
  if (code == SYS_READV || code == SYS_RECV) return SYS_READ;
  if (code == SYS_WRITEV || code == SYS_SEND) return SYS_WRITE;
  if (code == SYS_PREADV2) return operandValue(call, 2) == -1 ? SYS_READ : SYS_PREAD;
  if (code == SYS_PWRITEV2) return operandValue(call, 2) == -1 ? SYS_WRITE : SYS_PWRITE;
  return code;
}
/** RWF_* of a call. */
export function transferFlags(call: u32): u32 {
  const code = callCode(call);
  return code == SYS_PREADV2 || code == SYS_PWRITEV2 ? <u32>operandValue(call, 3) : 0;
}
/** MSG_* of a call. */
export function messageFlags(call: u32): u32 {
  const code = callCode(call);
  if (code == SYS_SENDMSG) return <u32>operandValue(call, 4);
  if (code == SYS_RECVMSG) return <u32>operandValue(call, 1);
  return code == SYS_SEND || code == SYS_RECV ? <u32>operandValue(call, 2) : 0;
}
/** Whether a call has an array of struct iovec. */
export function isVectored(call: u32): bool {
  return operandKind(call, 1) == OPERAND_VECTOR;
}

/** Buffers of a call's data, from the index <u32>operandValue(call, 1) on; 0 where a count stands in their place. */
export function segments(call: u32): u32 {
  const kind = operandKind(call, 1);
  if (kind == OPERAND_VECTOR) return <u32>(operandValue(call, 1) >> 32);
  return kind == OPERAND_BUFFER ? 1 : 0;
}
/** Bytes that a call is to read or to write; a count as it was given. */
export function transferBytes(call: u32): i64 {
  if (!hasMemory(call)) return operandValue(call, 1);
  const first = <u32>operandValue(call, 1);
  let sum: i64 = 0;
  for (let nth: u32 = 0; nth < segments(call); nth++) sum += bufferBytes(first + nth);
  return sum;
}
/** Whether the memory that a call reads into or writes from is described, not only counted. */
export function hasMemory(call: u32): bool {
  const kind = operandKind(call, 1);
  return kind == OPERAND_VECTOR || kind == OPERAND_BUFFER;
}
/** Bytes of that memory in front of the first one that is not mapped; i64.MAX_VALUE if all is. */
export function mappedBytes(call: u32): i64 {
  const first = <u32>operandValue(call, 1);
  let sum: i64 = 0;
  for (let nth: u32 = 0; nth < segments(call); nth++)
    for (let run: u32 = 0; run < bufferRuns(first + nth); run++) {
      if (runByte(first + nth, run) == RUN_FAULT) return sum;
      sum += runBytes(first + nth, run);
    }
  return i64.MAX_VALUE;
}
