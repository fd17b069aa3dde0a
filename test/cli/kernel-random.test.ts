// Ranges of random programs on several shards: what is told does not depend on who is done first.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { saveDivergence } from "../../src/cli/divergence-file.js";
import { CannotRun, EXIT } from "../../src/cli/exit.js";
import { RANGE, checkRandom } from "../../src/cli/kernel-random.js";
import type { CrossChecker } from "../../src/cli/cross-check.js";
import type { Range, RangeReport, Shard } from "../../src/cli/shard.js";
import { fakeEdge } from "./fake-edge.js";

const RANGES = 6;
const empty = { programs: 0, modified: 0, rows: {} };
/** Nothing here diverges, so nothing is shrunk. */
const checker = {} as CrossChecker;

/** Fails the first program of each range. */
const reportOf = ({ first, count }: Range): RangeReport => ({
  unmodelled: 1,
  moments: 0,
  failed: [{ index: first, reason: "it was meant to" }],
  trapped: [],
  diverged: [],
  tally: { ...empty, programs: count },
});

/** A shard that is done when somebody says so. */
class SlowShard implements Shard {
  closed = false;
  readonly #open: (() => void)[] = [];

  check(range: Range): Promise<RangeReport> {
    return new Promise((resolve) =>
      this.#open.push(() => {
        resolve(reportOf(range));
      }),
    );
  }

  /** Ends the range at hand; whether there was one. */
  finish(): boolean {
    const end = this.#open.shift();
    end?.();
    return end !== undefined;
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

const task = {
  ...{ checker, json: false, binding: true, fileSystem: "ext4", whitebox: false },
  ...{
    seed: 1,
    parts: [],
    from: 0,
    count: RANGES * RANGE,
    save: "divergences",
    words: ["--fs", "ext4"],
  },
};

/** Runs on shards of which the last is always the first to be done. */
async function runOn(shards: readonly SlowShard[]): Promise<string[]> {
  const { edge, out } = fakeEdge();
  let code: number | undefined;
  const run = checkRandom(edge, { ...task, shards }).then((ended) => (code = ended));
  while (code === undefined) {
    [...shards].reverse().some((shard) => shard.finish());
    await new Promise((resolve) => setImmediate(resolve));
  }
  await run;
  expect(code).toBe(EXIT.undecided);
  expect(shards.every((shard) => shard.closed)).toBe(true);
  return out;
}

test("reports are told in the order of the programs", async () => {
  const one = await runOn([new SlowShard()]);
  const three = await runOn([new SlowShard(), new SlowShard(), new SlowShard()]);
  expect(one.slice(0, 3)).toEqual(
    [0, RANGE, 2 * RANGE].map((index) => `program ${index} failed: it was meant to`),
  );
  expect(one.at(-1)).toContain(`${RANGES * RANGE} programs`);
  expect(one.at(-1)).toContain("6 not modelled, 6 failed");
  expect(three).toEqual(one);
});

test("Ctrl-C ends the ranges at hand and tells them", async () => {
  const { edge, out, interrupt } = fakeEdge();
  const shards = [new SlowShard(), new SlowShard()];
  const run = checkRandom(edge, { ...task, shards });
  interrupt();
  for (const shard of shards) expect(shard.finish()).toBe(true);
  await run;
  const rest = `--random ${(RANGES - 2) * RANGE} --seed 1 --from ${2 * RANGE} --fs ext4`;
  expect(out.at(-1)).toBe(
    `interrupted after ${2 * RANGE} of ${RANGES * RANGE} programs; to go on: splicelab kernel ${rest}`,
  );
  expect(shards.every((shard) => shard.closed)).toBe(true);
});

test("time ends it, and the next run goes on where it ended", async () => {
  const { edge, out } = fakeEdge();
  const shard = new SlowShard();
  let code: number | undefined;
  // The clock goes on by a second whenever somebody looks.
  const run = checkRandom(edge, { ...task, shards: [shard], count: Infinity, seconds: 7 });
  void run.then((ended) => (code = ended));
  while (code === undefined) {
    shard.finish();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const told =
    /^time is over after (\d+) programs; to go on: splicelab kernel --random --seconds 7 /;
  const done = Number(told.exec(out.at(-1))?.[1]);
  expect(done).toBeGreaterThan(0);
  expect(done % RANGE).toBe(0);
  expect(out.at(-1)).toContain(`--from ${done} --fs ext4`);
});

test("a divergence is saved, and never over another", async () => {
  const folder = await mkdtemp(join(tmpdir(), "splicelab-test-"));
  try {
    const save = join(folder, "made", "here");
    const tell = { text: "call\n", schedule: ["t"], again: "splicelab kernel" };
    const first = await saveDivergence(save, "ext4-seed1-7", { ...tell, message: "observed 1" });
    const again = await saveDivergence(save, "ext4-seed1-7", { ...tell, message: "observed 1" });
    const other = await saveDivergence(save, "ext4-seed1-7", { ...tell, message: "observed 2" });
    expect([first, again, other].map((file) => relative(save, file))).toEqual([
      ...["ext4-seed1-7.litmus", "ext4-seed1-7.litmus", "ext4-seed1-7-2.litmus"],
    ]);
    expect(await readFile(first, "utf8")).toBe(
      "# diverges:\n# observed 1\n# schedule: t\n# again: splicelab kernel\n\ncall\n",
    );
    await expect(saveDivergence(first, "x", { ...tell, message: "" })).rejects.toThrow(CannotRun);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a shard that cannot run ends the others", async () => {
  const { edge } = fakeEdge();
  const good = new SlowShard();
  const bad = new SlowShard();
  bad.check = () => Promise.reject(new CannotRun("a worker process has ended"));
  const run = checkRandom(edge, { ...task, shards: [good, bad] });
  await expect(run).rejects.toThrow(CannotRun);
  expect([good.closed, bad.closed]).toEqual([true, true]);
});
