// Which threads are equal, up to own pipes, wires and bytes; that outcomes and waits do not hang on it, and that every
// outcome has its schedule.

import { describe, expect, test } from "vitest";
import { randomProgram } from "../../../src/arbitraries/random.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { Exploration } from "../../../src/model/exploration.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { ALL_REDUCTIONS, NO_REDUCTIONS, SEARCH_DEFAULTS } from "../../../src/model/search.js";
import { outcomeKey } from "../../../src/trace/outcome-key.js";
import { SMALL_FILES, setupOf, withByteTwin } from "../../helpers/cases.js";
import { searched } from "../../helpers/outcomes.js";
import { SEED } from "../../seed.js";

const PROFILE = parseProfile("6.18/ext4");
const POLICIES = ["linux", "cow", "stable", "steal", "cow-mail"].map(parsePolicy);
/** Random programs, and transitions without reductions above which one is passed over. */
const PROGRAMS = 60;
const TRANSITIONS_MAX = 30_000;
const SERVER = `thread server {
  splice(f, 0, p.w, NULL, 8192, 0)
  read(p.r, 8192)
}`;

/** What the threads of a scenario do, and how many orders of them are one. */
const CASES: readonly (readonly [string, number, string])[] = [
  ["the same byte", 2, threads(["pwrite(f, 0x02 * 4096, 0)"], ["pwrite(f, 0x02 * 4096, 0)"])],
  ["two bytes", 2, threads(["pwrite(f, 0x02 * 4096, 0)"], ["pwrite(f, 0x03 * 4096, 0)"])],
  [
    "a byte that a file has",
    1,
    threads(["pwrite(f, 0x01 * 512, 0)"], ["pwrite(f, 0x02 * 512, 0)"]),
  ],
  ["zeros", 1, threads(["pwrite(f, 0x00 * 4096, 0)"], ["pwrite(f, 0x02 * 4096, 0)"])],
  [
    "a byte of a third thread",
    1,
    threads(["write(f, 2 * 1)"], ["write(f, 3 * 1)"], ["write(f, 2 * 2)"]),
  ],
  ["three bytes", 6, threads(["write(f, 2 * 1)"], ["write(f, 3 * 1)"], ["write(f, 4 * 1)"])],
  [
    "two pairs",
    4,
    threads(["write(f, 2 * 1)"], ["write(f, 3 * 1)"], ["write(f, 4 * 2)"], ["write(f, 5 * 2)"]),
  ],
  [
    "two pairs with the same bytes",
    1,
    threads(["write(f, 2 * 1)"], ["write(f, 3 * 1)"], ["write(f, 2 * 2)"], ["write(f, 3 * 2)"]),
  ],
  [
    "bytes that change places",
    2,
    threads(
      ["pwrite(f, 2 * 1, 0)", "pwrite(f, 3 * 1, 1)"],
      ["pwrite(f, 3 * 1, 0)", "pwrite(f, 2 * 1, 1)"],
    ),
  ],
  [
    "two bytes against one",
    1,
    threads(
      ["pwrite(f, 2 * 1, 0)", "pwrite(f, 3 * 1, 1)"],
      ["pwrite(f, 4 * 1, 0)", "pwrite(f, 4 * 1, 1)"],
    ),
  ],
  [
    "bytes in a ring of three",
    1,
    threads(
      ["pwrite(f, 2 * 1, 0)", "pwrite(f, 3 * 1, 1)"],
      ["pwrite(f, 3 * 1, 0)", "pwrite(f, 4 * 1, 1)"],
    ),
  ],
  ["other lengths", 1, threads(["write(f, 2 * 1)"], ["write(f, 3 * 2)"])],
  [
    "a byte that both write beside their own",
    2,
    threads(
      ["pwrite(f, 2 * 512, 0)", "pwrite(f, 4 * 512, 512)"],
      ["pwrite(f, 3 * 512, 0)", "pwrite(f, 4 * 512, 512)"],
    ),
  ],
  ["a byte and zeros in one call", 2, threads(['write(f, "a\\0b")'], ['write(f, "c\\0d")'])],
  ["own pipes", 2, threads(["write(p.w, 2 * 1)"], ["write(q.w, 3 * 1)"])],
  ["chains", 2, chains("", "")],
  ["chains of which one is drained", 1, chains("", "IOSQE_IO_DRAIN")],
];

