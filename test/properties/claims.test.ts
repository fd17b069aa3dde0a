// What the scenarios of test/fixtures/claims/ claim holds in every run, under every policy on every profile:
// mappings, punched holes, sockets; and the policy that forgets page tables breaks P1.

import { expect, describe, test } from "vitest";
import debugCore from "../../build/core/debug.js";
import { parseProgram } from "../../src/language/parse-program.js";
import { Core } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { PROFILES } from "../../src/model/profiles.js";
import { CLAIMS, SETTINGS, describeCase, claimCase, setupOf } from "../helpers/cases.js";
import { breaksSnapshot, brokenClaim, promises } from "../helpers/laws.js";
import { SAMPLE_FACTOR, SEED } from "../seed.js";

const ROUNDS = Math.ceil(25 * SAMPLE_FACTOR);

describe("what is claimed holds, and no step touches what it did not declare", () => {
  test.each(CLAIMS.map(({ name }, index) => ({ name, index })))("$name", ({ index }) => {
    const core = new Core(debugCore);
    for (let round = 0; round < ROUNDS; round++) {
      const { program, schedule } = claimCase(SEED, index + round * CLAIMS.length);
      for (const setting of SETTINGS) {
        // Where writers wait, a run may end before it has done what is claimed.
        if (!promises(setting.policy.name, "P4")) continue;
        const setup = setupOf(program, setting);
        const failure = brokenClaim(core, setup, schedule);
        if (failure !== undefined) throw new Error(describeCase(setup, schedule, failure));
      }
    }
  });
});

/** The page is mapped writable before it is spliced: the second store meets no fault. */
const STORE_AFTER_SPLICE = `litmus store-after-splice
file f = 0x11 * 4096
pipe p
thread t {
  m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0)
  store(m, 0x22 * 4096, 0)
  splice(f, 0, p.w, NULL, 4096, 0)
  store(m, 0x33 * 4096, 0)
  a = read(p.r, 4096)
}
forall snapshot`;

describe.each(PROFILES)("a store through a page that is mapped writable, on $name", (profile) => {
  const program = parseProgram(STORE_AFTER_SPLICE).program!;
  const breaks = (policy: string): boolean => {
    const setup = setupOf(program, { profile, policy: parsePolicy(policy) });
    return breaksSnapshot(new Core(), setup, new Uint8Array());
  };
  test.each(["linux", "cow-nopte", "cow,protect=none"])("breaks P1 under %s", (policy) => {
    expect(breaks(policy)).toBe(true);
  });
  test.each(["copy", "cow", "cow-nopte,protect=ptes"])("keeps P1 under %s", (policy) => {
    expect(breaks(policy)).toBe(false);
  });
});
