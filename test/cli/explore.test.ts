// `explore`: herd's form, exit codes, words of verdicts, tokens that replay, samples, bounds, shards, Ctrl-C.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli } from "./fake-edge.js";

const RACE = "litmus/mail-race.litmus";
const ORDERED = "litmus/mail-ordered.litmus";

const keysOf = (out: readonly string[]): string[] =>
  (JSON.parse(out[0]!) as { outcomes: { key: string }[] }).outcomes.map(({ key }) => key).sort();

describe("explore", () => {
  test("prints herd's form", async () => {
    const { out, code } = await runCli(["explore", RACE, "--witness", "none"]);
    expect(code).toBe(1);
    expect(out[0]).toBe("Test mail-race forall");
    expect(out).toContain("States 6");
    expect(out).toContain("No");
    expect(out).toContain("Positive: 3 Negative: 3");
    expect(out).toContain("Condition forall snapshot");
    expect(out).toContain("Observation mail-race Sometimes 3 3");
    expect(out.join("\n")).toMatch(/^Hash=[0-9a-f]{32}$/m);
    expect(out.join("\n")).toMatch(/^Verdict complete: /m);
  });

  test.each(["cow", "copy"])("finds the mail's race gone under %s", async (policy) => {
    for (const file of [RACE, ORDERED]) {
      const { out, code } = await runCli(["explore", file, "--policy", policy]);
      expect(code).toBe(0);
      expect(out.join("\n")).toMatch(/^Observation mail-\w+ Always \d+ 0$/m);
    }
  });

  test("prints what the README quotes", async () => {
    const quoted = /```console\n\$ npx splicelab (.+)\n([\s\S]+?)\n```/.exec(
      readFileSync("README.md", "utf8"),
    );
    const { out } = await runCli(quoted![1]!.split(" "));
    const printed = out.slice(
      0,
      out.findIndex((line) => line.startsWith("Time ")),
    );
    expect(printed.join("\n")).toBe(quoted![2]);
  });

  test("lets copies tear where that is asked, in text, JSON and tokens", async () => {
    const torn = ["explore", "litmus/torn-read.litmus"];
    const whole = await runCli([...torn, "--tear", "off"]);
    expect(whole.code).toBe(0);
    expect(whole.out).toContain("Profile 6.18/ext4, policy linux, tear off");
    const { out, code } = await runCli([...torn, "--tear", "on"]);
    expect(code).toBe(1);
    expect(out).toContain("Profile 6.18/ext4, policy linux, tear on");
    expect(out.join("\n")).toContain("?> client:a={0x1f|0xf0} * 4096  [");
    expect(out).toContain("Observation torn-read Sometimes 3 1");
    expect(out).toContain(
      "States 3 (1 outcome counts as Positive and as Negative: what a copy tore decides)",
    );
    const json = JSON.parse((await runCli([...torn, "--tear", "on", "--json"])).out[0]!) as object;
    expect(json).toMatchObject({ tear: "on", positive: 3, negative: 1 });
    const again = await runCli(["run", out.at(-1)!]);
    expect(again.out.join("\n")).toContain("a = read(p.r, 4096) = 4096  {0x1f|0xf0} * 4096");
    expect(again.out.at(-1)).toMatch(/^sl1t:/);
    const line = (await runCli(["run", again.out.at(-1)!, "--json"])).out;
    expect(line.join("\n")).toContain('"data":[{"oneOf":[31,240],"lenBytes":4096}]');
  });

  test.each([
    ["true of every value", "forall (c:a = 0x11 * 4096 \\/ c:a != 0x11 * 4096)", "Always", 0],
    ["of no value", "exists (c:a = 0x11 * 4096 /\\ c:a = 0x22 * 4096)", "Never", 1],
    ["of some", "exists (c:a = 0x22 * 4096)", "Sometimes", 0],
  ])("judges torn bytes together: %s", async (_, question, observation, code) => {
    const text = `litmus torn
file f = 0x11 * 4096
pipe p
thread c { splice(f, 0, p.w, NULL, 4096, 0)  a = read(p.r, 4096) }
thread w { pwrite(f, 0x22 * 4096, 0) }
${question}`;
    const seen = await runCli(["explore", "-", "--tear", "on"], { input: text });
    expect(seen.out.join("\n")).toContain(`Observation torn ${observation} `);
    expect(seen.code).toBe(code);
  });

  test("does not guess how two torn reads of one byte hang together", async () => {
    const text = `litmus corr
file f = 0x11 * 1
thread r { a = pread(f, 1, 0)  b = pread(f, 1, 0) }
thread w { pwrite(f, 0x22 * 1, 0) }
~exists (r:a = 0x22 * 1 /\\ r:b = 0x11 * 1)`;
    const whole = await runCli(["explore", "-", "--tear", "off"], { input: text });
    expect([whole.code, whole.out.includes("Ok")]).toEqual([0, true]);
    const torn = await runCli(["explore", "-", "--tear", "on"], { input: text });
    expect([torn.code, torn.out.includes("Unknown")]).toEqual([2, true]);
  });

  test("tells a torn race in bytes", async () => {
    const { out } = await runCli(["explore", RACE, "--tear", "on", "--json"]);
    const { outcomes } = JSON.parse(out[0]!) as {
      outcomes: { shows: string; witness: { token: string } }[];
    };
    const open = outcomes.find(({ shows }) => shows.endsWith("; snapshot or not"))!;
    const run = await runCli(["run", open.witness.token]);
    expect(run.out.join("\n")).toContain(" got 0xf0 where splice() had put 0x1f: ");
    expect(run.out.join("\n")).toContain("cannot be told from this run");
  });

  test("is Sometimes for the ordered mail under linux", async () => {
    const { out, code } = await runCli(["explore", ORDERED]);
    expect(code).toBe(1);
    expect(out).toContain("Observation mail-ordered Sometimes 1 3");
  });

  test("shows the deciding witness as lanes, and its token replays", async () => {
    const { out } = await runCli(["explore", RACE]);
    const token = out.at(-1)!;
    expect(token).toMatch(/^sl1:/);
    expect(out.join("\n")).toContain("(minimal: 1 preemption, 28 steps)");
    expect(out.join("\n")).toMatch(/^ {2}client +\| writer$/m);
    const replayed = await runCli(["run", token]);
    expect(replayed.code).toBe(1);
    expect(replayed.out.at(-1)).toMatch(/^sl1:/);
  });

  test("calls neither a bound nor a sample a proof", async () => {
    const bounded = await runCli(["explore", RACE, "--policy", "cow", "--transitions", "1"]);
    expect(bounded.out.join("\n")).toMatch(/^Verdict (bounded|complete): /m);
    const sampled = await runCli(["explore", RACE, "--policy", "cow", "--sample", "50"]);
    expect(sampled.code).toBe(2);
    expect(sampled.out.join("\n")).toMatch(/^Verdict sampled: 50 runs, uniform .* seed 4: .*95 %/m);
  });

  test("a witness decides without completeness", async () => {
    const { code, out } = await runCli(["explore", RACE, "--sample", "400", "--depth", "3"]);
    expect(code).toBe(1);
    expect(out.join("\n")).toMatch(/^Verdict sampled: 400 runs, PCT of depth 3/m);
  });

  test("says what Ctrl-C left unsearched", async () => {
    const { code, out } = await runCli(["explore", RACE], { interrupt: true });
    expect(code).toBe(130);
    expect(out.join("\n")).toMatch(/^Verdict bounded: by Ctrl-C or SIGTERM$/m);
  });

  test("gives JSON with tokens", async () => {
    const { out } = await runCli(["explore", RACE, "--json"]);
    const report = JSON.parse(out[0]!) as {
      verdict: string;
      outcomes: { witness: { minimal: boolean; token: string } }[];
    };
    expect(report.verdict).toBe("complete");
    expect(report.outcomes).toHaveLength(6);
    for (const { witness } of report.outcomes) {
      expect(witness.minimal).toBe(true);
      expect(witness.token).toMatch(/^sl1:/);
    }
  });

  test("merges shards in any order, and says when one is missing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "splicelab-shards-"));
    try {
      const files: string[] = [];
      for (const part of ["1/2", "2/2"]) {
        const { out, code } = await runCli(["explore", RACE, "--shard", part, "--json"]);
        expect(code === 1 || code === 2).toBe(true);
        files.push(join(folder, `${part[0]}.json`));
        writeFileSync(files.at(-1), out.join("\n"));
      }
      const whole = await runCli(["explore", RACE, "--json"]);
      const merged = await runCli(["explore", RACE, "--json", "--merge", ...files.reverse()]);
      expect(keysOf(merged.out)).toEqual(keysOf(whole.out));
      expect(merged.out[0]).toContain('"verdict":"complete"');
      const half = await runCli(["explore", RACE, "--json", "--merge", files[0]!]);
      expect(half.out[0]).toContain("1 of 2 shards are whole");
      const other = await runCli(["explore", ORDERED, "--merge", ...files]);
      expect(other.code).toBe(3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("goes on from a checkpoint, but not with another search's", async () => {
    const folder = mkdtempSync(join(tmpdir(), "splicelab-checkpoint-"));
    try {
      const file = join(folder, "cut");
      const cut = await runCli(["explore", RACE, "--checkpoint", file], { interrupt: true });
      expect(cut.code).toBe(130);
      const whole = await runCli(["explore", RACE, "--json"]);
      const resumed = await runCli(["explore", RACE, "--resume", file, "--json"]);
      expect(keysOf(resumed.out)).toEqual(keysOf(whole.out));
      const other = await runCli(["explore", RACE, "--policy", "cow", "--resume", file]);
      expect(other.code).toBe(3);
      expect(other.err.join("\n")).toContain("belongs to another search");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("finds the same with two workers", async () => {
    const alone = await runCli(["explore", RACE, "--json"]);
    const two = await runCli(["explore", RACE, "--workers", "2", "--json"]);
    expect(keysOf(two.out)).toEqual(keysOf(alone.out));
    expect(two.out[0]).toContain('"verdict":"complete"');
  });

  test.each([
    [["--shard", "3/2"], "like 2/4"],
    [["--reduce", "everything"], "Name some of"],
    [["--memory", "0"], "at least 1"],
  ])("refuses %j", async (args, words) => {
    const { code, err } = await runCli(["explore", RACE, ...args]);
    expect(code).toBe(3);
    expect(err.join("\n")).toContain(words);
  });
});
