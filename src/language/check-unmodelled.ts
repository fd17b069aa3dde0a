// Warnings for calls that leave the model, or wait for ever, whatever the schedule: the declarations alone show it.
//
// Interface: checkUnmodelled. Mirrors: the places of assembly/syscall/ that set header().unmodelled.
// Gaps: descriptors in registers, but for devices and O_DIRECT; what depends on the state.

import { F_SETFL, FIONREAD, O_DIRECT, O_NONBLOCK, SIOCOUTQ } from "../../assembly/abi/fcntl.js";
import { MSG_DONTWAIT, MSG_ERRQUEUE, MSG_TRUNC } from "../../assembly/abi/socket.js";
import type { CallNode } from "./ast.js";
import type { Reporter } from "./diagnostic.js";
import { deviceOf } from "./program.js";
import type { Call, Operand, SocketDecl, Thread, WireDecl } from "./program.js";
import { needsLoopback, type SocketKind } from "./socket-kinds.js";
import { syscallRow } from "./syscalls.js";
import type { SyscallName } from "./syscalls.js";

/** What is declared, and the calls. */
interface Declared {
  readonly sockets: readonly SocketDecl[];
  readonly wires: readonly WireDecl[];
  readonly threads: readonly Thread[];
}

/** A call, and what a rule asks of it. */
class Site {
  readonly call: Call;
  readonly isRequest: boolean;
  readonly #declared: Declared;

  constructor(call: Call, isRequest: boolean, declared: Declared) {
    this.call = call;
    this.isRequest = isRequest;
    this.#declared = declared;
  }

  /** The number in a parameter; undefined where it is none. */
  number(param: string): bigint | undefined {
    const operand = this.#operand(param);
    return operand?.kind === "int" || operand?.kind === "pointer" ? operand.value : undefined;
  }
  has(flag: number, param = "flags"): boolean {
    return ((this.number(param) ?? 0n) & BigInt(flag)) !== 0n;
  }
  /** The wire in a parameter. */
  wire(param = "fd"): WireDecl | undefined {
    const operand = this.#operand(param);
    return operand?.kind === "wire" ? this.#declared.wires[operand.wire] : undefined;
  }
  /** The kind of the socket in a parameter. */
  socket(param = "fd"): SocketKind | undefined {
    const operand = this.#operand(param);
    return operand?.kind === "socket" ? this.#declared.sockets[operand.socket]?.kind : undefined;
  }
  isEnd(end: "r" | "w", param = "fd"): boolean {
    const operand = this.#operand(param);
    return (operand?.kind === "pipe" || operand?.kind === "made-pipe") && operand.end === end;
  }
  /** The open() that made what a parameter names. */
  opened(param: string): Call | undefined {
    const operand = this.#operand(param);
    if (operand?.kind !== "result") return undefined;
    const calls = this.#declared.threads.flatMap((thread) => thread.calls);
    return calls.find(({ id, syscall }) => id === operand.call && syscall === "open");
  }

  #operand(param: string): Operand | undefined {
    const at = syscallRow(this.call.syscall).params.findIndex(({ name }) => name === param);
    return this.call.operands[at];
  }
}

/** What is wrong, and the remedy. */
type Finding = readonly [message: string, remedy: string];

const LEAVE_OUT = "leave it out; the condition names what was sent, as in `w = 0x1f * 4096`";

const receives = (site: Site): Finding | undefined => {
  const takesErrors = site.has(MSG_ERRQUEUE);
  const kind = site.socket();
  if (site.wire() && !takesErrors)
    return ["to receive from a wire is not modelled: a wire only sends", LEAVE_OUT];
  if (kind === "tcp" && site.has(MSG_TRUNC) && !takesErrors)
    return ["MSG_TRUNC on a TCP connection is not modelled", "leave the flag out"];
  const waits = site.call.syscall === "recvmsg" && takesErrors && !site.has(MSG_DONTWAIT);
  if (waits && kind !== undefined && !needsLoopback(kind))
    return [
      "a UNIX socket has no error queue: with MSG_ERRQUEUE this waits for bytes as without it",
      "declare the socket `tcp` or `udp`, or use a wire",
    ];
  return undefined;
};