function threads(...bodies: readonly (readonly string[])[]): string {
  return bodies.map((calls, nth) => `thread t${nth} {\n${calls.join("\n")}\n}`).join("\n");
}

function chains(...flags: readonly string[]): string {
  const names = flags.map((_, nth) => `c${nth}`);
  const bodies = flags.map(
    (each, nth) => `chain c${nth} ${each} { splice(f, 0, p.w, NULL, 9, 0) }`,
  );
  return `thread t0 { io_uring_enter(${names.join(", ")}) }\n${bodies.join("\n")}`;
}

const setupWith = (body: string, policy = POLICIES[0]!): Setup => {
  const text = `litmus bytes\nfile f = 0x01 * 8192\npipe p\npipe q\n${body}\n`;
  const { program, diagnostics } = parseProgram(text);
  if (program === undefined) throw new Error(JSON.stringify(diagnostics));
  return setupOf(program, { profile: PROFILE, policy });
};

function explored(core: Core, setup: Setup, reductions = ALL_REDUCTIONS): Exploration {
  const exploration = new Exploration(core, setup, { ...SEARCH_DEFAULTS, reductions });
  expect(exploration.search.runAll()).toBe("done");
  return exploration;
}
const keysOf = (exploration: Exploration): string[] =>
  exploration
    .outcomes()
    .map(({ key }) => key)
    .sort();

describe.each(CASES)("%s", (_, orders, body) => {
  test(`${orders} orders are one`, () => {
    const core = new Core();
    explored(core, setupWith(body));
    expect(core.raw.variants()).toBe(orders);
  });

  test.each(POLICIES.map((policy) => [policy.name, policy] as const))(
    "under %s",
    (_name, policy) => {
      const core = new Core();
      const few = body.split("thread").length <= 3;
      for (const text of few ? [body, `${SERVER}\n${body}`] : [body]) {
        const whole = setupWith(text, policy);
        const plain = explored(core, whole, { ...ALL_REDUCTIONS, threads: false });
        const keys = keysOf(plain);
        const waits = plain.waits().map(({ task }) => task);
        const reduced = explored(core, whole);
        expect(keysOf(reduced)).toEqual(keys);
        expect(reduced.waits().map(({ task }) => task)).toEqual(waits);
        for (const found of reduced.outcomes()) {
          const schedule = reduced.scheduleTo(found);
          core.reset(whole);
          for (const action of schedule) core.step(action);
          expect(outcomeKey(core.outcome())).toBe(found.key);
        }
      }
    },
  );
});

test("writers that differ in their bytes halve the states, nearly", () => {
  const body = `${SERVER}\n${threads(
    ["pwrite(f, 2 * 4096, 0)", "pwrite(f, 2 * 4096, 4096)"],
    ["pwrite(f, 3 * 4096, 0)", "pwrite(f, 3 * 4096, 4096)"],
  )}`;
  const setup = setupWith(body);
  const states = (on: boolean): number =>
    explored(new Core(), setup, { ...NO_REDUCTIONS, threads: on }).search.facts().states;
  expect(states(true)).toBeLessThan(0.52 * states(false));
});

test("of random programs with a twin that writes other bytes, many have fewer states", () => {
  let fewer = 0;
  for (let index = 0; index < PROGRAMS; index++) {
    const { program } = randomProgram(SEED, index, { ...SMALL_FILES, threadsMax: 2, callsMax: 4 });
    const setup = setupOf(withByteTwin(program), { profile: PROFILE, policy: POLICIES[1]! });
    const plain = searched(setup, {}, TRANSITIONS_MAX);
    if (plain === undefined) continue;
    const reduced = searched(setup, { reductions: { ...NO_REDUCTIONS, threads: true } })!;
    expect(reduced.keys).toEqual(plain.keys);
    if (reduced.states < plain.states) fewer++;
  }
  console.log("fewer states with equal threads:", fewer);
  expect(fewer).toBeGreaterThan(PROGRAMS / 12);
});
