// Two hand-made traces of the mail's story on 6.18/ext4, one per policy, for the tests of the scene.
//
// Interface: PROGRAM, linuxTrace(), cowTrace(), fixtureRun(). Made from docs/steps.md by a small bookkeeper, and not
// by the model, so that these tests say what is drawn and never what the model does.

import type { Program } from "../../src/language/program.js";
import type { Event } from "../../src/trace/event.js";
import type { CallResult } from "../../src/trace/outcome.js";
import type { Trace, TraceStep } from "../../src/trace/trace.js";
import type { Run } from "../../src/viz/runner.js";
import { timelineOf } from "../../src/viz/scene/timeline.js";
import type { FolioView, PipeView, TaskView, World } from "../../src/trace/world.js";

const int = (value: number) => ({ kind: "int", value: BigInt(value) }) as const;
const fileF = { kind: "file", file: 0 } as const;
const content = (byte: number) => [{ byte, lenBytes: 4096 }];

/** mail-ordered: one splice of two pages, two writes over them, two reads of the pipe. */
export const PROGRAM: Program = {
  name: "mail-ordered",
  doc: "A write to the file after splice() has returned changes what the reader gets.",
  names: ["f"],
  files: [{ name: "f", content: [{ byte: "hole", lenBytes: 4096 }, ...content(0x1f)] }],
  pipes: [{ name: "p", flags: 0 }],
  sockets: [],
  wires: [],
  threads: [
    {
      name: "client",
      calls: [
        {
          id: 0,
          syscall: "splice",
          label: "s",
          operands: [
            fileF,
            { kind: "pointer", value: 0n },
            { kind: "pipe", pipe: 0, end: "w" },
            { kind: "null" },
            int(8192),
            int(0),
          ],
          after: [],
          expect: { ret: 8192n },
        },
        read(1, "a"),
        read(2, "b"),
      ],
    },
    { name: "writer", calls: [pwrite(3, 0, [0]), pwrite(4, 4096, [])] },
  ],
  locations: [],
};

function read(id: number, register: string) {
  const pipe = { kind: "pipe", pipe: 0, end: "r" } as const;
  return { id, syscall: "read", register, operands: [pipe, int(4096)], after: [] } as const;
}

