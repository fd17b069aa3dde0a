// Who wrote what: through copies, memory, sockets and the disk, and at any moment of a long run.

import { describe, expect, test } from "vitest";
import { callsOf } from "../../src/language/program.js";
import type { Trace } from "../../src/trace/trace.js";
import { cellsOf, provenanceOf, type Writer } from "../../src/viz/scene/provenance.js";
import { worldAt } from "../../src/viz/scene/timeline.js";
import { startOf, WriterReplay } from "../../src/viz/scene/writers.js";
import { record, recordFile } from "./worlds.js";

/** The writers of what a call has taken by the end, by register; a call by its syscall and place. */
function writersOf(trace: Trace, register: string): string[] {
  const calls = callsOf(trace.program);
  const call = calls.find((each) => each.register === register)!;
  const taken = provenanceOf(trace).at(trace.steps.length).takenBy(call.id);
  return [...new Set(taken.flatMap(({ writers }) => writers))].map((writer) =>
    typeof writer === "string" ? writer : `${calls[writer]!.syscall} ${writer}`,
  );
}

/** A scenario of one thread. */
const single = (lines: string): string => `litmus x

file f = hole 4096, 0x1f * 4096
pipe p
thread t {
${lines}
}
exists true
`;

describe("the writer travels along", () => {
  test("a private copy keeps the writer of what it copied", () => {
    const text = single(`  pwrite(f, 0xf0 * 4096, 0)
  splice(f, 0, p.w, NULL, 8192, 0)
  pwrite(f, 0xee * 8192, 0)
  a = read(p.r, 8192)`);
    expect(writersOf(record(text, "copy"), "a")).toEqual(["pwrite 0", "initial"]);
    expect(writersOf(record(text, "linux"), "a")).toEqual(["pwrite 2"]);
  });

  test("a store to memory is told, and a private mapping keeps what it does not store", () => {
    const text = single(`  m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, f, 0)
  store(m, 0xf0 * 2048, 4096)
  vmsplice(p.w, m, 4096, 4096, 0)
  a = read(p.r, 4096)
  b = load(m, 4096, 4096)`);
    expect(writersOf(record(text, "linux"), "a")).toEqual(["store 1", "initial"]);
    expect(writersOf(record(text, "linux"), "b")).toEqual(["store 1", "initial"]);
  });

  test("a read of a file names who wrote it, a hole nobody", () => {
    const text = single(`  pwrite(f, 0xf0 * 1024, 5120)
  a = pread(f, 8192, 0)`);
    expect(writersOf(record(text, "linux"), "a")).toEqual(["hole", "initial", "pwrite 0"]);
  });

  test("the disk gives back what a call wrote", () => {
    const text = single(`  pwrite(f, 0xf0 * 4096, 0)
  fsync(f)
  posix_fadvise(f, 0, 8192, POSIX_FADV_DONTNEED)
  a = pread(f, 8192, 0)`);
    const trace = record(text, "linux");
    const read = trace.steps.flatMap(({ events }) => events.filter((e) => e.kind === "disk-read"));
    expect(read.length).toBeGreaterThan(0);
    expect(writersOf(trace, "a")).toEqual(["pwrite 0", "initial"]);
  });

  test("a socket's receiver is told too", () => {
    const trace = recordFile("socket/half-received-then-write.litmus", "linux");
    const calls = callsOf(trace.program).filter(({ register }) => register !== undefined);
    const told = calls.flatMap(({ register }) => writersOf(trace, register!));
    expect(told.some((writer) => writer.startsWith("pwrite"))).toBe(true);
    expect(told).toContain("initial");
  });
});

test("what a slot expected is that of its part of the page", () => {
  const text = single(`  splice(f, 5120, p.w, NULL, 1024, 0)
  pwrite(f, 0xf0 * 1024, 4096)
  a = read(p.r, 1024)
  splice(f, 5120, p.w, NULL, 1024, 0)
  pwrite(f, 0xee * 512, 5632)
  b = read(p.r, 1024)`);
  const trace = record(text, "linux");
  const calls = callsOf(trace.program);
  const past = provenanceOf(trace).at(trace.steps.length);
  const [a, b] = ["a", "b"].map((name) => past.takenBy(calls.find((c) => c.register === name)!.id));
  expect(a![0]).toMatchObject({ changed: false });
  expect([...a![0]!.expected!]).toEqual([...a![0]!.cells]);
  expect(b![0]).toMatchObject({ changed: true });
  expect([...b![0]!.expected!]).toEqual([0x1f, 0x1f]);
  expect([...b![0]!.cells]).toEqual([0x1f, 0xee]);
});

test("any moment of a long run, asked in any order, is what a replay from the start gives", () => {
  const trace = recordFile("spin/B-3-2-3.litmus", "cow");
  expect(trace.steps.length).toBeGreaterThan(100);
  const told: Map<number, string> = new Map();
  const replay = new WriterReplay(trace.program, startOf(trace.program, trace.start));
  for (const [step, { events, world }] of trace.steps.entries()) {
    for (const event of events) replay.apply(event, world);
    told.set(step + 1, writersText(trace, step + 1, replay.frames));
  }
  const history = provenanceOf(trace);
  for (const done of [trace.steps.length, 1, 64, 65, 63, 100, 2])
    expect(writersText(trace, done, history.at(done).writers), `after ${done}`).toBe(
      told.get(done),
    );
});

function writersText(trace: Trace, done: number, writers: ReadonlyMap<number, readonly Writer[]>) {
  const world = worldAt(trace, done);
  return world.folios
    .map(({ frame, order }) => {
      const part = cellsOf(world, writers, frame, 0, 4096 << order);
      return `${frame}: ${part.writers.join(" ")}`;
    })
    .join("\n");
}

test.each([
  ["part-of-a-page", "a", ["pwrite 1", "pwrite 2", "initial", "hole", "pwrite 3"]],
  ["read-writes-back", "a", ["pwrite 2"]],
  ["splice-copies", "a", ["initial"]],
])("what passes by the cache keeps its writer: %s", (name, register, writers) => {
  expect(writersOf(recordFile(`direct/${name}.litmus`, "linux"), register)).toEqual(writers);
});
