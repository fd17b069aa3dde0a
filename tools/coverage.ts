// `npm run coverage`: which statements of the core run, and which kinds of arguments random programs give each call and each request.
//
// Interface: run directly. --programs N (1000 if absent), --seed N, --lines: every statement that did not run, --json.
// The work: random programs along random schedules in every setting, the corpus in its order, and searches of what has more
// than one schedule, with and without tears. Decides nothing.

import { parseArgs } from "node:util";
import type { ProgramConstraints } from "../src/arbitraries/index.js";
import { Core } from "../src/model/core.js";
import { EXPLORE_DEFAULTS, Exploration } from "../src/model/exploration.js";
import { outcomesOfPicks } from "../src/model/schedule.js";
import { CORPUS } from "../test/helpers/corpus.js";
import {
  FEWER_SETTINGS,
  INTERLEAVED,
  SETTINGS,
  randomCase,
  setupOf,
} from "../test/helpers/cases.js";
import { SEED } from "../test/seed.js";
import { buildSources } from "./build-sources.js";
import { Arguments } from "./covered/arguments.js";
import { coveredCore } from "./covered/instrument.js";
import type { Place } from "./covered/instrument.js";

const { values } = parseArgs({
  options: {
    programs: { type: "string", default: "1000" },
    seed: { type: "string", default: `${SEED}` },
    lines: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
/** What the random programs may have, in turn. */
const KINDS: readonly ProgramConstraints[] = [
  {},
  { sockets: true, wires: true },
  { storage: true, devices: true },
  { fifos: true, vectors: true },
  { memfds: true, direct: true, storage: true },
  { uring: true, sockets: true, vectors: true },
];
/** Of one search. */
const TRANSITIONS_MAX = 2000;

await buildSources();
const { wasm, places } = await coveredCore();
const seen = new Arguments();
const core = new Core(wasm);
runRandom();
runCorpus();
runSearches();
report(hitsOf(core));

function runRandom(): void {
  for (let index = 0; index < Number(values.programs); index++) {
    const kinds = KINDS[index % KINDS.length]!;
    const { program, schedule } = randomCase(Number(values.seed), index, kinds);
    seen.add(program);
    const setting = SETTINGS[index % SETTINGS.length]!;
    core.reset({ ...setupOf(program, setting), tear: index % 5 === 0 && valuesFit(program) });
    core.runBytes(schedule, true);
  }
}

/** Whether copies may tear: a set of values holds few. */
function valuesFit(program: Parameters<typeof setupOf>[0]): boolean {
  try {
    core.reset({ ...setupOf(program, SETTINGS[0]!), tear: true });
    return true;
  } catch {
    return false;
  }
}

function runCorpus(): void {
  for (const { program } of CORPUS)
    for (const setting of SETTINGS) outcomesOfPicks(core, setupOf(program, setting), []);
}

function runSearches(): void {
  for (const [, program] of INTERLEAVED) {
    const tears = valuesFit(program) ? [false, true] : [false];
    for (const setting of FEWER_SETTINGS)
      for (const tear of tears) {
        const exploration = new Exploration(
          core,
          { ...setupOf(program, setting), tear },
          EXPLORE_DEFAULTS,
        );
        while (
          exploration.search.run(500) === "running" &&
          exploration.search.facts().transitions < TRANSITIONS_MAX
        );
        exploration.outcomes();
      }
  }
}

/** Whether each statement ran. */
function hitsOf({ raw }: Core): boolean[] {
  const at = (raw as unknown as { countersAt: () => number }).countersAt();
  return [...new Uint8Array(raw.memory.buffer, at, places.length)].map((hit) => hit !== 0);
}

interface Row {
  readonly file: string;
  readonly statements: number;
  readonly ran: number;
  readonly missing: readonly number[];
}

function rowsOf(hits: readonly boolean[]): Row[] {
  const files = new Map<string, (Place & { ran: boolean })[]>();
  places.forEach((place, i) => {
    files.set(place.file, [...(files.get(place.file) ?? []), { ...place, ran: hits[i]! }]);
  });
  return [...files].sort().map(([file, all]) => ({
    file,
    statements: all.length,
    ran: all.filter(({ ran }) => ran).length,
    missing: [...new Set(all.filter(({ ran }) => !ran).map(({ line }) => line))].sort(
      (a, b) => a - b,
    ),
  }));
}

function report(hits: readonly boolean[]): void {
  const rows = rowsOf(hits);
  const missing = seen.missing();
  const ran = hits.filter(Boolean).length;
  if (values.json) {
    console.log(
      JSON.stringify({ statements: hits.length, ran, rows, arguments: seen.count(), missing }),
    );
    return;
  }
  for (const row of rows) {
    const percent = ((100 * row.ran) / row.statements).toFixed(0).padStart(3);
    console.log(`${percent} %  ${row.file} (${row.ran} of ${row.statements})`);
    if (values.lines && row.missing.length > 0)
      console.log(`       lines ${row.missing.join(", ")}`);
  }
  console.log(
    `${((100 * ran) / hits.length).toFixed(1)} % of ${hits.length} statements of the core ran`,
  );
  console.log(`${missing.length} of ${seen.count()} kinds of arguments were never given`);
  for (const each of missing) console.log(`  ${each}`);
}
