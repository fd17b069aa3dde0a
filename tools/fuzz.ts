// `npm run fuzz`: the properties and the readers of untrusted text, with new seeds until a time is over.
//
// Interface: run directly: `npm run fuzz -- --seconds N --seed S` (60 seconds and a seed by chance if
// absent; each round takes the next seed). Exits 1 at the first failure, with the report, and the
// command that gives it again.

import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { ROOT, inRoot } from "./paths.js";
import { tryTool } from "./run-tool.js";

const TESTS = ["test/properties", "test/trace", "test/unit/language", "test/unit/arbitraries"];
/** How many times more cases than `npm test` a round tries: more where there is time for it. */
const runsFactor = (seconds: number): number => (seconds < 600 ? 1 : 5);

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, seed: { type: "string" } },
});
const seconds = Number(values.seconds);
const firstSeed = Number(values.seed ?? randomInt(2 ** 31));
const factor = runsFactor(seconds);
const started = performance.now();
const elapsed = (): number => Math.round((performance.now() - started) / 1000);

let round = 0;
do {
  const settings = [`SPLICELAB_SEED=${firstSeed + round}`, `SPLICELAB_RUNS=${factor}`];
  console.error(`round ${round + 1}, ${elapsed()} of ${seconds} s, seed ${firstSeed + round}`);
  const { code, output } = await tryTool("env", [
    ...["-C", ROOT, ...settings, inRoot("node_modules/.bin/vitest"), "run"],
    ...["--testTimeout=0", ...TESTS],
  ]);
  if (code !== 0) {
    console.log(output);
    console.log(`Again: ${settings.join(" ")} npx vitest run --testTimeout=0 ${TESTS.join(" ")}`);
    process.exitCode = 1;
    break;
  }
  round++;
} while (elapsed() < seconds);
if (process.exitCode !== 1)
  console.log(`${round} rounds without a failure, first seed ${firstSeed}`);
