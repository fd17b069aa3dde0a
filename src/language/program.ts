// The Program: a checked scenario, as plain immutable data. The hinge between text and both back ends.
//
// Interface: Program and its parts; declaredFd, callsOf, paramOf, plainSyscall, segmentsOf; content as bytes.
// Law: everything is resolved. Names are indices, flags are numbers, a register is the index of the
// call that fills it. `encode` turns it into words; `print` turns it into text.

import { F_ADD_SEALS, F_SETFL } from "../../assembly/abi/fcntl.js";
import { FD_FIRST } from "../../assembly/abi/program.js";
import type { SocketKind } from "./socket-kinds.js";
import { syscallRow } from "./syscalls.js";
import type { Param, SyscallName } from "./syscalls.js";

/** Index of a call, counted through all threads in order. */
export type CallId = number;

/** Bytes that are all alike. Adjacent runs differ in `byte`; none is empty. */
export interface Run {
  /** 0 to 255; "hole": never written (only in the initial content of a file); "fault": behind an address that
   *  is not mapped (only the last run of what a call writes from or reads into). */
  readonly byte: number | "hole" | "fault";
  readonly lenBytes: number;
}

/** Content described by runs. */
export type Content = readonly Run[];

/** A file of the scenario's folder, opened O_RDWR before the first call. */
export interface FileDecl {
  readonly name: string;
  readonly content: Content;
  /** The initial content is written in steps of 4096 << folioOrder bytes; page by page if absent. */
  readonly folioOrder?: number;
}

/** A pipe made before the first call. */
export interface PipeDecl {
  readonly name: string;
  /** Flags of pipe2(2). */
  readonly flags: number;
  /** Argument of F_SETPIPE_SZ, in bytes; the default capacity if absent. */
  readonly sizeBytes?: number;
}

/** What the kernel does by itself beside the threads, in the order of its bits in the encoded program:
 *  write-back copies dirty pages to the disk, reclaim drops clean ones that nobody holds. */
export const BACKGROUND_TASKS = ["writeback", "reclaim"] as const;
export type BackgroundTask = (typeof BACKGROUND_TASKS)[number];

/** Two connected sockets, made before the first call: with a UNIX stream, socketpair(AF_UNIX, SOCK_STREAM | flags, 0). */
export interface SocketDecl {
  readonly name: string;
  readonly kind: SocketKind;
  readonly flags: number;
}

/** An end of a socket: `s.a` or `s.b`. */
export type SocketEnd = "a" | "b";

/** A socket whose other end is a network card, or on this machine. On the model only. */
export interface WireDecl {
  readonly name: string;
  /** Whether the receiver shares the frags that are sent. */
  readonly loopback: boolean;
  /** Frags that its queue holds; as many as the program can send if absent. */
  readonly fragsMax?: number;
  /** Whether a card may send a frag a second time before it is acknowledged. */
  readonly retransmits: boolean;
}

/** What holds bytes that the condition can name: a pipe, declared or made by a pipe2 call, or an end of a
 *  socket, where the bytes wait that were sent to it. */
export type PipeRef =
  | { readonly pipe: number }
  | { readonly call: CallId }
  | { readonly socket: number; readonly end: SocketEnd };

/** A wire's log: the bytes as they were transmitted first, or last; over loopback as they were received. */
export interface WireRef {
  readonly wire: number;
  readonly sent: "first" | "last";
}

/** The devices that open() knows, and the names that their operands have. */
export const DEVICES = [
  { path: "/dev/null", name: -2 },
  { path: "/dev/zero", name: -3 },
] as const;

/** The device of a name operand; undefined if it is none. */
export const deviceOf = (operand: Operand | undefined): (typeof DEVICES)[number] | undefined =>
  operand?.kind === "name" ? DEVICES.find(({ name }) => name === operand.name) : undefined;

