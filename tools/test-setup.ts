// Before a test run: builds the core and the grammar if their sources changed, and names the seed.

import { SEED } from "../test/seed.js";
import { buildSources } from "./build-sources.js";

export default async function setup(): Promise<void> {
  await buildSources();
  console.log(`fast-check seed ${SEED} (SPLICELAB_SEED changes it)`);
}
