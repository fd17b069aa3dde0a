// Witnesses for outcomes and waits: the cheapest schedule, where the search for it comes to its end in time.
//
// Interface: witnessAll, seenWait; Wanted, Reached, ReachedWait, Witnessed. What the search comes across on its way to the
// goals keeps its witness, too.

import { observe } from "../../compare/observe.js";
import { waitIn } from "../../compare/waits.js";
import { Core } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { Witnesses, preemptionsOf } from "../../model/witnesses.js";
import type { MinimalWitness } from "../../model/witnesses.js";
import type { Outcome } from "../../trace/outcome.js";
import type { Edge } from "../edge.js";
import type { Goal } from "./goals.js";
import { SLICE, breathe, thousands } from "./result.js";
import type { Bounds, Seen, SeenWait, Witness } from "./result.js";

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
  const search = new Witnesses(core, setup, memoryBytes);
  const all = reached.goals.length + reached.waits.length;
  const missing = (): number =>
    reached.goals.filter((goal) => !goal.some((key) => search.has(key))).length +
    reached.waits.filter(({ task }) => search.wait(task) === undefined).length;
  for (let spent = 0; !edge.signal.aborted && missing() > 0;) {
    const slice = Math.min(SLICE, witnessTransitions - spent);
    if (slice <= 0 || !search.run(slice)) break;
    spent += slice;
    edge.progress(
      `minimal witnesses: ${all - missing()} of ${all}, ${thousands(spent)} transitions`,
    );
    await breathe();
  }
  edge.progressDone();
  const scratch = new Core();
  const cheapest = (found: MinimalWitness | undefined, known?: readonly number[]) =>
    found ? { ...found, minimal: true } : shortOf(scratch, setup, known);
  return {
    outcomes: reached.outcomes.map(({ key, outcome, schedule, drawn }) => {
      const witness = cheapest(search.witness(key), schedule);
      const seen = { key, outcome, shows: observe(setup.program, outcome), witness };
      return drawn === undefined ? seen : { ...seen, drawn };
    }),
    waits: reached.waits.map(({ task, schedule }) =>
      seenWait(scratch, setup, task, cheapest(search.wait(task), schedule)),
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

/** A schedule that is there already. */
function shortOf(
  core: Core,
  setup: Setup,
  schedule: readonly number[] | undefined,
): Witness | undefined {
  if (schedule === undefined) return undefined;
  return { schedule, preemptions: preemptionsOf(core, setup, schedule), minimal: false };
}
