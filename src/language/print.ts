// Program to text: the canonical form. Parsing it gives the same program again.
//
// Interface: printProgram, callText.
// Law: parseProgram(printProgram(p)).program equals p, if what p refers to has names: a call that a
// condition or an `after` means has a label or register (the bytes of a read: a register), names in the
// folder beyond the declared files appear in calls in the order of their indices, and `and` and `or`
// have at least two parts.

import { CHAIN_FLAGS, PIPE_FLAGS } from "./constants.js";
import { printContent, printCommand, printData, printFlags, printMemory } from "./print-value.js";
import { printCondition, printLocation } from "./print-prop.js";
import { quote } from "./literals.js";
import { callsOf, deviceOf, paramOf } from "./program.js";
import type {
  Call,
  CallId,
  Content,
  FileDecl,
  Operand,
  PipeDecl,
  Program,
  SocketDecl,
  Thread,
  WireDecl,
} from "./program.js";
import { SOCKET_FLAGS } from "./check-socket.js";
import { DEFAULT_SOCKET } from "./socket-kinds.js";
import type { Param } from "./syscalls.js";

/** A program as a scenario's text, with an end of line at its end. */
export function printProgram(program: Program): string {
  const doc = program.doc === "" ? [] : program.doc.split("\n").map(quote);
  const declared = [
    ...program.files.map(printFile),
    ...program.pipes.map(printPipe),
    ...program.sockets.map(printSocket),
    ...program.wires.map(printWire),
    ...(program.background ?? []).map((task) => `background ${task}`),
  ];
  const threads = program.threads.map((thread) => printThread(program, thread));
  const questions = [];
  if (program.filter !== undefined)
    questions.push(printCondition("filter", program.filter, program));
  if (program.locations.length > 0) {
    const places = program.locations.map((each) => printLocation(each, program));
    questions.push(`locations [${places.join(", ")}]`);
  }
  const { condition } = program;
  if (condition !== undefined)
    questions.push(printCondition(condition.quantifier, condition.prop, program));
  const groups = [[`litmus ${program.name}`, ...doc], declared, threads, questions];
  return groups
    .filter((group) => group.length > 0)
    .map((group) => `${group.join("\n")}\n`)
    .join("\n");
}

function printFile({ name, content, folioOrder }: FileDecl): string {
  const bytes = content.length === 0 ? "" : ` = ${printContent(content)}`;
  return `file ${name}${bytes}${folioOrder === undefined ? "" : ` folio order ${folioOrder}`}`;
}

function printPipe({ name, flags, sizeBytes }: PipeDecl): string {
  const named = flags === 0 ? "" : ` ${printFlags(BigInt(flags), PIPE_FLAGS)}`;
  return `pipe ${name}${named}${sizeBytes === undefined ? "" : ` size ${sizeBytes}`}`;
}

function printSocket({ name, kind, flags }: SocketDecl): string {
  const words = [
    kind === DEFAULT_SOCKET ? [] : kind,
    flags === 0 ? [] : printFlags(BigInt(flags), SOCKET_FLAGS),
  ];
  return ["socket", name, ...words.flat()].join(" ");
}

function printWire({ name, loopback, fragsMax, retransmits }: WireDecl): string {
  const queue = fragsMax === undefined ? "" : ` queue ${fragsMax}`;
  return `wire ${name}${loopback ? " loopback" : ""}${queue}${retransmits ? " retransmit" : ""}`;
}

function printThread(program: Program, thread: Thread): string {
  const lines = thread.calls.flatMap((call) => [
    ...call.after.map(
      (other) =>
        `  after ${labelOf(program, other)}${call.notified?.includes(other) ? ".notif" : ""}`,
    ),
    `  ${printCall(program, call, thread)}`,
  ]);
  return [`${headOf(thread)} {`, ...lines, "}"].join("\n");
}

function headOf({ name, chain }: Thread): string {
  if (chain === undefined) return `thread ${name}`;
  return chain === 0 ? `chain ${name}` : `chain ${name} ${printFlags(BigInt(chain), CHAIN_FLAGS)}`;
}

const threadOf = (program: Program, id: CallId): Thread =>
  program.threads.find((thread) => thread.calls.some((call) => call.id === id))!;

/** `thread:label`, for what waits. */
function labelOf(program: Program, id: CallId): string {
  const call = callsOf(program)[id]!;
  return `${threadOf(program, id).name}:${call.label ?? call.register ?? ""}`;
}

function printCall(program: Program, call: Call, thread: Thread): string {
  const label = call.label === undefined ? "" : `${call.label}: `;
  const register = call.register === undefined ? "" : `${call.register} = `;
  const { expect } = call;
  const errno = expect?.errno === undefined ? "" : ` ${expect.errno}`;
  const result = expect === undefined ? "" : ` = ${expect.ret}${errno}`;
  return `${label}${register}${callText(program, call, thread)}${result}`;
}

/** A call as its thread writes it, without label, register and result: `read(p.r, 4096)`. */
export function callText(
  program: Program,
  call: Call,
  thread: Thread = threadOf(program, call.id),
): string {
  const operands = call.operands.map((operand, i) =>
    printOperand(program, operand, paramOf(call, i)!, thread),
  );
  return `${call.syscall}(${operands.join(", ")})`;
}

function printOperand(program: Program, operand: Operand, param: Param, thread: Thread): string {
  switch (operand.kind) {
    case "int":
      return printInt(operand.value, param);
    case "null":
      return "NULL";
    case "pointer":
      return `${operand.value}`;
    case "file":
      return program.files[operand.file]!.name;
    case "pipe":
      return `${program.pipes[operand.pipe]!.name}.${operand.end}`;
    case "socket":
      return `${program.sockets[operand.socket]!.name}.${operand.end}`;
    case "wire":
      return `${program.wires[operand.wire]!.name}.tx`;
    case "result": {
      const name = callsOf(program)[operand.call]!.register ?? "";
      const owner = threadOf(program, operand.call);
      return owner.name === thread.name ? name : `${owner.name}:${name}`;
    }
    case "made-pipe":
      return `${madeName(program, operand.call)}.${operand.end}`;
    case "data":
      return printSegment(operand.content, param);
    case "vector":
      return `[${operand.segments.map((each) => printSegment(each, param)).join(", ")}]`;
    case "name":
      return quote(
        operand.name < 0 ? (deviceOf(operand)?.path ?? ".") : program.names[operand.name]!,
      );
    case "newpipe":
      return operand.name;
    case "chain":
      return program.threads[operand.thread]!.name;
  }
}

const printSegment = (content: Content, { kind }: Param): string =>
  kind === "count" || kind === "targets" ? printMemory(content) : printData(content);

function printInt(value: bigint, param: Param): string {
  if (param.kind === "flags") return printFlags(value, param.set ?? {});
  if (param.kind === "command") return printCommand(value, param.set ?? {});
  if (param.name === "mode" && value > 0n) return `0${value.toString(8)}`;
  return `${value}`;
}

/** The name that a pipe2() gives to its pipe. */
function madeName(program: Program, id: CallId): string {
  const [operand] = callsOf(program)[id]!.operands;
  return operand?.kind === "newpipe" ? operand.name : "";
}
