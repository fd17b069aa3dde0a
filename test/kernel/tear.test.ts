// Two threads on this kernel that tear a page: `--tear on` allows what they show, `--tear off` does not.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sameOutcome } from "../../src/compare/conform.js";
import { compilerOf, nativeFolder } from "../../src/kernel/host.js";
import { parseProgram } from "../../src/language/parse-program.js";
import { Core } from "../../src/model/core.js";
import { Exploration } from "../../src/model/exploration.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import type { Outcome } from "../../src/trace/outcome.js";
import { setupOf } from "../helpers/cases.js";

const RUNS = 200_000;
const TORN = 20;

const { program } = parseProgram(readFileSync("litmus/torn-read.litmus", "utf8"));
const READ = program!.threads[0]!.calls[1]!.id;

function allowed(tear: boolean): Outcome[] {
  const setting = { profile: parseProfile("6.18/ext4"), policy: parsePolicy("linux") };
  const exploration = new Exploration(new Core(), { ...setupOf(program!, setting), tear });
  while (exploration.search.run(10_000) === "running");
  return exploration.outcomes().map(({ outcome }) => outcome);
}

/** "0x1f*512 0xf0*3584" as bytes. */
function bytesOf(runs: string): Uint8Array {
  const parts = runs.split(" ").map((run) => run.split("*").map(Number) as [number, number]);
  return Uint8Array.from(parts.flatMap(([byte, count]) => Array<number>(count).fill(byte)));
}

/** An outcome of the model as a kernel would have shown it, with these bytes read. */
function observed(data: Uint8Array): Outcome {
  const whole = allowed(false)[0]!;
  const results = whole.results.map((result) =>
    result.call === READ ? { ...result, data } : result,
  );
  return { results, files: whole.files, pipes: whole.pipes };
}

test("what this kernel tears is allowed with tears, and only with them", async ({ skip }) => {
  if (process.platform !== "linux" || (await compilerOf()) === undefined)
    skip("no Linux or no C compiler: apt-get install gcc libc6-dev");
  if (availableParallelism() < 2) skip("one processor: two copies never run at once");
  const folder = mkdtempSync(join(tmpdir(), "splicelab-tear-"));
  try {
    const [binary, file] = [join(folder, "tear"), join(folder, "file")];
    const flags = ["-std=gnu11", "-O2", "-pthread", "-o", binary, "test/tear.c"];
    execFileSync(process.env["CC"] ?? "cc", flags, { cwd: nativeFolder() });
    const said = execFileSync(binary, [file, `${RUNS}`, `${TORN}`], { encoding: "utf8" }).trim();
    const lines = said.split("\n");
    console.log(`two threads on this kernel: ${lines.at(-1)}`);
    const torn = lines.slice(0, -1).map((line) => bytesOf(line.slice("torn ".length)));
    const [whole, mixed] = [allowed(false), allowed(true)];
    if (torn.length === 0)
      skip(`no read of ${RUNS} was torn: the processors had no time for both threads`);
    for (const page of [bytesOf("0x1f*4096"), bytesOf("0xf0*4096"), ...torn]) {
      const isTorn = new Set(page).size > 1;
      const fits = (outcomes: Outcome[]): boolean =>
        outcomes.some((outcome) => sameOutcome(observed(page), outcome));
      expect(fits(whole), "tear off").toBe(!isTorn);
      expect(fits(mixed), "tear on").toBe(true);
    }
    expect(mixed.some((each) => sameOutcome(observed(bytesOf("0x22*4096")), each))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
