// The kinds of sockets that a scenario can declare: one table for the parser, the printer, the encoder and the editor.
//
// Interface: SOCKET_KINDS, SocketKind, DEFAULT_SOCKET, needsLoopback, sendsMessages, KIND_WORDS.
// A kind is told by its word behind the name, `socket s tcp`; the default has none.

import * as abi from "../../assembly/abi/program.js";

interface KindRow {
  /** In the encoded program. */
  readonly code: number;
  /** In front of a name on the page; empty for the default. */
  readonly title: string;
  readonly doc: string;
  /** Whether what is sent is a message, which is received whole or cut off. */
  readonly sendsMessages?: true;
  /** Whether it needs the network device `lo`. */
  readonly needsLoopback?: true;
}

export const SOCKET_KINDS = {
  stream: { code: abi.SOCKET_STREAM, title: "", doc: "a connected pair of UNIX stream sockets" },
  tcp: {
    code: abi.SOCKET_TCP,
    title: "TCP",
    doc: "a TCP connection over 127.0.0.1",
    needsLoopback: true,
  },
  dgram: {
    code: abi.SOCKET_DGRAM,
    title: "datagrams",
    doc: "a pair of UNIX datagram sockets",
    sendsMessages: true,
  },
  seqpacket: {
    code: abi.SOCKET_SEQPACKET,
    title: "packets",
    doc: "a connected pair of UNIX sockets that send packets in sequence",
    sendsMessages: true,
  },
  udp: {
    code: abi.SOCKET_UDP,
    title: "UDP",
    doc: "two UDP sockets on 127.0.0.1, connected to each other",
    sendsMessages: true,
    needsLoopback: true,
  },
} as const satisfies Readonly<Record<string, KindRow>>;

export type SocketKind = keyof typeof SOCKET_KINDS;

/** What `socket s` is. */
export const DEFAULT_SOCKET: SocketKind = "stream";

const rowOf = (kind: SocketKind): KindRow => SOCKET_KINDS[kind];

/** Whether sockets of a kind need the network device `lo`. */
export const needsLoopback = (kind: SocketKind): boolean => rowOf(kind).needsLoopback === true;
/** Whether they send messages. */
export const sendsMessages = (kind: SocketKind): boolean => rowOf(kind).sendsMessages === true;

/** The words that tell a kind. */
export const KIND_WORDS = (Object.keys(SOCKET_KINDS) as SocketKind[]).filter(
  (kind) => kind !== DEFAULT_SOCKET,
);
