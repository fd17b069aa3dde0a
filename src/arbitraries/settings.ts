// fast-check arbitraries for what a run is a function of, beside program and schedule.
//
// Interface: policies, profiles, environments, decisionWords, switchWords.
// Policies and profiles are the named rows; the words are every combination of decisions and switches,
// named or not, for laws that hold whatever is combined.

import fc from "fast-check";
import * as decisions from "../../assembly/abi/decisions.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import * as switches from "../../assembly/abi/switches.js";
import type { Setup } from "../model/core.js";
import { POLICIES } from "../model/policies.js";
import { PROFILES } from "../model/profiles.js";

/** Names of policies. */
export const policies = (): fc.Arbitrary<string> =>
  fc.constantFrom(...POLICIES.map((row) => row.name));

/** Names of profiles. */
export const profiles = (): fc.Arbitrary<string> =>
  fc.constantFrom(...PROFILES.map((row) => row.name));

/** Words of decisions; 0 is the policy `linux`. */
export function decisionWords(): fc.Arbitrary<number> {
  const bit = (shift: number): fc.Arbitrary<number> => fc.constantFrom(0, 1 << shift);
  return fc
    .tuple(
      bit(decisions.DECIDE_SPLICE_SHIFT),
      bit(decisions.DECIDE_MARK_SHIFT),
      bit(decisions.DECIDE_LOCK_SHIFT),
      bit(decisions.DECIDE_WRITE_SHIFT),
      bit(decisions.DECIDE_TRUNCATE_SHIFT),
      bit(decisions.DECIDE_PROTECT_SHIFT),
    )
    .map((bits) => bits.reduce((word, value) => word | value, 0));
}

/** Words of a profile's switches. */
export function switchWords(): fc.Arbitrary<number> {
  const all = Object.values(switches);
  return fc.subarray(all).map((on) => on.reduce((word, bit) => word | bit, 0));
}

/** Limits and rights of the user; the simplest is a user without rights on a fresh Linux. */
export function environments(): fc.Arbitrary<Setup["environment"]> {
  const fixed = { pipeUserPagesSoft: 16384, pageSizeBytes: PAGE_SIZE };
  return fc
    .record({
      capSysResource: fc.boolean(),
      pipeMaxSizeBytes: fc.constantFrom(1048576, 65536, 16384, 4096),
      fileSizeLimitBytes: fc.constantFrom(undefined, 16384, 8192, 4096),
    })
    .map(({ fileSizeLimitBytes: limit, ...rest }) => ({
      ...fixed,
      ...rest,
      ...(limit === undefined ? {} : { fileSizeLimitBytes: limit }),
    }));
}
