// RWF_ATOMIC, RWF_NOWAIT and RWF_DONTCACHE of writes as Linux 6.18 did them on each file system, and a profile's second word.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { hashOf } from "../../../src/model/asked.js";
import { Core } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { outcomesOfPicks } from "../../../src/model/schedule.js";
import { ALL_REDUCTIONS, NO_REDUCTIONS } from "../../../src/model/search.js";
import { traceOf } from "../../../src/model/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import { outcomeKey } from "../../../src/trace/outcome-key.js";
import { searched } from "../../helpers/outcomes.js";

function setupOf(profile: string, ...threads: readonly string[]): Setup {
  const bodies = threads.map((calls, n) => `thread t${n} {\n${calls}\n}\n`);
  const text = `litmus flags\nfile f = 0x11 * 8192\npipe p\n${bodies.join("")}`;
  const { program, diagnostics } = parseProgram(text);
  if (program === undefined) throw new Error(JSON.stringify(diagnostics));
  return {
    program,
    profile: parseProfile(profile),
    policy: parsePolicy("linux"),
    environment: ENVIRONMENT,
  };
}

/** What the last call of a thread returned, or its errno. */
function last(profile: string, calls: string): number | undefined {
  const { results } = traceOf(new Core(), setupOf(profile, calls)).outcome;
  const { ret, errno, status } = results.at(-1)!;
  return status !== "returned" ? undefined : ret < 0 ? errno : ret;
}
const [EAGAIN, EINVAL, EOPNOTSUPP] = [11, 22, 95];

test("an atomic write is looked at before it is refused, and is written with O_DIRECT", () => {
  const open = 'd = open("f", O_RDWR | O_DIRECT)\n';
  expect(last("6.18/ext4", "pwritev2(f, [0x22 * 100], 0, RWF_ATOMIC)")).toBe(EOPNOTSUPP);
  for (const [iov, at] of [
    ["0x22 * 2048", 0],
    ["0x22 * 12288", 0],
    ["0x22 * 4096", 2048],
    ['0x22 * 4096, ""', 0],
  ])
    expect(last("6.18/xfs", `pwritev2(f, [${iov}], ${at}, RWF_ATOMIC)`)).toBe(EINVAL);
  const write = "[0x22 * 4096], 4096, RWF_ATOMIC)";
  expect(last("6.18/xfs", `pwritev2(f, ${write}`)).toBe(EOPNOTSUPP);
  expect(last("6.18/xfs", `${open}pwritev2(d, ${write}`)).toBe(4096);
  expect(last("6.18/btrfs", `${open}pwritev2(d, ${write}`)).toBe(EOPNOTSUPP);
});

test("a write that must not wait fails where the file is made longer, or copies", () => {
  const write = 'pwritev2(f, ["x"], 8193, RWF_NOWAIT)';
  expect(last("6.18/ext4", write)).toBe(EOPNOTSUPP);
  expect(last("6.18/xfs", write)).toBe(EAGAIN);
  expect(last("6.18/btrfs", write)).toBe(EAGAIN);
  expect(last("6.18/btrfs", 'pwritev2(f, ["x"], 0, RWF_NOWAIT)')).toBe(EAGAIN);
  expect(last("6.18/btrfs", `fallocate(f, 0, 0, 4096)\n${write}`)).toBeUndefined();
});

test("it does not wait for another write, however the orders are searched", () => {
  const setup = setupOf(
    "6.18/btrfs",
    "pwrite(f, 0x22 * 8192, 0)",
    "pwritev2(f, [0x33 * 4096], 12288, RWF_NOWAIT)\npread(f, 4096, 4096)",
  );
  const { keys } = searched(setup, { reductions: ALL_REDUCTIONS })!;
  expect(keys).toEqual(searched(setup, { reductions: NO_REDUCTIONS })!.keys);
  expect(keys).toHaveLength(2);
});

test("the second word of a profile is spelled, and part of what is asked", () => {
  const other = parseProfile("6.18/ext4,atomic=known");
  expect(other.name).toBe("6.18/ext4,atomic=known");
  expect(parseProfile("6.18/xfs,atomic=refused,nowait=in-place").knows).toBe(
    parseProfile("6.18/btrfs").knows,
  );
  const setup = setupOf("6.18/ext4", "fsync(f)");
  expect(hashOf({ ...setup, profile: other })).not.toBe(hashOf(setup));
});

const SPLICED =
  "splice(f, 8192, p.w, NULL, 4096, 0)\npwrite(f, 0x33 * 4096, 8192)\nread(p.r, 4096)";

test("what a write with RWF_DONTCACHE makes may leave, and what it finds stays", () => {
  for (const profile of ["6.18/ext4", "6.18/xfs"]) {
    const made = setupOf(profile, `pwritev2(f, [0x22 * 4096], 8192, RWF_DONTCACHE)\n${SPLICED}`);
    const { keys } = searched(made, { reductions: ALL_REDUCTIONS })!;
    expect(keys).toEqual(searched(made, { reductions: NO_REDUCTIONS })!.keys);
    expect(keys).toHaveLength(2);
    const picked = outcomesOfPicks(new Core(), made, []).outcomes.map(outcomeKey);
    expect(new Set(picked).size).toBe(2);
    const found = SPLICED.replaceAll("8192", "0");
    const stays = setupOf(profile, `pwritev2(f, [0x22 * 4096], 0, RWF_DONTCACHE)\n${found}`);
    expect(searched(stays, { reductions: ALL_REDUCTIONS })!.keys).toHaveLength(1);
  }
});

test("a write without the flag keeps the page", () => {
  const write = "pwritev2(f, [0x22 * 4096], 8192, RWF_DONTCACHE)\n";
  const setup = setupOf("6.18/ext4", `${write}pwrite(f, 0x44 * 4096, 8192)\n${SPLICED}`);
  expect(searched(setup, { reductions: ALL_REDUCTIONS })!.keys).toHaveLength(1);
});

test("posix_fadvise lets no page go of which nobody knows whether it is written back", () => {
  const cachedAfter = (calls: string): boolean[] =>
    traceOf(new Core(), setupOf("6.18/ext4", calls))
      .steps.at(-1)!
      .world.inodes[0]!.pages.map((frame) => frame !== 0);
  const write = "pwritev2(f, [0x22 * 8192], 0, RWF_DONTCACHE)\n";
  const advise = "posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)";
  expect(cachedAfter(write + advise)).toEqual([true, true]);
  expect(cachedAfter(`${write}fsync(f)\n${advise}`)).not.toContain(true);
});

test("on xfs a write that must not wait is done or not, as the clock ticks, and equal threads are equal", () => {
  const write = "pwritev2(f, [0x22 * 4096], 0, RWF_NOWAIT)";
  const setup = setupOf("6.18/xfs", write, write);
  const { keys } = searched(setup, { reductions: ALL_REDUCTIONS })!;
  expect(keys).toEqual(searched(setup, { reductions: NO_REDUCTIONS })!.keys);
  expect(keys).toHaveLength(4);
  const picked = outcomesOfPicks(new Core(), setup, []).outcomes.map(outcomeKey);
  expect(new Set(picked).size).toBe(4);
  const gone = "fsync(f)\nposix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)\n";
  expect(last("6.18/xfs", `${gone}pwritev2(f, ["x"], 0, RWF_NOWAIT)`)).toBeUndefined();
});
