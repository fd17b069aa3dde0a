// The reference model against the examples of the specification.

import { describe, expect, test } from "vitest";

import * as errno from "../../assembly/abi/errno.js";
import {
  F_SETPIPE_SZ,
  O_DIRECT,
  O_NONBLOCK,
  O_TRUNC,
  O_RDWR,
  O_APPEND,
} from "../../assembly/abi/fcntl.js";
import { SPLICE_F_NONBLOCK } from "../../assembly/abi/pipe.js";
import type { Content } from "../../src/language/program.js";
import { F, NULL, R, W, at, begin, data, finish, int, program, result, runCalls } from "./build.js";
import type { Row, Setting } from "./build.js";
import { enabled, outcome, snapshotBroken, step } from "./reference.js";
import type { State } from "./reference.js";

const fill = (byte: number, lenBytes: number): Content => [{ byte, lenBytes }];
const hole = (lenBytes: number): Content => [{ byte: "hole", lenBytes }];

const toPipe = (from: number, len: number, pipe = 0, flags = 0): Row => [
  "splice",
  [F(0), at(from), W(pipe), NULL, int(len), int(flags)],
];
const toFile = (pipe: number, to: number, len: number, flags = 0): Row => [
  "splice",
  [R(pipe), NULL, F(0), at(to), int(len), int(flags)],
];
const between = (from: number, to: number, len: number): Row => [
  "splice",
  [R(from), NULL, W(to), NULL, int(len), int(0)],
];
const tee = (from: number, to: number, len: number): Row => [
  "tee",
  [R(from), W(to), int(len), int(0)],
];
const write = (len: number, pipe = 0): Row => ["write", [W(pipe), data(len)]];
const read = (len: number, pipe = 0): Row => ["read", [R(pipe), int(len)]];
const resize = (bytes: number): Row => ["fcntl", [W(0), int(F_SETPIPE_SZ), int(bytes)]];

const slotsOf = (s: State, pipe = 0) =>
  [...new Set([...s.fds.values()].flatMap((file) => file?.pipe ?? []))][pipe]!.slots;

/** Slots as the table of A.11 writes them. */
function ring(s: State, pipe = 0): string {
  const letter = (flags: number): string => (flags & 0x10 ? "M" : flags & 0x8 ? "P" : "-");
  return slotsOf(s, pipe)
    .map((slot) => `(${slot.offset % 4096},${slot.len},${letter(slot.flags)})`)
    .join("");
}

/** Return values, or the negative errno. */
const returns = (s: State): number[] =>
  outcome(s).results.map(({ ret, errno: e }) => (ret === -1 ? -e : ret));

describe("the mail", () => {
  const first = (s: State, call: number): number => outcome(s).results[call]!.data[0]!;
  const calls: Row[] = [
    ["pwrite", [F(0), data(4096, 0x1f), int(4096)]],
    toPipe(0, 8192),
    ["pwrite", [F(0), data(4096, 0xf0), int(0)]],
    ["pwrite", [F(0), data(4096, 0xf0), int(4096)]],
    read(4096),
    read(4096),
  ];
  const cases: [Setting, number, number, boolean][] = [
    [{ on: "ext4", policy: "linux" }, 0xf0, 0xf0, true],
    [{ on: "ext4", policy: "copy" }, 0x00, 0x1f, false],
    [{ on: "ext4", policy: "cow" }, 0x00, 0x1f, false],
    [{ on: "tmpfs", policy: "linux" }, 0x00, 0xf0, true],
    [{ on: "tmpfs", policy: "cow" }, 0x00, 0x1f, false],
  ];
  for (const [setting, a, b, broken] of cases)
    for (const grid of [1, 4096])
      test(`${setting.on}, ${setting.policy}, grid ${grid}`, () => {
        const end = runCalls([[]], [{}], calls, { ...setting, grid });
        expect(returns(end)).toEqual([4096, 8192, 4096, 4096, 4096, 4096]);
        expect([first(end, 4), first(end, 5)]).toEqual([a, b]);
        expect(snapshotBroken(end)).toBe(broken);
        expect(outcome(end).files[0]!.bytes.every((byte) => byte === 0xf0)).toBe(true);
      });
});

