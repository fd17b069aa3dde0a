// The calls of generated programs that speak to sockets and wires.
//
// Interface: SOCKET_KINDS; BORROW_KINDS, which need memory, too.
// Only programs that may have sockets draw from them. What is sent stays so little that no send ever waits:
// the kernel's memory accounting is not the model's.

import { FIONREAD, POLLRDHUP, SIOCOUTQ } from "../../assembly/abi/fcntl.js";
import {
  MSG_DONTWAIT,
  MSG_ERRQUEUE,
  MSG_MORE,
  MSG_NOSIGNAL,
  MSG_PEEK,
  MSG_TRUNC,
  MSG_WAITALL,
  MSG_ZEROCOPY,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
} from "../../assembly/abi/socket.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import type { CallKind, Decoded, Site } from "./calls.js";
import {
  amount,
  data,
  fd,
  count,
  filledEnd,
  fillingEnd,
  int,
  NULL,
  spliceFlags,
  spliceFileToPipe,
  tooEarly,
} from "./calls.js";
import { partOfPage } from "./declare.js";
import { mapAnonymous } from "./move-calls.js";

/** What a splice asks for at most; a pipe may hold more. */
function splicePipeToSocket(site: Site): Decoded {
  if (tooEarly(site)) return spliceFileToPipe(site);
  const from = filledEnd(site);
  const to = fd(site, "sender");
  const wanted = site.context.takeSend(amount(site));
  if (wanted === 0) return { syscall: "read", operands: [from, int(amount(site))] };
  const offset = site.digits.rarely(1) ? ({ kind: "pointer", value: 0n } as const) : NULL;
  const operands = [from, NULL, to, offset, int(wanted), spliceFlags(site)];
  return { syscall: "splice", operands };
}

/** What waits at an end, into a pipe. */
function spliceSocketToPipe(site: Site): Decoded {
  const from = fd(site, site.digits.rarely(15) ? "sender" : "receiver");
  const to = fillingEnd(site);
  const len = int(count(site));
  if (site.digits.rarely(12)) return { syscall: "sendfile", operands: [to, from, NULL, len] };
  const offset = site.digits.rarely(1) ? ({ kind: "pointer", value: 0n } as const) : NULL;
  return { syscall: "splice", operands: [from, offset, to, NULL, len, spliceFlags(site)] };
}

const readSocket = (site: Site): Decoded => ({
  syscall: "read",
  operands: [fd(site, "receiver"), int(site.digits.rarely(20) ? 65536 : amount(site))],
});

/** Now and then an empty message. */
const sentBytes = (site: Site): number =>
  site.digits.rarely(4) ? 0 : site.context.takeSend(amount(site));

const writeSocket = (site: Site): Decoded => ({
  syscall: "write",
  operands: [fd(site, "sender"), data(site, sentBytes(site))],
});

const SEND_FLAGS = [
  0,
  MSG_NOSIGNAL,
  MSG_MORE,
  MSG_DONTWAIT,
  MSG_ERRQUEUE,
  MSG_PEEK,
  MSG_ZEROCOPY,
  MSG_ZEROCOPY | MSG_MORE,
] as const;
const RECV_FLAGS = [
  MSG_DONTWAIT,
  0,
  MSG_PEEK | MSG_DONTWAIT,
  MSG_WAITALL,
  MSG_PEEK,
  MSG_TRUNC,
  MSG_PEEK | MSG_WAITALL,
  MSG_WAITALL | MSG_DONTWAIT,
  MSG_ERRQUEUE,
] as const;

/** Now and then on what is no socket. */
const anyEnd = (site: Site, role: "sender" | "receiver") =>
  fd(site, site.digits.rarely(3) ? "file" : role);

function sendSocket(site: Site): Decoded {
  const flags = int(SEND_FLAGS[site.digits.weighted([30, 18, 12, 10, 3, 3, 16, 8])]!);
  const sent = data(site, sentBytes(site));
  return { syscall: "send", operands: [anyEnd(site, "sender"), sent, flags] };
}

/** MSG_TRUNC is for messages; over TCP it would be another thing, which the model does not know. */
const isTcp = ({ context: { declared } }: Site): boolean =>
  declared.sockets.some(({ kind }) => kind === "tcp");

