// Witnesses for outcomes and waits: the cheapest schedule, where the search for it comes to its end in time.
//
// Interface: witnessAll, seenWait; Wanted, Reached, ReachedWait, Witnessed. What the search comes across on its way to the
// goals keeps its witness, too.

import { observe } from "../../compare/observe.js";
import { waitIn } from "../../compare/waits.js";
import { Core } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { WantedWitnesses } from "../../model/wanted-witnesses.js";
import type { Witness } from "../../model/wanted-witnesses.js";
import { thousands } from "../../trace/amounts.js";
import type { Outcome } from "../../trace/outcome.js";
import type { Edge } from "../edge.js";
import type { Goal } from "../../compare/goals.js";
import { SLICE, breathe } from "./result.js";
import type { Bounds, Seen, SeenWait } from "./result.js";

/** An outcome, and a schedule to it if one is known. */
export interface Reached {
  readonly key: string;
  readonly outcome: Outcome;
  readonly schedule?: readonly number[];
  /** Runs of a sample that had it. */
  readonly drawn?: number;
}

/** A task that can come to wait (P4), and a schedule that ends there if one is known. */
export interface ReachedWait {
  readonly task: number;
  readonly schedule?: readonly number[];
}

/** The same with witnesses. */
export interface Witnessed {
  readonly outcomes: readonly Seen[];
  readonly waits: readonly SeenWait[];
}

/** What a search came to, and of which outcomes a witness is wanted; of the waits it is wanted of each. */
export interface Wanted {
  readonly outcomes: readonly Reached[];
  readonly waits: readonly ReachedWait[];
  readonly goals: readonly Goal[];
}

/** Looks for minimal witnesses, in slices, of which one is enough for a small search; keeps the given schedule where a
 *  bound comes first. The core is its own from now on: its memory is used again, so that the bound holds for the whole. */
export async function witnessAll(
  edge: Edge,
  core: Core,
  setup: Setup,
  reached: Wanted,
  { witnessTransitions, memoryBytes }: Bounds,
): Promise<Witnessed> {
  const tasks = reached.waits.map(({ task }) => task);
  const wanted = { goals: reached.goals, waits: tasks };
  const search = new WantedWitnesses(core, setup, wanted, memoryBytes);
  for (let spent = 0; !edge.signal.aborted && search.missing() > 0;) {
    const slice = Math.min(SLICE, witnessTransitions - spent);
    if (slice <= 0 || !search.run(slice)) break;
    spent += slice;
    const count = `${search.all - search.missing()} of ${search.all}`;
    edge.progress(`minimal witnesses: ${count}, ${thousands(spent)} transitions`);
    await breathe();
  }
  edge.progressDone();
  const scratch = new Core();
  return {
    outcomes: reached.outcomes.map(({ key, outcome, schedule, drawn }) => {
      const witness = search.outcome(key, schedule);
      const seen = { key, outcome, shows: observe(setup.program, outcome), witness };
      return drawn === undefined ? seen : { ...seen, drawn };
    }),
    waits: reached.waits.map(({ task, schedule }) =>
      seenWait(scratch, setup, task, search.wait(task, schedule)),
    ),
  };
}

/** What a task waits for at the end of a witness. */
export function seenWait(
  core: Core,
  setup: Setup,
  task: number,
  witness: Witness | undefined,
): SeenWait {
  if (witness === undefined) return { task, wait: undefined, witness };
  core.reset(setup);
  for (const action of witness.schedule) core.step(action);
  return { task, wait: waitIn(setup.program, core.world(), task), witness };
}
