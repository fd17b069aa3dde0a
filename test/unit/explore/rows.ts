// SPIN's counts for the calibration machine, and what its outcomes are up to the names of servers and writers.
//
// Interface: ROWS, scenarioOf, rowName; countsOf; closed.

import { readFileSync } from "node:fs";
import type {
  CalibrationPolicy,
  CalibrationScenario,
  ScenarioName,
} from "../../../src/model/calibration.js";
import { scenario } from "../../../src/model/calibration.js";
import type { SearchFacts } from "../../../src/model/search.js";
import { inRoot } from "../../../tools/paths.js";

/** One row of test/fixtures/spin/counts.json. */
export interface Row {
  readonly scenario: ScenarioName;
  readonly policy: CalibrationPolicy;
  readonly parameters: Partial<CalibrationScenario>;
  readonly states: number;
  readonly transitions: number;
  readonly violations: number;
  readonly steps: number | null;
}

export const ROWS = JSON.parse(
  readFileSync(inRoot("test/fixtures/spin/counts.json"), "utf8"),
) as readonly Row[];

export const scenarioOf = (row: Row): CalibrationScenario =>
  scenario(row.scenario, row.policy, row.parameters);

export function rowName({ scenario: name, policy, parameters }: Row): string {
  const given = Object.entries(parameters).map(([key, value]) => `${key}=${String(value)}`);
  return `${name}(${given.join(",")}) ${policy}`;
}

/** What SPIN counts, of a search. */
export function countsOf({ status, states, transitions, violations }: SearchFacts): object {
  const violated = violations.reduce((sum, { transitions: count }) => sum + count, 0);
  return { status, states, transitions, violations: violated };
}

const permutations = (count: number): number[][] =>
  count === 0
    ? [[]]
    : permutations(count - 1).flatMap((rest) =>
        Array.from({ length: count }, (_, at) => rest.toSpliced(at, 0, count - 1)),
      );

/** Outcomes with all that differ from one of them in the numbers of servers and writers. */
export function closed(
  outcomes: ReadonlySet<string>,
  { K, W, SINK }: CalibrationScenario,
): Set<string> {
  const servers = SINK === 2 ? [[0]] : permutations(K);
  const writers = permutations(W);
  const all = new Set<string>();
  for (const outcome of outcomes) {
    const rows = JSON.parse(outcome) as number[][];
    for (const server of servers)
      for (const writer of writers) all.add(JSON.stringify(renamed(rows, server, writer)));
  }
  return all;
}

function renamed(rows: number[][], server: number[], writer: number[]): number[][] {
  const tag = (old: number): number => (writer[old - 2] === undefined ? old : 2 + writer[old - 2]!);
  return rows.map((_, at) => rows[server[at] ?? at]!.map(tag));
}