const sends = (site: Site): Finding | undefined => {
  if (site.wire() && site.has(MSG_DONTWAIT))
    return ["a send on a wire that does not wait is not modelled", "leave MSG_DONTWAIT out"];
  return undefined;
};

const sendsMemory = (site: Site): Finding | undefined => {
  const kind = site.socket();
  const refuses = site.isRequest && kind !== "udp";
  if (!refuses && kind !== undefined && kind !== "tcp")
    return ["sendmsg() is modelled on TCP and on wires alone", "declare the socket `tcp`"];
  return sends(site);
};

const transfers = (site: Site): Finding | undefined => {
  const { syscall } = site.call;
  if (!site.isRequest) return undefined;
  const direct = site.opened("fd")?.operands[1];
  if (direct?.kind === "int" && (direct.value & BigInt(O_DIRECT)) !== 0n)
    return ["a request on a file with O_DIRECT is not modelled", "open it without the flag"];
  const offset = site.number("offset") ?? -1n;
  const isPipe = site.isEnd(syscall === "pread" ? "r" : "w");
  if ((isPipe && offset >= 0n) || (site.socket() !== undefined && offset === 0n))
    return [
      "a request at an offset of a pipe or a socket is not modelled",
      `write ${syscall.slice(1)}(), without an offset`,
    ];
  return undefined;
};

/** What ioctl() asks of a socket. */
const ASKS: readonly bigint[] = [BigInt(FIONREAD), BigInt(SIOCOUTQ)];

const RULES: Partial<Readonly<Record<SyscallName, (site: Site) => Finding | undefined>>> = {
  recv: receives,
  recvmsg: receives,
  send: sends,
  sendmsg: sendsMemory,
  read: transfers,
  write: transfers,
  pread: transfers,
  pwrite: transfers,
  shutdown: (site) =>
    site.wire() && ["to shut a wire down is not modelled", "leave it out, or use a socket"],
  ioctl: (site) =>
    site.wire() && ASKS.includes(site.number("request") ?? -1n)
      ? ["what waits in a wire is not modelled as a number", "leave it out, or use a socket"]
      : undefined,
  fcntl: (site) =>
    site.wire() && site.number("command") === BigInt(F_SETFL) && site.has(O_NONBLOCK, "arg")
      ? ["a wire that does not wait is not modelled", "leave O_NONBLOCK out"]
      : undefined,
  sendfile: (site) =>
    ["in_fd", "out_fd"].some((param) => deviceOf(site.opened(param)?.operands[0]))
      ? ["sendfile() and a device are not modelled", "use splice(), or a file"]
      : undefined,
  mmap: (site) =>
    site.socket() === "tcp"
      ? ["to map a TCP connection is not modelled", "leave it out"]
      : undefined,
};

/** Warns about each call that leaves the model as soon as it is made, or waits for what never comes. */
export function checkUnmodelled(
  declared: Declared,
  nodes: readonly CallNode[],
  reporter: Reporter,
): void {
  for (const { calls, chain } of declared.threads)
    for (const call of calls) {
      const site = new Site(call, chain !== undefined, declared);
      const finding = limited(site) ?? RULES[call.syscall]?.(site);
      if (finding !== undefined) reporter.warning(nodes[call.id]!, ...finding);
    }
}

/** A request that writes to a wire of a limited queue would be tried again in io_uring. */
function limited(site: Site): Finding | undefined {
  const wire = site.wire();
  if (!site.isRequest || wire?.fragsMax === undefined) return undefined;
  return ["a request on a wire with a queue is not modelled", `declare \`wire ${wire.name}\``];
}
