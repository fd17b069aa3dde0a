// A witness for every outcome: the cheapest schedule, where the search for it comes to its end in time.
//
// Interface: witnessAll, Reached.

import { observe } from "../../compare/observe.js";
import { Core } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { Witnesses, preemptionsOf } from "../../model/witnesses.js";
import type { Outcome } from "../../trace/outcome.js";
import type { Edge } from "../edge.js";
import { SLICE, breathe, thousands } from "./result.js";
import type { Seen, Witness } from "./result.js";

/** An outcome, and a schedule to it if one is known. */
export interface Reached {
  readonly key: string;
  readonly outcome: Outcome;
  readonly schedule?: readonly number[];
  /** Runs of a sample that had it. */
  readonly drawn?: number;
}

/** Memory of the search for minimal witnesses, bytes. */
const WITNESS_BYTES = 2 ** 30;

/** Looks for a minimal witness of every outcome; keeps the given schedule where the bound comes first. */
export async function witnessAll(
  edge: Edge,
  setup: Setup,
  outcomes: readonly Reached[],
  transitions: number,
): Promise<Seen[]> {
  const search = new Witnesses(new Core(), setup, WITNESS_BYTES);
  const missing = (): number => outcomes.filter((each) => !search.has(each.key)).length;
  for (
    let spent = 0;
    spent < transitions && !edge.signal.aborted && missing() > 0;
    spent += SLICE
  ) {
    if (!search.run(SLICE)) break;
    edge.progress(
      `minimal witnesses: ${outcomes.length - missing()} of ${outcomes.length}, ${thousands(spent)} transitions`,
    );
    await breathe();
  }
  edge.progressDone();
  const scratch = new Core();
  return outcomes.map(({ key, outcome, schedule, drawn }) => {
    const found = search.witness(key);
    const witness = found ? { ...found, minimal: true } : shortOf(scratch, setup, schedule);
    const seen = { key, outcome, shows: observe(setup.program, outcome), witness };
    return drawn === undefined ? seen : { ...seen, drawn };
  });
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
