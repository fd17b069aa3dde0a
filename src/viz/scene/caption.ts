// What just happened, in one sentence.
//
// Interface: captionOf. Made from the events of the steps and from what the locks say before and after;
// nothing is assumed about the names of the steps.

import { describeByte } from "../../compare/bytes.js";
import { whyChanged } from "../../compare/explain.js";
import { callsOf, wireAt, type CallId } from "../../language/program.js";
import type { Event } from "../../trace/event.js";
import type { Trace, TraceStep } from "../../trace/trace.js";
import type { FolioView, World } from "../../trace/world.js";
import { callTitle, resultText, threadIndexOf } from "./call-text.js";
import { lockPhrases } from "./locks.js";
import { plural, threadName } from "./moment.js";
import { folioOf } from "./provenance.js";
import { worldAt } from "./timeline.js";

/** Says what happened after `from` steps, up to `to` steps, in one sentence. */
export function captionOf(trace: Trace, from: number, to: number): string {
  if (to === 0) return "Nothing has happened yet.";
  if (to <= from) return "Nothing happens here: this step belongs to the other side.";
  const steps = trace.steps.slice(from, to);
  const phrases = to - from === 1 ? stepPhrases(trace, from) : roundPhrases(trace, from, steps);
  return sentence(trace, shortened(phrases));
}

/** More phrases than this nobody reads. */
const PHRASES_MAX = 5;

function shortened(phrases: readonly string[]): readonly string[] {
  if (phrases.length <= PHRASES_MAX) return phrases;
  const rest = phrases.length - PHRASES_MAX + 1;
  return [...phrases.slice(0, PHRASES_MAX - 1), `and ${rest} more of this kind`];
}

