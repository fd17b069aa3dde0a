// Copies that take time: what `--tear on` adds to the outcomes, and that it takes none away.

import { describe, expect, test } from "vitest";
import debugCore from "../../../build/core/debug.js";
import type { ProgramConstraints } from "../../../src/arbitraries/index.js";
import { randomProgram } from "../../../src/arbitraries/random.js";
import { sameOutcome } from "../../../src/compare/conform.js";
import { observe } from "../../../src/compare/observe.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { compress } from "../../../src/language/program.js";
import type { Program } from "../../../src/language/program.js";
import { Core, TooLarge } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { EXPLORE_DEFAULTS, Exploration } from "../../../src/model/exploration.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { valuesOf } from "../../../src/trace/outcome.js";
import type { Outcome } from "../../../src/trace/outcome.js";
import {
  SETTINGS,
  SMALL_FILES,
  MOVES,
  SOCKETS,
  STORAGE,
  describeCase,
  randomCase,
  setupOf,
  withByteTwin,
  withDaemons,
} from "../../helpers/cases.js";
import { brokenLaw, gridDifference } from "../../helpers/laws.js";
import { bruteForce, searched } from "../../helpers/outcomes.js";
import { expectEqualWays, titleOf } from "../../helpers/ways.js";
import { RUNS_FACTOR, SAMPLE_FACTOR, SEED } from "../../seed.js";

const PROGRAMS = 40 * SAMPLE_FACTOR;
const BRUTE_STATES = 8000;

/** Every outcome of a scenario that stays in the model, with all reductions. */
function outcomesOf(setup: Setup): Outcome[] {
  const exploration = new Exploration(new Core(), setup, EXPLORE_DEFAULTS);
  while (exploration.search.run(10_000) === "running");
  const found = exploration.outcomes().filter(({ unmodelled }) => unmodelled === undefined);
  return found.map(({ outcome }) => outcome);
}

/** Every value that a byte at some place may have: "call 2 at 512: 17". */
function bytesSeen({ results, files, pipes, wires = [], values }: Outcome): string[] {
  const places: [string, Uint8Array][] = [
    ...results.map(({ call, data }) => [`call ${call}`, data] as [string, Uint8Array]),
    ...files.map((f) => [`file ${f.name ?? f.fd}`, f.bytes] as [string, Uint8Array]),
    ...pipes.map((p) => [`pipe ${p.fd}`, p.bytes] as [string, Uint8Array]),
    ...wires.flatMap((w): [string, Uint8Array][] => [
      [`first of wire ${w.wire}`, w.first],
      [`last of wire ${w.wire}`, w.last],
    ]),
  ];
  return places.flatMap(([place, bytes]) =>
    compress(bytes).flatMap(({ byte, lenBytes }, i, runs) => {
      const at = runs.slice(0, i).reduce((sum, run) => sum + run.lenBytes, 0);
      const may = values === undefined ? [byte] : valuesOf(Number(byte), values);
      return may.flatMap((value) =>
        Array.from(
          { length: Math.ceil(lenBytes / 16) },
          (_, n) => `${place} at ${at + 16 * n}: ${value}`,
        ),
      );
    }),
  );
}

