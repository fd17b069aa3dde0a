// Runs before every test file: properties take their seed from test/seed.ts.

import fc from "fast-check";
import { RUNS_FACTOR, SEED } from "./seed.js";

fc.configureGlobal({ seed: SEED, numRuns: 100 * RUNS_FACTOR });
