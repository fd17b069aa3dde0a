// Two threads search as one does.

import { expect, test } from "vitest";
import { SearchThreads } from "../../src/cli/explore/threads.js";
import { scenario } from "../../src/model/calibration.js";
import { openJob } from "../../src/model/search-job.js";
import { ALL_REDUCTIONS, SEARCH_DEFAULTS } from "../../src/model/search.js";
import { searchTogether } from "../../src/model/search-together.js";

test.each([SEARCH_DEFAULTS, { ...SEARCH_DEFAULTS, reductions: ALL_REDUCTIONS }])(
  "two threads find the states, transitions and outcomes of one: %o",
  async (options) => {
    const given = scenario("B", "COW", { K: 2, W: 1, N: 3 });
    const job = { machine: "calibration", scenario: given, options } as const;
    const alone = openJob(job);
    alone.search.runAll();
    const threads = new SearchThreads(job, 2);
    try {
      const levels: number[] = [];
      const facts = await searchTogether(
        threads.peers,
        (known) => levels.push(known[0]!.depth) > 0,
      );
      const { states, transitions, finals, depth } = alone.search.facts();
      const sum = (of: (one: (typeof facts)[number]) => number): number =>
        facts.reduce((total, one) => total + of(one), 0);
      expect(facts.map(({ status }) => status)).toEqual(["done", "done"]);
      expect(sum((one) => one.states)).toBe(states);
      expect(sum((one) => one.transitions)).toBe(transitions);
      expect(sum((one) => one.finals)).toBe(finals);
      expect(levels).toEqual(Array.from({ length: depth + 1 }, (_, level) => level));
      for (const one of facts) expect(one.states).toBeGreaterThan(states / 4);
      expect(await threads.outcomes()).toEqual(alone.outcomes());
    } finally {
      await threads.close();
    }
  },
);
