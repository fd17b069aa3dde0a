// Random programs along random schedules: every law of the state after every step, under every policy on
// every profile; P1 where it is promised; nothing left after the drain; the same run on every grid.
//
// A failing case is shrunk by fast-check, which prints seed and path; the message has the scenario, the
// schedule and a token.

import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import debugCore from "../../build/core/debug.js";
import {
  decisionWords,
  environments,
  programs,
  schedules,
  switchWords,
} from "../../src/arbitraries/index.js";
import type { Program } from "../../src/language/program.js";
import { Core } from "../../src/model/core.js";
import type { Setup } from "../../src/model/core.js";
import { CORPUS } from "../helpers/corpus.js";
import {
  FEWER_SETTINGS,
  INTERLEAVED,
  SETTINGS,
  describeCase,
  setupOf,
  tasksOf,
} from "../helpers/cases.js";
import { brokenLaw, differsFromCopy, gridDifference, leftAfterDrain } from "../helpers/laws.js";
import { RUNS_FACTOR, SAMPLE_FACTOR } from "../seed.js";

type Check = (core: Core, setup: Setup, schedule: Uint8Array) => string | undefined;

/** A core that has trapped cannot be used again: shrinking goes on with a new one. */
let core = new Core();
/** Traps on every access outside the sets that a step declared. */
let checked = new Core(debugCore);
/** With and without sockets and wires, which take part in every run of a program that declares them. */
const anyProgram = fc.oneof(
  programs({ threadsMax: 3, callsMax: 10 }),
  programs({ threadsMax: 3, callsMax: 10, sockets: true, wires: true }),
  programs({
    threadsMax: 3,
    callsMax: 10,
    storage: true,
    caches: true,
    devices: true,
    fifos: true,
    direct: true,
    vectors: true,
    memfds: true,
    uring: true,
  }),
);
const anySchedule = schedules(160);
/** In program order, and with threads that take turns. */
const SCHEDULES = [new Uint8Array(), Uint8Array.from({ length: 160 }, (_, i) => i % 3)];
let runs = 0;

/** Throws what a person needs to see a failing run again. */
function expectNothing(check: Check, on: Core, setup: Setup, schedule: Uint8Array): void {
  runs++;
  const failure = check(on, setup, schedule);
  if (failure === undefined) return;
  core = new Core();
  checked = new Core(debugCore);
  throw new Error(describeCase(setup, schedule, failure));
}

/** Asserts a check for generated programs and schedules in every setting. */
function holds(check: Check, numRuns: number, on: () => Core = () => core): void {
  fc.assert(
    fc.property(anyProgram, environments(), anySchedule, (program, environment, schedule) => {
      for (const setting of SETTINGS)
        expectNothing(check, on(), { ...setupOf(program, setting), environment }, schedule);
    }),
    { numRuns: numRuns * RUNS_FACTOR },
  );
}

afterAll(() => {
  console.log(`laws: ${runs} runs`);
});

test("all laws hold after every step, and P1 and P4 at the end where they are promised", () => {
  holds(brokenLaw, 250);
});

/** Bytes behind a file's end have no promise (docs/properties.md, P1). */
const BEHIND_THE_END = "vmsplice-old-end-is-copied-before-it-is-zeroed";

test("and in every scenario of the corpus", { timeout: 60_000 * RUNS_FACTOR }, () => {
  const all = [...CORPUS.map(({ program }) => program), ...INTERLEAVED.map(([, each]) => each)];
  const corpus = all.filter(({ name }) => name !== BEHIND_THE_END);
  expect(corpus.length).toBeGreaterThan(300);
  // A sample: some settings for each, others for the next.
  const every = SAMPLE_FACTOR < 1 ? 6 : 2;
  for (const [nth, program] of corpus.entries())
    for (const setting of FEWER_SETTINGS.filter((_, i) => (i + nth) % every === 0))
      for (const schedule of SCHEDULES)
        expectNothing(brokenLaw, core, setupOf(program, setting), schedule);
});

test("no step touches what it did not declare", () => {
  holds(brokenLaw, 30, () => checked);
});

test("laws of the machine hold for every combination of decisions and switches", () => {
  fc.assert(
    fc.property(
      ...[anyProgram, anySchedule, decisionWords(), switchWords()],
      (program: Program, schedule: Uint8Array, decisions: number, switches: number) => {
        const setup = setupOf(program, {
          profile: { name: `switches ${switches}`, doc: "", word: switches },
          policy: { name: `decisions ${decisions}`, doc: "", word: decisions },
        });
        expectNothing(brokenLaw, core, setup, schedule);
      },
    ),
    { numRuns: 1000 * RUNS_FACTOR },
  );
});

test("after the drain every folio is at its baseline (P7)", () => {
  holds(leftAfterDrain, 60);
});

test("call by call, policies that keep P1 and let nobody wait give the outcomes of copy", () => {
  holds(differsFromCopy, 100);
});

test("a run does not depend on the grid", () => {
  holds(gridDifference, 60);
});

describe("a schedule of bytes", () => {
  test("is read the same way by the core and by what writes runs down", () => {
    fc.assert(
      fc.property(
        anyProgram,
        anySchedule,
        fc.constantFrom(...SETTINGS),
        (program, bytes, setting) => {
          const setup = setupOf(program, setting);
          core.reset(setup);
          const { steps } = core.runBytes(bytes, false);
          const hash = core.hash();
          expect(tasksOf(core, setup, bytes)).toHaveLength(steps);
          expect(core.hash()).toBe(hash);
        },
      ),
    );
  });
});
