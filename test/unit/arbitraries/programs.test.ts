import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  environments,
  picksOf,
  policies,
  programs,
  randomProgram,
  randomPrograms,
  samples,
  schedules,
} from "../../../src/arbitraries/index.js";
import { encode } from "../../../src/language/encode.js";
import { parseProgram, printProgram } from "../../../src/language/index.js";
import { callsOf } from "../../../src/language/program.js";
import { POLICIES } from "../../../src/model/policies.js";
import type { Program } from "../../../src/language/program.js";
import { SYSCALL_NAMES } from "../../../src/language/syscalls.js";
import type { SyscallName } from "../../../src/language/syscalls.js";
import { roughRun } from "./rough.js";
import type { Fate } from "./rough.js";
import type { Sample } from "../../../src/arbitraries/decode.js";
import { amountsOf, faultsOf } from "./valid.js";

const SEED = 20230209;
const text = (program: Program): string =>
  JSON.stringify(program, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));

describe("every generated program is valid", () => {
  test("2000 random programs: numbers, operands, names, waits", () => {
    for (let index = 0; index < 2000; index++) {
      const { program, picks } = randomProgram(SEED, index);
      expect(faultsOf(program), `program ${index}`).toEqual([]);
      expect(picks).toHaveLength(callsOf(program).length);
      expect(Math.max(...picks)).toBeLessThan(program.threads.length);
      encode(program);
    }
  });

  test("2000 that may have sockets and wires: some of each are called", () => {
    const kinds = new Set<string>();
    for (let index = 0; index < 2000; index++) {
      const { program } = randomProgram(SEED, index, {
        sockets: true,
        wires: true,
        storage: true,
        caches: true,
        devices: true,
        fifos: true,
        vectors: true,
        memfds: true,
        uring: true,
      });
      expect(faultsOf(program), `program ${index}`).toEqual([]);
      for (const call of callsOf(program))
        for (const { kind } of call.operands) kinds.add(`${call.syscall} ${kind}`);
      encode(program);
    }
    for (const kind of [
      "io_uring_enter chain",
      "splice socket",
      "splice wire",
      "read socket",
      "write socket",
      "writev vector",
    ])
      expect(kinds).toContain(kind);
  });

  test("700 with requests: the checker takes each; some send memory, some wait for notifications", () => {
    const kinds = new Set<string>();
    const limits = { sockets: true, uring: true, memory: false, moves: true };
    for (let index = 0; index < 700; index++) {
      const { program } = randomProgram(SEED, index, limits);
      expect(faultsOf(program), `program ${index}`).toEqual([]);
      expect(parseProgram(printProgram(program)).program).toStrictEqual(program);
      for (const { chain, calls } of program.threads)
        for (const { syscall, notified } of calls) {
          if (chain !== undefined) kinds.add(syscall);
          if (notified !== undefined) kinds.add("notified");
        }
    }
    for (const kind of ["send", "sendmsg", "notified"]) expect(kinds).toContain(kind);
  });

  test("2000 from fast-check, within their bounds", () => {
    const bounded = programs({ threadsMax: 3, callsMax: 5, grid: 1024 });
    fc.assert(
      fc.property(bounded, (program) => {
        expect(faultsOf(program)).toEqual([]);
        expect(program.threads.length).toBeLessThanOrEqual(3);
        expect(callsOf(program).length).toBeLessThanOrEqual(5);
        expect(amountsOf(program).filter((amount) => amount % 1024 !== 0)).toEqual([]);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  test.each([1, 512, 4096])("grid %i holds in every amount of data", (grid) => {
    for (let index = 0; index < 500; index++) {
      const { program } = randomProgram(SEED, index, { grid });
      expect(amountsOf(program).filter((amount) => amount % grid !== 0)).toEqual([]);
    }
  });

  test("no holes, no folio orders, one thread where these are asked for", () => {
    const plain = { holes: false, folioOrders: false, threadsMax: 1 };
    for (let index = 0; index < 500; index++) {
      const { program } = randomProgram(SEED, index, plain);
      const runs = program.files.flatMap((file) => file.content);
      expect(runs.filter((run) => run.byte === "hole")).toEqual([]);
      expect(program.files.filter((file) => file.folioOrder !== undefined)).toEqual([]);
      expect(program.threads).toHaveLength(1);
    }
  });

  test("senseless bounds are refused", () => {
    expect(() => programs({ grid: 3 })).toThrow(RangeError);
    expect(() => programs({ threadsMax: 9 })).toThrow(RangeError);
    expect(() => programs({ callsMax: 0 })).toThrow(RangeError);
    expect(() => programs({ fileBytesMax: 100 })).toThrow(RangeError);
  });
});

/** Calls that the rough run does not know. */
const ON_SOCKETS: readonly SyscallName[] = ["send", "recv", "recvmsg", "sendmsg", "shutdown"];

describe("files stay short", () => {
  test("in no order of the calls does a run write beyond the bound", () => {
    for (let index = 0; index < 2000; index++) {
      const { longestFileBytes } = roughRun(randomProgram(SEED, index));
      expect(longestFileBytes, `program ${index}`).toBeLessThanOrEqual(16384);
    }
  });
});

describe("randomProgram", () => {
  test("is a function of seed and index", () => {
    const again = randomPrograms(SEED, 40);
    for (let index = 40; index < 60; index++)
      expect(text(again.next().value.program)).toBe(text(randomProgram(SEED, index).program));
  });

  test("other seeds and other indices give other programs", () => {
    const texts = new Set<string>();
    for (let index = 0; index < 500; index++) {
      texts.add(text(randomProgram(1, index).program));
      texts.add(text(randomProgram(2, index).program));
    }
    expect(texts.size).toBeGreaterThan(990);
  });
});

describe("shrinking", () => {
  /** The smallest counterexample that fast-check reaches for a statement about programs. */
  function smallest(holds: (program: Program) => boolean): Program {
    const property = fc.property(programs(), (program) => holds(program));
    const found = fc.check(property, { seed: SEED, numRuns: 5000 });
    expect(found.failed).toBe(true);
    return found.counterexample![0];
  }

  test("a program with a pipe's read shrinks to that read and a first splice at most", () => {
    const isPipeRead = (program: Program): boolean =>
      callsOf(program).some((call) => call.syscall === "read" && call.operands[0]?.kind === "pipe");
    const found = smallest((program) => !isPipeRead(program));
    expect(callsOf(found).length).toBeLessThanOrEqual(2);
    expect(found.threads).toHaveLength(1);
  });

  test("splice, write to its page, read of the pipe: three calls with plain arguments", () => {
    const found = smallest(
      (program) => !(roughRun({ program, picks: [] }).interesting && program.threads.length === 1),
    );
    expect(callsOf(found).map((call) => call.syscall)).toHaveLength(3);
    expect(callsOf(found)[0]?.syscall).toBe("splice");
    expect(found.files).toHaveLength(1);
    expect(found.pipes).toEqual([{ name: "p", flags: 0 }]);
  });
});

describe("schedules, picks and settings", () => {
  test("are what they say", () => {
    const cases = fc.tuple(samples(), schedules(16), policies(), environments());
    fc.assert(
      fc.property(cases, ([{ program, picks }, schedule, policy, environment]) => {
        expect(schedule).toBeInstanceOf(Uint8Array);
        expect(schedule.length).toBeLessThanOrEqual(16);
        expect(POLICIES.map((row) => row.name)).toContain(policy);
        expect(environment.pageSizeBytes).toBe(4096);
        expect(picks.length).toBe(callsOf(program).length);
        const [other] = fc.sample(picksOf(program), { numRuns: 1, seed: SEED });
        expect(other!.every((pick) => pick < program.threads.length)).toBe(true);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});

describe("what the programs are like", () => {
  const COUNT = 4000;
  const fates = new Map<string, Map<Fate, number>>();
  let interesting = 0;
  let blocking = 0;
  let falling = 0;
  const lengths: number[] = [];
  for (let index = 0; index < COUNT; index++) {
    const sample = randomProgram(SEED, index);
    const run = roughRun(sample);
    // roughRun follows pages through splice alone.
    if (roughRun(randomProgram(SEED, index, { moves: false })).interesting) interesting++;
    if (run.fates.includes("blocked")) blocking++;
    if (run.fates.includes("short")) falling++;
    lengths.push(run.fates.length);
    countFates(sample, run.fates);
  }
  // Beside them, programs with the calls that are not drawn by default.
  for (let index = 0; index < COUNT / 4; index++) {
    const others = {
      ...{ storage: true, caches: true, devices: true, fifos: true },
      ...{ vectors: true, memfds: true, uring: true },
    };
    const sample = randomProgram(SEED, index, others);
    countFates(sample, roughRun(sample).fates);
  }
  function countFates({ program }: Sample, each: readonly Fate[]): void {
    callsOf(program).forEach((call, at) => {
      const counts = fates.get(call.syscall) ?? new Map<Fate, number>();
      fates.set(call.syscall, counts.set(each[at]!, (counts.get(each[at]!) ?? 0) + 1));
    });
  }
  const share = (count: number, of: number): number => Math.round((1000 * count) / of) / 10;

  test("a referenced page is modified before it is consumed in 30 % of the programs", () => {
    expect(share(interesting, COUNT)).toBeGreaterThanOrEqual(30);
  });

  test("5 to 25 % block somewhere, and short transfers happen", () => {
    expect(share(blocking, COUNT)).toBeGreaterThan(5);
    expect(share(blocking, COUNT)).toBeLessThan(25);
    expect(share(falling, COUNT)).toBeGreaterThan(20);
  });

  test("the program in the middle has 8 calls", () => {
    expect(lengths.sort((a, b) => a - b)[COUNT / 2]).toBe(8);
  });

  test("every call that is started succeeds more often than not", () => {
    for (const [syscall, counts] of fates) {
      const all = [...counts.values()].reduce((sum, count) => sum + count);
      const started = all - (counts.get("not-started") ?? 0);
      const good = (counts.get("ok") ?? 0) + (counts.get("short") ?? 0);
      expect(share(good, started), syscall).toBeGreaterThanOrEqual(50);
    }
    expect(fates.size).toBe(SYSCALL_NAMES.length - ON_SOCKETS.length);
  });

  test("the figures", () => {
    const started = performance.now();
    for (let index = 0; index < 5000; index++) randomProgram(SEED, index);
    const perSecond = Math.round(5000 / ((performance.now() - started) / 1000));
    const middle = performance.now();
    fc.assert(
      fc.property(programs(), () => true),
      { numRuns: 5000, seed: SEED },
    );
    const checked = Math.round(5000 / ((performance.now() - middle) / 1000));
    const rows = [...fates].map(([syscall, counts]) => {
      const all = [...counts.values()].reduce((sum, count) => sum + count);
      const shares = [...counts].map(([fate, count]) => `${fate} ${share(count, all)} %`);
      return `  ${syscall.padEnd(10)} ${String(all).padStart(6)}  ${shares.sort().join(", ")}`;
    });
    console.log(
      `${perSecond} random programs/s, ${checked} property runs/s\n` +
        `interesting ${share(interesting, COUNT)} %, blocking ${share(blocking, COUNT)} %, ` +
        `short ${share(falling, COUNT)} %\n${rows.join("\n")}`,
    );
    expect(rows.length).toBeGreaterThan(0);
  });
});
