// Reads that were torn are drawn as what they may have got: src/viz/scene/readers.ts.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseProgram } from "../../src/language/parse-program.js";
import { Runner } from "../../src/viz/runner.js";
import { layoutOf } from "../../src/viz/scene/layout.js";
import { stageScene } from "../../src/viz/scene/stage.js";

const program = parseProgram(readFileSync("litmus/torn-read.litmus", "utf8")).program!;
const MODEL = { profile: "6.18/ext4", policy: "linux" };

/** A schedule in which the threads take turns, `each` steps long. */
const turns = (each: number) =>
  Array.from({ length: 120 }, (_, i) => Math.floor(i / each) % program.threads.length);

test("what a reader is shown with is what its call gave", () => {
  let torn = 0;
  for (let each = 1; each < 12; each++) {
    const order = { steps: turns(each), tear: true };
    const [trace] = new Runner().run(program, [MODEL], order).traces;
    const scene = stageScene(trace!, layoutOf([trace!], 600), trace!.steps.length, 0);
    for (const { call, strip } of scene.readers) {
      const { data } = trace!.outcome.results[call]!;
      const cells = [...data.filter((_, at) => at % trace!.start.gridBytes === 0)];
      if (strip === undefined) continue;
      expect(strip.runs.map((run) => run.byte)).toEqual(
        cells.filter((byte, at) => at === 0 || byte !== cells[at - 1]),
      );
      if (strip.text.includes("|")) torn++;
    }
  }
  expect(torn).toBeGreaterThan(0);
});
