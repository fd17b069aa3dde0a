// The scenarios of tools/bench/spin as litmus files on the real core: the outcomes and the verdict about the
// snapshot are those of the calibration machine, whose counts are SPIN's. The core takes finer steps.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import type { CalibrationPolicy, ScenarioName } from "../../../src/model/calibration.js";
import { Calibration, scenario } from "../../../src/model/calibration.js";
import { Core } from "../../../src/model/core.js";
import { Exploration } from "../../../src/model/exploration.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { PROFILES } from "../../../src/model/profiles.js";
import { SEARCH_DEFAULTS } from "../../../src/model/search.js";
import type { Outcome } from "../../../src/trace/outcome.js";
import { inRoot } from "../../../tools/paths.js";
import { setupOf } from "../../helpers/cases.js";

/** The policies that both machines have. */
const POLICIES: readonly (readonly [CalibrationPolicy, string])[] = [
  ["ZEROCOPY", "linux"],
  ["COW", "cow"],
  ["COPY", "copy"],
  ["STEAL", "steal"],
  ["COWRACE", "cow-nolock"],
];
const SMALL: readonly (readonly [string, ScenarioName, object])[] = [
  ["A-2-1", "A", { N: 2, W: 1 }],
  ["B-1-1-2", "B", { K: 1, W: 1, N: 2 }],
  ["B-2-1-2", "B", { K: 2, W: 1, N: 2 }],
  ["C-2-2-1", "C", { FAN: 2, N: 2, W: 1 }],
  ["D-1-1-2", "D", { K: 1, W: 1, N: 2 }],
];

const PAGE_BYTES = 4096;
/** One byte of each page that was received. */
const tagsOf = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length / PAGE_BYTES }, (_, page) => bytes[page * PAGE_BYTES]!);

/** What the consumers received, then the reader of the file: a row of tags each, as CalibrationOutcome has it. */
function projected({ results, wires }: Outcome, thread: readonly (readonly number[])[]): string {
  const sent = (wires ?? []).map(({ last }) => tagsOf(last));
  const read = thread.map((calls) => calls.flatMap((call) => tagsOf(results[call]!.data)));
  return JSON.stringify([...sent, ...read.filter((tags) => tags.length > 0)]);
}

/** Distinct outcomes, and whether each consumer always gets its snapshot. */
function ofCore(name: string, policy: string) {
  const text = readFileSync(inRoot(`litmus/spin/${name}.litmus`), "utf8");
  const { program } = parseProgram(text);
  if (program === undefined) throw new Error(`litmus/spin/${name}.litmus has errors`);
  const setting = { profile: PROFILES[0]!, policy: parsePolicy(policy) };
  const exploration = new Exploration(new Core(), setupOf(program, setting));
  expect(exploration.search.runAll()).toBe("done");
  const found = exploration.outcomes();
  const calls = program.threads.map((thread) => thread.calls.map(({ id }) => id));
  return {
    outcomes: new Set(found.map(({ outcome }) => projected(outcome, calls))),
    keeps: found.every(({ outcome }) => outcome.snapshot === true),
  };
}

function ofCalibration(name: ScenarioName, policy: CalibrationPolicy, parameters: object) {
  const machine = new Calibration();
  machine.reset(scenario(name, policy, parameters));
  machine.search.start(SEARCH_DEFAULTS);
  machine.search.runAll();
  const [broken] = machine.search.facts().violations;
  return { outcomes: machine.outcomes(), keeps: broken!.transitions === 0 };
}

describe.each(SMALL)("%s", (file, name, parameters) => {
  test.each(POLICIES)("under %s, which is %s", (theirs, ours) => {
    expect(ofCore(file, ours)).toEqual(ofCalibration(name, theirs, parameters));
  });
});
