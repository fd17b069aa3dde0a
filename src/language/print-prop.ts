// Conditions and places as text.
//
// Interface: printCondition, printLocation.

import { rangeText, takesCompletions } from "./completions.js";
import { quote } from "./literals.js";
import { printData } from "./print-value.js";
import { callsOf } from "./program.js";
import type { CallId, Location, PipeRef, Program, Prop } from "./program.js";
import { isReserved } from "./reserved.js";
import { syscallRow } from "./syscalls.js";

/** Longer conditions are broken before each operator of their outermost level. */
const LINE_MAX = 100;

/** `forall (…)`; what is one word or a comparison needs no parentheses, and `and` and `or` get them. */
export function printCondition(keyword: string, prop: Prop, program: Program): string {
  if (prop.kind !== "and" && prop.kind !== "or") return `${keyword} ${printProp(prop, program)}`;
  const line = `${keyword} (${printProp(prop, program)})`;
  if (line.length <= LINE_MAX) return line;
  const parts = prop.props.map((each) => printPart(each, program));
  return `${keyword} (${parts.join(`\n  ${OPERATORS[prop.kind]} `)})`;
}

const OPERATORS = { and: "/\\", or: "\\/" } as const;

/** A part of `and`, `or` or `not`: compound parts stand in parentheses. */
function printPart(prop: Prop, program: Program): string {
  const text = printProp(prop, program);
  return prop.kind === "and" || prop.kind === "or" ? `(${text})` : text;
}

function printProp(prop: Prop, program: Program): string {
  switch (prop.kind) {
    case "true":
    case "snapshot":
      return prop.kind;
    case "and":
    case "or":
      return prop.props.map((each) => printPart(each, program)).join(` ${OPERATORS[prop.kind]} `);
    case "not":
      return isCompare(prop.prop)
        ? printCompare(prop.prop, "!=", program)
        : `not ${printPart(prop.prop, program)}`;
    default:
      return printCompare(prop, "=", program);
  }
}

type Compare = Extract<Prop, { kind: "data" | "number" | "file" | "pipe" | "wire" }>;

const COMPARES: ReadonlySet<string> = new Set(["data", "number", "file", "pipe", "wire"]);

const isCompare = (prop: Prop): prop is Compare => COMPARES.has(prop.kind);

function printCompare(prop: Compare, operator: string, program: Program): string {
  switch (prop.kind) {
    case "data":
      return `${nameOfCall(program, prop.call, "register")} ${operator} ${printData(prop.content)}`;
    case "number": {
      const call = callsOf(program)[prop.call]!;
      const by = syscallRow(call.syscall).yields === "data" ? "label" : "register";
      const number = takesCompletions(call.syscall) ? rangeText(prop.value) : `${prop.value}`;
      return `${nameOfCall(program, prop.call, by)} ${operator} ${number}`;
    }
    case "file":
    case "pipe":
    case "wire":
      return `${printLocation(prop, program)} ${operator} ${printData(prop.content)}`;
  }
}

/** `thread:name` of a call, by the wanted name if it has it. */
function nameOfCall(program: Program, id: CallId, by: "label" | "register"): string {
  const thread = program.threads.find(({ calls }) => calls.some((call) => call.id === id))!;
  const { label, register } = callsOf(program)[id]!;
  const name = by === "label" ? (label ?? register) : (register ?? label);
  return `${thread.name}:${name ?? ""}`;
}

/** A place as a condition names it. */
export function printLocation(location: Location, program: Program): string {
  switch (location.kind) {
    case "call":
      return nameOfCall(program, location.call, "register");
    case "file":
      return printFileName(program.names[location.name]!, program);
    case "pipe":
      return pipeName(program, location.pipe);
    case "wire": {
      const { name } = program.wires[location.wire.wire]!;
      return location.wire.sent === "first" ? name : `${name}.last`;
    }
  }
}

/** A file's name; in quotes where it is no plain word, or is the name of something else too. */
function printFileName(name: string, program: Program): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$/.test(name) && !isReserved(name);
  const calls = callsOf(program);
  const taken =
    [...program.pipes, ...program.sockets, ...program.wires].some((it) => it.name === name) ||
    calls.some((call) => pipeName(program, { call: call.id }) === name);
  return plain && !taken ? name : quote(name);
}

function pipeName(program: Program, pipe: PipeRef): string {
  if ("pipe" in pipe) return program.pipes[pipe.pipe]!.name;
  if ("socket" in pipe) return `${program.sockets[pipe.socket]!.name}.${pipe.end}`;
  const operand = callsOf(program)[pipe.call]?.operands[0];
  return operand?.kind === "newpipe" ? operand.name : "";
}
