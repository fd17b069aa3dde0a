// A sixth of the defects of assembly/mutants.ts is found: mutants.long.ts asks for all of them.

import { describe, expect, test } from "vitest";
import { listMutants } from "../tools/mutants/build.js";
import { useMutants } from "./helpers/mutants.js";

const EVERY = 6;
const mutants = listMutants().filter(({ number }) => number % EVERY === 1);
const killOf = useMutants(mutants.map(({ number }) => number));

test("there are at least 76 defects", () => {
  expect(listMutants().length).toBeGreaterThanOrEqual(76);
});

describe("found is", () => {
  test.each(mutants)("$number: $doc", { timeout: 60_000 }, ({ number }) => {
    expect(killOf(number)).toBeDefined();
  });
});
