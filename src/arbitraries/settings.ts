// fast-check arbitraries for what a run is a function of, beside program and schedule.
//
// Interface: policies, profiles, environments, decisionWords, switchWords.
// Policies and profiles are the named rows; the words are every combination of decisions and switches,
// named or not, for laws that hold whatever is combined.

import fc from "fast-check";
import * as decisions from "../../assembly/abi/decisions.js";
import * as switches from "../../assembly/abi/switches.js";
import { ENVIRONMENT } from "../trace/environment.js";
import type { Environment } from "../trace/environment.js";

/** Names of policies. */
export const policies = (): fc.Arbitrary<string> => fc.constantFrom("linux", "copy", "cow");

/** Names of profiles. */
export const profiles = (): fc.Arbitrary<string> => fc.constantFrom("6.18/ext4", "6.18/tmpfs");

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
    )
    .map((bits) => bits.reduce((word, value) => word | value, 0));
}

/** Words of a profile's switches. */
export function switchWords(): fc.Arbitrary<number> {
  const all = Object.values(switches);
  return fc.subarray(all).map((on) => on.reduce((word, bit) => word | bit, 0));
}

/** Limits and rights of the user: mostly those of a fresh Linux. */
export function environments(): fc.Arbitrary<Environment> {
  const limited = fc.record({
    capSysResource: fc.boolean(),
    pipeMaxSizeBytes: fc.constantFrom(1048576, 65536, 16384, 4096),
    fileSizeLimitBytes: fc.constantFrom(undefined, 16384, 8192, 4096),
  });
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(ENVIRONMENT) },
    {
      weight: 1,
      arbitrary: limited.map(({ fileSizeLimitBytes: limit, ...rest }) => ({
        ...ENVIRONMENT,
        ...rest,
        ...(limit === undefined ? {} : { fileSizeLimitBytes: limit }),
      })),
    },
  );
}
