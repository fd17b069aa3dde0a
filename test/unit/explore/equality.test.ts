// However a scenario is searched, its outcomes are the same: with all reductions, each alone and none, breadth and
// depth first, by two workers, in shards, cut off and resumed, by brute force, and by the reference model.

import { describe, expect, test } from "vitest";
import type { ProgramConstraints } from "../../../src/arbitraries/index.js";
import { randomProgram } from "../../../src/arbitraries/random.js";
import type { Program } from "../../../src/language/program.js";
import {
  CORNERS,
  FEWER_SETTINGS,
  INTERLEAVED,
  MOVES,
  REFERENCE_SETTINGS,
  SETTINGS,
  SMALL_FILES,
  SOCKETS,
  STORAGE,
  setupOf,
  withByteTwin,
  withDaemons,
  withTwin,
} from "../../helpers/cases.js";
import { bruteForce, searched } from "../../helpers/outcomes.js";
import { expectEqualWays, titleOf } from "../../helpers/ways.js";
import { RUNS_FACTOR, SAMPLE_FACTOR, SEED } from "../../seed.js";

const PROGRAMS = 300 * SAMPLE_FACTOR;
/** Every nth program goes through brute force; small ones of known policies beside the reference model. */
const BRUTE_EVERY = 3;
const BRUTE_STATES = 8000;
const REFERENCE_STATES = 300;
const OTHER_PROGRAMS = 80 * SAMPLE_FACTOR;

test("on random programs", { timeout: 120_000 * RUNS_FACTOR }, () => {
  const counts = { compared: 0, brute: 0, reference: 0, tooLarge: 0 };
  for (let index = 0; counts.compared < PROGRAMS; index++) {
    const { program } = randomProgram(SEED, index, { threadsMax: 3, callsMax: 6, memory: false });
    if (program.threads.length < 2) continue;
    const setting = SETTINGS[index % SETTINGS.length]!;
    const setup = setupOf(program, setting);
    if (!expectEqualWays(setup)) {
      counts.tooLarge++;
      continue;
    }
    counts.compared++;
    const plain = searched(setup, {})!;
    const byHand = counts.compared % BRUTE_EVERY === 0 && bruteForce(setup, false, BRUTE_STATES);
    if (byHand) {
      counts.brute++;
      expect(byHand, titleOf(setup)).toEqual(plain);
    }
    const beside =
      REFERENCE_SETTINGS.includes(setting) && bruteForce(setup, true, REFERENCE_STATES);
    if (beside) {
      counts.reference++;
      expect(beside.keys, titleOf(setup)).toEqual(plain.keys);
    }
  }
  console.log("equal outcomes:", JSON.stringify(counts));
  expect(counts.tooLarge).toBeLessThan(counts.compared / 2);
  expect(counts.brute).toBeGreaterThan(counts.compared / 5);
  expect(counts.reference).toBeGreaterThan(counts.compared / 50);
});

/** Small programs with something beside threads and pipes. */
const OTHERS: readonly (readonly [string, ProgramConstraints, (program: Program) => Program])[] = [
  ["write-back and reclaim", SMALL_FILES, withDaemons],
  ["sockets and wires", { ...SOCKETS, memory: false }, (program) => program],
  [
    "equal threads",
    { ...SMALL_FILES, wires: true, memory: false, callsMax: 4 },
    (program) => withTwin(program),
  ],
  ["threads equal but for bytes", { ...SMALL_FILES, memory: false, callsMax: 4 }, withByteTwin],
  ["memory", { memory: true, moves: false, fileBytesMax: 8192 }, (program) => program],
  ["other moves", { ...SOCKETS, ...MOVES, fileBytesMax: 8192 }, (program) => program],
  ["names and disk", STORAGE, (program) => program],
  ["FIFOs", { ...SMALL_FILES, fifos: true, memory: false }, (program) => program],
  ["devices", { ...SMALL_FILES, devices: true, memory: false }, (program) => program],
  ["O_DIRECT", { ...SMALL_FILES, direct: true, memory: true }, (program) => program],
  ["vectors", { ...STORAGE, vectors: true }, (program) => program],
  ["memfds", { ...SMALL_FILES, memfds: true }, (program) => program],
  ["io_uring", { ...SOCKETS, ...SMALL_FILES, uring: true, memory: false }, (program) => program],
  ["names, disk and memory", { ...STORAGE, memory: true }, (program) => program],
];

test.each(OTHERS)("on random programs with %s", { timeout: 60_000 * RUNS_FACTOR }, (...other) => {
  const [name, constraints, change] = other;
  const counts = { compared: 0, brute: 0, tooLarge: 0 };
  for (let index = 0; counts.compared < OTHER_PROGRAMS; index++) {
    const limits = { threadsMax: 2, callsMax: 5, ...constraints };
    const { program } = randomProgram(SEED, index, limits);
    const setup = setupOf(change(program), SETTINGS[index % SETTINGS.length]!);
    if (!expectEqualWays(setup)) {
      counts.tooLarge++;
      continue;
    }
    counts.compared++;
    const byHand = counts.compared % BRUTE_EVERY === 0 && bruteForce(setup, false, BRUTE_STATES);
    if (byHand) {
      counts.brute++;
      expect(byHand, titleOf(setup)).toEqual(searched(setup, {}));
    }
  }
  console.log(`equal outcomes with ${name}:`, JSON.stringify(counts));
  expect(counts.tooLarge).toBeLessThan(counts.compared);
  expect(counts.brute).toBeGreaterThan(counts.compared / 8);
});

describe("on every corner", () => {
  test.each(CORNERS.map((program) => [program.name, program] as const))("%s", (_, program) => {
    for (const setting of FEWER_SETTINGS) expectEqualWays(setupOf(program, setting));
  });
});

describe("on the corpus", () => {
  test.each(INTERLEAVED)("%s", (_, program) => {
    for (const setting of FEWER_SETTINGS) expectEqualWays(setupOf(program, setting));
  });
});
