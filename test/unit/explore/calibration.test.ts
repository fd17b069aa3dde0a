// The search on the calibration machine: SPIN's counts digit for digit, and every way of searching gives the
// same as the plain one.

import { describe, expect, test } from "vitest";
import fc from "fast-check";
import type { CalibrationScenario } from "../../../src/model/calibration.js";
import { CALIBRATION_POLICIES, Calibration, scenario } from "../../../src/model/calibration.js";
import type { Reductions, SearchOptions } from "../../../src/model/search.js";
import { ALL_REDUCTIONS, SEARCH_DEFAULTS } from "../../../src/model/search.js";
import { localPeer, searchTogether } from "../../../src/model/search-together.js";
import { ROWS, closed, countsOf, rowName, scenarioOf } from "./rows.js";

const machine = new Calibration();
/** Rows for what is asked of many searches. */
const SMALL = ROWS.filter(({ states }) => states <= 40_000);
const COUNTED = ROWS.filter(({ states }) => states <= 400_000);

/** A whole search. */
function searched(given: CalibrationScenario, options: Partial<SearchOptions> = {}) {
  machine.reset(given);
  machine.search.start({ ...SEARCH_DEFAULTS, ...options });
  machine.search.runAll();
  return { counts: countsOf(machine.search.facts()), outcomes: machine.outcomes() };
}

test("the rows are SPIN's, of all scenarios and policies", () => {
  expect(COUNTED.length).toBeGreaterThanOrEqual(45);
  expect(new Set(COUNTED.map((row) => row.policy))).toEqual(new Set(CALIBRATION_POLICIES));
  expect(new Set(COUNTED.map((row) => row.scenario))).toEqual(new Set("ABCD"));
});

describe("without reductions SPIN's counts", () => {
  test.each(COUNTED.map((row) => [rowName(row), row] as const))("%s", (_, row) => {
    const { states, transitions, violations, steps } = row;
    const { counts } = searched(scenarioOf(row));
    expect(counts).toEqual({ status: "done", states, transitions, violations });
    const shortest = machine.search.facts().violations.map((violation) => violation.steps);
    if (steps !== null) expect(shortest).toEqual([steps, 0, 0]);
  });

  test("of the scenarios whose terminal states are known", () => {
    searched(scenario("A", "ZEROCOPY", { N: 2, W: 1 }));
    expect(machine.search.facts().finals).toBe(4);
    searched(scenario("A", "COW", { N: 2, W: 1 }));
    expect(machine.search.facts().finals).toBe(10);
  });
});

describe("the same counts and outcomes", () => {
  test.each(SMALL.map((row) => [rowName(row), row] as const))("%s", async (_, row) => {
    const given = scenarioOf(row);
    const plain = searched(given);
    expect(searched(given, { order: "depth" })).toEqual(plain);
    expect(searched(given, { mode: "fingerprints" })).toEqual(plain);
    expect(interrupted(given, "exact", "breadth")).toEqual(plain);
    expect(interrupted(given, "exact", "depth")).toEqual(plain);
    expect(interrupted(given, "fingerprints", "breadth")).toEqual(plain);
    expect(await together(given, 2)).toEqual(plain);
    expect(shardOutcomes(given, 3)).toEqual(plain.outcomes);
  });
});

/** A search that is written down after some slices and goes on elsewhere. */
function interrupted(
  given: CalibrationScenario,
  mode: SearchOptions["mode"],
  order: SearchOptions["order"],
) {
  let parts: Uint8Array[] | undefined;
  for (let status = "running"; status === "running";) {
    const other = new Calibration();
    other.reset(given);
    const options = { ...SEARCH_DEFAULTS, mode, order };
    if (parts) other.search.resume(parts, options);
    else other.search.start(options);
    status = other.search.run(Math.max(100, other.search.facts().transitions * 2));
    if (status === "running") parts = other.search.checkpoint();
    else return { counts: countsOf(other.search.facts()), outcomes: other.outcomes() };
  }
  throw new Error("a search ends");
}

