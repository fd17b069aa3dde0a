// What the last step changed, as data.
//
// Interface: readEvents. Kinds and words: assembly/events.ts.

import type { Event } from "../../trace/event.js";
import { SLOT_KINDS, type Face } from "./face.js";

/** What the last step changed. */
export function readEvents(face: Face): Event[] {
  const { core } = face;
  const words = new Uint32Array(core.memory.buffer, core.eventsAt(), core.eventsUsed() * 8);
  const events: Event[] = [];
  for (let at = 0; at < words.length; at += 8)
    events.push(eventOf(words[at]!, [...words.subarray(at + 1, at + 8)]));
  return events;
}

/** Where a step belongs to no call. */
const NO_CALL = 0xffffffff;

/** A signed 64-bit number from its low and high word. */
function signed(low: number, high: number): number {
  return Number(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)));
}

/** Kinds that name an inode, a page index and a frame. */
const CACHE_EVENTS = {
  9: "cache-insert",
  10: "cache-remove",
  40: "disk-read",
  41: "disk-write",
} as const;

function eventOf(kind: number, words: number[]): Event {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = words;
  switch (kind) {
    case 1:
      return { kind: "call-start", task: a, call: b };
    case 2: {
      const ret = signed(c, d);
      const errno = ret < 0 ? -ret : 0;
      return { kind: "call-return", task: a, call: b, ret: ret < 0 ? -1 : ret, errno };
    }
    case 3:
      return { kind: "sleep", task: a, pipe: b };
    case 4:
      return { kind: "wake", task: a, by: b };
    case 5:
      return { kind: "sigpipe", task: a };
    case 6:
      return { kind: "folio-new", frame: a, order: b };
    case 7:
      return { kind: "folio-free", frame: a };
    case 8:
      return { kind: "folio-ref", frame: a, refs: b };
    case 11:
      return { kind: "replace", frame: a, by: b };
    case 12:
      return { kind: "size", inode: a, sizeBytes: signed(b, c) };
    case 13:
      return {
        kind: "slot-push",
        slot: { pipe: a, counter: b },
        frame: c,
        offset: d,
        lenBytes: e,
        flags: f,
        slotKind: SLOT_KINDS[g]!,
      };
    case 14:
      return { kind: "slot-pop", slot: { pipe: a, counter: b } };
    case 15:
      return { kind: "store", call: a, frame: b, offset: c, lenBytes: d };
    case 16:
      return {
        kind: "consume",
        call: a,
        slot: { pipe: b, counter: c },
        frame: d,
        offset: e,
        lenBytes: f,
        changed: g === 1,
      };
    case 9:
    case 10:
    case 40:
    case 41:
      return { kind: CACHE_EVENTS[kind], inode: a, index: b, frame: c };
    default:
      return socketEventOf(kind, words);
  }
}

/** The events of sockets and wires. */
function socketEventOf(kind: number, words: number[]): Event {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = words;
  switch (kind) {
    case 17:
      return { kind: "sleep-socket", task: a, socket: b };
    case 18:
      return {
        kind: "frag-push",
        socket: a,
        frame: b,
        offset: c,
        lenBytes: d,
        slotKind: SLOT_KINDS[e]!,
      };
    case 19:
      return {
        kind: "frag-consume",
        ...(a === NO_CALL ? {} : { call: a }),
        socket: b,
        frame: c,
        offset: d,
        lenBytes: e,
        changed: f === 1,
      };
    case 20:
      return { kind: "frag-drop", socket: a, frags: b };
    case 21:
      return { kind: "message-lost", socket: a };
    case 42:
      return { kind: "copy", frame: a, by: b };
    default:
      throw new Error(`the core emitted an event of unknown kind ${kind}`);
  }
}
