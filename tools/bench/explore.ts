// `npm run bench -- explore`: SPIN and our search on the same scenarios, in alternating runs.
//
// Every row is the search alone; SPIN's generating and compiling has a line of its own. Memory is the most that
// the process had, Node included in ours. Interface: benchExplore. Decides nothing.

import Table from "cli-table3";
import { spawnSync } from "node:child_process";
import type { CalibrationPolicy, ScenarioName } from "../../src/model/calibration.js";
import { scenario } from "../../src/model/calibration.js";
import type { SearchJob } from "../../src/model/search-job.js";
import { EXPLORE_DEFAULTS } from "../../src/model/exploration.js";
import { ALL_REDUCTIONS, NO_REDUCTIONS, SEARCH_DEFAULTS } from "../../src/model/search.js";
import { ROOT, inRoot } from "../paths.js";
import type { BenchJob } from "./explore-child.js";
import type { Ran } from "./explore-spin.js";
import { SpinModel, spinMissing } from "./explore-spin.js";

/** A scenario: K servers, W writers, N pages. */
interface Case {
  readonly name: ScenarioName;
  readonly policy: CalibrationPolicy;
  readonly K: number;
  readonly W: number;
  readonly N: number;
}

const SHAPES = [
  { name: "B", K: 2, W: 2, N: 2 },
  { name: "B", K: 3, W: 1, N: 2 },
  { name: "D", K: 1, W: 2, N: 2 },
] as const;
/** What the project calls linux, cow, copy, steal. */
const POLICIES = ["ZEROCOPY", "COW", "COPY", "STEAL"] as const;
const CASES: readonly Case[] = SHAPES.flatMap((shape) =>
  POLICIES.map((policy) => ({ ...shape, policy })),
);
const LARGE: readonly Case[] = [
  { name: "B", K: 2, W: 2, N: 3, policy: "COW" },
  { name: "B", K: 3, W: 2, N: 2, policy: "COW" },
];

/** Who searches, and how. `run` returns undefined where this one cannot. */
interface Contender {
  readonly name: string;
  readonly run: (one: Case) => Promise<Ran> | Ran;
}

const MEMORY_BYTES_MAX = 4_000_000_000;

/** Our contenders. The calibration machine is SPIN's machine; the core takes finer steps through the same scenarios. */
const OURS: readonly Contender[] = [
  ours("calibration, 1 worker", NO_REDUCTIONS, 1),
  ours("calibration, 2 workers", NO_REDUCTIONS, 2),
  ours("calibration, reduced", ALL_REDUCTIONS, 1),
  core("core, reduced, 1 worker", 1),
  core("core, reduced, 2 workers", 2),
];

/** What a calibration policy is called on the core. */
const ON_CORE: Readonly<Partial<Record<CalibrationPolicy, string>>> = {
  ZEROCOPY: "linux",
  COW: "cow",
  COPY: "copy",
  STEAL: "steal",
};

function core(name: string, workers: number): Contender {
  const options = { ...EXPLORE_DEFAULTS, memoryBytesMax: MEMORY_BYTES_MAX };
  return {
    name,
    run: ({ name: letter, policy, K, W, N }) => {
      const file = inRoot(`litmus/spin/${letter}-${K}-${W}-${N}.litmus`);
      return child({ machine: "litmus", file, policy: ON_CORE[policy]!, options }, workers);
    },
  };
}

function ours(
  name: string,
  reductions: SearchJob["options"]["reductions"],
  workers: number,
): Contender {
  const options = { ...SEARCH_DEFAULTS, reductions, memoryBytesMax: 2 ** 32 };
  return {
    name,
    run: ({ name: letter, policy, K, W, N }) => {
      const given = scenario(letter, policy, { K, W, N });
      return child({ machine: "calibration", scenario: given, options }, workers);
    },
  };
}

function child(job: BenchJob, workers: number): Ran {
  const args = [
    "--import",
    "tsx",
    inRoot("tools/bench/explore-child.ts"),
    JSON.stringify(job),
    String(workers),
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`a search failed\n${stderr}`);
  return JSON.parse(stdout) as Ran;
}

