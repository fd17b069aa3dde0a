// Every defect of assembly/mutants.ts is found, and nothing is found where there is none.
//
// `npm run mutants` shows which of all checks find each defect.

import { describe, expect, test } from "vitest";
import { listMutants } from "../tools/mutants/build.js";
import { describeCase } from "./helpers/cases.js";
import { useMutants } from "./helpers/mutants.js";

const mutants = listMutants();
const killOf = useMutants([0, ...mutants.map(({ number }) => number)]);

describe("found is", () => {
  test.each(mutants)("$number: $doc", { timeout: 120_000 }, ({ number }) => {
    expect(killOf(number)).toBeDefined();
  });
});

test("nothing is found in the core without a defect", { timeout: 300_000 }, () => {
  const kill = killOf(0);
  if (kill) throw new Error(describeCase(kill.setup, kill.schedule, kill.failure));
});
