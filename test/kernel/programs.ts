// Programs built by hand, for the tests of the native back end.
//
// Interface: program and the operands it takes; mailProgram; randomProgram.

import type { Call, Content, Operand, Program } from "../../src/language/program.js";
import type { SyscallName } from "../../src/language/syscalls.js";
import { numbersBelow } from "../helpers/numbers.js";

/** What a call is given: numbers become ints. */
export type Arg = Operand | number;

export const file = (index: number): Operand => ({ kind: "file", file: index });
export const readEnd = (index = 0): Operand => ({ kind: "pipe", pipe: index, end: "r" });
export const writeEnd = (index = 0): Operand => ({ kind: "pipe", pipe: index, end: "w" });
export const end = (which: "a" | "b"): Operand => ({ kind: "socket", socket: 0, end: which });
export const result = (call: number): Operand => ({ kind: "result", call });
export const name = (index: number): Operand => ({ kind: "name", name: index });
export const pointer = (value: number): Operand => ({ kind: "pointer", value: BigInt(value) });
export const NULL: Operand = { kind: "null" };
export const fill = (byte: number, lenBytes: number): Content =>
  lenBytes === 0 ? [] : [{ byte, lenBytes }];
export const data = (byte: number, lenBytes: number): Operand => ({
  kind: "data",
  content: fill(byte, lenBytes),
});

/** One call before it has an index. */
export type CallSketch = [SyscallName, ...Arg[]];

/** A program from its files, its number of pipes, and the calls of each thread. */
export function program(
  files: readonly Content[],
  pipes: number,
  threads: readonly (readonly CallSketch[])[],
  extra: Partial<Program> = {},
): Program {
  let id = 0;
  const call = ([syscall, ...args]: CallSketch): Call => ({
    id: id++,
    syscall,
    operands: args.map((arg) =>
      typeof arg === "number" ? { kind: "int", value: BigInt(arg) } : arg,
    ),
    after: [],
  });
  return {
    name: "test",
    doc: "",
    names: files.map((_, i) => `f${i}`),
    files: files.map((content, i) => ({ name: `f${i}`, content })),
    pipes: Array.from({ length: pipes }, (_, i) => ({ name: `p${i}`, flags: 0 })),
    sockets: [],
    wires: [],
    threads: threads.map((calls, i) => ({ name: `t${i}`, calls: calls.map(call) })),
    locations: [],
    ...extra,
  };
}

const O_RDWR_TMPFILE = 0x410002;

/** The calls of the mail, in its order: its file has no name, its pipe is made by a call. */
export function mailProgram(): Program {
  const end = (which: "r" | "w"): Operand => ({ kind: "made-pipe", call: 2, end: which });
  return program([], 0, [
    [
      ["open", name(-1), O_RDWR_TMPFILE, 0o600],
      ["pwrite", result(0), data(0x1f, 4096), 4096],
      ["pipe2", { kind: "newpipe", name: "p" }, 0],
      ["splice", result(0), pointer(0), end("w"), NULL, 8192, 0],
      ["pwrite", result(0), data(0xf0, 4096), 0],
      ["pwrite", result(0), data(0xf0, 4096), 4096],
      ["read", end("r"), 4096],
      ["read", end("r"), 4096],
    ],
  ]);
}

/** A program of two threads and eight calls on one file and one pipe; some of the calls block. */
export function randomProgram(seed: number): { program: Program; picks: number[] } {
  const random = numbersBelow(seed);
  const length = (): number => [1, 100, 4095, 4096, 5000, 8192][random(6)]!;
  const offset = (): number => [0, 1, 4096, 4000, 8192][random(5)]!;
  const makers: ((byte: number) => CallSketch)[] = [
    () => ["splice", file(0), pointer(offset()), writeEnd(), NULL, length(), 0],
    (byte) => ["pwrite", file(0), data(byte, length()), offset()],
    () => ["read", readEnd(), length()],
    (byte) => ["write", writeEnd(), data(byte, length())],
    () => ["pread", file(0), length(), offset()],
    () => ["splice", readEnd(), NULL, file(0), pointer(offset()), length(), 0],
    () => ["ftruncate", file(0), offset()],
    () => ["ioctl", readEnd(), 0x541b],
    () => ["poll", readEnd(), 5, 0],
    () => ["close", random(4) === 0 ? writeEnd() : 700],
  ];
  const thread = (first: number): CallSketch[] =>
    Array.from({ length: 4 }, (_, i) => makers[random(makers.length)]!(first + i));
  return {
    program: program([fill(0x41, 6000)], 1, [thread(0x60), thread(0x70)]),
    picks: Array.from({ length: 10 }, () => random(2)),
  };
}
