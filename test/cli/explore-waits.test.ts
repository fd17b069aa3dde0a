// What `explore` says about unbounded waits (P4): a line, a witness that ends in the wait, JSON, workers, shards.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCli } from "./fake-edge.js";

const RACE = "litmus/mail-race.litmus";
const STABLE = ["explore", RACE, "--policy", "stable"];
const LINE = "Unbounded wait: writer's pwrite waits for a folio that pipe p holds";
/** Nobody splices. */
const QUIET = "litmus/mmap-private.litmus";

interface Report {
  readonly waits: readonly {
    readonly thread: string;
    readonly call: string;
    readonly holders: readonly string[];
    readonly witness: {
      readonly minimal: boolean;
      readonly preemptions: number;
      readonly schedule: readonly number[];
      readonly token: string;
    };
  }[];
}
const waitsOf = (out: readonly string[]): Report["waits"] => (JSON.parse(out[0]!) as Report).waits;

describe("under stable", () => {
  test("prints who waits for what, and at what price", async () => {
    const { out } = await runCli(STABLE);
    expect(out).toContain(`${LINE}  [minimal: 1 preemption, 6 steps]  (P4 in docs/properties.md)`);
    expect(out.join("\n")).not.toContain("Deadlock");
  });

  test("finds the same without reductions, and with them", async () => {
    const all = await runCli([...STABLE, "--json"]);
    const none = await runCli([...STABLE, "--json", "--reduce", "none"]);
    expect(waitsOf(none.out)).toEqual(waitsOf(all.out));
    expect(waitsOf(all.out)).toHaveLength(1);
  });

  test("shows the witness, and its token ends where the writer waits", async () => {
    const { out } = await runCli(STABLE);
    const at = out.findIndex((line) => line.startsWith("Witness of the wait: "));
    expect(out[at]).toContain(`${LINE.slice("Unbounded wait: ".length)} (minimal`);
    expect(out.slice(at).join("\n")).toMatch(/\| pwrite\(f, .+\) … waits for a folio$/m);
    const token = out.slice(at).find((line) => line.startsWith("sl1:"))!;
    const { out: lines, code } = await runCli(["run", token]);
    expect(code).toBe(2);
    expect(lines).toContain(
      "the token ends here, after 6 steps; writer's pwrite waits for a folio that pipe p holds",
    );
    expect(lines.at(-1)).toBe(token);
    const json = await runCli(["run", token, "--json"]);
    expect(json.out.at(-1)).toContain('"midway":"the token ends here');
  });

  test("shows none with --witness none, and keeps what the search knows", async () => {
    const { out } = await runCli([...STABLE, "--witness", "none"]);
    expect(out.join("\n")).toMatch(/^Unbounded wait: writer's pwrite .* {2}\[short: /m);
    expect(out.join("\n")).not.toContain("Witness of");
    expect(out.join("\n")).toMatch(/^Short: the search came by this schedule/m);
  });

  test("gives JSON with call, holders and a token", async () => {
    const [wait] = waitsOf((await runCli([...STABLE, "--json"])).out);
    expect(wait).toMatchObject({ thread: "writer", holders: ["pipe p"] });
    expect(wait!.call).toMatch(/^pwrite\(f, /);
    expect(wait!.witness).toMatchObject({ minimal: true, preemptions: 1 });
    expect(wait!.witness.schedule).toHaveLength(6);
  });

  test("keeps no way with fingerprints, and says so", async () => {
    const args = ["--fingerprints", "--witness", "none"];
    const { out } = await runCli([...STABLE, ...args]);
    expect(out.join("\n")).toContain(
      "Unbounded wait: writer waits for a folio that is held outside  [no witness",
    );
  });

  test("is found by two workers, by a sample, and in shards put together", async () => {
    const whole = waitsOf((await runCli([...STABLE, "--json"])).out);
    expect(waitsOf((await runCli([...STABLE, "--json", "--workers", "2"])).out)).toEqual(whole);
    expect(waitsOf((await runCli([...STABLE, "--json", "--sample", "100"])).out)).toEqual(whole);
    const folder = mkdtempSync(join(tmpdir(), "splicelab-waits-"));
    try {
      const files: string[] = [];
      for (const part of ["1/2", "2/2"]) {
        const { out } = await runCli([...STABLE, "--shard", part, "--json"]);
        files.push(join(folder, `${part[0]}.json`));
        writeFileSync(files.at(-1), out.join("\n"));
      }
      const merged = await runCli([...STABLE, "--json", "--merge", ...files]);
      expect(waitsOf(merged.out)).toEqual(whole);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("says that there is none where there is none", async () => {
    const { out } = await runCli(["explore", QUIET, "--policy", "stable"]);
    expect(out.join("\n")).toMatch(/^No unbounded wait: /m);
  });
});

test.each(["linux", "copy", "cow", "steal"])("nothing is said under %s", async (policy) => {
  const { out } = await runCli(["explore", RACE, "--policy", policy]);
  expect(out.join("\n")).not.toMatch(/unbounded wait/i);
  const json = await runCli(["explore", RACE, "--policy", policy, "--json"]);
  expect(waitsOf(json.out)).toEqual([]);
});
