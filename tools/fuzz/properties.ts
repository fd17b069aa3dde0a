// The properties of the test suite with new seeds, round after round.
//
// Interface: fuzzProperties.

import { ROOT, inRoot } from "../paths.js";
import { tryTool } from "../run-tool.js";

const TESTS = ["test/properties", "test/trace", "test/unit/language", "test/unit/arbitraries"];
/** How many times more cases than `npm test` a round tries: more where there is time for it. */
const runsFactor = (seconds: number): number => (seconds < 600 ? 1 : 5);

/** Each round takes the next seed; ends at the first failure, with the command that gives it again. Gives the exit code. */
export async function fuzzProperties(firstSeed: number, seconds: number): Promise<number> {
  const started = performance.now();
  const elapsed = (): number => Math.round((performance.now() - started) / 1000);
  let round = 0;
  do {
    const seed = firstSeed + round;
    const settings = [`SPLICELAB_SEED=${seed}`, `SPLICELAB_RUNS=${runsFactor(seconds)}`];
    console.error(`round ${round + 1}, ${elapsed()} of ${seconds} s, seed ${seed}`);
    const { code, output } = await tryTool("env", [
      ...["-C", ROOT, ...settings, inRoot("node_modules/.bin/vitest"), "run"],
      ...["--testTimeout=0", ...TESTS],
    ]);
    if (code !== 0) {
      console.log(output);
      console.log(`Again: ${settings.join(" ")} npx vitest run --testTimeout=0 ${TESTS.join(" ")}`);
      return 1;
    }
    round++;
  } while (elapsed() < seconds);
  console.log(`${round} rounds without a failure, first seed ${firstSeed}`);
  return 0;
}
