// Minimal witnesses are minimal, of outcomes and of waits: a search of its own, by (preemptions, steps) over every schedule, finds none cheaper.

import { expect, test } from "vitest";
import { randomProgram } from "../../../src/arbitraries/random.js";
import { printProgram } from "../../../src/language/print.js";
import { Core } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { Witnesses } from "../../../src/model/witnesses.js";
import { outcomeKey } from "../../../src/trace/outcome-key.js";
import { letsWait } from "../../../src/model/policies.js";
import { SETTINGS, setupOf } from "../../helpers/cases.js";
import { waitingTasks } from "../../helpers/waits.js";
import { RUNS_FACTOR, SEED } from "../../seed.js";

const PROGRAMS = 25 * RUNS_FACTOR;
const POINTS_MAX = 900;
const core = new Core();

const waitKey = (task: number): string => `task ${task} waits`;

/** The least cost of each outcome, and of each wait (P4), as "preemptions,steps"; undefined above POINTS_MAX points. */
function cheapest(setup: Setup): Map<string, string> | undefined {
  core.reset(setup);
  const best = new Map<string, string>();
  const done = new Set<string>();
  const open = [{ bytes: core.save(), last: -1, preemptions: 0, steps: 0 }];
  while (open.length > 0) {
    open.sort((a, b) => b.preemptions - a.preemptions || b.steps - a.steps);
    const { bytes, last, preemptions, steps } = open.pop()!;
    core.load(bytes);
    const enabled = core.enabled();
    const running = enabled.includes(last) ? last : -1;
    const name = `${running} ${Buffer.from(bytes).toString("latin1")}`;
    if (done.has(name)) continue;
    if (done.add(name).size > POINTS_MAX) return undefined;
    const key = outcomeKey(core.outcome());
    if (enabled.length === 0 && !best.has(key)) best.set(key, `${preemptions},${steps}`);
    for (const task of letsWait(setup.policy) ? waitingTasks(core.world()) : [])
      if (!best.has(waitKey(task))) best.set(waitKey(task), `${preemptions},${steps}`);
    for (const task of enabled) {
      core.load(bytes);
      core.step(task);
      const cost = running >= 0 && running !== task ? 1 : 0;
      open.push({
        bytes: core.save(),
        last: task,
        preemptions: preemptions + cost,
        steps: steps + 1,
      });
    }
  }
  return best;
}

test("of random programs", { timeout: 60_000 * RUNS_FACTOR }, () => {
  let compared = 0;
  let outcomes = 0;
  let waits = 0;
  for (let index = 0; compared < PROGRAMS; index++) {
    const { program } = randomProgram(SEED, index, { threadsMax: 3, callsMax: 5 });
    if (program.threads.length < 2) continue;
    const setup = setupOf(program, SETTINGS[index % SETTINGS.length]!);
    const best = cheapest(setup);
    if (best === undefined || core.unmodelled() !== undefined) continue;
    compared++;
    outcomes += best.size;
    const search = new Witnesses(new Core(), setup, 2 ** 28);
    while (search.run(100_000));
    for (const [key, cost] of best) {
      const waiter = setup.program.threads.findIndex((_, task) => waitKey(task) === key);
      const found = waiter < 0 ? search.witness(key) : search.wait(waiter);
      expect(found && `${found.preemptions},${found.schedule.length}`, printProgram(program)).toBe(
        cost,
      );
      replay(setup, found!.schedule);
      if (waiter < 0) expect(outcomeKey(core.outcome())).toBe(key);
      else expect(waitingTasks(core.world())).toContain(waiter);
      if (waiter >= 0) waits++;
    }
  }
  expect(waits).toBeGreaterThan(0);
  expect(outcomes).toBeGreaterThan(compared);
});

function replay(setup: Setup, schedule: readonly number[]): void {
  core.reset(setup);
  for (const task of schedule) core.step(task);
}
