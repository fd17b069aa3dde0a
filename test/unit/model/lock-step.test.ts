// Two models on one schedule: src/model/lock-step.ts.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { randomProgram } from "../../../src/arbitraries/index.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core, type Setup } from "../../../src/model/core.js";
import { follow } from "../../../src/model/lock-step.js";
import { POLICIES, parsePolicy } from "../../../src/model/policies.js";
import { PROFILES, parseProfile } from "../../../src/model/profiles.js";
import { traceOf, traceOfSteps } from "../../../src/model/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

const SEED = 20230210;
const RUNS = 40;
const core = new Core();

/** A random program with a setup, and bytes that choose who steps. */
function randomSetup(index: number): { setup: Setup; steps: number[] } {
  const { program } = randomProgram(SEED, index, { grid: 512, threadsMax: 3 });
  const profile = PROFILES[index % PROFILES.length]!;
  const setup = { program, profile, policy: POLICIES[0], environment: ENVIRONMENT };
  const steps = Array.from({ length: 400 }, (_, i) => ((index + 7) * (i + 3) * 2654435761) % 3);
  return { setup, steps };
}

test(`${RUNS} random runs: a model that follows itself takes the same steps`, () => {
  for (let index = 0; index < RUNS; index++) {
    const { setup, steps } = randomSetup(index);
    const lead = traceOfSteps(core, setup, steps);
    const { trace, pace } = follow(core, setup, lead);
    expect([index, trace.schedule]).toEqual([index, lead.schedule]);
    expect(pace).toEqual(Array.from({ length: lead.steps.length + 1 }, (_, i) => [i, i]));
  }
});

test(`${RUNS} random runs: every policy follows to its own end, and the pace counts each step once`, () => {
  for (let index = 0; index < RUNS; index++) {
    const { setup, steps } = randomSetup(index);
    const lead = traceOfSteps(core, setup, steps);
    const policy = POLICIES[1 + (index % (POLICIES.length - 1))]!;
    const { trace, pace } = follow(core, { ...setup, policy }, lead);
    expect(pace.at(-1)).toEqual([lead.steps.length, trace.steps.length]);
    for (const [i, [led, followed]] of pace.entries()) {
      const before = pace[i - 1];
      if (before === undefined) continue;
      const gone = [led - before[0], followed - before[1]];
      expect(gone.every((d) => d === 0 || d === 1) && gone.includes(1)).toBe(true);
    }
    expect(trace.steps.at(-1)?.world.tasks.some((t) => t.enabled) ?? false).toBe(false);
  }
});

test("a writer that waits under the second model catches up as soon as it can", () => {
  const program = parseProgram(readFileSync("litmus/mail-ordered.litmus", "utf8")).program!;
  const profile = parseProfile("6.18/ext4");
  const setup = { program, profile, policy: parsePolicy("linux"), environment: ENVIRONMENT };
  const lead = traceOf(core, setup, [0, 1, 1, 0, 0]);
  const { trace } = follow(core, { ...setup, policy: parsePolicy("stable") }, lead);
  const order = trace.steps.flatMap((s) =>
    s.events.flatMap((e) => (e.kind === "call-return" ? [e.call] : [])),
  );
  expect(order).toEqual([0, 1, 3, 2, 4]);
});
