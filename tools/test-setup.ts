// Before a test run: builds the core and the grammar if their sources changed, and names the seed.
// A core that does not compile is removed: the tests that need it fail, the others still run.

import { rmSync } from "node:fs";
import { SEED } from "../test/seed.js";
import { buildSources } from "./build-sources.js";
import { inRoot } from "./paths.js";

export default async function setup(): Promise<void> {
  try {
    await buildSources();
  } catch (error) {
    rmSync(inRoot("build/core"), { recursive: true, force: true });
    console.error(error instanceof Error ? error.message : error);
  }
  console.log(`fast-check seed ${SEED} (SPLICELAB_SEED changes it)`);
}
