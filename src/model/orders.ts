// Every order of calls and background steps: calls run one after the other, and between them the kernel takes
// steps of its own, in any order.
//
// Interface: outcomesOfOrders. For scenarios in which the kernel acts on its own; the others have schedules of
// picks (schedule.ts). Interleavings inside calls are not followed, but where a call wakes several tasks.

import type { Outcome } from "../trace/outcome.js";
import type { Core, Setup } from "./core.js";
import type { Allowed } from "./schedule.js";

/** States that are visited at most: a few seconds of work. */
const STATES_MAX = 50_000;

/** The distinct final states' outcomes. Throws TooLarge. */
export function outcomesOfOrders(core: Core, setup: Setup): Allowed {
  core.reset(setup);
  const outcomes: Outcome[] = [];
  const seen = new Set([core.hash()]);
  const open = [core.save()];
  let unmodelled: string | undefined;
  for (let state = open.pop(); state; state = open.pop()) {
    core.load(state);
    const moves = movesOf(core);
    unmodelled ??= core.unmodelled();
    if (moves.length === 0) outcomes.push(core.outcome());
    for (const move of moves) {
      core.load(state);
      core.step(move);
      const hash = core.hash();
      if (seen.has(hash) || seen.size >= STATES_MAX) continue;
      seen.add(hash);
      open.push(core.save());
    }
  }
  const complete = seen.size < STATES_MAX;
  return { outcomes, complete, ...(unmodelled === undefined ? {} : { unmodelled }) };
}

/** Steps inside calls first; where there are none, what can begin: calls and background steps. */
function movesOf(core: Core): number[] {
  if (core.isOver()) return [];
  const inside = core.inside();
  const running = core.enabledThreads().filter((task) => inside.includes(task));
  return running.length > 0 ? running : core.enabled();
}
