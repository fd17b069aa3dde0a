// Programs per second through kernel and model, compared, on each file system at hand.
//
// Interface: measureKernels.

import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { caseOf } from "../../src/cli/random-case.js";
import { openKernel } from "../../src/cli/backends.js";
import { CrossChecker } from "../../src/cli/cross-check.js";
import { CannotRun } from "../../src/cli/exit.js";
import { SEED } from "../../test/seed.js";
import { rateOfAsync } from "./measure.js";
import type { Measured } from "./measure.js";

const PROGRAMS = 1024;
const BATCH = 256;
const DIRECTORIES = ["/dev/shm", tmpdir()];

/** One rate per directory; prints why one is left out. */
export async function measureKernels(repeats: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const directory of DIRECTORIES.filter(existsSync)) {
    try {
      measured.push(await measureIn(directory, repeats));
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      console.error(`cross-check in ${directory}: left out, ${error.message}`);
    }
  }
  return measured;
}

async function measureIn(directory: string, repeats: number): Promise<Measured> {
  const kernel = await openKernel({ directory });
  try {
    const checker = new CrossChecker(kernel);
    const note = `${PROGRAMS} random programs in batches of ${BATCH}`;
    const title = { name: `cross-check: ${kernel.found}`, unit: "programs/s", note };
    return await rateOfAsync(title, repeats, async () => {
      for (let from = 0; from < PROGRAMS; from += BATCH) {
        const batch = Array.from({ length: BATCH }, (_, i) => caseOf(SEED, from + i));
        await checker.check(batch);
      }
      return PROGRAMS;
    });
  } finally {
    await kernel.executor.close();
  }
}
