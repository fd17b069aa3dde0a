// A Program as 32-bit words, for the core and for the executor alike.
//
// Interface: encode. The layout is drawn in assembly/abi/program.ts.

import * as abi from "../../assembly/abi/program.js";
import { callsOf, contentBytes, declaredFd } from "./program.js";
import type { Content, Operand, Program } from "./program.js";
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

function encodeAfresh(program: Program): Uint32Array {
  const calls = callsOf(program);
  const words: number[] = [];
  const afters: number[] = [];
  const buffers: number[] = [];
  const runs: number[] = [];

  const buffer = (content: Content): number => {
    const index = buffers.length / abi.BUFFER_WORDS;
    buffers.push(runs.length / abi.RUN_WORDS, content.length, contentBytes(content));
    for (const run of content)
      runs.push(run.byte === "hole" ? abi.RUN_HOLE : run.byte, run.lenBytes);
    return index;
  };

  for (const file of program.files)
    words.push(buffer(file.content), file.folioOrder ?? abi.ORDER_PER_PAGE);
  for (const pipe of program.pipes) words.push(pipe.flags, pipe.sizeBytes ?? 0);
  for (const thread of program.threads) words.push(thread.calls[0]?.id ?? 0, thread.calls.length);
  for (const call of calls) {
    const operands = call.operands.map((operand) => encodeOperand(program, operand, buffer));
    const kinds = operands.reduce((bits, [kind], i) => bits | (kind << (4 * i)), 0);
    words.push(SYSCALLS[call.syscall].code, afters.length, call.after.length, kinds >>> 0);
    for (let i = 0; i < abi.OPERANDS_MAX; i++) {
      const value = BigInt.asUintN(64, operands[i]?.[1] ?? 0n);
      words.push(Number(value & 0xffffffffn), Number(value >> 32n));
    }
    afters.push(...call.after);
  }
  const header = [
    abi.PROGRAM_MAGIC,
    abi.PROGRAM_HEADER_WORDS + words.length + afters.length + buffers.length + runs.length,
    program.names.length,
    program.files.length,
    program.pipes.length,
    program.threads.length,
    calls.length,
    afters.length,
    buffers.length / abi.BUFFER_WORDS,
    runs.length / abi.RUN_WORDS,
  ];
  return Uint32Array.from([...header, ...words, ...afters, ...buffers, ...runs]);
}

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
    case "pointer":
      return [abi.OPERAND_POINTER, operand.value];
    case "name":
      return [
        abi.OPERAND_NAME,
        operand.name < 0 ? BigInt(abi.NAME_DIRECTORY) : BigInt(operand.name),
      ];
    case "newpipe":
      return [abi.OPERAND_INT, 0n];
  }
}
