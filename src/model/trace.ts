// A run with every step kept: what the command line prints and the page draws.
//
// Interface: traceOf (a schedule of picks, call by call), traceOfSteps (a schedule of tasks, step by step).

import type { Trace, TraceStep } from "../trace/trace.js";
import type { Core, Setup } from "./core.js";
import { runPicks } from "./schedule.js";

/** Runs call by call; an empty schedule is program order, the lowest thread first. Throws TooLarge. */
export function traceOf(core: Core, setup: Setup, picks: readonly number[] = []): Trace {
  return record(core, setup, (step) => runPicks(core, picks, step));
}

/** Replays a schedule of tasks; behind its end, or where its task cannot step, the lowest enabled task goes. */
export function traceOfSteps(core: Core, setup: Setup, schedule: readonly number[]): Trace {
  return record(core, setup, (step) => {
    for (let at = 0; ; at++) {
      const enabled = core.enabled();
      const wanted = schedule[at];
      const task = wanted !== undefined && enabled.includes(wanted) ? wanted : enabled[0];
      if (task === undefined) return;
      step(task);
    }
  });
}

function record(core: Core, setup: Setup, drive: (step: (task: number) => void) => void): Trace {
  core.reset(setup);
  core.listen(true);
  const start = core.world();
  const steps: TraceStep[] = [];
  let last = start;
  drive((task) => {
    const phase = last.tasks[task]!.phase;
    const call = last.tasks[task]!.call!;
    core.step(task);
    last = core.world();
    steps.push({ task, call, phase, events: core.events(), world: last });
  });
  core.listen(false);
  return {
    program: setup.program,
    profile: setup.profile.name,
    policy: setup.policy.name,
    schedule: steps.map((step) => step.task),
    start,
    steps,
    outcome: core.outcome(),
    price: core.price(),
  };
}
