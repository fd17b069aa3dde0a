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

/** Replays a schedule of actions; behind its end, or where its action cannot step, the lowest enabled one goes.
 *  With `stops`, nobody goes behind its end. */
export function traceOfSteps(
  core: Core,
  setup: Setup,
  schedule: readonly number[],
  stops = false,
): Trace {
  return record(core, setup, (step) => {
    for (let at = 0; !stops || at < schedule.length; at++) {
      const enabled = core.enabled();
      const wanted = schedule[at];
      const given = wanted !== undefined && enabled.includes(wanted);
      if (!given && core.isOver()) return;
      step(given ? wanted : enabled[0]!);
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
    const phase = core.phase(task);
    const call = last.tasks[task]?.call;
    const background = core.background(task);
    core.step(task);
    last = core.world();
    const whose = call === undefined ? {} : { call };
    const who = background === undefined ? {} : { background };
    steps.push({ task, ...whose, ...who, phase, events: core.events(), world: last });
  });
  core.listen(false);
  return {
    program: setup.program,
    profile: setup.profile.name,
    policy: setup.policy.name,
    ...(setup.tear ? { tear: true as const } : {}),
    schedule: steps.map((step) => step.task),
    start,
    steps,
    outcome: core.outcome(),
    price: core.price(),
  };
}
