// Lost wake-ups (P10): explore finds them in cores that forget to wake, and none in the corpus; a deadlock is told apart.

import { beforeAll, describe, expect, test } from "vitest";
import { printExploration } from "../../../src/cli/explore/report.js";
import { observe } from "../../../src/compare/observe.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import type { Program } from "../../../src/language/program.js";
import { Core } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import {
  EXPLORE_DEFAULTS,
  Exploration,
  TooLargeToExplore,
} from "../../../src/model/exploration.js";
import type { Found } from "../../../src/model/finals.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { NO_REDUCTIONS } from "../../../src/model/search.js";
import { listMutants, mutantCores } from "../../../tools/mutants/build.js";
import { fakeEdge } from "../../cli/fake-edge.js";
import { CORNERS, FEWER_SETTINGS, INTERLEAVED, setupOf } from "../../helpers/cases.js";
import { STATE_BYTES } from "../../helpers/outcomes.js";
import { RUNS_FACTOR, SAMPLE_FACTOR } from "../../seed.js";

const linux = { profile: parseProfile("6.18/ext4"), policy: parsePolicy("linux") };
const TRANSITIONS_MAX = 32_000;

/** A writer that fills the ring of one slot and a reader that empties it once. */
const FULL_RING = scenario(`pipe p size 4096
thread writer {
  write(p.w, 0x11 * 4096)
  write(p.w, 0x22 * 4096)
}
thread reader {
  read(p.r, 4096)
}`);
/** A receiver that comes first must be woken. */
const SOCKET = scenario(`socket s
thread sender {
  write(s.a, 0x11 * 512)
}
thread receiver {
  read(s.b, 512)
}`);
/** Nobody writes. */
const EMPTY_PIPE = scenario(`pipe p
thread reader {
  read(p.r, 512)
}`);

function scenario(body: string): Program {
  const { program, diagnostics } = parseProgram(`litmus sleepers\n${body}\n`);
  if (program === undefined) throw new Error(JSON.stringify(diagnostics));
  return program;
}

/** Outcomes of every schedule; undefined where there are too many. */
function outcomesOf(core: Core, setup: Setup, reduces = true): readonly Found[] | undefined {
  const reductions = reduces ? EXPLORE_DEFAULTS.reductions : NO_REDUCTIONS;
  try {
    const exploration = new Exploration(
      core,
      setup,
      { ...EXPLORE_DEFAULTS, reductions },
      STATE_BYTES,
    );
    return exploration.search.run(TRANSITIONS_MAX) === "done" ? exploration.outcomes() : undefined;
  } catch (error) {
    if (error instanceof TooLargeToExplore) return undefined;
    throw error;
  }
}
const isLost = ({ outcome }: Found): boolean =>
  outcome.results.some(({ lostWake }) => lostWake === true);

/** The lines about waiting that explore prints. */
function printed(setup: Setup, found: readonly Found[]): string[] {
  const { edge, out } = fakeEdge();
  const outcomes = found.map(({ key, outcome }) => ({
    ...{ key, outcome, witness: undefined },
    shows: observe(setup.program, outcome),
  }));
  const result = { word: "complete", because: "", outcomes, waits: [], seconds: 0 } as const;
  printExploration(edge, { text: "", setup, result, witnesses: "none", summary: false }, false);
  return out.filter((line) => /^(Lost|Deadlock)/.test(line));
}

describe("in a core that forgets to wake", () => {
  const asked = [
    ["READER_WAKES_NOBODY", FULL_RING],
    ["RECEIVER_NOT_WOKEN", SOCKET],
    ["LOST_WAKEUP", FULL_RING],
  ] as const;
  const cores = new Map<string, Uint8Array>();

  beforeAll(async () => {
    for (const [name] of asked) {
      const { number } = listMutants().find((mutant) => mutant.name === name)!;
      const [bytes] = await mutantCores([number]);
      cores.set(name, bytes!);
    }
  }, 180_000);

  test.each(asked)("%s: found, with and without reductions", (name, program) => {
    const setup = setupOf(program, linux);
    const found = outcomesOf(new Core(cores.get(name)), setup)!;
    const plain = outcomesOf(new Core(cores.get(name)), setup, false)!;
    expect(found.filter(isLost).map(({ key }) => key)).not.toEqual([]);
    expect(new Set(found.map(({ key }) => key))).toEqual(new Set(plain.map(({ key }) => key)));
    expect(printed(setup, found)[0]).toMatch(/^Lost wake-up in \d outcomes?: a call sleeps/);
    const intact = outcomesOf(new Core(), setup)!;
    expect(intact.some(isLost)).toBe(false);
    expect(printed(setup, intact).filter((line) => line.startsWith("Lost"))).toEqual([]);
  });
});

test("a reader that nobody serves is a deadlock and no lost wake-up", () => {
  const setup = setupOf(EMPTY_PIPE, linux);
  const found = outcomesOf(new Core(), setup)!;
  expect(found.some(isLost)).toBe(false);
  expect(printed(setup, found)).toEqual([
    "Deadlock in 1 outcome: a call is blocked and nobody can go on",
  ]);
});

test("none in the corpus, nor in the corners", { timeout: 60_000 * RUNS_FACTOR }, () => {
  // More than four threads are too many to search in a test.
  const corpus = INTERLEAVED.map(([, program]) => program).filter(
    ({ threads }) => threads.length <= 4,
  );
  const counts = { searched: 0, tooLarge: 0, blocked: 0 };
  // A sample: a third of the settings for each, another one for the next.
  const every = SAMPLE_FACTOR < 1 ? 3 : 1;
  for (const [nth, program] of [...corpus, ...CORNERS].entries())
    for (const setting of FEWER_SETTINGS.filter((_, i) => (i + nth) % every === 0)) {
      const found = outcomesOf(new Core(), setupOf(program, setting));
      if (found === undefined) counts.tooLarge++;
      else counts.searched++;
      for (const each of found ?? []) {
        expect(isLost(each), `${program.name}: ${each.key}`).toBe(false);
        if (each.outcome.results.some(({ status }) => status === "blocked")) counts.blocked++;
      }
    }
  console.log("searched for lost wake-ups:", JSON.stringify(counts));
  expect(counts.searched).toBeGreaterThan(4 * counts.tooLarge);
  expect(counts.blocked).toBeGreaterThan(0);
});