describe("rings of A.11", () => {
  const cases: [string, Row[], string, number?][] = [
    ["w100", [write(100)], "(0,100,M)"],
    ["w100 w5000", [write(100), write(5000)], "(0,1004,M)(0,4096,M)"],
    ["w100 w5000 r50", [write(100), write(5000), read(50)], "(50,954,M)(0,4096,M)"],
    ["w4096 r4095 w1", [write(4096), read(4095), write(1)], "(4095,1,M)(0,1,M)"],
    ["w10 w4086 w1", [write(10), write(4086), write(1)], "(0,4096,M)(0,1,M)"],
    ["w1 w9000", [write(1), write(9000)], "(0,809,M)(0,4096,M)(0,4096,M)"],
    [
      "splice, splice, w5",
      [toPipe(100, 10), toPipe(110, 10), write(5)],
      "(100,10,-)(110,10,-)(0,5,M)",
    ],
    ["w5 in A, moved to B, w2 in B", [write(5), between(0, 1, 5), write(2, 1)], "(0,7,M)", 1],
  ];
  for (const [name, rows, slots, pipe = 0] of cases)
    test(name, () => {
      expect(ring(runCalls([fill(1, 4096)], [{}, {}], rows), pipe)).toBe(slots);
    });

  test("O_DIRECT: w10 w20 w5000", () => {
    const end = runCalls([], [{ flags: O_DIRECT }], [write(10), write(20), write(5000)]);
    expect(ring(end)).toBe("(0,10,P)(0,20,P)(0,4096,P)(0,904,P)");
  });
  test("a split slot shares its page", () => {
    const rows = [write(7, 1), between(1, 2, 3), write(1, 1), write(1, 2)];
    const end = runCalls([], [{}, {}, {}], rows);
    expect([ring(end, 1), ring(end, 2)]).toEqual(["(3,5,M)", "(0,3,-)(0,1,M)"]);
    expect(slotsOf(end, 1)[0]!.folio).toBe(slotsOf(end, 2)[0]!.folio);
  });
  test("tee shares, and leaves the input as it is", () => {
    const rows = [write(8), toPipe(0, 100), write(3), tee(0, 1, 50)];
    const end = runCalls([fill(1, 4096)], [{}, {}], rows);
    expect([ring(end, 0), ring(end, 1)]).toEqual(["(0,8,M)(0,100,-)(0,3,M)", "(0,8,-)(0,42,-)"]);
    expect(slotsOf(end, 1)[1]!.folio).toBe(slotsOf(end, 0)[1]!.folio);
  });
  test("w4096 x5, r4096, F_SETPIPE_SZ 16384", () => {
    const rows = [...Array.from({ length: 5 }, () => write(4096)), read(4096), resize(16384)];
    const end = runCalls([], [{}], [...rows, resize(8192)]);
    expect(slotsOf(end)).toHaveLength(4);
    expect(returns(end).slice(-2)).toEqual([16384, -errno.EBUSY]);
  });
  test("a full ring still merges, and a large write may return its remainder alone (A8)", () => {
    const rows = [resize(4096), write(100), write(4097), write(5000), write(1)];
    const end = runCalls([], [{ flags: O_NONBLOCK }], rows);
    expect(returns(end)).toEqual([4096, 100, 1, 904, 1]);
  });
});

describe("the table B.9", () => {
  for (const on of ["ext4", "tmpfs"] as const) {
    const run = (pipes: { flags?: number; sizeBytes?: number }[], rows: Row[]): State =>
      runCalls([fill(7, 20000)], pipes, rows, { on });
    test(`${on}: file to pipe`, () => {
      const end = run([{}], [toPipe(0, 65536), toPipe(20000, 65536), toPipe(30000, 100)]);
      expect(returns(end)).toEqual([20000, 0, 0]);
      expect(ring(end)).toBe("(0,4096,-)".repeat(4) + "(0,3616,-)");
    });
    test(`${on}: an unaligned start wastes room, then one slot is freed`, () => {
      const rows = [toPipe(100, 1000000), read(3996), toPipe(0, 40000)];
      expect(returns(run([{ sizeBytes: 16384 }], rows))).toEqual([16284, 3996, 4096]);
    });
    test(`${on}: a full pipe`, () => {
      const full = [write(4096), toPipe(20000, 1, 0, SPLICE_F_NONBLOCK)];
      expect(returns(run([{ sizeBytes: 4096 }], full))).toEqual([4096, -errno.EAGAIN]);
    });
    test(`${on}: no readers`, () => {
      const end = run([{}], [["close", [R(0)]], toPipe(30000, 1)]);
      expect(returns(end)).toEqual([0, -errno.EPIPE]);
      expect(outcome(end).results[1]!.sigpipe).toBe(true);
    });
    test(`${on}: pipe to file takes what is buffered`, () => {
      const rows = [write(4101), toFile(0, 0, 100), toFile(0, 100, 100000)];
      const end = run(
        [{}],
        [...rows, toFile(0, 0, 1, SPLICE_F_NONBLOCK), ["close", [W(0)]], toFile(0, 0, 1)],
      );
      expect(returns(end)).toEqual([4101, 100, 4001, -errno.EAGAIN, 0, 0]);
    });
    test(`${on}: the same pipe, and a short tee`, () => {
      const rows = [write(12288), between(0, 0, 1), tee(0, 0, 1), tee(0, 1, 12288)];
      const end = run([{}, { sizeBytes: 8192 }], rows);
      expect(returns(end)).toEqual([12288, -errno.EINVAL, -errno.EINVAL, 8192]);
    });
  }
  test("RLIMIT_FSIZE cuts a splice, then refuses it (B-11)", () => {
    const rows = [write(4096), toFile(0, 0, 4096), toFile(0, 3000, 4096)];
    const end = runCalls([[]], [{}], rows, { environment: { fileSizeLimitBytes: 3000 } });
    expect(returns(end)).toEqual([4096, 3000, -errno.EFBIG]);
    expect(ring(end)).toBe("(3000,1096,M)");
  });
});

