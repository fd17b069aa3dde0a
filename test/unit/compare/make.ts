// Small programs and outcomes by hand, for the tests of src/compare.
//
// Interface: makeProgram, makeCall, makeOutcome, fill, num, file, pipe, result, made, data, NULL.

import type { Call, Operand, Program, Prop } from "../../../src/language/program.js";
import type { SyscallName } from "../../../src/language/syscalls.js";
import type { CallResult, Outcome } from "../../../src/trace/outcome.js";

export const num = (value: number): Operand => ({ kind: "int", value: BigInt(value) });
export const file = (index: number): Operand => ({ kind: "file", file: index });
export const pipe = (index: number, end: "r" | "w"): Operand => ({
  kind: "pipe",
  pipe: index,
  end,
});
export const result = (call: number): Operand => ({ kind: "result", call });
export const made = (call: number, end: "r" | "w"): Operand => ({ kind: "made-pipe", call, end });
export const NULL: Operand = { kind: "null" };
export const fill = (byte: number, lenBytes: number): Uint8Array =>
  new Uint8Array(lenBytes).fill(byte);
export const data = (byte: number, lenBytes: number): Operand => ({
  kind: "data",
  content: [{ byte, lenBytes }],
});

/** A call without its number. */
export type CallSketch = Omit<Call, "id" | "after"> & { after?: number[] };

export const makeCall = (
  syscall: SyscallName,
  operands: Operand[],
  rest: { register?: string; label?: string; after?: number[] } = {},
): CallSketch => ({ syscall, operands, ...rest });

/** Files f, g … of one page of 0x1f, pipes p, q …, threads by name. */
export function makeProgram(
  shape: { files: number; pipes: number },
  threads: Record<string, CallSketch[]>,
  prop?: Prop,
): Program {
  let id = 0;
  const letters = (from: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => String.fromCharCode(from.charCodeAt(0) + i));
  const files = letters("f", shape.files);
  return {
    name: "made-by-hand",
    doc: "",
    names: files,
    files: files.map((name) => ({ name, content: [{ byte: 0x1f, lenBytes: 4096 }] })),
    pipes: letters("p", shape.pipes).map((name) => ({ name, flags: 0 })),
    sockets: [],
    wires: [],
    threads: Object.entries(threads).map(([name, calls]) => ({
      name,
      calls: calls.map((call) => ({ after: [], ...call, id: id++ })),
    })),
    ...(prop === undefined ? {} : { condition: { quantifier: "exists" as const, prop } }),
    locations: [],
  };
}

/** An outcome from one partial result per call; unnamed fields are those of a call that returned 0. */
export function makeOutcome(
  results: Partial<CallResult>[],
  rest: Partial<Omit<Outcome, "results">> = {},
): Outcome {
  return {
    results: results.map((partial, call) => ({
      call,
      status: "returned",
      ret: 0,
      errno: 0,
      data: new Uint8Array(0),
      sigpipe: false,
      ...partial,
    })),
    files: [],
    pipes: [],
    ...rest,
  };
}
