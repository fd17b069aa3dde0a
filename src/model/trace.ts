// A run with every step kept: what the command line prints and the page draws.
//
// Interface: traceOf (a schedule of turns, call by call), traceOfSteps (a schedule of tasks, step by step).
// `keptMax`: how many folios all moments together may show, for those who keep a run of a stranger's scenario.

import { sameBytes } from "../trace/bytes.js";
import type { Trace, TraceStep } from "../trace/trace.js";
import type { World } from "../trace/world.js";
import { TooLarge, type Core, type Setup } from "./core.js";
import { runTurns, type Turn } from "./turns.js";

/** Runs call by call; an empty schedule is program order, the lowest thread first. Throws TooLarge. */
export function traceOf(
  core: Core,
  setup: Setup,
  turns: readonly Turn[] = [],
  keptMax = Infinity,
): Trace {
  return record(core, setup, keptMax, (step) => runTurns(core, turns, step));
}

/** Replays a schedule of actions; behind its end, or where its action cannot step, the lowest enabled one goes.
 *  With `stops`, nobody goes behind its end. */
export function traceOfSteps(
  core: Core,
  setup: Setup,
  schedule: readonly number[],
  { stops = false, keptMax = Infinity }: { stops?: boolean; keptMax?: number } = {},
): Trace {
  return record(core, setup, keptMax, (step) => {
    for (let at = 0; !stops || at < schedule.length; at++) {
      const enabled = core.enabled();
      const wanted = schedule[at];
      const given = wanted !== undefined && enabled.includes(wanted);
      if (!given && core.isOver()) return;
      step(given ? wanted : enabled[0]!);
    }
  });
}

/** A world that has the cells of another where they are the same: most steps change none. */
function sharing(world: World, before: World): World {
  const known = new Map(before.folios.map((folio) => [folio.frame, folio.cells]));
  const folios = world.folios.map((folio) => {
    const cells = known.get(folio.frame);
    return cells !== undefined && sameBytes(cells, folio.cells) ? { ...folio, cells } : folio;
  });
  return { ...world, folios };
}

const tooLong = (steps: number, folios: number): TooLarge =>
  new TooLarge(
    `this run is too long to be kept whole: after ${steps} steps there are ${folios} folios; use fewer or smaller transfers`,
  );

function record(
  core: Core,
  setup: Setup,
  keptMax: number,
  drive: (step: (task: number) => void) => void,
): Trace {
  core.reset(setup);
  core.listen(true);
  const start = core.world();
  const steps: TraceStep[] = [];
  let kept = 0;
  let last = start;
  drive((task) => {
    const phase = core.phase(task);
    const call = last.tasks[task]?.call;
    const background = core.background(task);
    core.step(task);
    last = sharing(core.world(), last);
    kept += 1 + last.folios.length;
    if (kept > keptMax) throw tooLong(steps.length, last.folios.length);
    const whose = call === undefined ? {} : { call };
    const who = background === undefined ? {} : { background };
    steps.push({ task, ...whose, ...who, phase, events: core.events(), world: last });
  });
  core.listen(false);
  const unmodelled = core.unmodelled();
  return {
    program: setup.program,
    profile: setup.profile.name,
    policy: setup.policy.name,
    ...(setup.tear ? { tear: true as const } : {}),
    schedule: steps.map((step) => step.task),
    start,
    steps,
    outcome: core.outcome(),
    ...(unmodelled === undefined ? {} : { unmodelled }),
    price: core.price(),
  };
}