function recvSocket(site: Site): Decoded {
  const truncates = site.digits.rarely(12) && !isTcp(site);
  const drawn = RECV_FLAGS[site.digits.weighted([28, 22, 18, 14, 8, 4, 4, 2])]!;
  const flags = int(truncates ? drawn | MSG_TRUNC : drawn);
  const wanted = site.digits.rarely(5) ? 0 : site.digits.rarely(20) ? 65536 : amount(site);
  return { syscall: "recv", operands: [anyEnd(site, "receiver"), int(wanted), flags] };
}

/** What has come of zero-copy sends; now and then that of another call, or a recv of nothing. */
const recvmsgSocket = (site: Site): Decoded => ({
  syscall: "recvmsg",
  operands: [
    anyEnd(site, site.digits.rarely(15) ? "receiver" : "sender"),
    int(RECVMSG_FLAGS[site.digits.weighted([70, 15, 10, 5])]!),
  ],
});
const RECVMSG_FLAGS = [
  MSG_ERRQUEUE | MSG_DONTWAIT,
  MSG_ERRQUEUE,
  MSG_DONTWAIT,
  MSG_ERRQUEUE | MSG_PEEK,
] as const;

const HOWS = [SHUT_WR, SHUT_RD, SHUT_RDWR, 3] as const;

const shutdownSocket = (site: Site): Decoded => ({
  syscall: "shutdown",
  operands: [
    anyEnd(site, site.digits.pick(2) === 0 ? "sender" : "receiver"),
    int(HOWS[site.digits.weighted([45, 30, 20, 5])]!),
  ],
});

const closeSocket = (site: Site): Decoded => ({
  syscall: "close",
  operands: [fd(site, site.digits.pick(2) === 0 ? "sender" : "receiver")],
});

const pollSocket = (site: Site): Decoded => ({
  syscall: "poll",
  operands: [
    fd(site, site.digits.of(["receiver", "sender"] as const)),
    int(site.digits.of([1, 4, 5, POLLRDHUP])),
    int(site.digits.rarely(20) ? -1 : 0),
  ],
});

/** Whether all was received, most often asked where it was sent from. */
const askSocket = (site: Site): Decoded =>
  site.digits.pick(2) === 0
    ? { syscall: "ioctl", operands: [fd(site, "receiver"), int(FIONREAD)] }
    : { syscall: "ioctl", operands: [anyEnd(site, "sender"), int(SIOCOUTQ)] };

/** The kinds, behind those of calls.ts. */
export const SOCKET_KINDS: readonly CallKind[] = [
  { weight: 16, place: 4, decode: splicePipeToSocket },
  { weight: 14, place: 12, decode: readSocket },
  { weight: 5, place: 3, decode: writeSocket },
  { weight: 2, place: 9, decode: closeSocket },
  { weight: 1, place: 9, decode: pollSocket },
  { weight: 3, place: 9, decode: askSocket },
  { weight: 4, place: 3, decode: sendSocket },
  { weight: 10, place: 12, decode: recvSocket },
  { weight: 3, place: 8, decode: shutdownSocket },
  { weight: 4, place: 9, decode: recvmsgSocket },
  { weight: 14, place: 8, decode: spliceSocketToPipe },
];

/** Of memory, most often within a page: over TCP, or a wire. */
function sendmsg(site: Site): Decoded {
  const { digits, context, thread } = site;
  const { sockets, wires, grid } = context.declared;
  const knows = sockets.every(({ kind }) => kind === "tcp") && sockets.length + wires.length > 0;
  const call = context.mapping(digits, thread, false);
  if (call === undefined || !knows) return mapAnonymous(site);
  const pages = digits.weighted([70, 25, 5]);
  const most = PAGE_SIZE * pages + (digits.rarely(50) ? 0 : partOfPage(digits, grid));
  const bytes = context.takeSend(most);
  if (bytes === 0) return mapAnonymous(site);
  const page = PAGE_SIZE * digits.weighted([70, 20, 10]);
  const flags = SENDMSG_FLAGS[digits.weighted([45, 20, 25, 10])]!;
  const memory = [{ kind: "result", call } as const, int(bytes), int(page)];
  return { syscall: "sendmsg", operands: [fd(site, "sender"), ...memory, int(flags)] };
}
const SENDMSG_FLAGS = [MSG_ZEROCOPY, 0, MSG_ZEROCOPY | MSG_MORE, MSG_NOSIGNAL] as const;

/** The kinds of programs that may have memory and sockets. */
export const BORROW_KINDS: readonly CallKind[] = [{ weight: 10, place: 3, decode: sendmsg }];
