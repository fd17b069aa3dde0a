// What a generated call can refer to: the declared objects, and what earlier calls of its thread made.
//
// Interface: Context, Role.

import type { CallId, Operand } from "../language/program.js";
import type { Budget } from "./budget.js";
import type { Declared } from "./declare.js";
import type { Digits } from "./digits.js";

/** What a descriptor is wanted for. */
export type Role = "file" | "read-end" | "write-end" | "sender" | "receiver" | "device" | "memfd";

/** A descriptor that a call of the thread made. */
interface Made {
  readonly role: Role;
  readonly operand: Operand;
}

/** Choices for a descriptor: first declared, last declared, made by the thread, wrong ones. */
const CHOICE_WEIGHTS = [68, 19, 10, 1, 1, 1];
const OTHER_ROLE: Readonly<Record<Role, Role>> = {
  file: "read-end",
  "read-end": "write-end",
  "write-end": "read-end",
  sender: "write-end",
  receiver: "sender",
  device: "file",
  memfd: "file",
};

/** Bytes that all calls together may send: far below what makes a sender wait. */
const SENT_BYTES_MAX = 20480;

/** A number that no descriptor has. */
const FD_UNUSED = 77n;

/** The state of decoding one program, call by call in the order in which they are meant to run. */
export class Context {
  readonly declared: Declared;
  readonly budget: Budget;
  /** Declared pipes that calls so far may have put something into. */
  readonly filled = new Set<number>();
  /** The call that may begin write-back without waiting for it, or drops pages that nobody writes back: a program has one kind. */
  writeBack: "rename" | "posix_fadvise" | "drop_caches" | undefined;
  /** The file's new name, once a call has opened it. */
  newNameUsed = false;
  /** Whether a call has made a FIFO. */
  fifoMade = false;
  /** Whether a call has set O_APPEND on a description. */
  appends = false;
  readonly #made: Made[][];
  readonly #mappings: CallId[][];
  readonly #copies = new Set<CallId>();
  #writes = 0;
  #sentBytes = 0;

  constructor(declared: Declared, budget: Budget) {
    this.declared = declared;
    this.budget = budget;
    this.#made = [];
    this.#mappings = [];
    for (let thread = 0; thread < declared.threads; thread++) {
      this.#made.push([]);
      this.#mappings.push([]);
    }
  }

  /** Notes a descriptor that a call of the thread makes. */
  make(thread: number, role: Role, operand: Operand): void {
    this.#made[thread]!.push({ role, operand });
  }

  /** Notes the descriptor that `call` of the thread returns. */
  makeResult(thread: number, role: Role, call: CallId): void {
    this.make(thread, role, { kind: "result", call });
  }

  /** Notes the mapping that `call` of the thread makes. */
  makeMapping(thread: number, call: CallId): void {
    this.#mappings[thread]!.push(call);
  }

  /** Notes that `call` of the thread makes a copy of a mapping in a child process. */
  makeCopy(thread: number, call: CallId): void {
    this.makeMapping(thread, call);
    this.#copies.add(call);
  }

  /** A mapping that an earlier call made: mostly one of the thread, the latest first. `copies`: a child's, too. */
  mapping(digits: Digits, thread: number, copies = true): CallId | undefined {
    const fits = (call: CallId): boolean => copies || !this.#copies.has(call);
    const own = this.#mappings[thread]!.filter(fits);
    const all = digits.rarely(25) || own.length === 0 ? this.#mappings.flat().filter(fits) : own;
    return all.length === 0 ? undefined : all[all.length - 1 - digits.pick(all.length)];
  }

  /** A byte for the next call that writes: different for each, and from initial content. */
  nextByte(): number {
    const byte = this.#writes < 9 ? 0x11 * (this.#writes + 1) : 0xc0 + (this.#writes % 48);
    this.#writes++;
    return byte;
  }

  /** How much of `lenBytes` may still be sent into sockets; it counts as sent. */
  takeSend(lenBytes: number): number {
    const taken = Math.min(lenBytes, SENT_BYTES_MAX - this.#sentBytes);
    this.#sentBytes += taken;
    return taken;
  }

  /** A descriptor for the role: mostly a right one. */
  fd(digits: Digits, thread: number, role: Role): Operand {
    switch (digits.weighted(CHOICE_WEIGHTS)) {
      case 0:
        return this.#declaredFd(role, 0);
      case 1:
        return this.#declaredFd(role, 1);
      case 2:
        return this.madeFd(digits, thread, role) ?? this.#declaredFd(role, 0);
      case 3:
        return this.#declaredFd(OTHER_ROLE[role], 0);
      case 4:
        return { kind: "int", value: FD_UNUSED };
      default:
        return { kind: "int", value: -1n };
    }
  }

  /** Any declared descriptor. */
  anyDeclared(digits: Digits): Operand {
    const { sockets } = this.declared;
    const roles: readonly Role[] = ["write-end", "read-end", "file"];
    return this.#declaredFd(
      digits.of(sockets.length > 0 ? [...roles, "receiver"] : roles),
      digits.pick(2),
    );
  }

  /** A descriptor that the thread itself made, for the role if one is given; the latest first. */
  madeFd(digits: Digits, thread: number, role?: Role): Operand | undefined {
    const fitting = this.#made[thread]!.filter((made) => role === undefined || made.role === role);
    return fitting.length === 0
      ? undefined
      : fitting[fitting.length - 1 - digits.pick(fitting.length)]!.operand;
  }

  /** What a descriptor is good for. */
  roleOf(operand: Operand, thread: number): Role {
    if (operand.kind === "file") return "file";
    if (operand.kind === "pipe") return operand.end === "r" ? "read-end" : "write-end";
    if (operand.kind === "socket") return operand.end === "a" ? "sender" : "receiver";
    return this.#made[thread]!.find((made) => made.operand === operand)?.role ?? "file";
  }

  #declaredFd(role: Role, index: number): Operand {
    const { files, pipes } = this.declared;
    if (role === "file") return { kind: "file", file: Math.min(index, files.length - 1) };
    const end = role === "read-end" || role === "receiver" ? "r" : "w";
    const socket = this.#socketFd(role, index);
    if (socket !== undefined) return socket;
    return { kind: "pipe", pipe: Math.min(index, pipes.length - 1), end };
  }

  /** An end of the socket, or the wire: index 0 is the usual one. Undefined for other roles, and without any. */
  #socketFd(role: Role, index: number): Operand | undefined {
    const { sockets, wires } = this.declared;
    if (role !== "sender" && role !== "receiver") return undefined;
    const usesWire = role === "sender" && wires.length > 0 && (sockets.length === 0 || index === 1);
    if (usesWire) return { kind: "wire", wire: 0 };
    if (sockets.length === 0) return undefined;
    return { kind: "socket", socket: 0, end: (role === "sender") === (index === 0) ? "a" : "b" };
  }
}
