// Unbounded waits (P4) that a search found: tasks that wait in some state for a folio that a slot or a frag holds.
//
// Interface: FoundWait, waitsOf. The core looks at every state that is found (assembly/sched/held.ts); reductions
// hide none (assembly/explore/ample.ts).

import type { SearchFacts } from "./search.js";

/** A task that can come to wait, and the first step found after which it does. */
export interface FoundWait {
  readonly task: number;
  /** The state before that step, of the search of `worker`, and its action. */
  readonly state: number;
  readonly action: number;
  readonly worker: number;
}

/** The tasks that can come to wait, ascending, as workers of one search found them; each with its shortest way. */
export function waitsOf(workers: readonly SearchFacts[]): FoundWait[] {
  const tasks = workers[0]?.violations.length ?? 0;
  return Array.from({ length: tasks }, (_, task) => waitOf(workers, task)).flat();
}

function waitOf(workers: readonly SearchFacts[], task: number): FoundWait[] {
  const found = workers
    .map((facts, worker) => ({ ...facts.violations[task]!, worker }))
    .filter(({ transitions }) => transitions > 0)
    .sort((a, b) => a.steps - b.steps);
  return found.slice(0, 1).map(({ state, action, worker }) => ({ task, state, action, worker }));
}