describe("folios", () => {
  const orders = (s: State): string =>
    [...new Set(s.names.get(0)!.pages.values())]
      .sort((a, b) => a.index - b.index)
      .map(({ index, bytes }) => `${index}:${Math.log2(bytes.length / 4096)}`)
      .join(" ");
  const pwrite = (len: number, to: number): Row => ["pwrite", [F(0), data(len), int(to)]];
  const truncate = (len: number): Row => ["ftruncate", [F(0), int(len)]];

  test("orders of new folios (C-4)", () => {
    const cases: [Row[], string][] = [
      [[pwrite(20000, 0)], "0:2 4:0"],
      [[pwrite(65536, 0)], "0:4"],
      [[pwrite(8192, 0)], "0:1"],
      [[pwrite(4096, 0), pwrite(4096, 4096)], "0:0 1:0"],
      [[pwrite(8192, 4096)], "1:0 2:0"],
      [[pwrite(4096, 4096), pwrite(8192, 0)], "0:0 1:0"],
    ];
    for (const [rows, expected] of cases) {
      expect(orders(runCalls([[]], [], rows)), expected).toBe(expected);
      expect(orders(runCalls([[]], [], rows, { on: "tmpfs" }))).not.toMatch(/:[1-9]/);
    }
  });
  test("truncating into a dirty large folio zeroes in place and keeps it whole (C-8)", () => {
    const end = runCalls([[]], [{}], [pwrite(8192, 0), toPipe(0, 8192), truncate(100), read(8192)]);
    const { data: got } = outcome(end).results[3]!;
    expect([got[99], got[100], got[4096]]).toEqual([0x41, 0, 0]);
    expect(orders(end)).toBe("0:1");
  });
  test("a whole page beyond the new end is detached with its bytes", () => {
    const rows = [pwrite(4096, 0), pwrite(4096, 4096), toPipe(0, 8192), truncate(4096), read(8192)];
    const end = runCalls([[]], [{}], rows);
    expect(outcome(end).results[4]!.data.every((byte) => byte === 0x41)).toBe(true);
    expect(snapshotBroken(end)).toBe(false);
  });
  test("cow also saves a tail from truncate and from pipe to file", () => {
    const rows = [toPipe(0, 4096), truncate(100), read(4096), toPipe(0, 50), write(9), read(50)];
    const end = runCalls([fill(1, 4096)], [{}], rows, { policy: "cow" });
    expect(outcome(end).results[2]!.data.every((byte) => byte === 1)).toBe(true);
    const race = [toPipe(0, 10), write(20, 1), toFile(1, 0, 20), read(10)];
    for (const [policy, broken] of [
      ["linux", true],
      ["cow", false],
    ] as const)
      expect(snapshotBroken(runCalls([fill(1, 20)], [{}, {}], race, { policy }))).toBe(broken);
  });
  test("readahead of a hole (C-5)", () => {
    const reads = (len: number, from: number): Row[] => [["pread", [F(0), int(len), int(from)]]];
    const cached = (rows: Row[]): number =>
      runCalls([hole(40 * 4096)], [], rows).names.get(0)!.pages.size;
    const counts = [reads(1, 0), reads(8192, 0), reads(3 * 4096, 0), reads(9 * 4096, 0)].map(
      cached,
    );
    expect(counts).toEqual([4, 4, 8, 32]);
    expect(cached(reads(1, 20 * 4096))).toBe(1);
  });
  test("a splice of a page onto itself at another offset is unmodelled (B-14)", () => {
    const rows = [toPipe(0, 8), toFile(0, 2, 8)];
    expect(runCalls([fill(1, 4096)], [{}], rows).unmodelled).toMatch(/own page/);
    expect(runCalls([fill(1, 4096)], [{}], rows, { policy: "cow" }).unmodelled).toBeUndefined();
  });
  test("O_TRUNC empties, O_APPEND appends", () => {
    const open = (flags: number): Row => ["open", [{ kind: "name", name: 0 }, int(flags)]];
    const rows: Row[] = [
      open(O_RDWR | O_TRUNC),
      open(O_RDWR | O_APPEND),
      ["pwrite", [result(1), data(5, 1), int(100)]],
      ["pwrite", [result(1), data(5, 2), int(0)]],
    ];
    const end = runCalls([fill(9, 300)], [], rows);
    expect(returns(end)).toEqual([4, 5, 5, 5]);
    expect([...outcome(end).files[0]!.bytes]).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  });
});

