// Before a test run: builds the core and the grammar if their sources changed, and names the seed.
// Where the core does not compile the tests run with the last one that did, and the run fails.

import { SEED } from "../test/seed.js";
import { buildSources } from "./build-sources.js";

export default async function setup(): Promise<() => void> {
  console.log(`fast-check seed ${SEED} (SPLICELAB_SEED changes it)`);
  const failure = await buildSources().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (failure !== undefined) console.error(failure);
  return () => {
    if (failure === undefined) return;
    console.error("Failed: the sources do not build; the tests ran with what was built before.");
    process.exitCode = 1;
  };
}
