import { describe, expect, test } from "vitest";
import { explain } from "../../../src/compare/explain.js";
import type { Program } from "../../../src/language/program.js";
import type { Event, SlotRef } from "../../../src/trace/event.js";
import type { Trace, TraceStep } from "../../../src/trace/trace.js";
import type { FolioView, PipeView, SlotView, World } from "../../../src/trace/world.js";
import { record } from "../../viz/worlds.js";
import { NULL, data, file, fill, makeCall, makeOutcome, makeProgram, num, pipe } from "./make.js";

const GRID = 1024;

/** A page-sized folio with all cells alike. */
const folio = (frame: number, byte: number, cached = true): FolioView => ({
  frame,
  order: 0,
  refs: 2,
  outside: 0,
  dirty: true,
  hasPrivate: false,
  ...(cached ? { cachedAt: { inode: 0, index: 0 } } : {}),
  cells: fill(byte, 4096 / GRID),
});

const marks = (of: FolioView, outside: boolean): FolioView => ({ ...of, outside: outside ? 1 : 0 });

const slot = (counter: number, frame: number, kind: SlotView["kind"] = "pagecache"): SlotView => ({
  counter,
  frame,
  offset: 0,
  lenBytes: 4096,
  flags: 0,
  kind,
});

const ring = (index: number, slots: SlotView[]): PipeView => ({
  pipe: index,
  name: "pq"[index]!,
  head: slots.length,
  tail: 0,
  maxUsage: 16,
  readers: 1,
  writers: 1,
  slots,
  readWaiters: [],
  writeWaiters: [],
});

const world = (folios: FolioView[], ...rings: SlotView[][]): World => ({
  gridBytes: GRID,
  tasks: [],
  background: [],
  folios,
  inodes: [],
  mappings: [],
  files: [],
  pipes: rings.map((slots, index) => ring(index, slots)),
  sockets: [],
});

const at = (pipeIndex: number, counter: number): SlotRef => ({ pipe: pipeIndex, counter });
const push = (ref: SlotRef, frame: number, slotKind: SlotView["kind"] = "pagecache"): Event => ({
  kind: "slot-push",
  slot: ref,
  frame,
  offset: 0,
  lenBytes: 4096,
  flags: 0,
  slotKind,
});
const start = (call: number): Event => ({ kind: "call-start", task: 1, call });
const store = (call: number, frame: number, offset = 0, lenBytes = 4096): Event => ({
  kind: "store",
  call,
  frame,
  offset,
  lenBytes,
});
const consume = (call: number, ref: SlotRef, frame: number, changed: boolean): Event => ({
  kind: "consume",
  call,
  slot: ref,
  frame,
  offset: 0,
  lenBytes: 4096,
  changed,
});

const step = (call: number, after: World, ...events: Event[]): TraceStep => ({
  task: 0,
  call,
  phase: "step",
  events,
  world: after,
});

const trace = (program: Program, steps: TraceStep[]): Trace => ({
  program,
  profile: "6.18/ext4",
  policy: "linux",
  schedule: steps.map(() => 0),
  start: world([folio(3, 0)], [], []),
  steps,
  outcome: makeOutcome([]),
});

const splice = makeCall("splice", [file(0), num(0), pipe(0, "w"), NULL, num(4096), num(0)], {
  label: "s",
});
const read = makeCall("read", [pipe(0, "r"), num(4096)], { register: "a" });
const pwrite = makeCall("pwrite", [file(0), data(0xf0, 4096), num(0)]);
const mail = makeProgram({ files: 1, pipes: 2 }, { client: [splice, read], writer: [pwrite] });

/** The mail's three calls: the page is pushed, changed, consumed. */
const shared = [
  step(0, world([folio(3, 0)], [slot(0, 3)], []), push(at(0, 0), 3)),
  step(2, world([folio(3, 0xf0)], [slot(0, 3)], []), store(2, 3)),
  step(1, world([folio(3, 0xf0)], [slot(0, 3)], []), consume(1, at(0, 0), 3, true)),
];

