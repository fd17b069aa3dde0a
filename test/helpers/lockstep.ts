// The core and the reference model along one schedule, step by step.
//
// Interface: disagreement.

import { differences } from "../../src/compare/conform.js";
import { gridOf } from "../../src/language/grid.js";
import type { Core, Setup } from "../../src/model/core.js";
import * as reference from "../reference/reference.js";
import { STEPS_MAX, guarded, pickOf } from "./cases.js";

/**
 * Where core and reference model differ: in the tasks that can step, or in whether P1 holds, after any
 * step, or in the outcome at the end. `skipped` is called where the core leaves the model.
 */
export function disagreement(
  core: Core,
  setup: Setup,
  schedule: Uint8Array,
  skipped?: () => void,
): string | undefined {
  return guarded(() => {
    const { program, profile, policy, environment } = setup;
    core.reset(setup);
    let state = reference.initial(program, {
      ...{ switches: profile.word, decisions: policy.word },
      ...{ gridBytes: setup.gridBytes ?? gridOf(program), environment },
    });
    for (let steps = 0, last = 0; steps < STEPS_MAX; steps++) {
      if (core.unmodelled() !== undefined) {
        skipped?.();
        return undefined;
      }
      const enabled = core.enabled();
      const difference = differenceNow(core, enabled, state);
      if (difference !== undefined) return `before step ${steps}, ${difference}`;
      if (enabled.length === 0) return finalDifference(core, setup, state);
      last = pickOf(enabled, last, schedule[steps] ?? 0);
      core.step(last);
      state = reference.step(state, last);
    }
    return `the run has not ended after ${STEPS_MAX} steps`;
  });
}

function differenceNow(
  core: Core,
  enabled: readonly number[],
  state: reference.State,
): string | undefined {
  const expected = reference.enabled(state).join(" ");
  if (enabled.join(" ") !== expected)
    return `tasks that can step: core ${enabled.join(" ")}, reference ${expected}`;
  const holds = !reference.snapshotBroken(state);
  return core.snapshotHolds() === holds ? undefined : `P1: core ${!holds}, reference ${holds}`;
}

function finalDifference(core: Core, setup: Setup, state: reference.State): string | undefined {
  const [first] = differences(core.outcome(), reference.outcome(state), setup.program);
  if (first === undefined) return undefined;
  return `at the end, ${first.place}, ${first.field}: core ${first.observed}, reference ${first.allowed}`;
}