/** One argument of a call, resolved. */
export type Operand =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "null" }
  | { readonly kind: "file"; readonly file: number }
  | { readonly kind: "pipe"; readonly pipe: number; readonly end: "r" | "w" }
  | { readonly kind: "socket"; readonly socket: number; readonly end: SocketEnd }
  | { readonly kind: "wire"; readonly wire: number }
  | { readonly kind: "result"; readonly call: CallId }
  | { readonly kind: "made-pipe"; readonly call: CallId; readonly end: "r" | "w" }
  /** Bytes to write. Where a call reads: memory to read into, a part of which faults; its values mean nothing. */
  | { readonly kind: "data"; readonly content: Content }
  /** The same in segments, as an array of struct iovec has them. */
  | { readonly kind: "vector"; readonly segments: readonly Content[] }
  | { readonly kind: "pointer"; readonly value: bigint }
  /** Index into `Program.names`; -1 is the folder itself; below are the devices of DEVICES. */
  | { readonly kind: "name"; readonly name: number }
  /** The first argument of pipe2: the new pipe's name. */
  | { readonly kind: "newpipe"; readonly name: string }
  /** A chain of requests, by its index among the threads. */
  | { readonly kind: "chain"; readonly thread: number };

/** The result that the author expects. */
export interface Expectation {
  readonly ret: bigint;
  /** The name of the errno, with `ret` -1. */
  readonly errno?: string;
}

/** One system call of a thread. */
export interface Call {
  readonly id: CallId;
  readonly syscall: SyscallName;
  readonly operands: readonly Operand[];
  readonly label?: string;
  readonly register?: string;
  /** Calls that must have returned before this one may start. */
  readonly after: readonly CallId[];
  /** Zero-copy requests among them that must have sent their notification, too. */
  readonly notified?: readonly CallId[];
  readonly expect?: Expectation;
}

/** A thread: calls in program order. */
export interface Thread {
  readonly name: string;
  readonly calls: readonly Call[];
  /** The calls are requests that io_uring makes one after the other, once io_uring_enter() has handed them
   *  over: IOSQE_IO_DRAIN, IOSQE_IO_HARDLINK or 0. */
  readonly chain?: number;
}

/** A statement about one final outcome. */
export type Prop =
  | { readonly kind: "true" }
  /** Every consumer got the bytes that its slots held when they took their reference (P1). */
  | { readonly kind: "snapshot" }
  | { readonly kind: "data"; readonly call: CallId; readonly content: Content }
  | { readonly kind: "number"; readonly call: CallId; readonly value: bigint }
  | { readonly kind: "file"; readonly name: number; readonly content: Content }
  | { readonly kind: "pipe"; readonly pipe: PipeRef; readonly content: Content }
  | { readonly kind: "wire"; readonly wire: WireRef; readonly content: Content }
  | { readonly kind: "not"; readonly prop: Prop }
  | { readonly kind: "and" | "or"; readonly props: readonly Prop[] };

/** The question a scenario asks. */
export interface Condition {
  readonly quantifier: "exists" | "~exists" | "forall";
  readonly prop: Prop;
}

/** What an outcome shows, beside the condition's own places. */
export type Location =
  | { readonly kind: "call"; readonly call: CallId }
  | { readonly kind: "file"; readonly name: number }
  | { readonly kind: "pipe"; readonly pipe: PipeRef }
  | { readonly kind: "wire"; readonly wire: WireRef };

/** A checked scenario. */
export interface Program {
  readonly name: string;
  readonly doc: string;
  /** Every name in the scenario's folder; the first `files.length` are the declared files. */
  readonly names: readonly string[];
  readonly files: readonly FileDecl[];
  readonly pipes: readonly PipeDecl[];
  /** In the order of BACKGROUND_TASKS; absent if there is none. */
  readonly background?: readonly BackgroundTask[];
  readonly sockets: readonly SocketDecl[];
  readonly wires: readonly WireDecl[];
  readonly threads: readonly Thread[];
  readonly condition?: Condition;
  readonly filter?: Prop;
  readonly locations: readonly Location[];
}