describe("why the pipe changed", () => {
  test("names the byte, the slot, the frame, the call that wrote and its step", () => {
    expect(explain(trace(mail, shared))).toBe(
      "read() at client:a got 0xf0 where splice() had put 0x00: slot 0 of pipe p still points at " +
        "frame 3 of the page cache, and pwrite() in writer changed that frame in place at step 2; " +
        "nothing copied it, as splice() took its reference at step 1 without a mark.",
    );
  });

  test.each([
    { marked: [true, false], why: "as the mark of step 1 was gone by then" },
    { marked: [true, true], why: "although it was marked at step 1" },
  ])("the mark: $why", ({ marked, why }) => {
    const told = explain(
      trace(mail, [
        step(0, world([marks(folio(3, 0), marked[0]!)], [slot(0, 3)], []), push(at(0, 0), 3)),
        step(2, world([marks(folio(3, 0), marked[1]!)], [slot(0, 3)], []), start(2)),
        ...shared.slice(1),
      ]),
    );
    expect(told).toContain(`in place at step 3; nothing copied it, ${why}.`);
  });

  test("the mark came when the writer had looked already", () => {
    const marked = world([marks(folio(3, 0), true)], [slot(0, 3)], []);
    const told = explain(
      trace(mail, [
        step(2, world([folio(3, 0)], [], []), start(2)),
        step(0, marked, push(at(0, 0), 3)),
        ...shared.slice(1),
      ]),
    );
    expect(told).toContain("as pwrite() in writer had looked before the mark came at step 2.");
  });

  test("of several stores the one that reached the first differing byte last is told", () => {
    const changed = { ...folio(3, 0), cells: Uint8Array.of(0, 0, 0x77, 0x77) };
    const both = makeProgram(
      { files: 1, pipes: 2 },
      { client: [splice, read], writer: [pwrite], other: [pwrite] },
    );
    const after = world([changed], [slot(0, 3)], []);
    const told = explain(
      trace(both, [
        shared[0]!,
        step(2, after, store(2, 3, 2048, 2048)),
        step(3, after, store(3, 3, 0, 1024)),
        step(1, after, consume(1, at(0, 0), 3, true)),
      ]),
    );
    expect(told).toContain("got 0x77 where splice() had put 0x00");
    expect(told).toContain("pwrite() in writer changed that frame in place at step 2;");
  });

  test("a store before the push is not the reason", () => {
    const early = step(2, world([folio(3, 0)], [], []), store(2, 3));
    expect(explain(trace(mail, [early, ...shared]))).toContain("in place at step 3;");
  });

  test("behind a tee the splice that took the page from the file is found", () => {
    const tee = makeCall("tee", [pipe(0, "r"), pipe(1, "w"), num(4096), num(0)]);
    const readQ = makeCall("read", [pipe(1, "r"), num(4096)], { register: "b" });
    const program = makeProgram(
      { files: 1, pipes: 2 },
      { client: [splice, tee, readQ], writer: [pwrite] },
    );
    const rings = [[slot(0, 3)], [slot(0, 3)]];
    const told = explain(
      trace(program, [
        shared[0]!,
        step(3, world([folio(3, 0xf0)], [slot(0, 3)], []), store(3, 3)),
        step(1, world([folio(3, 0xf0)], ...rings), push(at(1, 0), 3)),
        step(2, world([folio(3, 0xf0)], ...rings), consume(2, at(1, 0), 3, true)),
      ]),
    );
    expect(told).toBe(
      "read() at client:b got 0xf0 where splice() had put 0x00: slot 0 of pipe q still points at " +
        "frame 3 of the page cache, and pwrite() in writer changed that frame in place at step 2; " +
        "nothing copied it, as splice() took its reference at step 1 without a mark.",
    );
  });

  test("a frame that has left the page cache since is said to have left it", () => {
    const detached = world([folio(3, 0xf0, false)], [slot(0, 3)], []);
    const told = explain(
      trace(mail, [shared[0]!, shared[1]!, step(1, detached, consume(1, at(0, 0), 3, true))]),
    );
    expect(told).toContain("points at frame 3, which the page cache no longer holds, and pwrite()");
  });
});

