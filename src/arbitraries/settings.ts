// fast-check arbitraries for what a run is a function of, beside program and schedule.
//
// Interface: policies, profiles, environments, decisionWords, switchWords.
// Policies and profiles are the named rows; the words are every combination of decisions and switches,
// named or not, for laws that hold whatever is combined.

import fc from "fast-check";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import * as switches from "../../assembly/abi/switches.js";
import type { Setup } from "../model/core.js";
import { POLICIES, POLICY_OPTIONS } from "../model/policies.js";
import { PROFILES } from "../model/profiles.js";

/** Names of policies. */
export const policies = (): fc.Arbitrary<string> =>
  fc.constantFrom(...POLICIES.map((row) => row.name));

/** Names of profiles. */
export const profiles = (): fc.Arbitrary<string> =>
  fc.constantFrom(...PROFILES.map((row) => row.name));

/** Words of decisions: every combination of values; 0 is the policy `linux`. */
export function decisionWords(): fc.Arbitrary<number> {
  const fields = POLICY_OPTIONS.map(({ values }) => fc.constantFrom(...Object.values(values)));
  return fc.tuple(...fields).map((bits) => bits.reduce((word, value) => word | value, 0));
}

/** Words of a profile's switches. */
export function switchWords(): fc.Arbitrary<number> {
  const all = Object.values(switches);
  return fc.subarray(all).map((on) => on.reduce((word, bit) => word | bit, 0));
}

/** Limits and rights of the user; the simplest is a user without rights on a fresh Linux. */
export function environments(): fc.Arbitrary<Setup["environment"]> {
  const fixed = { pipeUserPagesSoft: 16384, pipeUserPagesHard: 0, pageSizeBytes: PAGE_SIZE };
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
