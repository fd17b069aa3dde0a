// The last line of .ci/run, from vitest's JSON report and the number of steps that failed.
//
// Interface: run directly: `ci-summary REPORT FAILED_STEPS`; exits 1 if anything failed.

import { existsSync, readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

const [file = "", steps = "0"] = process.argv.slice(2);
const report = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : undefined;

const passed = report?.numPassedTests ?? 0;
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
// A step that failed without a failed test (a check, a file that does not load) counts as one.
const failedTests = report?.numFailedTests ?? 0;
const failed = failedTests === 0 ? Number(steps) : failedTests + Math.max(0, Number(steps) - 1);

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