describe("why it did not change", () => {
  test("a policy's replacement", () => {
    const replaced = world([folio(3, 0, false), folio(7, 0xf0)], [slot(0, 3)], []);
    const told = explain(
      trace(mail, [
        shared[0]!,
        step(2, replaced, { kind: "replace", frame: 3, by: 7 }),
        step(2, replaced, store(2, 7)),
        step(1, replaced, consume(1, at(0, 0), 3, false)),
      ]),
    );
    expect(told).toBe(
      "Nobody got changed bytes: before pwrite() in writer wrote, at step 2, a copy, frame 7, took " +
        "the place of frame 3 in the page cache; slot 0 of pipe p kept frame 3 as it was.",
    );
  });

  test("a private copy", () => {
    const copied = world([folio(3, 0), folio(9, 0, false)], [slot(0, 9, "default")], []);
    const told = explain(
      trace(mail, [
        step(0, copied, push(at(0, 0), 9, "default")),
        step(2, copied, store(2, 3)),
        step(1, copied, consume(1, at(0, 0), 9, false)),
      ]),
    );
    expect(told).toBe(
      "Nobody got changed bytes: splice() in client put a private copy, frame 9, into slot 0 of " +
        "pipe p, and writes to the file do not reach it.",
    );
  });

  test("changed, but not consumed afterwards", () => {
    expect(explain(trace(mail, shared.slice(0, 2)))).toBe(
      "Nobody got changed bytes: pwrite() in writer changed frame 3 in place at step 2 while slot 0 " +
        "of pipe p pointed at it, but nobody consumed those bytes while they differed.",
    );
  });

  test("written while the slot pointed at it, with the same bytes or beside it", () => {
    const same = step(2, shared[0]!.world, store(2, 3));
    expect(explain(trace(mail, [shared[0]!, same]))).toContain("no call changed a page while");
    const beside = world([folio(3, 0), folio(4, 0xf0)], [slot(0, 3)], []);
    const other = step(2, beside, store(2, 4));
    expect(explain(trace(mail, [shared[0]!, other]))).toContain("no call changed a page while");
  });

  test("written only before the splice, and no page of a file in a pipe at all", () => {
    const early = step(2, world([folio(3, 0)], [], []), store(2, 3));
    expect(explain(trace(mail, [early, shared[0]!]))).toContain("no call changed a page while");
    expect(explain(trace(mail, [early]))).toContain("no page of a file was in a pipe");
  });
});

describe("of a socket", () => {
  const text = (write: string): string => `litmus queued
file f = 0x1f * 4096
pipe p
socket s
thread t {
  splice(f, 0, p.w, NULL, 4096, 0)
  splice(p.r, NULL, s.a, NULL, 4096, 0)
  ${write}
}
`;

  test("changed while a frag pointed at the page, but never received", () => {
    expect(explain(record(text("pwrite(f, 0xf0 * 4096, 0)"), "linux"))).toMatch(
      /pwrite\(\) in t changed frame 1 in place at step \d+ while a frag of s\.b pointed at it, but nobody/,
    );
  });

  test("never changed: slots and frags are named where there were both", () => {
    expect(explain(record(text(""), "linux"))).toBe(
      "Nobody got changed bytes: no call changed a page while a slot of a pipe or a frag of a socket pointed at it.",
    );
  });

  test("a copy took the page's place, and the frag kept it", () => {
    expect(explain(record(text("pwrite(f, 0xf0 * 4096, 0)"), "cow"))).toContain(
      "a frag of s.b kept frame 1 as it was",
    );
  });
});
