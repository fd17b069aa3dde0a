// What the page says of a run's condition: src/viz/judged.

import { expect, test } from "vitest";
import { parseProgram } from "../../src/language/parse-program.js";
import { judgedOf, type Judged } from "../../src/viz/judged/judged.js";
import { Runner } from "../../src/viz/runner.js";

const runner = new Runner();

/** The judgement of a run in program order. */
function judged(condition: string, result = ""): Judged {
  const text = `litmus j\n"."\npipe p\nthread t {\n  write(p.w, "ab")${result}\n  a = read(p.r, 2)\n}\n${condition}\n`;
  const { program } = parseProgram(text);
  const models = [{ profile: "6.18/ext4", policy: "linux" }];
  return judgedOf(runner.run(program!, models, { picks: [] }).traces[0]!);
}

test.each([
  ['exists t:a = "ab"', "holds: this run is an example"],
  ['exists t:a = "xy"', "not in this run; another may show it"],
  ['~exists t:a = "xy"', "holds in this run"],
  ['~exists t:a = "ab"', "does not hold: this run is a counterexample"],
  ['forall t:a = "ab"', "holds in this run"],
  ['forall t:a = "xy"', "does not hold: this run is a counterexample"],
])("%s %s", (condition, verdict) => {
  expect(judged(condition).condition).toMatchObject({ text: condition, verdict });
});

test("without a condition there is still a why, and what the author expected otherwise", () => {
  const { condition, why, unexpected } = judged("", " = 1");
  expect(condition).toBeUndefined();
  expect(why).not.toBe("");
  expect(unexpected).toEqual([expect.stringContaining("expected 1, got 2")]);
});
