// Every defect of assembly/mutants.ts is found, and nothing is found where there is none.
//
// `npm run mutants` shows which of all checks find each defect.

import { beforeAll, describe, expect, test } from "vitest";
import { Core } from "../src/model/core.js";
import { listMutants, mutantCores } from "../tools/mutants/build.js";
import { describeCase } from "./helpers/cases.js";
import { KILLERS, firstFailure } from "./helpers/killers.js";
import type { Kill } from "./helpers/killers.js";
import { SEED } from "./seed.js";

const mutants = listMutants();
let cores: readonly Uint8Array[] = [];

beforeAll(async () => {
  cores = await mutantCores([0, ...mutants.map(({ number }) => number)]);
}, 300_000);

/** The first failure that any check finds. */
function killOf(number: number): Kill | undefined {
  for (const killer of KILLERS) {
    const kill = firstFailure(killer, () => new Core(cores[number]), SEED);
    if (kill !== undefined) return kill;
  }
  return undefined;
}

test("there are at least 48 defects", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(48);
});

describe("found is", () => {
  test.each(mutants)("$number: $doc", { timeout: 60_000 }, ({ number }) => {
    expect(killOf(number)).toBeDefined();
  });
});

test("nothing is found in the core without a defect", { timeout: 120_000 }, () => {
  const kill = killOf(0);
  if (kill) throw new Error(describeCase(kill.setup, kill.schedule, kill.failure));
});
