// Where bytes go, in words: into slots and frags, and from there to readers and cards.
//
// Interface: pushPhrases, takesPhrase, consumePhrase, fragPhrase, dropPhrase.

import { describeByte } from "../../compare/bytes.js";
import { fragDifference } from "../../compare/explain-frags.js";
import { whyChanged } from "../../compare/explain.js";
import { wireAt } from "../../language/program.js";
import type { Event } from "../../trace/event.js";
import type { Trace } from "../../trace/trace.js";
import type { SlotKind, World } from "../../trace/world.js";
import { frameName, isMarked, pipeName, socketName, whose, type Told } from "./caption-names.js";
import { plural } from "./moment.js";
import { folioOf } from "./provenance.js";

type Push = Extract<Event, { kind: "slot-push" | "frag-push" }>;
type At = Told & { readonly event: Push };

/** The slots that one call filled, and the frags that it queued, told together. */
export function pushPhrases(told: readonly Told[]): string[] {
  const pushes = told.flatMap((t) =>
    t.event.kind === "slot-push" || (t.event.kind === "frag-push" && t.event.lenBytes > 0)
      ? [{ ...t, event: t.event }]
      : [],
  );
  const places = new Map<string, At[]>();
  for (const each of pushes) {
    const place = placeOf(each);
    places.set(place, [...(places.get(place) ?? []), each]);
  }
  return [...places].map(([place, parts]) => pushPhrase(told, place, parts));
}

const placeOf = ({ after, event }: At): string =>
  event.kind === "slot-push"
    ? pipeName(after, event.slot.pipe)
    : `the queue of ${socketName(after, event.socket)}`;

function pushPhrase(told: readonly Told[], place: string, pushes: readonly At[]): string {
  const { trace, step, event } = pushes[0]!;
  const { call } = trace.steps[step]!;
  const caller = call === undefined ? "the kernel" : whose(trace, call);
  const frames = pushes.map((p) => frameName(p.after, p.event.frame)).join(" and ");
  const how = event.kind === "slot-push" ? slotHow(told, pushes) : fragHow(told, pushes);
  return `${caller} puts ${frames} into ${place}${how[event.slotKind]}`;
}

type How = Readonly<Record<SlotKind, string>>;

const byReference = (pushes: readonly At[]): string => {
  const marked = pushes.some((p) => isMarked(folioOf(p.after, p.event.frame)));
  return ` by reference: nothing is copied${marked ? ", and what is shared is marked" : ""}`;
};

function slotHow(told: readonly Told[], pushes: readonly At[]): How {
  const { frame } = pushes[0]!.event;
  const stolen = told.some(({ event }) => event.kind === "cache-remove" && event.frame === frame);
  return {
    pagecache: byReference(pushes),
    default: stolen ? ", out of the page cache" : ", as a private copy",
    zero: "",
    user: " by reference: the memory goes on being its owner's",
    anon: "",
    skb: " by reference: they are the socket's own",
  };
}

/** What MSG_ZEROCOPY sends over loopback is copied as it arrives. */
function fragHow(told: readonly Told[], pushes: readonly At[]): How {
  const copies = told.flatMap(({ event }) => (event.kind === "copy" ? [event] : []));
  const frames = pushes.map(({ event }) => event.frame);
  const copied = copies.some(({ by }) => frames.includes(by));
  const arrives = copies.some(({ frame }) => frames.includes(frame));
  return {
    pagecache: arrives ? ", copied on arrival" : byReference(pushes),
    user: arrives ? ", copied on arrival" : " by reference: the memory goes on being its owner's",
    anon: copied ? ", as a private copy" : "",
    default: "",
    zero: "",
    skb: "",
  };
}

const REFERENCES: ReadonlySet<SlotKind> = new Set(["pagecache", "user"]);

/** What came into a queue; a frag of no bytes is a message of its own, or the head of one. */
export function takesPhrase(
  world: World,
  { socket, frame, lenBytes, slotKind }: Extract<Event, { kind: "frag-push" }>,
): string {
  const name = socketName(world, socket);
  if (lenBytes === 0) return `${name} takes the head of a message`;
  const how = REFERENCES.has(slotKind) ? " by reference" : "";
  return `${name} takes ${frameName(world, frame)}${how}`;
}

/** What a queue let go of. */
export function dropPhrase(
  { trace, after, step }: Told,
  event: Extract<Event, { kind: "message-lost" | "frag-drop" }>,
): string {
  const name = socketName(after, event.socket);
  if (event.kind === "message-lost")
    return `a message of ${name} has another checksum than at first: it is lost`;
  const frags = plural(event.frags, "frag");
  if (trace.steps[step]!.phase === "ack") return `the acknowledgement drops ${frags} of ${name}`;
  return `${frags} of ${name} ${event.frags === 1 ? "is" : "are"} dropped`;
}

/** Who takes frags from a wire, and what for. */
const taker = ({ program }: Trace, socket: number, phase: string): string =>
  wireAt(program, socket)?.loopback ? "the receiver gets" : `the network card ${phase}s`;

/** What was received or transmitted, and why it is not what was sent. */
export function fragPhrase(
  { trace, before, step }: Told,
  event: Extract<Event, { kind: "frag-consume" }>,
): string {
  const { phase } = trace.steps[step]!;
  const who =
    event.call === undefined
      ? taker(trace, event.socket, phase)
      : `${whose(trace, event.call)} gets`;
  const { values } = trace.outcome;
  const found = fragDifference(trace, event, step);
  const folio = folioOf(before, event.frame);
  const at = folio && ((event.frame - folio.frame) * 4096 + event.offset) / before.gridBytes;
  const first = at === undefined ? 0 : (folio?.cells[Math.floor(at)] ?? 0);
  const got = describeByte(found?.now ?? first, values);
  const frag = `a frag of ${socketName(before, event.socket)}`;
  const base = `${who} ${got} from ${frag} (${event.lenBytes} bytes of frame ${event.frame})`;
  if (found === undefined) return event.changed ? `${base}, not as it began` : base;
  const why = found.why === "" ? "" : `: ${found.why}`;
  return `${base}, not the ${describeByte(found.then, values)} that the frag began with${why}`;
}

/** What a consumer of a slot got, and why it is not what the slot was filled with. */
export function consumePhrase(
  { trace, before, step }: Told,
  event: Extract<Event, { kind: "consume" }>,
): string {
  const pipe = before.pipes.find((p) => p.pipe === event.slot.pipe);
  const slot = pipe?.slots.find((s) => s.counter === event.slot.counter);
  const folio = folioOf(before, event.frame);
  const at = folio && ((event.frame - folio.frame) * 4096 + event.offset) / before.gridBytes;
  const { values } = trace.outcome;
  const got = describeByte(at === undefined ? 0 : (folio?.cells[Math.floor(at)] ?? 0), values);
  const base = `${whose(trace, event.call)} gets ${got} from slot ${event.slot.counter}`;
  if (slot?.expected === undefined) return base;
  if (!event.changed) return `${base}, as it was when the slot was filled`;
  const was = slot.expected[Math.floor(event.offset / before.gridBytes)] ?? 0;
  const why = whyChanged(trace, event, step);
  const reason = why === "" ? "" : `: ${why}`;
  return `${base}, not the ${describeByte(was, values)} that the slot was filled with${reason}`;
}
