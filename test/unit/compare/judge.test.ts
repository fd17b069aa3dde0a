import { describe, expect, test } from "vitest";
import type { Prop } from "../../../src/language/program.js";
import { judge, verdict } from "../../../src/compare/judge.js";
import { packFds } from "../../../src/trace/outcome.js";
import { fill, made, makeCall, makeOutcome, makeProgram, num, pipe, result } from "./make.js";

const content = (byte: number, lenBytes: number) => [{ byte, lenBytes }];

describe("judge", () => {
  const program = makeProgram(
    { files: 1, pipes: 1 },
    { t: [makeCall("read", [pipe(0, "r"), num(4096)], { register: "a" })] },
  );
  const dataIs = (byte: number, lenBytes: number): Prop => ({
    kind: "data",
    call: 0,
    content: content(byte, lenBytes),
  });

  test("data is compared byte for byte, length included", () => {
    const outcome = makeOutcome([{ ret: 4096, data: fill(0xf0, 4096) }]);
    expect(judge(program, dataIs(0xf0, 4096), outcome)).toBe(true);
    expect(judge(program, dataIs(0xf0, 4095), outcome)).toBe(false);
    expect(judge(program, dataIs(0xf1, 4096), outcome)).toBe(false);
    const last = fill(0xf0, 4096);
    last[4095] = 0;
    expect(judge(program, dataIs(0xf0, 4096), makeOutcome([{ ret: 4096, data: last }]))).toBe(
      false,
    );
  });

  test("a call that is blocked or failed has no data, not even empty data", () => {
    const empty: Prop = { kind: "data", call: 0, content: [] };
    expect(judge(program, empty, makeOutcome([{ ret: 0 }]))).toBe(true);
    expect(judge(program, empty, makeOutcome([{ ret: -1, errno: 11 }]))).toBe(false);
    expect(judge(program, empty, makeOutcome([{ status: "blocked" }]))).toBe(false);
  });

  test("a hole in a condition stands for zeros", () => {
    const hole: Prop = { kind: "file", name: 0, content: [{ byte: "hole", lenBytes: 3 }] };
    expect(
      judge(program, hole, makeOutcome([{}], { files: [{ name: 0, bytes: fill(0, 3) }] })),
    ).toBe(true);
  });

  test("a file that is not there is no empty file", () => {
    const empty: Prop = { kind: "file", name: 0, content: [] };
    expect(judge(program, empty, makeOutcome([{}]))).toBe(false);
    const files = [{ name: 0, bytes: fill(0, 0) }];
    expect(judge(program, empty, makeOutcome([{}], { files }))).toBe(true);
  });

  test("snapshot is unknown on a kernel, and unknown goes no further than it must", () => {
    const kernel = makeOutcome([{ ret: 1, data: fill(1, 1) }]);
    const snapshot: Prop = { kind: "snapshot" };
    const all = (kind: "and" | "or", ...props: Prop[]): Prop => ({ kind, props });
    expect(judge(program, snapshot, kernel)).toBe("unknown");
    expect(judge(program, { kind: "not", prop: snapshot }, kernel)).toBe("unknown");
    expect(judge(program, all("and", snapshot, dataIs(2, 1)), kernel)).toBe(false);
    expect(judge(program, all("or", snapshot, dataIs(1, 1)), kernel)).toBe(true);
    expect(judge(program, all("or", snapshot, dataIs(2, 1)), kernel)).toBe("unknown");
    expect(judge(program, snapshot, { ...kernel, snapshot: false })).toBe(false);
  });
});

describe("numbers", () => {
  const program = makeProgram(
    { files: 0, pipes: 1 },
    {
      t: [
        makeCall("poll", [pipe(0, "r"), num(1), num(0)], { register: "e" }),
        makeCall("write", [pipe(0, "w"), num(0)], { register: "n" }),
      ],
    },
  );
  const is = (call: number, value: bigint): Prop => ({ kind: "number", call, value });

  test("poll's register holds revents, write's the return value", () => {
    const outcome = makeOutcome([
      { ret: 1, out: 0x41 },
      { ret: 7, out: 3 },
    ]);
    expect(judge(program, is(0, 0x41n), outcome)).toBe(true);
    expect(judge(program, is(0, 1n), outcome)).toBe(false);
    expect(judge(program, is(1, 7n), outcome)).toBe(true);
  });

  test("a failed call's register holds -1, that of a call not returned holds nothing", () => {
    const outcome = makeOutcome([
      { ret: -1, errno: 9 },
      { status: "blocked", ret: 0 },
    ]);
    expect(judge(program, is(0, -1n), outcome)).toBe(true);
    expect(judge(program, is(1, 0n), outcome)).toBe(false);
  });
});