describe("blocking and waking", () => {
  test("a reader sleeps until a write, and both return", () => {
    const start = begin(program([], [{}], [[read(10)], [write(4)]]));
    let s = start;
    for (let n = 0; n < 3; n++) s = step(s, 0);
    expect(enabled(s)).toEqual([1]);
    expect(outcome(s).results[0]!.status).toBe("blocked");
    s = finish(s, [1]);
    expect(returns(s)).toEqual([4, 4]);
    expect(enabled(start)).toEqual([0, 1]);
  });
  test("one write wakes one reader; what that leaves wakes the next", () => {
    const readers = [[read(1)], [read(1)], [read(1)]];
    const s = finish(begin(program([], [{}], [...readers, [write(2)]])), [0, 1, 2]);
    expect(outcome(s).results.map((r) => r.status)).toEqual([
      "returned",
      "returned",
      "blocked",
      "returned",
    ]);
  });
  test("closing the last end wakes everybody", () => {
    const closes: Row[] = [["close", [W(0)]]];
    const s = finish(begin(program([], [{}], [[read(1)], [read(1)], closes])), [0, 1]);
    expect(returns(s)).toEqual([0, 0, 0]);
  });
  test("a close during a call leaves the description to the call", () => {
    const closes: Row[] = [["close", [R(0)]], write(1)];
    const s = finish(begin(program([], [{}], [[read(1)], closes])), [0]);
    expect(returns(s)).toEqual([1, 0, 1]);
    expect(s.fds.size).toBe(1);
  });
  test("a splice waits for one slot and then returns short (B-1)", () => {
    const threads = [[write(8192), toPipe(0, 8192)], [read(4096)]];
    const made = program([fill(1, 8192)], [{ sizeBytes: 8192 }], threads);
    const s = finish(begin(made), [0]);
    expect(returns(s)).toEqual([8192, 4096, 4096]);
  });
  test("poll waits for data; a negative descriptor waits for nothing", () => {
    const poll = (fd: ReturnType<typeof R>, timeout: number): Row => [
      "poll",
      [fd, int(1), int(timeout)],
    ];
    const threads = [[poll(R(0), 0), poll(R(0), -1)], [write(1)], [poll(int(99), -1)]];
    const s = finish(begin(program([], [{}], threads)), [0]);
    expect(outcome(s).results.map(({ ret, out }) => [ret, out])).toEqual([
      [0, 0],
      [1, 1],
      [1, undefined],
      [1, 0x20],
    ]);
  });
  test("no state changes when it is stepped from", () => {
    const made = program([fill(1, 8192)], [{}], [[toPipe(0, 8192), read(8192)], [toPipe(0, 1)]]);
    let s = begin(made);
    const seen: [now: State, then: State][] = [];
    for (let [next] = enabled(s); next !== undefined; [next] = enabled(s)) {
      seen.push([s, structuredClone(s)]);
      s = step(s, next);
    }
    for (const [now, then] of seen) expect(now).toEqual(then);
    expect(seen.length).toBeGreaterThan(10);
  });
});
