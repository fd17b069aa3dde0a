// The outcomes of a scenario found in several ways that must agree.
//
// Interface: searched (the engine), bruteForce (every schedule by hand, with the reference model beside if asked).

import { gridOf } from "../../src/language/grid.js";
import { Core, TooLarge } from "../../src/model/core.js";
import type { Setup } from "../../src/model/core.js";
import { Exploration, TooLargeToExplore } from "../../src/model/exploration.js";
import { SEARCH_DEFAULTS } from "../../src/model/search.js";
import type { SearchOptions } from "../../src/model/search.js";
import { outcomeKey } from "../../src/trace/outcome-key.js";
import * as reference from "../reference/reference.js";

/** Bytes of a state of the small programs of these tests; larger ones take long. */
export const STATE_BYTES = 64 * 1024;

/** What a search gave: keys of outcomes, sorted. */
export interface Outcomes {
  readonly keys: readonly string[];
  readonly states: number;
}

const core = new Core();

/** The engine's outcomes; undefined where it would take more than `transitionsMax` transitions, or too large a state. */
export function searched(
  setup: Setup,
  options: Partial<SearchOptions>,
  transitionsMax = Infinity,
): Outcomes | undefined {
  try {
    const exploration = new Exploration(
      core,
      setup,
      { ...SEARCH_DEFAULTS, ...options },
      STATE_BYTES,
    );
    const { search } = exploration;
    let status = search.facts().status;
    while (status === "running" && search.facts().transitions < transitionsMax)
      status = search.run(10_000);
    if (status !== "done") return undefined;
    const keys = exploration.outcomes().map((found) => found.key);
    return { keys: keys.sort(), states: search.facts().states };
  } catch (error) {
    if (error instanceof TooLargeToExplore || error instanceof TooLarge) return undefined;
    throw error;
  }
}

/** Every state by hand: saved, stepped, compared by all its bytes. With `beside`, the reference model takes the
 *  same steps and says of each final state what the outcome is. Undefined above `statesMax` states. */
export function bruteForce(setup: Setup, beside: boolean, statesMax: number): Outcomes | undefined {
  const { program, profile, policy, environment } = setup;
  core.reset(setup);
  const first = reference.initial(program, {
    ...{ switches: profile.word, decisions: policy.word },
    ...{ gridBytes: gridOf(program), environment },
  });
  const seen = new Set<string>();
  const keys = new Set<string>();
  const open: { bytes: Uint8Array; state: reference.State }[] = [];
  const meet = (state: reference.State): void => {
    const bytes = core.save();
    const name = Buffer.from(bytes).toString("latin1");
    if (seen.has(name)) return;
    seen.add(name);
    open.push({ bytes, state });
  };
  meet(first);
  for (let point = open.pop(); point; point = open.pop()) {
    if (seen.size > statesMax) return undefined;
    core.load(point.bytes);
    const unmodelled = core.unmodelled();
    const enabled = core.isOver() ? [] : core.enabled();
    if (unmodelled !== undefined) keys.add(`not modelled: ${unmodelled}`);
    else if (core.isOver())
      keys.add(outcomeKey(beside ? reference.outcome(point.state) : core.outcome()));
    for (const task of enabled) {
      core.load(point.bytes);
      core.step(task);
      meet(beside && core.unmodelled() === undefined ? reference.step(point.state, task) : first);
    }
  }
  return { keys: [...keys].sort(), states: seen.size };
}