describe("pipes are found by the lowest descriptor of their read end", () => {
  const left: Prop = { kind: "pipe", pipe: { pipe: 0 }, content: content(5, 2) };
  const at = (fd: number) => ({ pipes: [{ fd, bytes: fill(5, 2) }] });

  test("a declared pipe: 3 files come first", () => {
    const program = makeProgram({ files: 3, pipes: 1 }, { t: [] });
    expect(judge(program, left, makeOutcome([], at(6)))).toBe(true);
    expect(judge(program, left, makeOutcome([], at(5)))).toBe(false);
  });

  test("its read end was duplicated, then closed, and its number given to another pipe", () => {
    const program = makeProgram(
      { files: 1, pipes: 1 },
      {
        t: [
          makeCall("dup", [pipe(0, "r")], { register: "d" }),
          makeCall("close", [pipe(0, "r")]),
          makeCall("pipe2", [{ kind: "newpipe", name: "n" }, num(0)]),
        ],
      },
    );
    const results = [{ ret: 6 }, { ret: 0 }, { ret: 0, out: packFds(4, 7) }];
    const pipes = [
      { fd: 4, bytes: fill(9, 1) },
      { fd: 6, bytes: fill(5, 2) },
    ];
    expect(judge(program, left, makeOutcome(results, { pipes }))).toBe(true);
    const ofMade: Prop = { kind: "pipe", pipe: { call: 2 }, content: content(9, 1) };
    expect(judge(program, ofMade, makeOutcome(results, { pipes }))).toBe(true);
  });

  test("without a read end left there is no pipe", () => {
    const program = makeProgram(
      { files: 1, pipes: 0 },
      {
        t: [
          makeCall("pipe2", [{ kind: "newpipe", name: "n" }, num(0)]),
          makeCall("close", [made(0, "r")]),
          makeCall("close", [result(0)]),
        ],
      },
    );
    const outcome = makeOutcome([
      { ret: 0, out: packFds(4, 5) },
      { ret: 0 },
      { ret: -1, errno: 9 },
    ]);
    const empty: Prop = { kind: "pipe", pipe: { call: 0 }, content: [] };
    expect(judge(program, empty, outcome)).toBe(false);
  });
});

describe("verdict", () => {
  const prop: Prop = { kind: "data", call: 0, content: content(1, 1) };
  const program = makeProgram(
    { files: 0, pipes: 1 },
    { t: [makeCall("read", [pipe(0, "r"), num(1)], { register: "a" })] },
    prop,
  );
  const got = (byte: number, snapshot?: boolean) =>
    makeOutcome([{ ret: 1, data: fill(byte, 1) }], snapshot === undefined ? {} : { snapshot });
  const asking = (quantifier: "exists" | "~exists" | "forall", asked: Prop = prop) => ({
    ...program,
    condition: { quantifier, prop: asked },
  });

  test.each([
    ["exists", [1, 2], "Sometimes", true],
    ["exists", [2, 2], "Never", false],
    ["~exists", [1, 2], "Sometimes", false],
    ["~exists", [2], "Never", true],
    ["forall", [1, 1], "Always", true],
    ["forall", [1, 2], "Sometimes", false],
    ["forall", [], "Never", true],
  ] as const)("%s over %j: %s, %s", (quantifier, bytes, observation, holds) => {
    const found = verdict(
      asking(quantifier),
      bytes.map((byte) => got(byte)),
    );
    expect(found).toMatchObject({ observation, holds });
  });

  test("the filter takes outcomes away before the question is asked", () => {
    const filtered = { ...asking("forall"), filter: prop };
    expect(verdict(filtered, [got(1), got(2)])).toMatchObject({
      holds: true,
      positive: 1,
      negative: 0,
      excluded: 1,
    });
  });

  test("forall snapshot on a kernel is unknown, with one broken run it is false", () => {
    const forall = asking("forall", { kind: "snapshot" });
    expect(verdict(forall, [got(1), got(2, true)])).toMatchObject({ holds: "unknown", unknown: 1 });
    expect(verdict(forall, [got(1), got(2, false)])).toMatchObject({ holds: false });
  });
});