let asked: { readonly program: Program; readonly calls: readonly Call[] } | undefined;

/** All calls, indexed by CallId. Programs never change, and most are asked for many times in a row. */
export function callsOf(program: Program): readonly Call[] {
  if (asked?.program === program) return asked.calls;
  const calls: Call[] = [];
  for (const thread of program.threads) calls.push(...thread.calls);
  asked = { program, calls };
  return calls;
}

const FLAG_COMMANDS: readonly bigint[] = [BigInt(F_SETFL), BigInt(F_ADD_SEALS)];

/** The parameter of a call's operand: the number that F_SETFL or F_ADD_SEALS gets is flags. */
export function paramOf({ syscall, operands }: Call, at: number): Param | undefined {
  const param = syscallRow(syscall).params[at];
  const [, command] = operands;
  const sets = command?.kind === "int" && FLAG_COMMANDS.includes(command.value);
  return syscall === "fcntl" && at === 2 && sets ? { ...param!, kind: "flags" } : param;
}

/** An operand that names something declared. */
export type DeclaredOperand = Extract<Operand, { kind: "file" | "pipe" | "socket" | "wire" }>;

/** The descriptor number of a declared file, an end of a declared pipe or socket, or a wire. */
export function declaredFd(program: Program, operand: DeclaredOperand): number {
  const { files, pipes, sockets } = program;
  const second = "end" in operand && (operand.end === "w" || operand.end === "b") ? 1 : 0;
  const pipeFd = FD_FIRST + files.length;
  const socketFd = pipeFd + 2 * pipes.length;
  switch (operand.kind) {
    case "file":
      return FD_FIRST + operand.file;
    case "pipe":
      return pipeFd + 2 * operand.pipe + second;
    case "socket":
      return socketFd + 2 * operand.socket + second;
    case "wire":
      return socketFd + 2 * sockets.length + operand.wire;
  }
}

/** The wire among the ends of sockets and the wires, which the core counts in one. */
export const wireAt = ({ sockets, wires }: Program, end: number): WireDecl | undefined =>
  wires[end - 2 * sockets.length];

/** Length of content in bytes. */
export const contentBytes = (content: Content): number =>
  content.reduce((sum, run) => sum + run.lenBytes, 0);

/** The call on one buffer at the same place that a vectored call, send or recv is like; others are like themselves. The offset -1 is
 *  the file position. */
export function plainSyscall({ syscall, operands }: Call): SyscallName {
  const [, , offset] = operands;
  const floats = offset?.kind === "int" && offset.value === -1n;
  switch (syscall) {
    case "readv":
    case "recv":
      return "read";
    case "writev":
    case "send":
      return "write";
    case "preadv2":
      return floats ? "read" : "pread";
    case "pwritev2":
      return floats ? "write" : "pwrite";
    default:
      return syscall;
  }
}

/** The segments of what a call writes from or reads into; undefined for an operand of another kind. */
export function segmentsOf(operand: Operand | undefined): readonly Content[] | undefined {
  if (operand?.kind === "data") return [operand.content];
  return operand?.kind === "vector" ? operand.segments : undefined;
}

/** Content as bytes; a hole reads as zeros. */
export function expand(content: Content): Uint8Array {
  const bytes = new Uint8Array(contentBytes(content));
  let at = 0;
  for (const run of content) {
    bytes.fill(typeof run.byte === "number" ? run.byte : 0, at, at + run.lenBytes);
    at += run.lenBytes;
  }
  return bytes;
}

/** Bytes as runs, the shortest form. */
export function compress(bytes: Uint8Array): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < bytes.length;) {
    let to = from + 1;
    while (to < bytes.length && bytes[to] === bytes[from]) to++;
    runs.push({ byte: bytes[from]!, lenBytes: to - from });
    from = to;
  }
  return runs;
}
