// Mappings on the kernel of this machine: signals are survived, and nothing stays mapped.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
} from "../../assembly/abi/mman.js";
import { Executor } from "../../src/kernel/executor.js";
import { compilerOf } from "../../src/kernel/host.js";
import type { Outcome } from "../../src/trace/outcome.js";
import { NULL, data, file, fill, program, readEnd, result, writeEnd } from "./programs.js";
import type { CallSketch } from "./programs.js";

const EFAULT = 14;
const EPIPE = 32;
const RW = PROT_READ | PROT_WRITE;
const canRun = process.platform === "linux" && (await compilerOf()) !== undefined;
if (!canRun) console.warn("skipped: the native back end needs Linux and cc (apt-get install gcc)");

const mmap = (length: number, prot = RW, flags = MAP_SHARED): CallSketch => [
  ...(["mmap", NULL, length, prot, flags, file(0), 0] as const),
];

describe.skipIf(!canRun)("mappings", () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await Executor.start();
  });
  afterAll(() => executor.close());
  const run = async (calls: readonly CallSketch[]): Promise<Outcome> => {
    const [outcome] = await executor.run([
      { program: program([fill(0x41, 6000)], 1, [calls]), picks: [] },
    ]);
    return outcome!;
  };
  const told = (outcome: Outcome): number[] =>
    outcome.results.map((each) => (each.errno ? -each.errno : each.ret));

  test("SIGBUS and SIGSEGV end the access with EFAULT, and what was stored before stays", async () => {
    const outcome = await run([
      mmap(16384),
      ["store", result(0), data(0x42, 12288), 0],
      ["load", result(0), 1, 16384],
      ["load", result(0), 8192, 0],
      mmap(4096, PROT_READ),
      ["store", result(4), data(0x43, 1), 0],
      mmap(4096, 0, MAP_PRIVATE),
      ["load", result(6), 1, 0],
    ]);
    expect(told(outcome)).toEqual([0, -EFAULT, -EFAULT, 8192, 0, -EFAULT, 0, -EFAULT]);
    expect(outcome.results[3]!.data.every((byte) => byte === 0x42)).toBe(true);
    expect(outcome.files[0]!.bytes).toEqual(new Uint8Array(6000).fill(0x42));
  });

  test("pages that are unmapped are gone, the others stay", async () => {
    const outcome = await run([
      mmap(8192, RW, MAP_PRIVATE),
      ["store", result(0), data(0x42, 8192), 0],
      ["munmap", result(0), 4096],
      ["load", result(0), 1, 0],
      ["load", result(0), 1, 4096],
      ["munmap", result(0), 8192],
      ["load", result(0), 1, 4096],
      ["munmap", result(0), 8192],
    ]);
    expect(told(outcome)).toEqual([0, 8192, 0, -EFAULT, 1, 0, -EFAULT, 0]);
    expect(outcome.files[0]!.bytes).toEqual(new Uint8Array(6000).fill(0x41));
  });

  test("a child keeps no end of a pipe open, and what it loads comes from its own memory", async () => {
    const anonymous = ["mmap", NULL, 8192, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0] as const;
    const outcome = await run([
      [...anonymous],
      ["store", result(0), data(0x42, 4096), 0],
      ["fork", result(0)],
      ["close", readEnd()],
      ["write", writeEnd(), data(0x43, 1)],
      ["store", result(2), data(0x44, 8192), 0],
      ["load", result(2), 8192, 0],
      ["load", result(0), 8192, 0],
      ["load", result(2), 1, 8192],
      ["munmap", result(2), 4096],
      ["load", result(2), 1, 0],
    ]);
    expect(told(outcome)).toEqual([0, 4096, 0, 0, -EPIPE, 8192, 8192, 8192, -EFAULT, 0, -EFAULT]);
    expect(outcome.results[6]!.data).toEqual(new Uint8Array(8192).fill(0x44));
    expect(outcome.results[7]!.data.slice(4090, 4099)).toEqual(
      Uint8Array.of(...Array<number>(6).fill(0x42), 0, 0, 0),
    );
  });

  test("a process that has run a thousand programs with mappings is the same and runs the next", async () => {
    const { pid } = executor.hello;
    const leaving = program([fill(0x41, 6000)], 0, [
      [mmap(16384), ["store", result(0), data(0x42, 8192), 0], mmap(4096, RW, MAP_PRIVATE)],
    ]);
    const jobs = Array.from({ length: 1000 }, () => ({ program: leaving, picks: [] }));
    const outcomes = await executor.run(jobs);
    expect(outcomes).toHaveLength(1000);
    expect(outcomes.every((each) => each.results[1]!.ret === 8192)).toBe(true);
    expect(executor.hello.pid).toBe(pid);
  });
});
