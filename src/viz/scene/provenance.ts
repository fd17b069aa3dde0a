// Who wrote each cell and what each consumer took, at any moment of a trace.
//
// Interface: provenanceOf, History, Provenance, Taken, cellsOf; what writers.ts says of writers.
// One pass over the events keeps the writers of every SAVE_EVERY-th moment; the moments between are
// replayed when they are asked for, so that a long trace needs little memory.

import type { CallId } from "../../language/program.js";
import type { Event, SlotRef } from "../../trace/event.js";
import type { Trace } from "../../trace/trace.js";
import type { World } from "../../trace/world.js";
import { FileReads, type Filled } from "./file-reads.js";
import { worldAt } from "./timeline.js";
import {
  filled,
  folioOf,
  PAGE_BYTES,
  startOf,
  WriterReplay,
  type Saved,
  type Writer,
  type Writers,
} from "./writers.js";

export { folioOf, type Writer, type Writers } from "./writers.js";

/** Bytes that a call took out of one slot or frag, or read from a file or a mapping. */
export interface Taken {
  readonly call: CallId;
  /** The step, from 0, in which it took them. */
  readonly step: number;
  readonly slot?: SlotRef;
  readonly socket?: number;
  /** Where the bytes lay; absent where they came from a file or a mapping. */
  readonly frame?: number;
  readonly offset?: number;
  readonly cells: Uint8Array;
  readonly writers: readonly Writer[];
  /** What the slot held when it took its reference. */
  readonly expected?: Uint8Array;
  readonly changed: boolean;
}

/** Everything derived from events, after a number of steps. */
export interface Provenance {
  readonly writers: Writers;
  /** What a call has taken so far: the same array once that is all. */
  readonly takenBy: (call: CallId) => readonly Taken[];
  readonly hasStarted: (call: CallId) => boolean;
  readonly hasReturned: (call: CallId) => boolean;
  /** How many frags have left the queue of a socket so far: the number of its oldest one. */
  readonly droppedFrom: (socket: number) => number;
}

/** The provenance of each moment of a trace. */
export interface History {
  /** After `done` steps; 0 is the start. */
  readonly at: (done: number) => Provenance;
}

const SAVE_EVERY = 64;
const histories = new WeakMap<Trace, Past>();

/** The provenance of a trace; asked again, the same object. */
export function provenanceOf(trace: Trace): History {
  let past = histories.get(trace);
  if (past === undefined) {
    past = new Past(trace);
    histories.set(trace, past);
  }
  return past;
}

const NOTHING: readonly Taken[] = [];

const takenBefore = (taken: readonly Taken[], done: number): readonly Taken[] =>
  (taken.at(-1)?.step ?? -1) < done ? taken : taken.filter(({ step }) => step < done);

class Past implements History {
  readonly #saved: Saved[] = [];
  /** By step: slots' frames that were filled from files. */
  readonly #filled = new Map<number, readonly Filled[]>();
  readonly #taken = new Map<CallId, Taken[]>();
  readonly #started = new Map<CallId, number>();
  readonly #returned = new Map<CallId, number>();
  /** By socket: after how many steps it had dropped how many frags in all. */
  readonly #dropped = new Map<number, { readonly done: number; readonly frags: number }[]>();
  #last: { readonly done: number; readonly writers: Writers } | undefined;

