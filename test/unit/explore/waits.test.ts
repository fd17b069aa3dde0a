// Who can come to wait for a slot or a frag (P4): the same tasks however a scenario is searched, and by hand; the witness
// of each ends where it waits.

import { describe, expect, test } from "vitest";
import type { ProgramConstraints } from "../../../src/arbitraries/index.js";
import { randomProgram } from "../../../src/arbitraries/random.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { printProgram } from "../../../src/language/print.js";
import type { Program } from "../../../src/language/program.js";
import { Core, TooLarge } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { Exploration, TooLargeToExplore } from "../../../src/model/exploration.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { PROFILES } from "../../../src/model/profiles.js";
import { Sampling } from "../../../src/model/sampling.js";
import { localPeer, searchTogether } from "../../../src/model/search-together.js";
import { ALL_REDUCTIONS, NO_REDUCTIONS, SEARCH_DEFAULTS } from "../../../src/model/search.js";
import type { SearchOptions } from "../../../src/model/search.js";
import { waitsOf } from "../../../src/model/waits.js";
import { Witnesses } from "../../../src/model/witnesses.js";
import {
  SMALL_FILES,
  SOCKETS,
  setupOf,
  withByteTwin,
  withDaemons,
  withTwin,
} from "../../helpers/cases.js";
import { everyWait, waitingTasks } from "../../helpers/waits.js";
import { STATE_BYTES } from "../../helpers/outcomes.js";
import { RUNS_FACTOR, SAMPLE_FACTOR, SEED } from "../../seed.js";

/** Policies that let writers wait, cuts, or both. Without the folio lock a slot's reference depends on a writer by the
 *  count alone. */
const WAITING = [
  "stable",
  "stable-io",
  "stable,lock=no",
  "cow,write=wait",
  "cow,truncate=wait",
].map(parsePolicy);
/** States without reductions: programs with more are passed over. */
const STATES_MAX = 6000;
const PROGRAMS = 100 * SAMPLE_FACTOR;

const WAYS: readonly (readonly [string, Partial<SearchOptions>])[] = [
  ["none", {}],
  ["all reductions", { reductions: ALL_REDUCTIONS }],
  ["all reductions, depth first", { reductions: ALL_REDUCTIONS, order: "depth" }],
  ["actions", { reductions: { ...NO_REDUCTIONS, actions: true } }],
  ["threads", { reductions: { ...NO_REDUCTIONS, threads: true } }],
  ["frames", { reductions: { ...NO_REDUCTIONS, frames: true } }],
  ["fingerprints", { reductions: ALL_REDUCTIONS, mode: "fingerprints" }],
];

const core = new Core();

function explored(setup: Setup, options: Partial<SearchOptions>): Exploration {
  const exploration = new Exploration(core, setup, { ...SEARCH_DEFAULTS, ...options }, STATE_BYTES);
  exploration.search.runAll();
  return exploration;
}

/** What each way of searching finds is what is found by hand; undefined where that is too much. */
function expectEqualWaits(setup: Setup): readonly number[] | undefined {
  try {
    const byHand = everyWait(setup, STATES_MAX);
    if (byHand === undefined) return undefined;
    for (const [name, options] of WAYS) {
      const found = explored(setup, options).waits();
      const title = `${name}, ${setup.profile.name}, ${setup.policy.name}\n${printProgram(setup.program)}`;
      expect(
        found.map(({ task }) => task),
        title,
      ).toEqual(byHand);
    }
    return byHand;
  } catch (error) {
    if (error instanceof TooLarge || error instanceof TooLargeToExplore) return undefined;
    throw error;
  }
}

/** The search's own ways and the minimal ones end where the task waits, and no schedule of the search is cheaper. */
function expectWitnesses(setup: Setup): void {
  const exploration = explored(setup, { reductions: ALL_REDUCTIONS });
  const own = exploration.waits().map((wait) => ({
    task: wait.task,
    schedule: exploration.scheduleToWait(wait),
  }));
  const minimal = new Witnesses(new Core(), setup, 2 ** 28);
  while (minimal.run(100_000));
  for (const { task, schedule } of own) {
    expect(waitsAfter(setup, schedule)).toContain(task);
    const cheapest = minimal.wait(task)!;
    expect(waitsAfter(setup, cheapest.schedule)).toContain(task);
    expect(waitsAfter(setup, cheapest.schedule.slice(0, -1))).not.toContain(task);
  }
  for (let task = 0; task < setup.program.threads.length; task++)
    expect(minimal.wait(task) !== undefined).toBe(own.some((wait) => wait.task === task));
}

function waitsAfter(setup: Setup, schedule: readonly number[]): number[] {
  core.reset(setup);
  for (const action of schedule) core.step(action);
  return waitingTasks(core.world());
}

