// One search of ours in a process of its own, so that its memory is its own: reads a job from its arguments,
// prints what explore-spin.ts calls a run.
//
// Interface: run directly: node explore-child.ts JOB WORKERS; BenchJob.

import { readFileSync } from "node:fs";
import { SearchThreads } from "../../src/cli/explore/threads.js";
import { parseProgram } from "../../src/language/parse-program.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import type { SearchJob } from "../../src/model/search-job.js";
import { openJob } from "../../src/model/search-job.js";
import type { SearchFacts } from "../../src/model/search.js";
import { searchTogether } from "../../src/model/search-together.js";
import type { Ran } from "./explore-spin.js";

/** A search as JSON: of the calibration machine, or of the core on a litmus file under a policy. */
export type BenchJob =
  | Extract<SearchJob, { machine: "calibration" }>
  | {
      readonly machine: "litmus";
      readonly file: string;
      readonly policy: string;
      readonly options: SearchJob["options"];
    };

const job = jobOf(JSON.parse(process.argv[2]!) as BenchJob);
const workers = Number(process.argv[3]);

function jobOf(given: BenchJob): SearchJob {
  if (given.machine !== "litmus") return given;
  const { program } = parseProgram(readFileSync(given.file, "utf8"));
  if (program === undefined) throw new Error(`${given.file} has errors`);
  const profile = parseProfile("6.18/ext4");
  const policy = parsePolicy(given.policy);
  const setup = { program, profile, policy, environment: ENVIRONMENT };
  return { machine: "core", setup, options: given.options };
}

/** Runs the search and returns what its workers know; `begin` is called when they are ready. */
async function search(begin: () => void): Promise<readonly SearchFacts[]> {
  if (workers === 1) {
    const opened = openJob(job);
    begin();
    opened.search.runAll();
    return [opened.search.facts()];
  }
  const threads = new SearchThreads(job, workers);
  try {
    await threads.outcomes();
    begin();
    return await searchTogether(threads.peers);
  } finally {
    await threads.close();
  }
}

let started = 0;
let used = process.cpuUsage();
const facts = await search(() => {
  started = performance.now();
  used = process.cpuUsage();
});
const wall = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(used);
const sum = (of: (one: SearchFacts) => number): number =>
  facts.reduce((total, one) => total + of(one), 0);
const ran: Ran = {
  states: sum((one) => one.states),
  transitions: sum((one) => one.transitions),
  // The core's properties are others than SPIN's: its snapshots are in its outcomes.
  ...(job.machine === "calibration" && {
    violations: sum((one) => one.violations.reduce((total, it) => total + it.transitions, 0)),
  }),
  wall,
  cpu: (user + system) / 1e6,
  memory: process.resourceUsage().maxRSS / 1024,
  finished: facts.every(({ status }) => status === "done"),
};
console.log(JSON.stringify(ran));