async function together(given: CalibrationScenario, workers: number) {
  const machines = Array.from({ length: workers }, (_, worker) => {
    const one = new Calibration();
    one.reset(given);
    one.search.start({ ...SEARCH_DEFAULTS, own: { worker, workers } });
    return one;
  });
  const facts = await searchTogether(machines.map(({ search }) => localPeer(search, workers)));
  const sum = (of: (one: (typeof facts)[number]) => number): number =>
    facts.reduce((total, one) => total + of(one), 0);
  const counts = {
    status: "done",
    states: sum((one) => one.states),
    transitions: sum((one) => one.transitions),
    violations: sum((one) => one.violations.reduce((total, it) => total + it.transitions, 0)),
  };
  return { counts, outcomes: new Set(machines.flatMap((one) => [...one.outcomes()])) };
}

function shardOutcomes(given: CalibrationScenario, shards: number): Set<string> {
  const all = new Set<string>();
  for (let shard = 0; shard < shards; shard++)
    for (const outcome of searched(given, { shard: { shard, shards } }).outcomes) all.add(outcome);
  return all;
}

const EACH_REDUCTION: readonly Reductions[] = Array.from({ length: 8 }, (_, bits) => ({
  frames: (bits & 1) !== 0,
  threads: (bits & 2) !== 0,
  actions: (bits & 4) !== 0,
}));

/** Whether a violated property stays violated, and the outcomes, closed under the symmetries. */
function verdict(given: CalibrationScenario, reductions: Reductions) {
  const { outcomes } = searched(given, { reductions });
  const violated = machine.search.facts().violations.map(({ transitions }) => transitions > 0);
  return { violated, outcomes: reductions.threads ? closed(outcomes, given) : outcomes };
}

describe("each reduction keeps the outcomes and the violations", () => {
  const rows = ROWS.filter(({ states }) => states <= 130_000);
  test.each(rows.map((row) => [rowName(row), row] as const))("%s", (_, row) => {
    const given = scenarioOf(row);
    const plain = verdict(given, SEARCH_DEFAULTS.reductions);
    for (const reductions of EACH_REDUCTION)
      expect({ reductions, ...verdict(given, reductions) }).toEqual({ reductions, ...plain });
  });
});

describe("random scenarios", () => {
  const small = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
  const scenarios = fc
    .record({
      name: fc.constantFrom("A", "B", "C", "D"),
      policy: fc.constantFrom(...CALIBRATION_POLICIES),
      K: fc.integer({ min: 1, max: 2 }),
      W: small(2),
      N: fc.integer({ min: 1, max: 2 }),
      FAN: fc.integer({ min: 1, max: 2 }),
      FR: small(1),
      MM: small(2),
      TR: small(2),
      RECLAIM: small(1),
      RETX: small(1),
      RING: fc.integer({ min: 1, max: 3 }),
      SQ: fc.integer({ min: 1, max: 3 }),
      CELLS: fc.integer({ min: 1, max: 2 }),
    })
    .map(({ name, policy, K, MM, TR, RING, N, ...rest }) =>
      scenario(name, policy, {
        ...rest,
        ...{ K: name === "C" ? 1 : K, N, MM: Math.min(MM, N), TR: Math.min(TR, N) },
        RING: Math.max(RING, N),
      }),
    );
  /** More states than these are not searched without reductions. */
  const TRANSITIONS_MAX = 150_000;
  let compared = 0;

  test("have the same outcomes and violations under every reduction", () => {
    const property = fc.property(scenarios, (given) => {
      machine.reset(given);
      machine.search.start();
      fc.pre(machine.search.run(TRANSITIONS_MAX) === "done");
      compared++;
      const plain = verdict(given, SEARCH_DEFAULTS.reductions);
      for (const reductions of EACH_REDUCTION)
        expect({ reductions, ...verdict(given, reductions) }).toEqual({ reductions, ...plain });
    });
    fc.assert(property, { numRuns: 60, maxSkipsPerRun: 20 });
    expect(compared).toBeGreaterThanOrEqual(60);
  });
});

