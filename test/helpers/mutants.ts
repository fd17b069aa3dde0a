// Which check finds a defect that is built in.
//
// Interface: useMutants.

import { beforeAll } from "vitest";
import { Core } from "../../src/model/core.js";
import { mutantCores } from "../../tools/mutants/build.js";
import { SEED } from "../seed.js";
import { KILLERS, firstFailure, type Kill } from "./killers.js";

/** Builds the cores with these defects before the tests of a file; gives the first failure that any check finds in one. */
export function useMutants(numbers: readonly number[]): (number: number) => Kill | undefined {
  let cores: readonly Uint8Array[] = [];
  beforeAll(async () => {
    cores = await mutantCores(numbers);
  }, 300_000);
  return (number) => {
    for (const killer of KILLERS) {
      const kill = firstFailure(killer, () => new Core(cores[numbers.indexOf(number)]), SEED);
      if (kill !== undefined) return kill;
    }
    return undefined;
  };
}
