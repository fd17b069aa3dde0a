// `npm run mutants`: builds every defect of assembly/mutants.ts and shows which check finds it.
//
// Interface: run directly. --seed N; --kernel N: programs to compare with this machine's kernel, per
// file system (0: none); --json. Exits 1 if a defect survives everything, or the core without a defect
// does not. The checks are those of the tests: test/helpers/killers.ts.

import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { Core } from "../src/model/core.js";
import { KILLERS, firstFailure } from "../test/helpers/killers.js";
import { SEED } from "../test/seed.js";
import { buildSources } from "./build-sources.js";
import { listMutants, mutantCores } from "./mutants/build.js";
import type { Mutant } from "./mutants/build.js";
import { firstDivergence, observe } from "./mutants/kernel.js";
import type { Observed } from "./mutants/kernel.js";

interface Finding {
  readonly check: string;
  /** Runs that it took. */
  readonly runs: number;
  readonly failure: string;
}

interface Row {
  readonly number: number;
  readonly defect: string;
  readonly found: readonly Finding[];
  readonly seconds: number;
}

const NO_DEFECT: Mutant = { number: 0, name: "NONE", doc: "No defect: nothing may be found." };
const SHARED_MEMORY = "/dev/shm";

/** What the kernel gave on each file system; prints why where it gave nothing. */
async function observeAll(seed: number, count: number): Promise<Map<string, Observed>> {
  const all = new Map<string, Observed>();
  if (count === 0) return all;
  for (const directory of [tmpdir(), SHARED_MEMORY].filter(existsSync)) {
    const observed = await observe(directory, seed, count);
    if (typeof observed === "string")
      console.error(`kernel in ${directory}: left out, ${observed}`);
    else all.set(`kernel ${observed.profile.name}`, observed);
  }
  return all;
}

function examine(
  mutant: Mutant,
  bytes: Uint8Array,
  seed: number,
  kernels: ReadonlyMap<string, Observed>,
): Row {
  const started = performance.now();
  const found: Finding[] = [];
  for (const killer of KILLERS) {
    const kill = firstFailure(killer, () => new Core(bytes), seed);
    if (kill) found.push({ check: killer.name, runs: kill.runs, failure: kill.failure });
  }
  for (const [check, observed] of kernels) {
    const divergence = firstDivergence(new Core(bytes), observed);
    if (divergence) found.push({ check, ...divergence });
  }
  const seconds = (performance.now() - started) / 1000;
  return { number: mutant.number, defect: mutant.name, found, seconds };
}

/** One line of the table: for each check the runs that it took, or a dash. */
function line({ number, defect, found, seconds }: Row, checks: readonly string[]): string {
  const cells = checks.map((check) => {
    const runs = found.find((each) => each.check === check)?.runs;
    return (runs === undefined ? "-" : `${runs}`).padStart(Math.max(6, check.length));
  });
  const name = defect.toLowerCase().replaceAll("_", " ");
  return [`${number}`.padStart(2), name.padEnd(24), ...cells, seconds.toFixed(1).padStart(6)].join(
    "  ",
  );
}

/** What is wrong with the whole, one line each. */
function complaints(rows: readonly Row[]): string[] {
  return rows.flatMap(({ number, defect, found }) => {
    if (number > 0) return found.length > 0 ? [] : [`${number} ${defect} survives every check`];
    return found.map(({ check, failure }) => `${check} finds fault with no defect: ${failure}`);
  });
}

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: `${SEED}` },
    kernel: { type: "string", default: "1000" },
    json: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
await buildSources();
const kernels = await observeAll(seed, Number(values.kernel));
const mutants = [NO_DEFECT, ...listMutants()];
const checks = [...KILLERS.map(({ name }) => name), ...kernels.keys()];
const heads = checks.map((check) => check.padStart(6));
const rows: Row[] = [];
if (!values.json) console.log(["No", "defect".padEnd(24), ...heads, "     s"].join("  "));
for (const mutant of mutants) {
  const [bytes] = await mutantCores([mutant.number]);
  const row = examine(mutant, bytes!, seed, kernels);
  rows.push(row);
  if (!values.json) console.log(line(row, checks));
}
const wrong = complaints(rows);
if (values.json) console.log(JSON.stringify({ kind: "mutants", seed, rows }));
else
  console.log(
    `Runs until a check found the defect, seed ${seed}; a run is one program on one setting.`,
  );
for (const complaint of wrong) console.error(complaint);
process.exitCode = wrong.length > 0 ? 1 : 0;