function pwrite(id: number, offset: number, after: readonly number[]) {
  const operands = [fileF, { kind: "data", content: content(0xf0) } as const, int(offset)];
  return { id, syscall: "pwrite", operands, after } as const;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Folio = Mutable<FolioView>;

/** Keeps one World up to date and notes a TraceStep after each change. */
class Bookkeeper {
  readonly steps: TraceStep[] = [];
  readonly start: World;
  private folios = new Map<number, Folio>();
  private pages = [0, 1];
  private pipe: PipeView = {
    pipe: 0,
    name: "p",
    head: 0,
    tail: 0,
    maxUsage: 16,
    readers: 1,
    writers: 1,
    slots: [],
    readWaiters: [],
    writeWaiters: [],
  };
  private next: (number | undefined)[] = [0, 3];
  private running: number | undefined;

  constructor(private readonly counts: boolean) {
    this.folios.set(1, { ...this.folio(1, 0x1f, 1), dirty: true, hasPrivate: true, refs: 2 });
    this.start = this.world();
  }

  private folio(frame: number, byte: number, index: number): Folio {
    const cells = Uint8Array.of(byte);
    const cachedAt = { inode: 0, index };
    const flags = { outside: 0, dirty: false, hasPrivate: false };
    return { frame, order: 0, refs: 1, ...flags, cachedAt, cells };
  }

  private at(frame: number): Folio {
    const folio = this.folios.get(frame);
    if (folio === undefined) throw new Error(`no frame ${frame}`);
    return folio;
  }

  private world(): World {
    const tasks = this.next.map((call, task): TaskView => {
      const inCall = this.running === call && call !== undefined;
      const state = call === undefined ? "done" : inCall ? "in-call" : "ready";
      const base = { task, state, enabled: call !== undefined, phase: "enter" } as const;
      return call === undefined ? base : { ...base, call };
    });
    const folios = [...this.folios.values()].sort((a, b) => a.frame - b.frame);
    return {
      gridBytes: 4096,
      tasks,
      background: [],
      folios: folios.map((f) => ({ ...f, cells: f.cells.slice() })),
      mappings: [],
      inodes: [{ inode: 0, name: "f", sizeBytes: 8192, pages: [...this.pages] }],
      files: [],
      pipes: [this.pipe],
      sockets: [],
    };
  }

  private note(call: number, phase: string, ...events: Event[]): void {
    const task = call < 3 ? 0 : 1;
    for (const event of events) {
      if (event.kind === "call-start") this.running = call;
      if (event.kind !== "call-return") continue;
      this.running = undefined;
      this.next[task] = [1, 2, undefined, 4, undefined][call];
    }
    this.steps.push({ task, call, phase, events, world: this.world() });
  }

  private refs(frame: number, by: number, outside: number): Event {
    const folio = this.at(frame);
    folio.refs += by;
    if (this.counts) folio.outside += outside;
    return { kind: "folio-ref", frame, refs: folio.refs };
  }

  private mutex(task: number | undefined): void {
    const pipe: Mutable<PipeView> = { ...this.pipe };
    if (task === undefined) delete pipe.lockedBy;
    else pipe.lockedBy = task;
    this.pipe = pipe;
  }

  splice(): void {
    this.note(0, "enter", { kind: "call-start", task: 0, call: 0 });
    this.mutex(0);
    this.note(0, "lock");
    this.folios.set(2, this.folio(2, 0, 0));
    this.pages[0] = 2;
    this.note(
      0,
      "batch",
      { kind: "folio-new", frame: 2, order: 0 },
      { kind: "cache-insert", inode: 0, index: 0, frame: 2 },
      this.refs(2, 1, 1),
      this.refs(1, 1, 1),
    );
    this.push(0, 2);
    this.push(1, 1);
    this.mutex(undefined);
    const done = { kind: "call-return", task: 0, call: 0, ret: 8192, errno: 0 } as const;
    this.note(0, "drop", this.refs(2, -1, -1), this.refs(1, -1, -1), done);
  }

  private push(counter: number, frame: number): void {
    const part = { frame, offset: 0, lenBytes: 4096, flags: 0 };
    const ref = this.refs(frame, 1, 1);
    const expected = this.at(frame).cells.slice();
    const slot = { counter, ...part, kind: "pagecache", expected } as const;
    this.pipe = { ...this.pipe, head: counter + 1, slots: [...this.pipe.slots, slot] };
    const at = { pipe: 0, counter };
    this.note(0, "push", ref, { kind: "slot-push", slot: at, ...part, slotKind: "pagecache" });
  }

  pwrite(call: number, index: number): void {
    const returned = { kind: "call-return", task: 1, call, ret: 4096, errno: 0 } as const;
    this.note(call, "enter", { kind: "call-start", task: 1, call });
    this.note(call, "lock");
    let frame = this.pages[index]!;
    this.at(frame).lockedBy = 1;
    const found = this.at(frame).hasPrivate ? [] : [this.refs(frame, 1, 0)];
    this.at(frame).hasPrivate = true;
    this.note(call, "find", ...found);
    if (this.counts) frame = this.replace(call, frame);
    this.at(frame).cells = Uint8Array.of(0xf0);
    this.at(frame).dirty = true;
    this.note(call, "begin", { kind: "store", call, frame, offset: 0, lenBytes: 4096 });
    delete this.at(frame).lockedBy;
    this.note(call, "end");
    this.note(call, "unlock", returned);
  }

  private replace(call: number, frame: number): number {
    const old = this.at(frame);
    const by = frame === 2 ? 3 : 4;
    const index = old.cachedAt!.index;
    const copy = { ...old, frame: by, outside: 0, refs: 2, cells: old.cells.slice() };
    this.folios.set(by, copy);
    delete old.lockedBy;
    delete old.cachedAt;
    old.hasPrivate = false;
    old.dirty = false;
    this.pages[index] = by;
    const replaced = { kind: "replace", frame, by } as const;
    this.note(
      call,
      "replace",
      { kind: "folio-new", frame: by, order: 0 },
      { kind: "cache-remove", inode: 0, index, frame },
      { kind: "cache-insert", inode: 0, index, frame: by },
      replaced,
      this.refs(frame, -2, 0),
    );
    return by;
  }

  read(call: number): void {
    this.note(call, "enter", { kind: "call-start", task: 0, call });
    this.mutex(0);
    this.note(call, "lock");
    this.note(call, "begin");
    const slot = this.pipe.slots[0]!;
    const at = { pipe: 0, counter: slot.counter };
    const changed = this.at(slot.frame).cells[0] !== slot.expected![0];
    const part = { frame: slot.frame, offset: 0, lenBytes: 4096, changed };
    this.note(call, "end", { kind: "consume", call, slot: at, ...part });
    this.pipe = { ...this.pipe, tail: slot.counter + 1, slots: this.pipe.slots.slice(1) };
    const events: Event[] = [{ kind: "slot-pop", slot: at }, this.refs(slot.frame, -1, -1)];
    if (this.at(slot.frame).refs === 0) {
      this.folios.delete(slot.frame);
      events.push({ kind: "folio-free", frame: slot.frame });
    }
    this.mutex(undefined);
    this.note(call, "release", ...events, {
      kind: "call-return",
      task: 0,
      call,
      ret: 4096,
      errno: 0,
    });
  }
}

function trace(policy: string): Trace {
  const book = new Bookkeeper(policy === "cow");
  book.splice();
  book.pwrite(3, 0);
  book.pwrite(4, 1);
  book.read(1);
  book.read(2);
  const got = policy === "cow" ? [0x00, 0x1f] : [0xf0, 0xf0];
  const results = [0, 1, 2, 3, 4].map((call): CallResult => {
    const data = new Uint8Array(call === 1 || call === 2 ? 4096 : 0).fill(got[call - 1] ?? 0);
    const ret = call === 0 ? 8192 : 4096;
    return { call, status: "returned", ret, errno: 0, data, sigpipe: false };
  });
  const snapshot = policy === "cow";
  return {
    program: PROGRAM,
    profile: "6.18/ext4",
    policy,
    schedule: book.steps.map((s) => s.task),
    start: book.start,
    steps: book.steps,
    outcome: { results, files: [], pipes: [], snapshot },
  };
}

/** By reference: the writes show through the pipe. */
export const linuxTrace = (): Trace => trace("linux");

/** The flag: a write to a marked folio first gives the cache a copy. */
export const cowTrace = (): Trace => trace("cow");

/** Both, on one axis: the flag's own steps are the follower's alone. */
export function fixtureRun(): Run {
  const traces = [linuxTrace(), cowTrace()];
  let lead = 0;
  const pace = traces[1]!.steps.map(({ phase }, i) => {
    if (phase !== "replace") lead++;
    return [lead, i + 1];
  });
  return { traces, timeline: timelineOf(traces, [[0, 0], ...pace]) };
}
