// Reads an encoded program: the counterpart of src/language/encode.ts, for tests.
//
// Interface: readWords (words to plain data), meaningOf (what those of a program should say).
// The layout is drawn in assembly/abi/program.ts.

import * as abi from "../../assembly/abi/program.js";
import { IOSQE_IO_HARDLINK, IOSQE_IO_LINK } from "../../assembly/abi/uring.js";
import { waitsOf } from "../../src/language/chains.js";
import { callsOf, declaredFd } from "../../src/language/program.js";
import type { Content, Operand, Program, Run } from "../../src/language/program.js";
import { syscallRow } from "../../src/language/syscalls.js";

/** What an encoded program says: descriptors resolved, names and registers gone. */
export interface Meaning {
  readonly names: number;
  readonly background: number;
  readonly files: readonly { content: Content; order: number }[];
  readonly pipes: readonly { flags: number; size: number }[];
  readonly sockets: readonly number[];
  readonly wires: readonly { frags: number; flags: number }[];
  readonly threads: readonly { first: number; count: number; flags: number }[];
  readonly calls: readonly {
    code: number;
    after: readonly number[];
    operands: readonly { kind: number; value: Meant }[];
  }[];
}

type Meant = bigint | Content | readonly Content[];

/** Reads words. Throws where they do not end where they say. */
export function readWords(words: Uint32Array): Meaning {
  const count = (field: number): number => words[field]!;
  let at = abi.PROGRAM_HEADER_WORDS;
  const rows = (rowCount: number, rowWords: number): Uint32Array[] => {
    const start = at;
    at += rowCount * rowWords;
    return Array.from({ length: rowCount }, (_, i) =>
      words.subarray(start + i * rowWords, start + (i + 1) * rowWords),
    );
  };
  const files = rows(count(abi.HEADER_FILES), abi.FILE_WORDS);
  const pipes = rows(count(abi.HEADER_PIPES), abi.PIPE_WORDS);
  const sockets = rows(count(abi.HEADER_SOCKETS), abi.SOCKET_WORDS);
  const wires = rows(count(abi.HEADER_WIRES), abi.WIRE_WORDS);
  const threads = rows(count(abi.HEADER_THREADS), abi.THREAD_WORDS);
  const calls = rows(count(abi.HEADER_CALLS), abi.CALL_WORDS);
  const afters = rows(count(abi.HEADER_AFTERS), 1).map((row) => row[0]!);
  const buffers = rows(count(abi.HEADER_BUFFERS), abi.BUFFER_WORDS);
  const runs = rows(count(abi.HEADER_RUNS), abi.RUN_WORDS);
  if (words[0] !== abi.PROGRAM_MAGIC || words[1] !== words.length || at !== words.length)
    throw new Error(`${words.length} words, of which ${at} are accounted for`);
  const contentOf = (buffer: number): Content =>
    runs
      .slice(buffers[buffer]![0], buffers[buffer]![0]! + buffers[buffer]![1]!)
      .map((run) => ({ byte: byteOf(run[0]!), lenBytes: run[1]! }));
  return {
    names: count(abi.HEADER_NAMES),
    background: count(abi.HEADER_BACKGROUND),
    files: files.map((row) => ({ content: contentOf(row[0]!), order: row[1]! })),
    pipes: pipes.map((row) => ({ flags: row[0]!, size: row[1]! })),
    sockets: sockets.map((row) => row[0]!),
    wires: wires.map((row) => ({ frags: row[0]!, flags: row[1]! })),
    threads: threads.map((row) => ({ first: row[0]!, count: row[1]!, flags: row[2]! })),
    calls: calls.map((row) => ({
      code: row[0]!,
      after: afters.slice(row[1], row[1]! + row[2]!),
      operands: operandsOf(row, contentOf),
    })),
  };
}

