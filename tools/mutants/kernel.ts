// What this machine's kernel gave for random programs, to be compared with one core after the other.
//
// Interface: observe (runs the programs once), firstDivergence.

import { differences } from "../../src/compare/conform.js";
import { caseOf } from "../../src/cli/random-case.js";
import type { Sample } from "../../src/arbitraries/index.js";
import { openKernel } from "../../src/cli/backends.js";
import { CannotRun } from "../../src/cli/exit.js";
import { TooLarge } from "../../src/model/core.js";
import type { Core, Setup } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import type { Profile } from "../../src/model/profiles.js";
import { outcomesOfPicks } from "../../src/model/schedule.js";
import { CoreTrap } from "../../src/model/trap.js";
import type { Environment } from "../../src/trace/environment.js";
import type { Outcome } from "../../src/trace/outcome.js";

/** Random programs and what they gave. */
export interface Observed {
  readonly profile: Profile;
  readonly environment: Environment;
  readonly runs: readonly (Sample & { readonly outcome: Outcome })[];
}

const LINUX = parsePolicy("linux");

/** Runs random programs in a directory of this machine; or why that is not possible. */
export async function observe(
  directory: string,
  seed: number,
  count: number,
): Promise<Observed | string> {
  try {
    const kernel = await openKernel({ directory });
    try {
      if (!kernel.exact) return `there is no profile ${kernel.found}`;
      const samples = Array.from({ length: count }, (_, index) => caseOf(seed, index));
      const attempts = await kernel.executor.attempt(samples);
      const runs = samples.flatMap((sample, i) => {
        const attempt = attempts[i]!;
        return attempt.ok ? [{ ...sample, outcome: attempt.outcome }] : [];
      });
      return { profile: kernel.profile, environment: kernel.environment, runs };
    } finally {
      await kernel.executor.close();
    }
  } catch (error) {
    if (error instanceof CannotRun) return error.message;
    throw error;
  }
}

/** The first program to which a core, under policy `linux`, does not allow what the kernel did. */
export function firstDivergence(
  core: Core,
  { profile, environment, runs }: Observed,
): { runs: number; failure: string } | undefined {
  for (const [i, { program, picks, outcome }] of runs.entries()) {
    const setup = { program, profile, policy: LINUX, environment };
    const failure = divergence(core, setup, picks, outcome);
    if (failure !== undefined) return { runs: i + 1, failure };
  }
  return undefined;
}

function divergence(
  core: Core,
  setup: Setup,
  picks: readonly number[],
  observed: Outcome,
): string | undefined {
  try {
    const allowed = outcomesOfPicks(core, setup, picks);
    if (core.unmodelled() !== undefined || !allowed.complete) return undefined;
    const found = allowed.outcomes.map((each) => differences(observed, each, setup.program));
    if (found.some((each) => each.length === 0)) return undefined;
    const first = found[0]?.[0];
    return first ? `${first.place}, ${first.field}: the kernel gave ${first.observed}` : "nothing";
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    if (error instanceof CoreTrap) return `the core trapped: ${error.message}`;
    throw error;
  }
}
