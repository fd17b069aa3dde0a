// A Program as 32-bit words, for the core and for the executor alike.
//
// Interface: encode. The layout is drawn in assembly/abi/program.ts.

import * as abi from "../../assembly/abi/program.js";
import { IOSQE_IO_HARDLINK, IOSQE_IO_LINK } from "../../assembly/abi/uring.js";
import { waitsOf } from "./chains.js";
import { BACKGROUND_TASKS, callsOf, contentBytes, declaredFd } from "./program.js";
import type { Content, Operand, Program, Run, Thread, WireDecl } from "./program.js";
import { SOCKET_KINDS } from "./socket-kinds.js";
import { SYSCALLS } from "./syscalls.js";

/** Programs never change, and both back ends want the same words. */
const encoded = new WeakMap<Program, Uint32Array>();

/** Encodes a checked program. */
export function encode(program: Program): Uint32Array {
  const known = encoded.get(program);
  if (known) return known;
  const words = encodeAfresh(program);
  encoded.set(program, words);
  return words;
}

/** The words in front of afters, buffers and runs. */
const fixedWords = (program: Program): number =>
  abi.PROGRAM_HEADER_WORDS +
  program.files.length * abi.FILE_WORDS +
  program.pipes.length * abi.PIPE_WORDS +
  program.sockets.length * abi.SOCKET_WORDS +
  program.wires.length * abi.WIRE_WORDS +
  program.threads.length * abi.THREAD_WORDS +
  callsOf(program).length * abi.CALL_WORDS;

function encodeAfresh(program: Program): Uint32Array {
  const calls = callsOf(program);
  const afters: number[] = [];
  const buffers: number[] = [];
  const runs: number[] = [];

  const buffer = (content: Content): number => {
    const index = buffers.length / abi.BUFFER_WORDS;
    buffers.push(runs.length / abi.RUN_WORDS, content.length, contentBytes(content));
    for (const run of content) runs.push(wordOf(run.byte), run.lenBytes);
    return index;
  };

  const fixed = fixedWords(program);
  const view = new DataView(new ArrayBuffer(4 * fixed));
  let at = abi.PROGRAM_HEADER_WORDS;
  const put = (...words: number[]): void => {
    for (const word of words) view.setUint32(4 * at++, word, true);
  };

  for (const file of program.files)
    put(buffer(file.content), file.folioOrder ?? abi.ORDER_PER_PAGE);
  for (const pipe of program.pipes) put(pipe.flags, pipe.sizeBytes ?? 0);
  for (const { flags, kind } of program.sockets) put(flags, SOCKET_KINDS[kind].code);
  for (const wire of program.wires) put(wire.fragsMax ?? 0, wireFlags(wire));
  for (const thread of program.threads)
    put(thread.calls[0]?.id ?? 0, thread.calls.length, requestFlags(thread));
  const waits = waitsOf(program.threads);
  for (const call of calls) {
    const start = at;
    const after = waits.get(call.id) ?? call.after;
    put(SYSCALLS[call.syscall].code, afters.length, after.length);
    let kinds = 0;
    call.operands.forEach((operand, i) => {
      const [kind, value] = encodeOperand(program, operand, buffer);
      kinds |= kind << (4 * i);
      view.setBigUint64(4 * (start + abi.CALL_OPERANDS + 2 * i), BigInt.asUintN(64, value), true);
    });
    put(kinds >>> 0);
    at = start + abi.CALL_WORDS;
    afters.push(...after.map((id) => (call.notified?.includes(id) ? id + abi.AFTER_NOTIFIED : id)));
  }
  const total = fixed + afters.length + buffers.length + runs.length;
  at = 0;
  put(abi.PROGRAM_MAGIC, total, program.names.length, program.files.length, program.pipes.length);
  put(program.threads.length, calls.length, afters.length);
  put(buffers.length / abi.BUFFER_WORDS, runs.length / abi.RUN_WORDS);
  put(backgroundBits(program));
  put(program.sockets.length, program.wires.length);

  const words = new Uint32Array(total);
  for (let i = 0; i < fixed; i++) words[i] = view.getUint32(4 * i, true);
  words.set(afters, fixed);
  words.set(buffers, fixed + afters.length);
  words.set(runs, fixed + afters.length + buffers.length);
  return words;
}

/** What all requests of a chain have; the last one's link leads nowhere. 0 for a thread. */
const requestFlags = ({ chain }: Thread): number =>
  chain === undefined || (chain & IOSQE_IO_HARDLINK) !== 0 ? (chain ?? 0) : chain | IOSQE_IO_LINK;

const wireFlags = ({ loopback, retransmits }: WireDecl): number =>
  (loopback ? abi.WIRE_LOOPBACK : 0) | (retransmits ? abi.WIRE_RETRANSMITS : 0);

/** One bit for each task, in the order of BACKGROUND_TASKS. */
const backgroundBits = ({ background = [] }: Program): number =>
  background.reduce((bits, task) => bits | (1 << BACKGROUND_TASKS.indexOf(task)), 0);

const RUN_WORDS = { hole: abi.RUN_HOLE, fault: abi.RUN_FAULT } as const;
const wordOf = (byte: Run["byte"]): number => (typeof byte === "number" ? byte : RUN_WORDS[byte]);

/** The folder and the devices: the names -1, -2 and -3. */
const NAMES_BELOW = [abi.NAME_DIRECTORY, abi.NAME_NULL, abi.NAME_ZERO] as const;

function encodeOperand(
  program: Program,
  operand: Operand,
  buffer: (content: Content) => number,
): [kind: number, value: bigint] {
  switch (operand.kind) {
    case "int":
      return [abi.OPERAND_INT, operand.value];
    case "null":
      return [abi.OPERAND_NULL, 0n];
    case "file":
    case "pipe":
    case "socket":
    case "wire":
      return [abi.OPERAND_INT, BigInt(declaredFd(program, operand))];
    case "result":
      return [abi.OPERAND_RESULT, BigInt(operand.call)];
    case "made-pipe":
      return [
        operand.end === "r" ? abi.OPERAND_READ_END : abi.OPERAND_WRITE_END,
        BigInt(operand.call),
      ];
    case "data":
      return [abi.OPERAND_BUFFER, BigInt(buffer(operand.content))];
    case "vector": {
      const [first = 0] = operand.segments.map(buffer);
      return [abi.OPERAND_VECTOR, BigInt(first) | (BigInt(operand.segments.length) << 32n)];
    }
    case "pointer":
      return [abi.OPERAND_POINTER, operand.value];
    case "name":
      return [
        abi.OPERAND_NAME,
        BigInt(operand.name < 0 ? NAMES_BELOW[-operand.name - 1]! : operand.name),
      ];
    case "newpipe":
      return [abi.OPERAND_INT, 0n];
    case "chain":
      return [abi.OPERAND_CHAIN, BigInt(operand.thread)];
  }
}
