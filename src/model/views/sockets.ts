// Sockets and wires: what waits in their queues, what was transmitted.
//
// Interface: readSockets, unreadBytes, finalWires, socketName.

import { wireAt } from "../../language/program.js";
import { zeroedBytes } from "../../trace/bytes.js";
import type { FinalWire } from "../../trace/outcome.js";
import type { FragView, SocketView } from "../../trace/world.js";
import { less, PAGE, SLOT_KINDS, spread, spreadInto } from "./face.js";
import type { Face, Memory } from "./face.js";

/** Flags of a frag, as assembly/net/layout.ts has them. */
const FRAG_LAST = 1;
const FRAG_SUMMED = 8;

/** "s.a", "w": how the scenario calls a Sock of the core. */
export function socketName({ program }: Face, sock: number): string {
  const wire = wireAt(program, sock);
  if (wire !== undefined) return wire.name;
  return `${program.sockets[sock >> 1]!.name}.${sock % 2 === 0 ? "a" : "b"}`;
}

/** Every open end, and every wire. */
export function readSockets(face: Face, memory: Memory): SocketView[] {
  const { core } = face;
  const all = Array.from({ length: core.countSocks() }, (_, sock) => sock);
  return all
    .filter((sock) => memory.u8(core.sockAddress(sock), core.SOCK_LIVE) !== 0)
    .map((sock) => readSocket(face, memory, sock));
}

function readSocket(face: Face, memory: Memory, sock: number): SocketView {
  const { core, program } = face;
  const at = core.sockAddress(sock);
  const wire = sock - 2 * program.sockets.length;
  const queue = 2 * core.countPipes() + sock;
  const shut = memory.u8(at, core.SOCK_SHUT);
  const lockedBy = less(memory.u8(at, core.SOCK_IOLOCK));
  return {
    socket: sock,
    name: socketName(face, sock),
    frags: fragsOf(face, memory, sock),
    receivedBytes: wire >= 0 ? 0 : memory.u32(at, core.SOCK_CONSUMED),
    ...(wire < 0
      ? {}
      : { wire: { sentFrags: memory.u16(at, core.SOCK_SENT), ...logsOf(face, memory, wire) } }),
    receivesNoMore: (shut & 1) !== 0,
    sendsNoMore: (shut & 2) !== 0,
    waiters: Array.from({ length: core.countWaiters(queue) }, (_, nth) =>
      core.waiterAt(queue, nth),
    ),
    ...(lockedBy === undefined ? {} : { lockedBy }),
  };
}

function fragsOf(face: Face, memory: Memory, sock: number): FragView[] {
  const { core } = face;
  const count = memory.u16(core.sockAddress(sock), core.SOCK_COUNT);
  return Array.from({ length: count }, (_, nth) => {
    const frag = core.fragAddress(sock, nth);
    const expected = core.fragExpectedAddress(sock, nth);
    return {
      frame: memory.u16(frag, core.SLOT_FRAME),
      offset: memory.u16(frag, core.SLOT_OFFSET),
      lenBytes: memory.u16(frag, core.SLOT_LEN),
      kind: SLOT_KINDS[memory.u8(frag, core.SLOT_KIND)]!,
      ends: (memory.u8(frag, core.SLOT_FLAGS) & FRAG_LAST) !== 0,
      sums: (memory.u8(frag, core.SLOT_FLAGS) & FRAG_SUMMED) !== 0,
      ...(core.asksExpected()
        ? { expected: memory.bytes.slice(expected, expected + PAGE / face.gridBytes) }
        : {}),
    };
  });
}

/** The bytes that wait at an end, in order; not what its sender holds back, nor what is lost for its checksum. */
export function unreadBytes(face: Face, memory: Memory, sock: number): Uint8Array {
  const { core } = face;
  const queue = fragsOf(face, memory, sock);
  const held = memory.u16(core.sockAddress(sock), core.SOCK_HELD);
  const frags = queue.slice(0, queue.length - held).filter((_, nth) => core.fragArrives(sock, nth));
  const all = zeroedBytes(frags.reduce((sum, frag) => sum + frag.lenBytes, 0));
  let to = 0;
  for (const { frame, offset, lenBytes } of frags) {
    const from = core.cellsAddress(frame) + offset / face.gridBytes;
    spreadInto(face, memory, from, all, to, lenBytes);
    to += lenBytes;
  }
  return all.subarray(memory.u32(core.sockAddress(sock), core.SOCK_CONSUMED));
}

function logsOf(face: Face, memory: Memory, wire: number): Omit<FinalWire, "wire"> {
  const { core, program } = face;
  const size = memory.u32(core.sockAddress(2 * program.sockets.length + wire), core.SOCK_LOGGED);
  const log = (which: number): Uint8Array =>
    spread(face, memory, core.logAddress(wire, which), size);
  return { first: log(0), last: log(1) };
}

/** What each wire's network card transmitted. */
export const finalWires = (face: Face, memory: Memory): FinalWire[] =>
  face.program.wires.map((_, wire) => ({ wire, ...logsOf(face, memory, wire) }));
