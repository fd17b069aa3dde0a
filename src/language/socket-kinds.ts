// The kinds of sockets that a scenario can declare: one table for the parser, the printer, the encoder and the editor.
//
// Interface: SOCKET_KINDS, SocketKind, DEFAULT_SOCKET, KIND_WORDS.
// A kind is told by its word behind the name, `socket s tcp`; the default has none.

import * as abi from "../../assembly/abi/program.js";

interface KindRow {
  /** In the encoded program. */
  readonly code: number;
  /** In front of a name on the page; empty for the default. */
  readonly title: string;
  readonly doc: string;
}

export const SOCKET_KINDS = {
  stream: { code: abi.SOCKET_STREAM, title: "", doc: "a connected pair of UNIX stream sockets" },
  tcp: { code: abi.SOCKET_TCP, title: "TCP", doc: "a TCP connection over 127.0.0.1" },
} as const satisfies Readonly<Record<string, KindRow>>;

export type SocketKind = keyof typeof SOCKET_KINDS;

/** What `socket s` is. */
export const DEFAULT_SOCKET: SocketKind = "stream";

/** The words that tell a kind. */
export const KIND_WORDS = (Object.keys(SOCKET_KINDS) as SocketKind[]).filter(
  (kind) => kind !== DEFAULT_SOCKET,
);
