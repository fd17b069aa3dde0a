// Calls as a reader of C expects them.
//
// Interface: callHead, callArguments, callText, resultText, threadOf.

import { ERRNO_NAMES } from "../../compare/errno-names.js";
import {
  callsOf,
  type Call,
  type CallId,
  type Content,
  type Operand,
  type Program,
} from "../../language/program.js";
import { syscallRow, type Param } from "../../language/syscalls.js";
import type { CallResult } from "../../trace/outcome.js";
import { byteText } from "./content.js";

/** "s: splice", "a = read": the label or register, if any, and the name. */
export const callHead = (call: Call): string =>
  call.label === undefined ? assigned(call) : `${call.label}: ${assigned(call)}`;

const assigned = (call: Call): string =>
  call.register === undefined ? call.syscall : `${call.register} = ${call.syscall}`;

/** The arguments in parentheses. */
export function callArguments(program: Program, call: Call): string {
  const { params } = syscallRow(call.syscall);
  const texts = call.operands.map((o, i) => operandText(program, o, params[i]));
  return `(${texts.join(", ")})`;
}

/** The whole call, without its label. */
export const callText = (program: Program, call: Call): string =>
  assigned(call) + callArguments(program, call);

/** What a call returned: "= 4096", "= -1 EAGAIN". */
export function resultText(result: CallResult | undefined): string {
  if (result?.status !== "returned") return "";
  if (result.errno === 0) return `= ${result.ret}`;
  return `= -1 ${ERRNO_NAMES.get(result.errno) ?? `errno ${result.errno}`}`;
}

/** The index of the thread that makes a call. */
export const threadOf = (program: Program, call: CallId): number =>
  program.threads.findIndex((t) => t.calls.some((c) => c.id === call));

function operandText(program: Program, operand: Operand, param: Param | undefined): string {
  switch (operand.kind) {
    case "int":
      return numberText(operand.value, param);
    case "null":
      return "NULL";
    case "pointer":
      return `${operand.value}`;
    case "file":
      return program.files[operand.file]?.name ?? "?";
    case "pipe":
      return `${program.pipes[operand.pipe]?.name ?? "?"}.${operand.end}`;
    case "result":
      return callsOf(program)[operand.call]?.register ?? "?";
    case "made-pipe":
      return `${madePipe(program, operand.call)}.${operand.end}`;
    case "data":
      return contentText(operand.content);
    case "name":
      return operand.name < 0 ? '"."' : `"${program.names[operand.name] ?? "?"}"`;
    case "newpipe":
      return operand.name;
  }
}

function madePipe(program: Program, call: CallId): string {
  const made = callsOf(program)[call]?.operands.find((o) => o.kind === "newpipe");
  return made?.name ?? "?";
}

const contentText = (content: Content): string =>
  content.map((r) => `${r.byte === "hole" ? "hole" : byteText(r.byte)} * ${r.lenBytes}`).join(", ");

/** Flags and commands by name where one constant, or a sum of flags, matches. */
function numberText(value: bigint, param: Param | undefined): string {
  if (param?.set === undefined || value === 0n) return `${value}`;
  const names = Object.entries(param.set);
  const exact = names.find(([, n]) => BigInt(n) === value);
  if (exact !== undefined) return exact[0];
  const flags = names.filter(([, n]) => n !== 0 && (value & BigInt(n)) === BigInt(n));
  const sum = flags.reduce((all, [, n]) => all | BigInt(n), 0n);
  return sum === value && flags.length > 0 ? flags.map(([n]) => n).join("|") : `${value}`;
}
