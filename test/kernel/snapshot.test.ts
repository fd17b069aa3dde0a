// Snapshots of the kernel's own state: records, and what a live white box gives.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Executor } from "../../src/kernel/executor.js";
import { decodeSnapshot } from "../../src/kernel/snapshot.js";
import { buildWhitebox, whyNoWhitebox } from "../../src/kernel/whitebox.js";
import type { Snapshot } from "../../src/trace/snapshot.js";
import { NULL, fill, file, pointer, program, readEnd, writeEnd, data } from "./programs.js";

/** Records of native/whitebox.h, as 32-bit words. */
function records(...rows: (readonly number[])[]): Uint8Array {
  const words = new Uint32Array(16 * rows.length);
  rows.forEach((row, i) => {
    words.set(row, 16 * i);
  });
  return new Uint8Array(words.buffer);
}

describe("records", () => {
  const PIPE = [1, 4, 77, 0, 3, 1, 16, 16, 1, 2];
  const SLOT = [2, 4, 99, 1, 1, 512, 100, 0x10, 2, 1, 2, 7, -1, 0x14, 5, 0];

  test("a pipe with a slot", () => {
    const { pipes, files } = decodeSnapshot(records(PIPE, SLOT));
    expect(files).toEqual([]);
    const [pipe] = pipes;
    expect(pipe).toMatchObject({ fd: 4, id: 77n, head: 3, tail: 1, maxUsage: 16 });
    expect(pipe).toMatchObject({ readers: 1, writers: 2 });
    const folio = { id: 99n + (1n << 32n), order: 2, refs: 7, mapped: -1, index: 5 };
    expect(pipe!.slots).toMatchObject([
      { counter: 1, offset: 512, lenBytes: 100, flags: 0x10, kind: "pagecache", page: 1, folio },
    ]);
    expect(pipe!.slots[0]!.folio).toMatchObject({ dirty: true, hasPrivate: true, lru: false });
  });

  test("what makes no sense is refused", () => {
    expect(() => decodeSnapshot(records(SLOT))).toThrow(RangeError);
    expect(() => decodeSnapshot(records([9]))).toThrow(RangeError);
    expect(() => decodeSnapshot(records(PIPE).subarray(0, 60))).toThrow(RangeError);
  });
});

const missing = await whyNoWhitebox();
if (missing !== undefined) console.warn(`skipped: no white box: ${missing.why}`);

describe.skipIf(missing !== undefined)("of this kernel", () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await Executor.start({ whitebox: await buildWhitebox() });
  }, 60_000);
  afterAll(() => executor.close());

  /** Runs a program of one thread. */
  async function look(p: ReturnType<typeof program>): Promise<readonly Snapshot[]> {
    const [attempt] = await executor.attempt([{ program: p, picks: [], snapshots: true }]);
    if (attempt?.ok !== true) throw new Error("the program gave no outcome");
    return attempt.snapshots!;
  }

  test("calls are made without rights, whoever has loaded it", () => {
    expect(executor.hello.uid).not.toBe(0);
    expect(executor.hello.capabilities).toBe(0n);
  });

  test("a folio that is cached and in a pipe is one folio, and every holder counts", async () => {
    const p = program([fill(0x1f, 4096)], 1, [
      [
        ["splice", file(0), pointer(0), writeEnd(), NULL, 100, 0],
        ["tee", readEnd(), writeEnd(), 1, 0],
        ["read", readEnd(), 100],
      ],
    ]);
    const [start, spliced, refused, empty] = await look(p);
    expect(start!.pipes[0]).toMatchObject({ head: 0, tail: 0, slots: [] });
    const cached = start!.files[0]!.pages[0]!.folio;
    const [slot] = spliced!.pipes[0]!.slots;
    expect(slot).toMatchObject({ offset: 0, lenBytes: 100, flags: 0, kind: "pagecache" });
    expect(slot!.folio).toEqual({ ...cached, refs: cached.refs + 1 });
    expect(spliced!.files[0]!.pages[0]!.folio).toEqual(slot!.folio);
    expect(refused).toEqual(spliced);
    expect(empty!.pipes[0]).toMatchObject({ head: 1, tail: 1, slots: [] });
    expect(empty!.files[0]!.pages[0]!.folio).toEqual(cached);
  });

  test("bytes written to a pipe are in a page of its own", async () => {
    const p = program([], 1, [[["write", writeEnd(), data(7, 3)]]]);
    const [, written] = await look(p);
    const [slot] = written!.pipes[0]!.slots;
    expect(slot).toMatchObject({ lenBytes: 3, kind: "anon", page: 0 });
    expect(slot!.folio).toMatchObject({ refs: 1, order: 0, mapped: 0 });
  });

  test("the executor's own process only has the white box", async () => {
    const p = program([], 1, [[["write", writeEnd(), data(7, 3)]]]);
    const job = { program: p, picks: [], snapshots: true };
    const [limited] = await executor.attempt([{ ...job, fileSizeLimitBytes: 4096 }]);
    expect(limited).toMatchObject({ ok: false, failure: "refused" });
    const before = executor.restarts;
    const [fresh] = await executor.attempt([{ ...job, fresh: true }]);
    expect(fresh).toMatchObject({ ok: true });
    expect(executor.restarts).toBe(before + 1);
  });
});

test("without a white box, programs that ask for it are refused", async ({ skip }) => {
  if (process.platform !== "linux") skip("needs Linux");
  const executor = await Executor.start();
  try {
    const p = program([], 1, [[["write", writeEnd(), data(7, 3)]]]);
    const [attempt] = await executor.attempt([{ program: p, picks: [], snapshots: true }]);
    expect(attempt).toMatchObject({ ok: false, failure: "refused" });
  } finally {
    await executor.close();
  }
});
