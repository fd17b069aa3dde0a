// `npm run check`: every check that needs no run of the program, side by side, one line each.
//
// Interface: run directly; exits 1 if a check fails. --fix formats and lets the linter mend first.

import { availableParallelism } from "node:os";
import { buildSources } from "./build-sources.js";
import { checkCore } from "./build-core.js";
import { runTool, tryTool } from "./run-tool.js";

interface Check {
  readonly name: string;
  /** Throws with the messages if the check fails. */
  readonly run: () => Promise<unknown>;
}

const tool = (name: string, command: string, args: readonly string[]): Check => ({
  name,
  run: () => runTool(command, args),
});

const PRETTIER = [".", "--log-level", "warn", "--cache", "--cache-location", "build/prettiercache"];

/** Unchanged files are not linted again. A rule that looks at types may miss what a change in another file
 *  does to them: continuous integration starts without a cache. */
const ESLINT = [".", "--max-warnings", "0", "--cache", "--cache-strategy", "content"];
const ESLINT_CACHE = ["--cache-location", "build/eslintcache"];

/** The longest first, so that the short ones fill the gaps. */
const CHECKS: readonly Check[] = [
  tool("eslint", "eslint", [...ESLINT, ...ESLINT_CACHE]),
  tool("tsc -b", "tsc", ["-b"]),
  tool("svelte-check", "svelte-check", ["--tsconfig", "./tsconfig.viz.json", "--output", "human"]),
  { name: "asc --noEmit", run: checkCore },
  tool("layers", "depcruise", ["src", "assembly", "test", "tools", "--output-type", "err-long"]),
  tool("prettier", "prettier", ["--check", ...PRETTIER]),
  tool("tsc assembly", "tsc", ["-p", "assembly"]),
];

/** Runs one check and prints its line; returns whether it passed. */
async function report(check: Check): Promise<boolean> {
  const started = performance.now();
  const failure = await check.run().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  console.log(`${failure === undefined ? "ok    " : "FAILED"} ${seconds} s  ${check.name}`);
  if (failure !== undefined) console.log(failure);
  return failure === undefined;
}

/** Takes checks from one queue with as many workers as there are processors. */
async function runAll(checks: readonly Check[]): Promise<boolean> {
  const queue = [...checks];
  let passed = true;
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      passed = (await report(next)) && passed;
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return passed;
}

await buildSources();
if (process.argv.includes("--fix")) {
  await tryTool("eslint", [".", "--fix"]);
  await tryTool("prettier", ["--write", ...PRETTIER]);
}
process.exitCode = (await runAll(CHECKS)) ? 0 : 1;
