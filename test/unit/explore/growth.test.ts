// How far off the estimate of all states is, on searches whose size is known.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Core } from "../../../src/model/core.js";
import { Exploration, EXPLORE_DEFAULTS } from "../../../src/model/exploration.js";
import { Growth, shortestRun } from "../../../src/model/growth.js";
import { NO_REDUCTIONS } from "../../../src/model/search.js";
import { sliceOf } from "../../../src/cli/explore/result.js";
import { setupOf } from "../../../src/cli/scenario.js";
import { parseProgram } from "../../../src/language/parse-program.js";

/** From this share of the states on it is asked; of few states nothing is said. */
const FROM = 0.1;

test.each([
  ["B-3-2-2", "cow", true, 186_357],
  ["B-3-2-2", "linux", true, 222_434],
  ["B-3-2-2", "stable", true, 15_533],
  ["A-3-2", "cow", true, 51_834],
  ["C-2-2-1", "cow", false, 297_441],
  ["C-2-2-1", "cow", true, 49_506],
  ["B-2-2-2", "cow", true, 20_299],
] as const)("%s under %s, reduced: %s", (name, policy, reduced, all) => {
  const { program } = parseProgram(readFileSync(`litmus/spin/${name}.litmus`, "utf8"));
  const setup = setupOf(program!, { policy });
  const reductions = reduced ? EXPLORE_DEFAULTS.reductions : NO_REDUCTIONS;
  const { search } = new Exploration(new Core(), setup, { ...EXPLORE_DEFAULTS, reductions });
  const growth = new Growth(shortestRun(new Core(), setup));
  const off: number[] = [];
  while (search.run(sliceOf(search.facts().transitions, Infinity)) === "running") {
    const { depth, states, frontier } = search.facts();
    growth.note({ depth, states: frontier, before: states - frontier });
    if (states - frontier > Math.max(FROM * all, 5000)) off.push(growth.statesAbout()! / all);
  }
  expect(search.facts().states).toBe(all);
  const mean = Math.exp(off.reduce((sum, by) => sum + Math.abs(Math.log(by)), 0) / off.length);
  console.log(
    `${name} ${policy}: ${Math.min(...off).toFixed(2)} to ${Math.max(...off).toFixed(2)} of what is true, off by a factor of ${mean.toFixed(2)} in the mean`,
  );
  expect(mean).toBeLessThan(1.9);
  expect(Math.min(...off)).toBeGreaterThan(0.6);
  expect(Math.max(...off)).toBeLessThan(2.7);
});

test("says nothing of few levels, and of few states", () => {
  const growth = new Growth(40);
  for (let depth = 1; depth < 13; depth++) {
    growth.note({ depth, states: 1000 * depth, before: 1000 * depth });
    expect(growth.statesAbout()).toBeUndefined();
  }
  growth.note({ depth: 13, states: 13_000, before: 78_000 });
  expect(growth.statesAbout()).toBeGreaterThan(91_000);
  const small = new Growth(40);
  for (let depth = 1; depth < 30; depth++) small.note({ depth, states: 10, before: 10 * depth });
  expect(small.statesAbout()).toBeUndefined();
});