const KINDS: readonly (readonly [string, ProgramConstraints, (program: Program) => Program])[] = [
  ["threads and pipes", { threadsMax: 3, callsMax: 6, memory: false }, (program) => program],
  ["sockets and wires", { ...SOCKETS, threadsMax: 2, callsMax: 6 }, (program) => program],
  ["memory", { memory: true, ...SMALL_FILES, threadsMax: 2, callsMax: 6 }, (program) => program],
  [
    "equal threads",
    { ...SMALL_FILES, wires: true, memory: false, callsMax: 4 },
    (program) => withTwin(program),
  ],
  ["threads equal but for bytes", { ...SMALL_FILES, memory: false, callsMax: 4 }, withByteTwin],
  ["write-back and reclaim", { ...SMALL_FILES, threadsMax: 2, callsMax: 4 }, withDaemons],
];

test.each(KINDS)("with %s", { timeout: 120_000 * RUNS_FACTOR }, (kind, constraints, change) => {
  const counts = { compared: 0, waits: 0, tooLarge: 0 };
  for (let index = 0; counts.compared < PROGRAMS; index++) {
    const { program } = randomProgram(SEED, index, constraints);
    if (program.threads.length < 2) continue;
    const profile = PROFILES[index % PROFILES.length]!;
    const policy = WAITING[(index >> 1) % WAITING.length]!;
    // Where nobody asks for P1 fewer steps depend on each other: reductions leave out more.
    const setup = { ...setupOf(change(program), { profile, policy }), snapshot: index % 3 === 0 };
    const waits = expectEqualWaits(setup);
    if (waits === undefined) {
      counts.tooLarge++;
      continue;
    }
    counts.compared++;
    if (waits.length === 0) continue;
    counts.waits++;
    expectWitnesses(setup);
  }
  console.log(`equal waits with ${kind}:`, JSON.stringify(counts));
  expect(counts.waits).toBeGreaterThan(0);
});

/** Two tasks can wait: one for a slot, one for a frag. */
const TWO = parseProgram(`litmus two
file f = 0x11 * 8192
pipe p
socket s
thread server {
  splice(f, 0, p.w, NULL, 4096, 0)
  splice(p.r, NULL, s.a, NULL, 4096, 0)
  splice(f, 4096, p.w, NULL, 4096, 0)
  read(p.r, 4096)
}
thread writer {
  pwrite(f, 0x22 * 4096, 0)
}
thread cutter {
  ftruncate(f, 4608)
}
thread receiver {
  read(s.b, 4096)
}
`).program!;

describe("of two tasks", () => {
  const setup = setupOf(TWO, { profile: PROFILES[0]!, policy: parsePolicy("stable") });
  const alone = explored(setup, { reductions: ALL_REDUCTIONS })
    .waits()
    .map(({ task }) => task);

  test("both are found", () => {
    expect(alone).toEqual([1, 2]);
  });

  test("two workers find them, each with the state before", async () => {
    const cores = [new Core(), new Core()];
    const searches = cores.map((each, worker) => {
      const own = { worker, workers: 2 };
      const options = { ...SEARCH_DEFAULTS, reductions: ALL_REDUCTIONS, own };
      return new Exploration(each, setup, options).search;
    });
    const facts = await searchTogether(searches.map((search) => localPeer(search, 2)));
    const found = waitsOf(facts);
    expect(found.map(({ task }) => task)).toEqual(alone);
    for (const { task, state, action, worker } of found) {
      searches[worker]!.load(state);
      cores[worker]!.step(action);
      expect(waitingTasks(cores[worker]!.world())).toContain(task);
    }
  });

  test("shards find them together", () => {
    const found = [0, 1, 2].flatMap((shard) =>
      explored(setup, { reductions: ALL_REDUCTIONS, shard: { shard, shards: 3 } }).waits(),
    );
    expect(new Set(found.map(({ task }) => task))).toEqual(new Set(alone));
  });

  test("a search that was cut off and resumed finds them", () => {
    let found: readonly number[] = [];
    for (let parts: Uint8Array[] | undefined, status = "running"; status === "running";) {
      const next = new Exploration(new Core(), setup, SEARCH_DEFAULTS);
      if (parts) next.search.resume(parts, SEARCH_DEFAULTS);
      status = next.search.run(2000);
      parts = next.search.checkpoint();
      found = next.waits().map(({ task }) => task);
    }
    expect(found).toEqual(alone);
  });

  test("a sample finds them, each with a schedule that ends in the wait", () => {
    const sampling = new Sampling(new Core(), setup, { seed: 1, depth: 0 });
    sampling.draw(300);
    expect([...sampling.waits().keys()].sort()).toEqual(alone);
    for (const [task, schedule] of sampling.waits()) {
      expect(waitsAfter(setup, schedule)).toContain(task);
      expect(waitsAfter(setup, schedule.slice(0, -1))).not.toContain(task);
    }
  });
});
