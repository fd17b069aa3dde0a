import { describe, expect, test } from "vitest";
import { randomProgram } from "../../../src/arbitraries/random.js";
import { keepCalls, withoutFile, withoutPipe } from "../../../src/compare/edit.js";
import { shrinkProgram } from "../../../src/compare/shrink.js";
import { callsOf, contentBytes } from "../../../src/language/program.js";
import type { Program } from "../../../src/language/program.js";
import { roughRun } from "../arbitraries/rough.js";
import { faultsOf } from "../arbitraries/valid.js";
import { NULL, data, file, made, makeCall, makeProgram, num, pipe, result } from "./make.js";

const SEED = 7;
const never = (): Promise<boolean> => Promise.resolve(false);

/** Whether a page in a pipe is modified before it is consumed: stands in for a divergence. */
const interesting = (program: Program, picks: readonly number[]): Promise<boolean> =>
  Promise.resolve(roughRun({ program, picks }).interesting);

describe("shrinkProgram", () => {
  test("random programs with the mail's race become the mail's three calls", async () => {
    let found = 0;
    let threeCalls = 0;
    for (let index = 0; found < 25; index++) {
      // roughRun follows pages through splice alone.
      const { program, picks } = randomProgram(SEED, index, { moves: false });
      if (!(await interesting(program, picks))) continue;
      found++;
      const small = await shrinkProgram(program, picks, interesting);
      expect(await interesting(small.program, small.picks), `program ${index}`).toBe(true);
      expect(faultsOf(small.program), `program ${index}`).toEqual([]);
      // Four where the page goes on through a second pipe: no single edit removes that.
      expect(callsOf(small.program).length, `program ${index}`).toBeLessThanOrEqual(4);
      if (callsOf(small.program).length === 3) threeCalls++;
      expect(small.program.threads).toHaveLength(1);
      expect(small.program.files).toHaveLength(1);
      expect(small.picks).toEqual([]);
    }
    expect(threeCalls).toBeGreaterThanOrEqual(20);
  });

  test("every candidate is a valid program whose picks name its threads", async () => {
    for (let index = 0; index < 40; index++) {
      const others = { sockets: true, uring: true, memory: false, moves: true };
      const { program, picks } = randomProgram(SEED, index, index < 20 ? {} : others);
      await shrinkProgram(program, picks, (candidate, order) => {
        expect(faultsOf(candidate)).toEqual([]);
        for (const pick of order) expect(pick).toBeLessThan(Math.max(1, candidate.threads.length));
        return Promise.resolve(order.length % 3 === 0);
      });
    }
  });

  test("what nothing smaller fails comes back as it is", async () => {
    const { program, picks } = randomProgram(SEED, 3);
    expect(await shrinkProgram(program, picks, never)).toEqual({ program, picks });
  });

  test("no more attempts than allowed, none twice, the same result each time", async () => {
    const { program, picks } = randomProgram(SEED, 1);
    let asked = 0;
    const count = (): Promise<boolean> => Promise.resolve(++asked % 5 === 0);
    await shrinkProgram(program, picks, count, { attemptsMax: 40 });
    expect(asked).toBe(40);
    const hasWrite = (candidate: Program): Promise<boolean> =>
      Promise.resolve(callsOf(candidate).some((call) => call.syscall === "pwrite"));
    const twice = [0, 1].map(() => shrinkProgram(program, picks, hasWrite));
    const [first, second] = await Promise.all(twice);
    expect(first).toEqual(second);
  });

  test("a length that matters becomes simple as far as it can, one that does not matter goes", async () => {
    const program = makeProgram(
      { files: 2, pipes: 1 },
      { t: [makeCall("pwrite", [file(1), data(0x22, 5000), num(8192)])] },
    );
    const long = (candidate: Program): Promise<boolean> =>
      Promise.resolve(
        callsOf(candidate).some(
          ({ operands: [, it] }) => it?.kind === "data" && contentBytes(it.content) > 4500,
        ),
      );
    const small = await shrinkProgram(program, [0], long);
    expect(callsOf(small.program)[0]?.operands).toEqual([file(0), data(0x22, 8192), num(0)]);
    expect(small.program.names).toEqual(["g"]);
    expect(small.program.pipes).toEqual([]);
  });
});

describe("keepCalls", () => {
  const program = makeProgram(
    { files: 1, pipes: 1 },
    {
      a: [
        makeCall("dup", [file(0)], { register: "d" }),
        makeCall("pipe2", [{ kind: "newpipe", name: "n" }, num(0)], { label: "l" }),
        makeCall("splice", [result(0), NULL, made(1, "w"), NULL, num(1), num(0)]),
      ],
      b: [makeCall("read", [pipe(0, "r"), num(1)], { register: "r", after: [1] })],
    },
    { kind: "data", call: 3, content: [{ byte: 1, lenBytes: 1 }] },
  );
  const without = (...gone: number[]) =>
    keepCalls({ program, picks: [0, 1, 0] }, (call) => !gone.includes(call.id));

  test("numbers calls, waits and the condition anew", () => {
    const { program: kept } = without(0);
    expect(callsOf(kept).map((call) => call.id)).toEqual([0, 1, 2]);
    expect(callsOf(kept)[2]?.after).toEqual([0]);
    expect(kept.condition?.prop).toMatchObject({ kind: "data", call: 2 });
  });

  test("a call goes with the mapping that it names, wherever it names it", () => {
    const map = [NULL, num(4096), num(1), num(2), file(0), num(0)];
    const mapped = makeProgram(
      { files: 1, pipes: 1 },
      {
        a: [
          makeCall("mmap", map, { register: "m" }),
          makeCall("vmsplice", [pipe(0, "w"), result(0), num(1), num(0), num(0)]),
          makeCall("munmap", [result(0), num(4096)]),
        ],
      },
    );
    const { program: kept } = keepCalls({ program: mapped, picks: [] }, ({ id }) => id !== 0);
    expect(callsOf(kept)).toEqual([]);
  });

  test("a descriptor of a call that is gone becomes what it named, or none", () => {
    expect(callsOf(without(0).program)[1]?.operands[0]).toEqual(file(0));
    expect(callsOf(without(1).program)[1]?.operands[2]).toEqual(num(-1));
    expect(callsOf(without(1).program)[2]?.after).toEqual([]);
  });

  test("so does one of an open: a declared file's, none where the name is no such file's", () => {
    const opens = (name: number) =>
      makeProgram(
        { files: 1, pipes: 0 },
        {
          a: [
            makeCall("open", [{ kind: "name", name }, num(0), num(0)], { register: "d" }),
            makeCall("read", [result(0), num(1)]),
          ],
        },
      );
    const left = (name: number) =>
      callsOf(keepCalls({ program: opens(name), picks: [] }, ({ id }) => id !== 0).program)[0];
    expect(left(0)?.operands[0]).toEqual(file(0));
    expect(left(1)?.operands[0]).toEqual(num(-1));
  });

  test("a thread without calls goes, with its picks; what is said of its calls is true", () => {
    const { program: kept, picks } = without(0, 1, 2);
    expect(kept.threads.map((thread) => thread.name)).toEqual(["b"]);
    expect(picks).toEqual([0]);
    expect(without(3).program.condition?.prop).toEqual({ kind: "true" });
  });

  test("files and pipes that a call uses stay", () => {
    expect(withoutFile(program, 0)).toBeUndefined();
    expect(withoutPipe(program, 0)).toBeUndefined();
    expect(withoutPipe(without(3).program, 0)?.pipes).toEqual([]);
  });
});
