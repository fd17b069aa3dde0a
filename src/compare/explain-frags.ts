// The sentence for a receiver, or a network card, that did not get what was spliced into a socket.
//
// Interface: whyFrag, whyLost, fragDifference.

import { callsOf } from "../language/program.js";
import type { CallId } from "../language/program.js";
import type { Event } from "../trace/event.js";
import type { Trace } from "../trace/trace.js";
import type { FragView, World } from "../trace/world.js";
import { describeByte } from "./bytes.js";
import { whyInPlace } from "./explain-marks.js";
import { addressOf, cellAt, folioAt } from "./frames.js";
import { callTitle, threadOf } from "./names.js";

type Consume = Extract<Event, { kind: "frag-consume" }>;

/** The first frag whose bytes were not those that its slot held at first; undefined if there was none. */
export function whyFrag(trace: Trace): string | undefined {
  for (const [index, step] of trace.steps.entries()) {
    const event = step.events.find((each) => each.kind === "frag-consume" && each.changed);
    if (event?.kind !== "frag-consume") continue;
    const before = index === 0 ? trace.start : trace.steps[index - 1]!.world;
    const who = event.call === undefined ? step.background : callTitle(trace.program, event.call);
    return sentence(trace, { index, before, event, who: who ?? "the kernel", phase: step.phase });
  }
  return undefined;
}

interface Found {
  readonly index: number;
  readonly before: World;
  readonly event: Consume;
  readonly who: string;
  readonly phase: string;
}

function sentence(trace: Trace, { index, before, event, who, phase }: Found): string {
  const { values } = trace.outcome;
  const socket = before.sockets.find((each) => each.socket === event.socket);
  const verb = event.call === undefined ? `${phase}s` : "got";
  const found = differenceIn(before, event);
  const bytes =
    found === undefined
      ? "other bytes than had been spliced"
      : `${describeByte(found.now, values)} where ${describeByte(found.then, values)} had been spliced`;
  const cached = folioAt(before, event.frame)?.cachedAt !== undefined;
  const where = cached ? " of the page cache" : ", which the page cache no longer holds";
  const name = socket?.name ?? "a socket";
  const points = `a frag of ${name} still points at frame ${event.frame}${where}`;
  const change = found && changeOf(trace, index, event, found.address, "that frame");
  return `${who} ${verb} ${bytes}: ${points}${change === undefined ? "" : `, and ${change}`}.`;
}

/** "pwrite() in writer changed that frame in place at step 2; nothing copied it, as …"; undefined where nobody did. */
function changeOf(
  trace: Trace,
  index: number,
  event: Consume,
  address: number,
  what: string,
): string | undefined {
  const store = lastStore(trace, index, address);
  if (store === undefined) return undefined;
  const { call, step: changed } = store;
  const writer = callIn(trace, call);
  const taken = takenAt(trace, changed, event);
  const reason =
    taken < 0 ? "" : whyInPlace(trace, { frame: event.frame, taken, changed, call, writer });
  return `${writer} changed ${what} in place at step ${changed + 1}${reason}`;
}

/** A value that a frag's slot held when it took its reference, what came out of it in a step, from 0, and who changed it. */
export interface FragDifference {
  readonly then: number;
  readonly now: number;
  /** "pwrite() in writer changed frame 1 in place …"; empty where nobody did. */
  readonly why: string;
}

/** The first difference of what was taken from a frag; undefined without one. */
export function fragDifference(
  trace: Trace,
  event: Consume,
  step: number,
): FragDifference | undefined {
  const before = step === 0 ? trace.start : trace.steps[step - 1]!.world;
  const found = differenceIn(before, event);
  if (found === undefined) return undefined;
  const { then, now, address } = found;
  const why = changeOf(trace, step, event, address, `frame ${event.frame}`) ?? "";
  return { then, now, why };
}

const differenceIn = (before: World, event: Consume) =>
  before.sockets
    .find((each) => each.socket === event.socket)
    ?.frags.flatMap((frag) => differing(before, event, frag) ?? [])[0];

/** Why the first message that was lost had another checksum than at first; undefined if none was lost. */
export function whyLost(trace: Trace): string | undefined {
  for (const [index, { events }] of trace.steps.entries()) {
    const event = events.find(({ kind }) => kind === "message-lost");
    if (event?.kind !== "message-lost") continue;
    const before = index === 0 ? trace.start : trace.steps[index - 1]!.world;
    const socket = before.sockets.find((each) => each.socket === event.socket);
    const lost = `A message that waited at ${socket?.name ?? "a socket"} is lost`;
    const message = socket?.frags.slice(0, 1 + socket.frags.findIndex(({ ends }) => ends)) ?? [];
    for (const { frame, offset, lenBytes } of message) {
      const store = lastStore(trace, index, addressOf({ frame, offset }), lenBytes);
      if (store === undefined) continue;
      const change = `${callIn(trace, store.call)} changed frame ${frame} in place at step ${store.step + 1}`;
      return `${lost}: it was held back with a checksum, and ${change}.`;
    }
    return `${lost}: it has another checksum than when it was sent.`;
  }
  return undefined;
}

/** The first byte of what was taken that is not what the frag's slot held. */
function differing(
  world: World,
  event: Consume,
  { frame, offset, lenBytes, expected }: FragView,
): { address: number; then: number; now: number } | undefined {
  const isIt = frame === event.frame && offset <= event.offset && event.offset < offset + lenBytes;
  if (!isIt || expected === undefined) return undefined;
  for (let at = event.offset; at < event.offset + event.lenBytes; at += world.gridBytes) {
    const address = addressOf({ frame, offset: at });
    const then = expected[Math.floor(at / world.gridBytes)]!;
    const now = cellAt(world, address) ?? 0;
    if (then !== now) return { address, then, now };
  }
  return undefined;
}

/** The last step before one in which the queue took a frag of the frame; -1 if none did. */
const takenAt = ({ steps }: Trace, before: number, { socket, frame }: Consume): number =>
  steps
    .slice(0, before)
    .findLastIndex(({ events }) =>
      events.some((e) => e.kind === "frag-push" && e.socket === socket && e.frame === frame),
    );

/** The last store to one of some bytes before a step. */
function lastStore(
  trace: Trace,
  before: number,
  address: number,
  lenBytes = 1,
): { call: CallId; step: number } | undefined {
  for (let step = before - 1; step >= 0; step--)
    for (const event of trace.steps[step]!.events) {
      const isIt =
        event.kind === "store" &&
        addressOf(event) < address + lenBytes &&
        address < addressOf(event) + event.lenBytes;
      if (isIt) return { call: event.call, step };
    }
  return undefined;
}

const callIn = (trace: Trace, id: CallId): string =>
  `${callsOf(trace.program)[id]?.syscall ?? "a call"}() in ${threadOf(trace.program, id)?.name ?? "no thread"}`;
