// The last lines of a test run: where the time went, and how to get the same run again.
//
// Interface: SlowestReporter, a reporter for vitest.

import type { Reporter, TestCase, TestModule } from "vitest/node";
import { SEED } from "../test/seed.js";

const SHOWN = 10;

/** Prints the slowest tests and the seed after the run. */
export class SlowestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const timed = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => ({ test, ms: test.diagnostic()?.duration ?? 0 }))
      .sort((a, b) => b.ms - a.ms)
      .slice(0, SHOWN);
    console.log(`\nThe slowest ${timed.length} (fast-check seed ${SEED}):`);
    for (const { test, ms } of timed)
      console.log(`${(ms / 1000).toFixed(2).padStart(8)} s  ${named(test)}`);
  }
}

const named = (test: TestCase): string => `${test.module.relativeModuleId}: ${test.fullName}`;
