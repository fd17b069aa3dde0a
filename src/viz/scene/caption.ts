// What just happened, in one sentence.
//
// Interface: captionOf. Made from the events of the steps and from what the locks say before and after;
// nothing is assumed about the names of the steps.

import { describeByte } from "../../compare/bytes.js";
import { callsOf, type CallId } from "../../language/program.js";
import type { Event } from "../../trace/event.js";
import type { Trace, TraceStep } from "../../trace/trace.js";
import type { World } from "../../trace/world.js";
import { callArguments, callTitle, resultText } from "./call-text.js";
import {
  consumePhrase,
  dropPhrase,
  fragPhrase,
  pushPhrases,
  takesPhrase,
} from "./caption-moves.js";
import {
  callName,
  frameName,
  holdersAt,
  pipeName,
  socketName,
  whose,
  type Told,
} from "./caption-names.js";
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
  const ends = program.sockets.flatMap(({ name }) => [`${name}.a`, `${name}.b`]);
  const wires = program.wires.map(({ name }) => name);
  const names = ["io_uring", ...program.threads.map((t) => t.name), ...calls, ...ends, ...wires];
  if (names.includes(/^[\w-]+(\.[ab])?/.exec(text)?.[0] ?? "")) return `${text}.`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
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
  const does = QUIET[step.phase];
  if (does !== undefined) return [`${whose(trace, step.call)} ${does}`];
  return [`${who(trace, step)} goes on with ${callName(trace, step.call)} (${step.phase})`];
}

/** What a call does in a step of which no event tells, by the names of docs/steps.md. */
const QUIET: Readonly<Record<string, string>> = {
  lock: "looks whether there is something for it",
  sleep: "is awake, and looks again",
  "sleep on input": "is awake, and looks again",
  "sleep on output": "is awake, and looks again",
  "sleep on drain": "is awake, and looks again",
  input: "looks at the pipe that it takes from",
  output: "looks at the pipe that it puts into",
  batch: "looks for the next folios",
  begin: "begins to copy",
  end: "ends its copy",
  access: "looks for the page of its memory",
  decide: "looks at the mark of the folio",
  poll: "looks who is ready",
  "f_pos lock": "takes the file position",
  map: "looks for the page table entry",
  punch: "cuts the next folio",
  drain: "looks at the socket's queue",
};

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
  const main = told.flatMap((t) => (MAIN.has(t.event.kind) ? eventPhrase(t) : []));
  const phrases = [...pushPhrases(told), ...main];
  const last = steps.at(-1)!;
  if (phrases.length > 0) return phrases;
  if (last.call !== undefined) return [quietCall(trace, last.task, last.call, told)];
  const others = withSums(told).flatMap(eventPhrase);
  return others.length > 0 ? others : [quietPhrase(trace, last)];
}

/** What one queue lets go of in several steps, as one event. */
function withSums(told: readonly Told[]): Told[] {
  const sums: Told[] = [];
  for (const each of told.filter(({ event }) => event.kind !== "folio-ref")) {
    const last = sums.at(-1);
    const [now, before] = [each.event, last?.event];
    if (now.kind === "frag-drop" && before?.kind === "frag-drop" && now.socket === before.socket)
      sums.splice(-1, 1, { ...each, event: { ...now, frags: before.frags + now.frags } });
    else sums.push(each);
  }
  return sums;
}

/** A call of which no event but its start and its end tells. */
function quietCall(trace: Trace, task: number, call: CallId, told: readonly Told[]): string {
  const made = callsOf(trace.program)[call]!;
  const title = callTitle(trace.program, made);
  const end = told.find(({ event }) => event.kind === "call-return")?.event;
  if (end?.kind === "call-return")
    return `${whose(trace, call)}${callArguments(trace.program, made)} ${endText(trace, end)}`;
  const begins = told.some(({ event }) => event.kind === "call-start");
  if (!begins) return `${threadName(trace.program, task)} goes on with ${title} and waits`;
  return `${beginning(trace, task)} ${title}${isChain(trace, task) ? ", which" : " and"} waits`;
}

/** A background action of which no event tells. */
const quietPhrase = (trace: Trace, step: TraceStep): string =>
  `${who(trace, step)} ${step.phase === "timer" ? "sends what was held back" : `goes on (${step.phase})`}`;

const MAIN: ReadonlySet<Event["kind"]> = new Set([
  "replace",
  "store",
  "consume",
  "frag-consume",
  "message-lost",
  "sleep",
  "sleep-socket",
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
/** One event; an empty list for those that only count. */
function eventPhrase(told: Told): string[] {
  const { trace, event, before, after } = told;
  switch (event.kind) {
    case "call-start": {
      const call = callsOf(trace.program)[event.call]!;
      return [`${beginning(trace, event.task)} ${callTitle(trace.program, call)}`];
    }
    case "call-return":
      return [`${callName(trace, event.call)} ${endText(trace, event)}`];
    case "sleep":
      return [`${threadName(trace.program, event.task)} sleeps on ${pipeName(after, event.pipe)}`];
    case "sleep-socket":
      return [
        `${threadName(trace.program, event.task)} sleeps on ${socketName(after, event.socket)}`,
      ];
    case "frag-push":
      return [takesPhrase(after, event)];
    case "message-lost":
    case "frag-drop":
      return [dropPhrase(told, event)];
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

/** "returns 4096", "completes with -1 ECANCELED". */
function endText(trace: Trace, event: Extract<Event, { kind: "call-return" }>): string {
  const result = { ...event, status: "returned", data: new Uint8Array(0), sigpipe: false } as const;
  const ends = isChain(trace, event.task) ? "completes with" : "returns";
  return `${ends} ${resultText(result).slice(2)}`;
}

function countPhrase({ event }: Told): string[] {
  if (event.kind !== "folio-ref") return [];
  return [`frame ${event.frame} has ${plural(event.refs, "reference")} now`];
}

function replacePhrase(before: World, frame: number, by: number): string {
  const holders = holdersAt(before, frame);
  const verb = holders.length === 1 ? "keeps" : "keep";
  const keeps = holders.length === 0 ? "" : `, and ${holders.join(" and ")} ${verb} frame ${frame}`;
  return `the page cache gets a copy, frame ${by}, in place of frame ${frame}${keeps}`;
}

function storePhrase(
  { trace, before, after }: Told,
  event: Extract<Event, { kind: "store" }>,
): string {
  const folio = folioOf(after, event.frame);
  const cell = folio && ((event.frame - folio.frame) * 4096 + event.offset) / after.gridBytes;
  const byte = cell === undefined ? undefined : folio?.cells[Math.floor(cell)];
  const value = byte === undefined ? "bytes" : describeByte(byte, trace.outcome.values);
  const base = `${whose(trace, event.call)} stores ${value} in frame ${event.frame}`;
  const holders = holdersAt(before, event.frame);
  if (holders.length === 0) return base;
  const verb = holders.length === 1 ? "points" : "point";
  return `${base}, where ${holders.join(" and ")} still ${verb}`;
}
