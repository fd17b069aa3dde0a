// Programs whose operands were changed by chance: other descriptors, names and numbers, as far as the checker takes them.
//
// Interface: changeOperands.
// A call then meets what no generator would give it: a descriptor of another kind, a number from the edge of its range.

import { parseProgram } from "../../src/language/parse-program.js";
import { printProgram } from "../../src/language/print.js";
import { callsOf, paramOf } from "../../src/language/program.js";
import type { Call, Operand, Program } from "../../src/language/program.js";
import type { Below } from "./numbers.js";

/** Beside these the powers of two. */
const NUMBERS = [-4096n, -1n, 0n, 3n, 77n, 4095n, 4097n, 8192n, (1n << 63n) - 1n];
const POWERS = 63;
const CHANGES_MAX = 6;
/** Descriptors that a generated program has open at once, and a few more. */
const FDS_FROM = 3;
const FDS = 14;

/** The program, up to six operands of it changed. What the checker refuses is not changed. */
export function changeOperands(program: Program, below: Below): Program {
  for (let changes = 1 + below(CHANGES_MAX); changes > 0; changes--) {
    const id = below(callsOf(program).length);
    const changed = withCall(program, id, (call) => changeCall(program, call, below));
    program = parseProgram(printProgram(changed)).program ?? program;
  }
  return program;
}

function withCall(program: Program, id: number, change: (call: Call) => Call): Program {
  const threads = program.threads.map((thread) => ({
    ...thread,
    calls: thread.calls.map((call) => (call.id === id ? change(call) : call)),
  }));
  return { ...program, threads };
}

function changeCall(program: Program, call: Call, below: Below): Call {
  const nth = below(call.operands.length);
  const operands = call.operands.map((operand, at) =>
    at === nth ? changeOperand(program, call, at, below) : operand,
  );
  return { ...call, operands };
}

function changeOperand(program: Program, call: Call, at: number, below: Below): Operand {
  const operand = call.operands[at]!;
  switch (paramOf(call, at)?.kind) {
    case "fd":
      return { kind: "int", value: BigInt(FDS_FROM + below(FDS)) };
    case "path":
      return { kind: "name", name: below(program.names.length + 1) - 1 };
    case "pointer":
      return below(3) === 0 ? { kind: "null" } : { kind: "pointer", value: numberFrom(below) };
    case "count":
    case "length":
    case "offset":
    case "flags":
    case "command":
    case "int":
      return { kind: "int", value: numberFrom(below) };
    default:
      return operand;
  }
}

function numberFrom(below: Below): bigint {
  return NUMBERS[below(NUMBERS.length + POWERS)] ?? 1n << BigInt(below(POWERS));
}