/** What a scenario shows, under `linux` on ext4 if nobody says otherwise. */
function shown(text: string, policy = "linux", tear = true, profile = "6.18/ext4"): string[] {
  const { program, diagnostics } = parseProgram(text);
  if (program === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const setting = { profile: parseProfile(profile), policy: parsePolicy(policy) };
  const outcomes = outcomesOf({ ...setupOf(program, setting), tear });
  return [...new Set(outcomes.map((outcome) => observe(program, outcome)))].sort();
}

describe("a torn copy shows each byte as it was or as it becomes", () => {
  const beside = (reader: string, writer: string, rest = ""): string =>
    `litmus t\nfile f = 0x11 * 4096\n${rest}\nthread reader { ${reader} }\nthread writer { ${writer} }\n`;
  const spliced = "pipe p\n";

  test("a read beside a write", () => {
    const text = beside("a = pread(f, 4096, 0)", "pwrite(f, 0x22 * 4096, 0)");
    const whole = ["reader:a=0x11 * 4096", "reader:a=0x22 * 4096"];
    expect(shown(text, "linux", false)).toEqual(whole);
    expect(shown(text)).toEqual([...whole, "reader:a={0x11|0x22} * 4096"]);
  });

  test("what lies in a pipe beside a write, unless the page was replaced", () => {
    const text = `${beside(
      "s: splice(f, 0, p.w, NULL, 4096, 0)\na = read(p.r, 4096)",
      "after reader:s\npwrite(f, 0x22 * 4096, 0)",
      spliced,
    )}forall snapshot`;
    expect(shown(text)).toContain("reader:a={0x11|0x22} * 4096; snapshot or not");
    for (const policy of ["cow", "copy"])
      expect(shown(text, policy)).toEqual(["reader:a=0x11 * 4096; snapshot"]);
  });

  test("the copy of policy `copy` itself", () => {
    const text = `${beside(
      "splice(f, 0, p.w, NULL, 4096, 0)\na = read(p.r, 4096)",
      "pwrite(f, 0x22 * 4096, 0)",
      spliced,
    )}forall snapshot`;
    expect(shown(text, "copy")).toContain("reader:a={0x11|0x22} * 4096; snapshot");
  });

  test("a read beside zeros of truncate and of a hole", () => {
    const cut = "reader:a=0x11 * 2048, {0x00|0x11} * 2048";
    expect(shown(beside("a = pread(f, 4096, 0)", "ftruncate(f, 2048)"))).toContain(cut);
    const punch = "fallocate(f, FALLOC_FL_PUNCH_HOLE|FALLOC_FL_KEEP_SIZE, 2048, 2048)";
    expect(shown(beside("a = pread(f, 4096, 0)", punch))).toContain(cut);
  });

  test("what a network card reads in one step, beside a write that is under way", () => {
    const text = `${beside(
      "splice(f, 0, p.w, NULL, 4096, 0)\nsplice(p.r, NULL, w.tx, NULL, 4096, 0)",
      "pwrite(f, 0x22 * 4096, 0)",
      "pipe p\nwire w\n",
    )}exists (w = 0x22 * 4096)`;
    expect(shown(text)).toContain("w={0x11|0x22} * 4096");
  });

  test("two readers of one write, both torn", () => {
    const text = beside(
      "a = pread(f, 4096, 0)\nb = pread(f, 4096, 0)",
      "pwrite(f, 0x22 * 4096, 0)",
    );
    expect(shown(text)).toContain("reader:a={0x11|0x22} * 4096; reader:b={0x11|0x22} * 4096");
    expect(shown(text)).not.toContain("reader:a={0x11|0x22} * 4096; reader:b=0x11 * 4096");
  });

  test("a splice into a file takes up what its source becomes meanwhile", () => {
    const text =
      beside(
        "s: splice(f, 0, p.w, NULL, 4096, 0)\nsplice(p.r, NULL, g, 0, 4096, 0)",
        "after reader:s\npwrite(f, 0x22 * 4096, 0)",
        "file g = 0x33 * 4096\npipe p\n",
      ) + "locations [g]";
    expect(shown(text)).toEqual(["g=0x11 * 4096", "g=0x22 * 4096", "g={0x11|0x22} * 4096"]);
  });

  test("a store through a mapping may come before a byte of a write under way, or after it", () => {
    const text =
      beside(
        "m = mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, f, 0)\nstore(m, 0x33 * 4096, 0)",
        "pwrite(f, 0x22 * 4096, 0)",
      ) + "locations [f]";
    expect(shown(text)).toEqual([
      "reader:m=0; f=0x22 * 4096",
      "reader:m=0; f=0x33 * 4096",
      "reader:m=0; f={0x22|0x33} * 4096",
    ]);
  });

  test("more values than a set can hold are refused with what to do", () => {
    const nine = Array.from({ length: 8 }, (_, i) => `0x${i + 1}0 * 512`).join(", ");
    const text = beside("a = pread(f, 4096, 0)", `pwrite(f, {${nine}}, 0)`);
    expect(() => shown(text)).toThrow(TooLarge);
    expect(() => shown(text)).toThrow(/7 different bytes/);
  });
});

/** Random programs that have more outcomes with tears than without. */
let tornInAll = 0;
let comparedInAll = 0;

/** Small programs of every kind. */
const KINDS: readonly (readonly [string, ProgramConstraints, (program: Program) => Program])[] = [
  ["files and pipes", { memory: false }, (program) => program],
  ["write-back and reclaim", SMALL_FILES, withDaemons],
  ["sockets and wires", { ...SOCKETS, memory: false }, (program) => program],
  ["memory", { memory: true, fileBytesMax: 8192 }, (program) => program],
  ["threads that differ in bytes", { ...SMALL_FILES, memory: false, callsMax: 3 }, withByteTwin],
  ["other moves", { ...SOCKETS, ...MOVES, fileBytesMax: 8192 }, (program) => program],
  ["names and disk", STORAGE, (program) => program],
  ["memfds", { ...SMALL_FILES, memfds: true }, (program) => program],
  ["devices", { ...SMALL_FILES, devices: true, memory: false }, (program) => program],
  ["vectors", { ...STORAGE, vectors: true }, (program) => program],
  ["names, disk and memory", { ...STORAGE, memory: true }, (program) => program],
];

test.each(KINDS)("on random programs with %s", { timeout: 120_000 * RUNS_FACTOR }, (...kind) => {
  const [name, constraints, change] = kind;
  const counts = { compared: 0, brute: 0, torn: 0, tooLarge: 0 };
  for (let index = 0; counts.compared < PROGRAMS; index++) {
    const limits = { threadsMax: 2, callsMax: 5, ...constraints };
    const program = change(randomProgram(SEED, index, limits).program);
    if (program.threads.length < 2) continue;
    const setup = { ...setupOf(program, SETTINGS[index % SETTINGS.length]!), tear: true };
    if (!expectEqualWays(setup)) {
      counts.tooLarge++;
      continue;
    }
    counts.compared++;
    const byHand = counts.compared % 4 === 0 && bruteForce(setup, false, BRUTE_STATES);
    if (byHand) {
      counts.brute++;
      expect(byHand, titleOf(setup)).toEqual(searched(setup, {}));
    }
    const torn = outcomesOf(setup);
    const whole = outcomesOf({ ...setup, tear: false });
    if (torn.length > whole.length) counts.torn++;
    for (const outcome of whole)
      expect(
        torn.some((each) => sameOutcome(outcome, each)),
        `an outcome of whole copies is lost\n${titleOf(setup)}`,
      ).toBe(true);
    const seen = new Set(whole.flatMap(bytesSeen));
    for (const byte of torn.flatMap(bytesSeen))
      expect(seen.has(byte), `${byte} is seen with tears only\n${titleOf(setup)}`).toBe(true);
  }
  console.log(`torn copies with ${name}:`, JSON.stringify(counts));
  tornInAll += counts.torn;
  comparedInAll += counts.compared;
  expect(counts.brute).toBeGreaterThan(counts.compared / 8);
});

test("some of the random programs tear", ({ skip }) => {
  if (comparedInAll === 0) skip("the random programs were not run");
  expect(tornInAll).toBeGreaterThan(0);
});

test("laws hold after every step, grids agree, and no step touches what it did not declare", () => {
  const [core, checked] = [new Core(), new Core(debugCore)];
  for (let index = 0; index < PROGRAMS; index++) {
    const kind = index % 3 === 0 ? { sockets: true, wires: true } : {};
    const { program, schedule } = randomCase(SEED, index, { callsMax: 8, ...kind });
    for (const setting of SETTINGS) {
      const setup = { ...setupOf(program, setting), tear: true };
      const broken =
        brokenLaw(index % 4 === 0 ? checked : core, setup, schedule) ??
        gridDifference(core, setup, schedule);
      if (broken !== undefined) throw new Error(describeCase(setup, schedule, broken));
    }
  }
});
