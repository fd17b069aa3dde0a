// Why Positive and Negative are not as many together as there are outcomes, in words.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { countsOf, NO_COUNTS } from "../../../src/compare/judge.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { explore } from "../../../src/model/explore.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { uncountedText } from "../../../src/report/verdict.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

test.each([
  ["mail-race.litmus", true, "4 outcomes count as Positive and as Negative"],
  ["mail-race.litmus", false, ""],
])("each outcome of %s (tear: %s) is counted, or it is said why not", (file, tear, said) => {
  const { program } = parseProgram(readFileSync(`litmus/${file}`, "utf8"));
  const [profile, policy] = [parseProfile("6.18/ext4"), parsePolicy("linux")];
  const setup = { program: program!, profile, policy, environment: ENVIRONMENT, tear };
  const { reached } = explore(setup);
  const counts = countsOf(
    program!,
    reached.map(({ outcome }) => outcome),
  );
  const { positive, negative, unknown, either, excluded } = counts;
  expect(positive + negative - either + unknown + excluded).toBe(reached.length);
  expect(uncountedText(counts).join()).toContain(said);
});

test("each reason has its words, in the singular too", () => {
  expect(uncountedText({ ...NO_COUNTS, positive: 3, negative: 1 })).toEqual([]);
  expect(uncountedText({ ...NO_COUNTS, unknown: 1, excluded: 2 })).toEqual([
    "1 outcome counts as neither: nobody can tell",
    "2 outcomes do not count: the filter excludes what they show",
  ]);
});