describe("a search that is out of memory", () => {
  const given = scenario("B", "COW", { K: 2, W: 2, N: 2 });
  const plain = searched(given);

  test("stops within its bound, and what it knows can be read", () => {
    machine.reset(given);
    const memoryBytesMax = 4 << 20;
    machine.search.start({ ...SEARCH_DEFAULTS, memoryBytesMax });
    expect(machine.search.runAll()).toBe("out of memory");
    const { bytes, states } = machine.search.facts();
    expect(bytes).toBeLessThanOrEqual(memoryBytesMax);
    expect(states).toBeGreaterThan(50_000);
    for (const outcome of machine.outcomes()) expect(plain.outcomes).toContain(outcome);
  });

  test.each(["breadth", "depth"] as const)("goes on with more, %s first", (order) => {
    machine.reset(given);
    machine.search.start({ ...SEARCH_DEFAULTS, order, memoryBytesMax: 5 << 20 });
    expect(machine.search.runAll()).toBe("out of memory");
    const other = new Calibration();
    other.reset(given);
    other.search.resume(machine.search.checkpoint(), SEARCH_DEFAULTS);
    other.search.runAll();
    expect({ counts: countsOf(other.search.facts()), outcomes: other.outcomes() }).toEqual(plain);
  });

  test("does not begin where the bound is below the least", () => {
    machine.reset(given);
    expect(machine.search.start({ ...SEARCH_DEFAULTS, memoryBytesMax: 100_000 })).toBe(
      "out of memory",
    );
    expect(machine.search.facts()).toMatchObject({ states: 0, finals: 0 });
  });
});

describe("ways", () => {
  const given = scenario("B", "COWRACE", { K: 2, W: 1, N: 2 });
  /** The first state, then the way's actions. */
  const walk = (states: readonly Uint8Array[]): number[] => {
    machine.reset(given);
    return machine.search.actions(states, (action) => {
      machine.act(action);
    });
  };

  test.each(EACH_REDUCTION)("lead to every final state: %o", (reductions) => {
    const { outcomes } = searched(given, { reductions });
    const reached = machine.search.finals().map((state) => {
      walk(machine.search.way(state));
      expect(machine.actions()).toEqual([]);
      return JSON.stringify(machine.outcome());
    });
    if (!reductions.threads) expect(new Set(reached)).toEqual(outcomes);
    expect(closed(new Set(reached), given)).toEqual(closed(outcomes, given));
  });

  test("are shortest, breadth first", () => {
    searched(given);
    const { state, steps, action } = machine.search.facts().violations[0]!;
    expect(walk(machine.search.way(state))).toHaveLength(steps - 1);
    expect(machine.actions()).toContain(action);
    expect(steps).toBe(9);
  });
});

test("a checkpoint of another scenario is refused", () => {
  machine.reset(scenario("B", "COW", { K: 2 }));
  machine.search.start();
  machine.search.run(1000);
  const parts = machine.search.checkpoint();
  machine.reset(scenario("B", "COW", { K: 3 }));
  expect(machine.search.resume(parts, SEARCH_DEFAULTS)).toBe("foreign");
});

test("all reductions together take B(3,2,2) COW to a thousandth", () => {
  searched(scenario("B", "COW", { K: 3, W: 2, N: 2 }), { reductions: ALL_REDUCTIONS });
  const { status, states, bytes } = machine.search.facts();
  expect(status).toBe("done");
  expect(states).toBeLessThan(25_726_428 / 1000);
  expect(bytes).toBeLessThan(4 << 20);
});

test("parameters beyond the machine's bounds are refused", () => {
  for (const beyond of [{ N: 5 }, { K: 9 }, { CELLS: 3 }, { K: 4, N: 4 }, { RING: 1 }])
    expect(() => {
      machine.reset(scenario("B", "COW", beyond));
    }).toThrow(RangeError);
});
