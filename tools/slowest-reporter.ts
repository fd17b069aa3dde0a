// The last lines of a test run: what was skipped and why, where the time went, and the seed.
//
// Interface: the default export, a reporter for vitest.

import type { Reporter, TestCase, TestModule } from "vitest/node";
import { SEED } from "../test/seed.js";

const SHOWN = 10;

export default class SlowestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    for (const test of tests) printSkipped(test);
    const timed = tests
      .map((test) => ({ test, ms: test.diagnostic()?.duration ?? 0 }))
      .sort((a, b) => b.ms - a.ms)
      .slice(0, SHOWN);
    console.log(`\nThe slowest ${timed.length} (fast-check seed ${SEED}):`);
    for (const { test, ms } of timed)
      console.log(`${(ms / 1000).toFixed(2).padStart(8)} s  ${named(test)}`);
  }
}

function printSkipped(test: TestCase): void {
  const result = test.result();
  if (result.state === "skipped")
    console.log(`skipped: ${named(test)}: ${result.note ?? "no reason given"}`);
}

const named = (test: TestCase): string => `${test.module.relativeModuleId}: ${test.fullName}`;
