// Sockets and wires: a queue of frags, each a stretch of somebody's frame.
//
// Interface: SocketShape, FragShape, socketScene.

import type { FragView, SocketView } from "../../trace/world.js";
import { compress, wireAt } from "../../language/program.js";
import { SOCKET_KINDS, sendsMessages } from "../../language/socket-kinds.js";
import { describeByte } from "../../compare/bytes.js";
import { slotRow, type Box } from "./layout.js";
import { plural, threadName, type SceneInput } from "./moment.js";
import { partLabel, usedPart, type UsedPart } from "./pipe.js";

/** An end of a socket, or a wire, with its queue. */
export interface SocketShape {
  readonly key: string;
  readonly socket: number;
  readonly box: Box;
  readonly name: string;
  /** "2 frags", "empty", and whether the other end is closed. */
  readonly usage: string;
  /** The thread that holds the receive mutex. */
  readonly lock: string;
  /** What a wire's card has sent, or its receiver has read; where a byte was sent twice, with what it was last. */
  readonly sent: readonly string[];
  readonly frags: readonly FragShape[];
}

/** A row of the queue: a frag, or an empty place. */
export interface FragShape {
  readonly key: string;
  readonly box: Box;
  readonly title: string;
  readonly used?: UsedFrag;
  /** There is a frag; one of no bytes shows nothing. */
  readonly filled: boolean;
  /** A message ends with it. */
  readonly bound: boolean;
  readonly label: string;
}

/** What a frag shows. */
export interface UsedFrag extends UsedPart {
  /** "sent", "arrived", "received in part"; empty while it waits. */
  readonly state: string;
  /** Bytes of it that were received. */
  readonly receivedBytes: number;
  readonly lenBytes: number;
}

/** All sockets and wires of the moment. */
export function socketScene(input: SceneInput): SocketShape[] {
  return input.world.sockets.flatMap((socket) => {
    const box = input.layout.sockets.get(socket.socket);
    if (box === undefined) return [];
    const usage = [...titleOf(input, socket), waitsAt(input, socket), ...endOf(input, socket)].join(
      ", ",
    );
    const lock = socket.lockedBy === undefined ? "" : threadName(input.program, socket.lockedBy);
    const base = { key: `socket ${socket.socket}`, socket: socket.socket, box, name: socket.name };
    const frags = fragShapes(input, socket);
    return [{ ...base, usage, lock, sent: sentTexts(input, socket), frags }];
  });
}

/** How much waits: of messages how many are whole. */
function waitsAt(input: SceneInput, { socket, frags }: SocketView): string {
  if (frags.length === 0) return "empty";
  if (!hasMessages(input, socket)) return plural(frags.length, "frag");
  return plural(frags.filter(({ ends }) => ends).length, "message");
}

const hasMessages = ({ program }: SceneInput, socket: number): boolean => {
  const declared = program.sockets[socket >> 1];
  return declared !== undefined && sendsMessages(declared.kind);
};

/** Whether it is a wire over loopback. */
const isLoopback = ({ program }: SceneInput, socket: number): boolean =>
  wireAt(program, socket)?.loopback === true;

/** What kind of socket it is, unless that goes without saying. */
function titleOf(input: SceneInput, { socket }: SocketView): string[] {
  if (isLoopback(input, socket)) return ["loopback"];
  const { program } = input;
  const declared = program.sockets[socket >> 1];
  const title = declared === undefined ? "" : SOCKET_KINDS[declared.kind].title;
  return title === "" ? [] : [title];
}

/** What an end can no longer do. */
function endOf({ world }: SceneInput, socket: SocketView): string[] {
  const { receivesNoMore, sendsNoMore } = socket;
  if (!receivesNoMore) return sendsNoMore ? ["sends no more"] : [];
  if (!sendsNoMore) return ["receives no more"];
  const peer = world.sockets.some((other) => other.socket === (socket.socket ^ 1));
  return [peer ? "shut down" : "other end closed"];
}

function sentTexts(input: SceneInput, { socket, wire }: SocketView): string[] {
  if (wire === undefined || wire.first.length === 0) return [];
  const runs = (bytes: Uint8Array): string =>
    compress(bytes)
      .map(({ byte }) => describeByte(Number(byte), input.values))
      .join(", ");
  const [first, last] = [runs(wire.first), runs(wire.last)];
  if (isLoopback(input, socket)) return [`received ${first}`];
  return first === last ? [`sent ${first}`] : [`sent ${first}`, `again ${last}`];
}

function fragShapes(input: SceneInput, socket: SocketView): FragShape[] {
  const rows = input.layout.rows.sockets.get(socket.socket) ?? 1;
  const first = input.provenance.droppedFrom(socket.socket);
  const byRow = new Map(
    socket.frags.map((frag, nth) => [slotRow(first + nth, rows), { frag, nth }]),
  );
  return Array.from({ length: rows }, (_, row) => {
    const key = `frag ${socket.socket}:${row}`;
    const box = input.layout.frags.get(`${socket.socket}:${row}`)!;
    const found = byRow.get(row);
    if (found === undefined)
      return {
        key,
        box,
        title: "no frag",
        filled: false,
        bound: false,
        label: `${socket.name}: no frag`,
      };
    const bound = hasMessages(input, socket.socket) && found.frag.ends;
    const title = `frag ${first + found.nth}`;
    if (found.frag.lenBytes === 0) {
      const what = found.frag.sums ? "checksum" : "empty message";
      return { key, box, title: what, filled: true, bound, label: `${title}: ${what}` };
    }
    const used = usedFrag(input, socket, found.frag, found.nth);
    const state = used.state === "" ? "" : `, ${used.state}`;
    const ends = bound ? ", the message ends" : "";
    const label = partLabel(title, found.frag, used.strip) + state + ends;
    return { key, box, title, used, filled: true, bound, label };
  });
}

function usedFrag(input: SceneInput, socket: SocketView, frag: FragView, nth: number): UsedFrag {
  const { lenBytes } = frag;
  const before = socket.frags.slice(0, nth).reduce((sum, each) => sum + each.lenBytes, 0);
  const taken = socket.receivedBytes - before;
  const receivedBytes = Math.max(0, Math.min(lenBytes, taken));
  const isSent = socket.wire !== undefined && nth < socket.wire.sentFrags;
  const received = receivedBytes === 0 ? "" : receivedBytes < lenBytes ? "in part" : "received";
  const sent = isLoopback(input, socket.socket) ? "arrived" : "sent";
  const state = isSent ? sent : received;
  return { ...usedPart(input, frag), lenBytes, receivedBytes, state };
}