function operandsOf(
  row: Uint32Array,
  contentOf: (buffer: number) => Content,
): { kind: number; value: Meant }[] {
  return Array.from({ length: abi.OPERANDS_MAX }, (_, i) => {
    const kind = (row[3]! >>> (4 * i)) & 0xf;
    const low = row[abi.CALL_OPERANDS + 2 * i]!;
    const value = BigInt(low) + (BigInt(row[abi.CALL_OPERANDS + 2 * i + 1]!) << 32n);
    if (kind === abi.OPERAND_BUFFER) return { kind, value: contentOf(low) };
    if (kind !== abi.OPERAND_VECTOR) return { kind, value };
    return {
      kind,
      value: Array.from({ length: Number(value >> 32n) }, (_, n) => contentOf(low + n)),
    };
  });
}

function byteOf(word: number): Run["byte"] {
  if (word === abi.RUN_HOLE) return "hole";
  return word === abi.RUN_FAULT ? "fault" : word;
}

const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);

/** What the words of a program should say. */
export function meaningOf(program: Program): Meaning {
  const waits = waitsOf(program.threads);
  return {
    names: program.names.length,
    background:
      (program.background?.includes("writeback") ? abi.BACKGROUND_WRITEBACK : 0) |
      (program.background?.includes("reclaim") ? abi.BACKGROUND_RECLAIM : 0),
    files: program.files.map(({ content, folioOrder }) => ({
      ...{ content, order: folioOrder ?? abi.ORDER_PER_PAGE },
    })),
    pipes: program.pipes.map(({ flags, sizeBytes }) => ({ flags, size: sizeBytes ?? 0 })),
    sockets: program.sockets.map(({ flags }) => flags),
    wires: program.wires.map(({ loopback, fragsMax, retransmits }) => ({
      ...{
        frags: fragsMax ?? 0,
        flags: (retransmits ? abi.WIRE_RETRANSMITS : 0) + (loopback ? abi.WIRE_LOOPBACK : 0),
      },
    })),
    threads: program.threads.map(({ calls, chain }) => ({
      ...{ first: calls[0]?.id ?? 0, count: calls.length },
      flags: chain === undefined ? 0 : chain & IOSQE_IO_HARDLINK ? chain : chain | IOSQE_IO_LINK,
    })),
    calls: callsOf(program).map(({ id, syscall, after, notified, operands }) => ({
      code: syscallRow(syscall).code,
      after: (waits.get(id) ?? after).map(
        (each) => each + (notified?.includes(each) ? 2 ** 31 : 0),
      ),
      operands: Array.from({ length: abi.OPERANDS_MAX }, (_, i) =>
        operandMeaning(program, operands[i]),
      ),
    })),
  };
}

function operandMeaning(
  program: Program,
  operand: Operand | undefined,
): { kind: number; value: Meant } {
  switch (operand?.kind) {
    case undefined:
    case "newpipe":
      return { kind: abi.OPERAND_INT, value: 0n };
    case "int":
      return { kind: abi.OPERAND_INT, value: unsigned(operand.value) };
    case "null":
      return { kind: abi.OPERAND_NULL, value: 0n };
    case "file":
    case "pipe":
    case "socket":
    case "wire":
      return { kind: abi.OPERAND_INT, value: BigInt(declaredFd(program, operand)) };
    case "result":
      return { kind: abi.OPERAND_RESULT, value: BigInt(operand.call) };
    case "made-pipe":
      return {
        kind: operand.end === "r" ? abi.OPERAND_READ_END : abi.OPERAND_WRITE_END,
        value: BigInt(operand.call),
      };
    case "data":
      return { kind: abi.OPERAND_BUFFER, value: operand.content };
    case "vector":
      return { kind: abi.OPERAND_VECTOR, value: operand.segments };
    case "pointer":
      return { kind: abi.OPERAND_POINTER, value: unsigned(operand.value) };
    case "name":
      return {
        kind: abi.OPERAND_NAME,
        value: BigInt(operand.name < 0 ? 2 ** 32 + operand.name : operand.name),
      };
    case "chain":
      return { kind: abi.OPERAND_CHAIN, value: BigInt(operand.thread) };
  }
}
