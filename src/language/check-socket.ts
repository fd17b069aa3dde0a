// Declarations of sockets and wires.
//
// Interface: checkSocket, checkWire; SOCKET_FLAGS. Kinds of sockets: socket-kinds.ts.

import * as fcntl from "../../assembly/abi/fcntl.js";
import type { SocketNode, WireNode } from "./ast.js";
import type { CheckContext } from "./check-call.js";
import type { Reporter } from "./diagnostic.js";
import { evaluate } from "./evaluate.js";
import { WIRE_FRAGS_MAX } from "./limits.js";
import type { SocketDecl, WireDecl } from "./program.js";
import { DEFAULT_SOCKET, KIND_WORDS } from "./socket-kinds.js";

/** Flags of socketpair(2), of `socket` declarations. */
export const SOCKET_FLAGS = {
  SOCK_NONBLOCK: fcntl.SOCK_NONBLOCK,
  SOCK_CLOEXEC: fcntl.SOCK_CLOEXEC,
} as const;

const KNOWN_FLAGS = Object.values(SOCKET_FLAGS).reduce(
  (bits: bigint, bit) => bits | BigInt(bit),
  0n,
);

/** A declared pair of sockets. */
export function checkSocket(
  { name, kind, flags: expr }: SocketNode,
  socket: number,
  { scope, reporter }: CheckContext,
): SocketDecl {
  scope.declare(name, { kind: "socket", socket }, reporter);
  const words = kind === DEFAULT_SOCKET ? KIND_WORDS : [];
  const what = words.length === 0 ? "a flag of a socket" : "a kind or flag of a socket";
  const flags = expr && evaluate(expr, what, reporter, SOCKET_FLAGS, words);
  if (flags !== undefined && (flags < 0n || (flags & ~KNOWN_FLAGS) !== 0n)) {
    const message = `${flags} is not among the flags of a socket`;
    reporter.error(expr!, message, `use ${Object.keys(SOCKET_FLAGS).join(", ")}`);
  }
  return { name: name.text, kind, flags: Number(flags ?? 0n) };
}

/** A declared wire. */
export function checkWire(
  node: WireNode,
  wire: number,
  { scope, reporter }: CheckContext,
): WireDecl {
  const { name, loopback, frags: expr, retransmit } = node;
  scope.declare(name, { kind: "wire", wire }, reporter);
  const frags = expr && evaluate(expr, "a number of frags", reporter);
  if (frags !== undefined && (frags < 1n || frags > BigInt(WIRE_FRAGS_MAX)))
    reporter.error(expr!, `a queue of ${frags} frags`, `use 1 to ${WIRE_FRAGS_MAX}`);
  if (loopback !== undefined) checkLoopback(node, reporter);
  const declared = {
    name: name.text,
    loopback: loopback !== undefined,
    retransmits: retransmit !== undefined,
  };
  return frags === undefined ? declared : { ...declared, fragsMax: Number(frags) };
}

/** What means nothing over loopback: all that is sent arrives and is acknowledged at once. */
function checkLoopback({ frags, retransmit }: WireNode, reporter: Reporter): void {
  if (frags !== undefined)
    reporter.warning(
      frags,
      "over loopback the queue is never full: its size means nothing",
      "leave `queue` out, or `loopback`",
    );
  if (retransmit !== undefined)
    reporter.warning(
      retransmit,
      "over loopback nothing is sent again",
      "leave `retransmit` out, or `loopback`",
    );
}