/** Joins phrases. Names of threads and calls keep their spelling at the start as well. */
function sentence({ program }: Trace, phrases: readonly string[]): string {
  const text = phrases.join("; ");
  const calls = callsOf(program).map((c) => c.syscall);
  const names = ["io_uring", ...program.threads.map((t) => t.name), ...calls];
  if (names.includes(/^[\w-]+/.exec(text)?.[0] ?? "")) return `${text}.`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

interface Told {
  readonly trace: Trace;
  readonly event: Event;
  readonly before: World;
  readonly after: World;
  /** The step, from 0. */
  readonly step: number;
}

/** All that one step did. */
function stepPhrases(trace: Trace, index: number): string[] {
  const step = trace.steps[index]!;
  const [before, after] = [worldAt(trace, index), step.world];
  const replaced = step.events.some((e) => e.kind === "replace");
  const told = step.events
    .filter((e) => !(replaced && (e.kind === "cache-insert" || e.kind === "cache-remove")))
    .map((event) => ({ trace, event, before, after, step: index }));
  const phrases = told.flatMap(eventPhrase);
  if (phrases.length > 0) return phrases;
  const locks = lockPhrases(trace.program, before, after);
  const quiet = [...locks, ...told.flatMap(countPhrase)];
  if (quiet.length > 0) return quiet;
  if (step.call === undefined) return [quietPhrase(trace, step)];
  return [`${who(trace, step)} goes on with ${callName(trace, step.call)} (${step.phase})`];
}

/** What matters of a whole call: what moved, what was copied, what was changed, what was read. */
function roundPhrases(trace: Trace, from: number, steps: readonly TraceStep[]): string[] {
  const told = steps.flatMap((step, i) =>
    step.events.map((event) => ({
      trace,
      event,
      before: worldAt(trace, from + i),
      after: step.world,
      step: from + i,
    })),
  );
  const pushed = pushPhrase(told);
  const main = told.flatMap((t) => (MAIN.has(t.event.kind) ? eventPhrase(t) : []));
  const phrases = [...(pushed === "" ? [] : [pushed]), ...main];
  const last = steps.at(-1)!;
  if (phrases.length > 0) return phrases;
  if (last.call === undefined) return [quietPhrase(trace, last)];
  const name = callTitle(trace.program, callsOf(trace.program)[last.call]!);
  const result = trace.outcome.results[last.call];
  const returned = told.some((t) => t.event.kind === "call-return");
  return [`${beginning(trace, last.task)} ${name} ${returned ? resultText(result) : "and waits"}`];
}

/** A background action of which no event tells. */
const quietPhrase = (trace: Trace, step: TraceStep): string =>
  `${who(trace, step)} ${step.phase === "timer" ? "sends what was held back" : `goes on (${step.phase})`}`;

const MAIN: ReadonlySet<Event["kind"]> = new Set([
  "replace",
  "store",
  "consume",
  "sleep",
  "wake",
  "sigpipe",
]);

const who = (trace: Trace, step: TraceStep): string =>
  step.background ?? threadName(trace.program, step.task);
const isChain = ({ program }: Trace, task: number): boolean =>
  program.threads[task]?.chain !== undefined;
/** Who begins a call: a thread, or io_uring. */
function beginning(trace: Trace, task: number): string {
  const name = threadName(trace.program, task);
  return isChain(trace, task) ? `io_uring begins ${name}'s` : `${name} calls`;
}
const callName = (trace: Trace, call: CallId): string => callsOf(trace.program)[call]!.syscall;
const pipeName = (world: World, pipe: number): string =>
  world.pipes.find((p) => p.pipe === pipe)?.name ?? `pipe ${pipe}`;

/** "client's splice". */
const whose = (trace: Trace, call: CallId): string =>
  `${threadName(trace.program, threadIndexOf(trace.program, call))}'s ${callName(trace, call)}`;

/** "frame 2 (page 0 of f)". */
function frameName(world: World, frame: number): string {
  if (frame === 0) return "the zero page";
  const at = folioOf(world, frame)?.cachedAt;
  const inode = world.inodes.find((i) => i.inode === at?.inode);
  if (at === undefined || inode === undefined) return `frame ${frame}`;
  return `frame ${frame} (page ${at.index} of ${inode.name ?? `inode ${inode.inode}`})`;
}

/** "slot 0 of p", for the slots that point at a folio; empty without any. */
function slotsAt(world: World, frame: number): string {
  const folio = folioOf(world, frame);
  if (folio === undefined) return "";
  const names = world.pipes.flatMap((p) =>
    p.slots
      .filter((s) => s.frame > 0 && folioOf(world, s.frame) === folio)
      .map((s) => `slot ${s.counter} of ${p.name}`),
  );
  return names.join(" and ");
}

const isMarked = (folio: FolioView | undefined): boolean =>
  folio !== undefined && (folio.outside > 0 || folio.flagged === true);

/** The slots that one call filled, told together. */
function pushPhrase(told: readonly Told[]): string {
  const pushes = told.flatMap((t) =>
    t.event.kind === "slot-push" ? [{ ...t, event: t.event }] : [],
  );
  const [first] = pushes;
  if (first === undefined) return "";
  const start = told.find((t) => t.event.kind === "call-start")?.event;
  const caller = start?.kind === "call-start" ? whose(first.trace, start.call) : "the call";
  const frames = pushes.map((p) => frameName(p.after, p.event.frame)).join(" and ");
  const pipe = pipeName(first.after, first.event.slot.pipe);
  const marked = pushes.some((p) => isMarked(folioOf(p.after, p.event.frame)));
  const stolen = told.some(
    ({ event }) => event.kind === "cache-remove" && event.frame === first.event.frame,
  );
  const how = {
    pagecache: ` by reference: nothing is copied${marked ? ", and what is shared is marked" : ""}`,
    default: stolen ? ", out of the page cache" : ", as a private copy",
    zero: "",
    user: " by reference: the memory goes on being its owner's",
    anon: "",
    skb: " by reference: they are the socket's own",
  };
  return `${caller} puts ${frames} into ${pipe}${how[first.event.slotKind]}`;
}

/** One event; an empty list for those that only count. */
function eventPhrase(told: Told): string[] {
  const { trace, event, before, after } = told;
  switch (event.kind) {
    case "call-start": {
      const call = callsOf(trace.program)[event.call]!;
      return [`${beginning(trace, event.task)} ${callTitle(trace.program, call)}`];
    }
    case "call-return": {
      const ends = isChain(trace, event.task) ? "completes with" : "returns";
      return [`${callName(trace, event.call)} ${ends} ${returnText(event)}`];
    }
    case "sleep":
      return [`${threadName(trace.program, event.task)} sleeps on ${pipeName(after, event.pipe)}`];
    case "sleep-socket":
      return [
        `${threadName(trace.program, event.task)} sleeps on ${socketName(after, event.socket)}`,
      ];
    case "frag-push":
      return [`${socketName(after, event.socket)} takes ${pushed(after, event)}`];
    case "message-lost":
    case "frag-drop":
      return [dropPhrase(socketName(after, event.socket), event)];
    case "frag-consume":
      return [fragPhrase(told, event)];
    case "wake":
      return [`${threadName(trace.program, event.task)} is woken`];
    case "sigpipe":
      return [`${threadName(trace.program, event.task)} gets SIGPIPE`];
    case "slot-push":
      return [
        `slot ${event.slot.counter} of ${pipeName(after, event.slot.pipe)} now holds ` +
          `${event.lenBytes} bytes of ${frameName(after, event.frame)}`,
      ];
    case "slot-pop":
      return [`slot ${event.slot.counter} of ${pipeName(before, event.slot.pipe)} is free again`];
    case "cache-insert":
      return [`the page cache takes ${frameName(after, event.frame)}`];
    case "cache-remove":
      return [`frame ${event.frame} leaves the page cache`];
    case "disk-read":
      return [`${frameName(after, event.frame)} is read from the disk`];
    case "disk-write":
      return [`${frameName(before, event.frame)} is written to the disk`];
    case "folio-free":
      return [`frame ${event.frame} is freed`];
    case "size":
      return [`the file is now ${event.sizeBytes} bytes long`];
    case "copy":
      return [`${frameName(before, event.frame)} is copied to frame ${event.by}`];
    case "replace":
      return [replacePhrase(before, event.frame, event.by)];
    case "store":
      return [storePhrase(told, event)];
    case "consume":
      return [consumePhrase(told, event)];
    case "folio-new":
    case "folio-ref":
      return [];
  }
}

const returnText = (event: Extract<Event, { kind: "call-return" }>): string =>
  resultText({ ...event, status: "returned", data: new Uint8Array(0), sigpipe: false }).slice(2);

function countPhrase({ event }: Told): string[] {
  if (event.kind !== "folio-ref") return [];
  return [`frame ${event.frame} has ${plural(event.refs, "reference")} now`];
}

function replacePhrase(before: World, frame: number, by: number): string {
  const holders = slotsAt(before, frame);
  const keeps = holders === "" ? "" : `, and ${holders} keeps frame ${frame}`;
  return `the page cache gets a copy, frame ${by}, in place of frame ${frame}${keeps}`;
}

function storePhrase({ trace, after }: Told, event: Extract<Event, { kind: "store" }>): string {
  const folio = folioOf(after, event.frame);
  const cell = folio && ((event.frame - folio.frame) * 4096 + event.offset) / after.gridBytes;
  const byte = cell === undefined ? undefined : folio?.cells[Math.floor(cell)];
  const value = byte === undefined ? "bytes" : describeByte(byte, trace.outcome.values);
  const base = `${whose(trace, event.call)} stores ${value} in frame ${event.frame}`;
  const holders = slotsAt(after, event.frame);
  return holders === "" ? base : `${base}, where ${holders} still points`;
}

/** The end of a socket, or a wire, by its name. */
const socketName = (world: World, socket: number): string =>
  world.sockets.find((s) => s.socket === socket)?.name ?? "a closed socket";

function dropPhrase(
  name: string,
  event: Extract<Event, { kind: "message-lost" | "frag-drop" }>,
): string {
  if (event.kind === "frag-drop") return `${plural(event.frags, "frag")} of ${name} is dropped`;
  return `a message of ${name} has another checksum than at first: it is lost`;
}

/** What came into a queue; a frag of no bytes is a message of its own, or the head of one. */
const pushed = (
  world: World,
  { frame, lenBytes }: Extract<Event, { kind: "frag-push" }>,
): string => (lenBytes === 0 ? "the head of a message" : frameName(world, frame));

/** Who takes frags from a wire. */
const taker = ({ program }: Trace, socket: number): string =>
  wireAt(program, socket)?.loopback ? "the receiver" : "the network card";

function fragPhrase(
  { trace, before }: Told,
  event: Extract<Event, { kind: "frag-consume" }>,
): string {
  const who = event.call === undefined ? taker(trace, event.socket) : whose(trace, event.call);
  const base = `${who} takes ${event.lenBytes} bytes of frame ${event.frame}`;
  const name = socketName(before, event.socket);
  const how = event.changed ? ", not as they were spliced" : "";
  return `${base} from the queue of ${name}${how}`;
}

function consumePhrase(
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