  constructor(private readonly trace: Trace) {
    const replay = new WriterReplay(trace.program, startOf(trace.program, trace.start));
    const reads = new FileReads(trace);
    for (const [step, { events, world }] of trace.steps.entries()) {
      if (step % SAVE_EVERY === 0) this.#saved.push(replay.save());
      for (const event of events) {
        this.#note(event, step, replay.frames);
        replay.apply(event, world);
      }
      const filled = reads.look(step, replay);
      if (filled.length > 0) this.#filled.set(step, filled);
      for (const each of filled) replay.fill(...each);
      for (const event of events)
        if (event.kind === "call-return") this.#readWhole(event, step, reads);
    }
    if (this.#saved.length === 0) this.#saved.push(replay.save());
  }

  at(done: number): Provenance {
    return {
      writers: this.#writersAt(done),
      takenBy: (call) => takenBefore(this.#taken.get(call) ?? NOTHING, done),
      hasStarted: (call) => (this.#started.get(call) ?? Infinity) < done,
      hasReturned: (call) => (this.#returned.get(call) ?? Infinity) < done,
      droppedFrom: (socket) =>
        this.#dropped.get(socket)?.findLast((each) => each.done <= done)?.frags ?? 0,
    };
  }

  #writersAt(done: number): Writers {
    if (this.#last?.done === done) return this.#last.writers;
    const nearest = Math.min(Math.floor(done / SAVE_EVERY), this.#saved.length - 1);
    const replay = new WriterReplay(this.trace.program, this.#saved[nearest]!);
    for (let step = nearest * SAVE_EVERY; step < done; step++) {
      const { events, world } = this.trace.steps[step]!;
      for (const event of events) replay.apply(event, world);
      for (const each of this.#filled.get(step) ?? []) replay.fill(...each);
    }
    this.#last = { done, writers: replay.frames };
    return replay.frames;
  }

  #note(event: Event, step: number, writers: Writers): void {
    const before = worldAt(this.trace, step);
    switch (event.kind) {
      case "call-start":
        this.#started.set(event.call, step);
        return;
      case "call-return":
        this.#returned.set(event.call, step);
        return;
      case "consume":
        this.#take(event.call, ofSlot(event, step, before, writers));
        return;
      case "frag-consume":
        if (event.call !== undefined)
          this.#take(event.call, ofFrag({ ...event, call: event.call }, step, before, writers));
        return;
      case "frag-drop": {
        const drops = this.#dropped.get(event.socket) ?? [];
        const frags = (drops.at(-1)?.frags ?? 0) + event.frags;
        this.#dropped.set(event.socket, [...drops, { done: step + 1, frags }]);
        return;
      }
      default:
        return;
    }
  }

  #take(call: CallId, taken: Taken): void {
    const known = this.#taken.get(call);
    if (known === undefined) this.#taken.set(call, [taken]);
    else known.push(taken);
  }

  /** A call has returned; what it read from a file or a mapping is known only now. */
  #readWhole({ call }: { readonly call: CallId }, step: number, reads: FileReads): void {
    if (this.#taken.has(call)) return;
    const read = reads.of(call);
    if (read !== undefined) this.#take(call, { call, step, ...read, changed: false });
  }
}

/** A stretch of a frame, in cells: values and writers. Frame 0 is the zero page. */
export function cellsOf(
  world: World,
  writers: Writers,
  frame: number,
  offset: number,
  lenBytes: number,
): { cells: Uint8Array; writers: Writer[] } {
  const n = Math.ceil(lenBytes / world.gridBytes);
  const folio = folioOf(world, frame);
  if (folio === undefined) return { cells: new Uint8Array(n), writers: filled(n, "hole") };
  const perPage = PAGE_BYTES / world.gridBytes;
  const first = Math.floor(offset / world.gridBytes);
  const from = (frame - folio.frame) * perPage + first;
  const cells = folio.cells.slice(from, from + n);
  const by = Array.from(cells, (_, i) => {
    const at = first + i;
    return writers.get(frame + Math.floor(at / perPage))?.[at % perPage] ?? "initial";
  });
  return { cells, writers: by };
}

/** The snapshot of a slot or frag, which is that of its whole page, cut to a stretch of it. */
export const expectedOf = (
  expected: Uint8Array,
  offset: number,
  lenBytes: number,
  gridBytes: number,
): Uint8Array =>
  expected.slice(Math.floor(offset / gridBytes), Math.ceil((offset + lenBytes) / gridBytes));

type OfSlot = Extract<Event, { kind: "consume" }>;
type OfFrag = Extract<Event, { kind: "frag-consume" }> & { readonly call: CallId };

function ofSlot(event: OfSlot, step: number, before: World, writers: Writers): Taken {
  const pipe = before.pipes.find((p) => p.pipe === event.slot.pipe);
  const slot = pipe?.slots.find((s) => s.counter === event.slot.counter);
  return { ...part(event, step, before, writers, slot?.expected), slot: event.slot };
}

function ofFrag(event: OfFrag, step: number, before: World, writers: Writers): Taken {
  const queue = before.sockets.find((s) => s.socket === event.socket);
  const frag = queue?.frags.find(
    ({ frame, offset, lenBytes }) =>
      frame === event.frame && offset <= event.offset && event.offset < offset + lenBytes,
  );
  return { ...part(event, step, before, writers, frag?.expected), socket: event.socket };
}

function part(
  { call, frame, offset, lenBytes, changed }: OfSlot | OfFrag,
  step: number,
  before: World,
  writers: Writers,
  expected: Uint8Array | undefined,
): Taken {
  const cells = cellsOf(before, writers, frame, offset, lenBytes);
  const base = { call, step, frame, offset, ...cells, changed };
  if (expected === undefined) return base;
  return { ...base, expected: expectedOf(expected, offset, lenBytes, before.gridBytes) };
}