/** One row of the result: the median of the runs by wall time, and the lowest and highest wall. */
interface Row extends Ran {
  readonly scenario: string;
  readonly who: string;
  readonly compileSeconds?: number;
  readonly wallLowest: number;
  readonly wallHighest: number;
}

/** Runs all cases, `repeats` times each (large ones once), and prints tables, or lines of JSON. */
export async function benchExplore(options: {
  readonly repeats: number;
  readonly large: boolean;
  readonly json: boolean;
}): Promise<void> {
  const missing = spinMissing();
  if (missing !== undefined) console.error(missing);
  for (const one of CASES) await bench(one, options.repeats, missing === undefined, options.json);
  if (options.large)
    for (const one of LARGE) await bench(one, 1, missing === undefined, options.json);
  else
    console.error(
      "B(2,2,3) and B(3,2,2) are left out: --large runs them, SPIN up to five minutes and 8 GiB",
    );
}

async function bench(one: Case, repeats: number, withSpin: boolean, json: boolean): Promise<void> {
  const { name, policy, ...parameters } = one;
  const model = withSpin ? new SpinModel(name, scenario(name, policy, parameters)) : undefined;
  try {
    const spin: Contender[] = model ? [{ name: "SPIN", run: () => model.run() }] : [];
    const contenders = [...spin, ...OURS];
    const runs = contenders.map((): Ran[] => []);
    for (let round = 0; round < repeats; round++)
      for (const [at, contender] of contenders.entries()) runs[at]!.push(await contender.run(one));
    const title = `${name}(${one.K},${one.W},${one.N}) ${policy}`;
    const rows = contenders.map(({ name: who }, at) => rowOf(title, who, runs[at]!, model));
    if (json) for (const row of rows) console.log(JSON.stringify({ kind: "explore", ...row }));
    else show(title, rows, model?.compileSeconds);
  } finally {
    model?.close();
  }
}

function rowOf(title: string, who: string, runs: readonly Ran[], model?: SpinModel): Row {
  const sorted = [...runs].sort((a, b) => a.wall - b.wall);
  return {
    scenario: title,
    who,
    ...(who === "SPIN" && model ? { compileSeconds: model.compileSeconds } : {}),
    ...sorted[sorted.length >> 1]!,
    wallLowest: sorted[0]!.wall,
    wallHighest: sorted.at(-1).wall,
  };
}

function show(title: string, rows: readonly Row[], compileSeconds: number | undefined): void {
  const compiled =
    compileSeconds === undefined
      ? ""
      : `  (SPIN: ${compileSeconds.toFixed(1)} s to generate and compile)`;
  console.log(`${title}${compiled}`);
  const head = [
    "",
    "states",
    "transitions",
    "violating",
    "wall s",
    "CPU s",
    "M trans/s",
    "MiB",
    "× SPIN",
  ];
  const colAligns = ["left", ...head.slice(1).map(() => "right" as const)] as const;
  const table = new Table({
    head,
    colAligns: [...colAligns],
    style: { head: [], border: [], compact: true },
  });
  const spin = rows.find(({ who }) => who === "SPIN");
  for (const row of rows) table.push(cells(row, spin));
  console.log(table.toString());
}

function cells(row: Row, spin: Row | undefined): string[] {
  const whole = (value: number): string => Math.round(value).toLocaleString("en");
  const rate = (of: Ran): number => of.transitions / of.cpu;
  const faster = spin === undefined || row === spin ? "" : (spin.wall / row.wall).toFixed(1);
  return [
    row.finished ? row.who : `${row.who}: not finished`,
    whole(row.states),
    whole(row.transitions),
    row.violations === undefined ? "" : whole(row.violations),
    row.wall.toFixed(3),
    row.cpu.toFixed(3),
    (rate(row) / 1e6).toFixed(2),
    whole(row.memory),
    faster,
  ];
}
