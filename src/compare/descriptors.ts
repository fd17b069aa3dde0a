// Which descriptor names a pipe's read end, or an end of a socket, when everything is over: an Outcome keys
// its pipes and sockets by it.
//
// Interface: readFdAtEnd, fdOf, fdName.
// The table is replayed from the results of open, dup, pipe2 and close, in the order in which they
// started: all of them change the table in their first step. A run that was not stepped call by call
// has no such order; the order of the program stands in then, which matters only where a pipe's read
// end is closed or duplicated in one thread while another one makes descriptors.

import { FD_FIRST } from "../../assembly/abi/program.js";
import { callsOf, declaredFd } from "../language/program.js";
import type { Call, Operand, PipeRef, Program } from "../language/program.js";
import type { SyscallName } from "../language/syscalls.js";
import { readFdOf, writeFdOf } from "../trace/outcome.js";
import type { CallResult, Outcome } from "../trace/outcome.js";
import { callPlace } from "./names.js";

const DECLARED = "declared";
const MADE = "made";

/** The lowest open descriptor of the pipe's read end, or of the socket's end; undefined if there is none. */
export function readFdAtEnd(program: Program, outcome: Outcome, pipe: PipeRef): number | undefined {
  const wanted = keyOf(pipe);
  const table = tableAtEnd(program, outcome);
  return [...table]
    .filter(([, what]) => what === wanted)
    .map(([fd]) => fd)
    .sort(ascending)[0];
}

function keyOf(pipe: PipeRef): string {
  if ("socket" in pipe) return `socket ${pipe.socket} ${pipe.end}`;
  return "pipe" in pipe ? `${DECLARED} ${pipe.pipe}` : `${MADE} ${pipe.call}`;
}

const ascending = (a: number, b: number): number => a - b;

function tableAtEnd(program: Program, outcome: Outcome): Map<number, string> {
  const table = declaredTable(program);
  const calls = callsOf(program);
  const started = outcome.results
    .filter((result) => result.status === "returned" && result.ret >= 0)
    .sort((a, b) => (a.startedAt ?? a.call) - (b.startedAt ?? b.call));
  for (const result of started) {
    const call = calls[result.call];
    if (call !== undefined) apply(table, program, outcome, call, result);
  }
  return table;
}

function declaredTable(program: Program): Map<number, string> {
  const table = new Map<number, string>();
  program.files.forEach((_, file) => table.set(FD_FIRST + file, "file"));
  program.pipes.forEach((_, pipe) => {
    table.set(declaredFd(program, { kind: "pipe", pipe, end: "r" }), `${DECLARED} ${pipe}`);
    table.set(declaredFd(program, { kind: "pipe", pipe, end: "w" }), "write end");
  });
  program.sockets.forEach((_, socket) => {
    for (const end of ["a", "b"] as const)
      table.set(declaredFd(program, { kind: "socket", socket, end }), keyOf({ socket, end }));
  });
  program.wires.forEach((_, wire) =>
    table.set(declaredFd(program, { kind: "wire", wire }), "wire"),
  );
  return table;
}

function apply(
  table: Map<number, string>,
  program: Program,
  outcome: Outcome,
  call: Call,
  result: CallResult,
): void {
  const fd = fdOf(program, outcome, call.operands[0]);
  switch (call.syscall) {
    case "close":
      if (fd !== undefined) table.delete(fd);
      return;
    case "dup":
      table.set(result.ret, (fd === undefined ? undefined : table.get(fd)) ?? "file");
      return;
    case "open":
    case "memfd_create":
      table.set(result.ret, "file");
      return;
    case "pipe2":
      if (result.out === undefined) return;
      table.set(readFdOf(result.out), `${MADE} ${call.id}`);
      table.set(writeFdOf(result.out), "write end");
      return;
    default:
      return;
  }
}

/** What people call a descriptor after so many calls have started: "b:m" by the call that got it last, else the name of the
 *  file that is declared at it, else "fd 9". */
export function fdName(program: Program, outcome: Outcome, fd: number, started: number): string {
  const calls = callsOf(program);
  const makes = ({ call, status, startedAt = call }: CallResult): boolean =>
    status === "returned" && startedAt < started && FD_MAKERS.includes(calls[call]!.syscall);
  const [made] = outcome.results
    .filter((result) => makes(result) && result.status === "returned" && result.ret === fd)
    .sort((a, b) => (b.startedAt ?? b.call) - (a.startedAt ?? a.call));
  if (made !== undefined) return callPlace(program, made.call);
  const file = program.files[fd - FD_FIRST];
  return file === undefined ? `fd ${fd}` : file.name;
}

/** Calls that return a descriptor. */
const FD_MAKERS: readonly SyscallName[] = ["open", "dup", "memfd_create"];

/** The number that a descriptor operand had; undefined if it is none. */
export function fdOf(
  program: Program,
  outcome: Outcome,
  operand: Operand | undefined,
): number | undefined {
  switch (operand?.kind) {
    case "int":
      return Number(operand.value);
    case "file":
    case "pipe":
    case "socket":
    case "wire":
      return declaredFd(program, operand);
    case "result":
      return outcome.results[operand.call]?.ret;
    case "made-pipe": {
      const out = outcome.results[operand.call]?.out;
      if (out === undefined) return undefined;
      return operand.end === "r" ? readFdOf(out) : writeFdOf(out);
    }
    default:
      return undefined;
  }
}
