import { describe, expect, test } from "vitest";
import { conform, differences, sameOutcome } from "../../../src/compare/conform.js";
import { outcomeKey } from "../../../src/trace/outcome-key.js";
import { packFds } from "../../../src/trace/outcome.js";
import { fill, makeCall, makeOutcome, makeProgram, num, pipe } from "./make.js";

const program = makeProgram(
  { files: 1, pipes: 1 },
  {
    client: [
      makeCall("read", [pipe(0, "r"), num(4)], { register: "a" }),
      makeCall("pipe2", [{ kind: "newpipe", name: "n" }, num(0)]),
    ],
  },
);
const base = makeOutcome(
  [
    { ret: 4, data: fill(1, 4), startedAt: 0, returnedAt: 0 },
    { ret: 0, out: packFds(6, 7), startedAt: 1, returnedAt: 1 },
  ],
  { files: [{ name: 0, bytes: fill(2, 8) }], pipes: [{ fd: 4, bytes: fill(3, 1) }] },
);
/** `base` with one call's result changed. */
const withResult = (call: number, change: object) => ({
  ...base,
  results: base.results.map((each) => (each.call === call ? { ...each, ...change } : each)),
});

describe("differences", () => {
  test("none between equals, and rounds or a snapshot that one side lacks do not count", () => {
    expect(differences(base, base, program)).toEqual([]);
    const bare = makeOutcome([{ ret: 4, data: fill(1, 4) }, { out: packFds(6, 7) }]);
    const other = { ...base, results: bare.results, snapshot: true };
    expect(differences(base, other, program)).toEqual([]);
    expect(sameOutcome(base, other), "sameOutcome agrees").toBe(true);
  });

  test.each([
    ["state", { status: "blocked" }, "blocked", "returned"],
    ["return value", { ret: -1, errno: 11, data: fill(1, 4) }, "-1 EAGAIN", "4"],
    ["data", { data: fill(7, 4) }, "0x07 * 4", "0x01 * 4"],
    ["SIGPIPE", { sigpipe: true }, "sent", "not sent"],
    ["returned in round", { returnedAt: 1 }, "1", "0"],
    ["stored number", { out: 0 }, "0", "none"],
  ])("%s", (field, change, observed, allowed) => {
    const found = differences(withResult(0, change), base, program);
    expect(found).toEqual([{ place: "read() (client:a)", field, observed, allowed }]);
    expect(sameOutcome(withResult(0, change), base), "sameOutcome agrees").toBe(false);
  });

  test("descriptors of pipe2 are written out, a call without a name is counted", () => {
    expect(differences(withResult(1, { out: packFds(6, 8) }), base, program)).toEqual([
      {
        place: "pipe2() (call 2 of client)",
        field: "stored number",
        observed: "6 and 8",
        allowed: "6 and 7",
      },
    ]);
  });

  test("one byte of a file, and a pipe that is gone", () => {
    const bytes = fill(2, 8);
    bytes[7] = 9;
    const other = { ...base, files: [{ name: 0, bytes }], pipes: [] };
    expect(differences(other, base, program)).toEqual([
      { place: "file f", field: "content", observed: "0x02 * 7, 0x09 * 1", allowed: "0x02 * 8" },
      {
        place: "the pipe with read end 4",
        field: "content",
        observed: "not there",
        allowed: "0x03 * 1",
      },
    ]);
  });
});

describe("outcomeKey", () => {
  test("equal outcomes have equal keys, rounds aside; different ones differ", () => {
    expect(outcomeKey(withResult(0, { startedAt: 5, returnedAt: 6 }))).toBe(outcomeKey(base));
    const others = [
      withResult(0, { data: fill(7, 4) }),
      withResult(0, { ret: 3 }),
      withResult(0, { status: "blocked" }),
      withResult(0, { sigpipe: true }),
      withResult(0, { out: 4 }),
      { ...base, pipes: [] },
      { ...base, files: [{ name: 0, bytes: fill(2, 7) }] },
      { ...base, files: [{ fd: 0, bytes: fill(2, 8) }] },
      { ...base, snapshot: true },
      { ...base, snapshot: false },
      base,
    ];
    expect(new Set(others.map(outcomeKey)).size).toBe(others.length);
  });
});

describe("conform", () => {
  test("one of the allowed outcomes is enough", () => {
    expect(conform(base, [withResult(0, { ret: 1 }), base], program)).toBeUndefined();
  });

  test("a divergence is told against the nearest allowed outcome", () => {
    const far = withResult(0, { ret: 1, data: fill(9, 1), sigpipe: true });
    const near = withResult(0, { data: fill(9, 4) });
    const found = conform(base, [far, near], program);
    expect(found?.differences).toHaveLength(1);
    expect(found?.message).toBe(
      "read() (client:a), data: observed 0x01 * 4; " +
        "the model allows only 0x09 * 4 (in the nearest of 2 outcomes)",
    );
  });

  test("nothing allowed is a divergence too", () => {
    expect(conform(base, [], program)?.message).toContain("no outcome at all");
  });
});
