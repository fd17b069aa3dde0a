// F_SEAL_WRITE beside other threads: what it waits for, and what it keeps from them meanwhile.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import { searched } from "../../helpers/outcomes.js";

/** Return values of the calls that have a register, in every outcome. */
function outcomes(body: string): string[] {
  const { program, diagnostics } = parseProgram(`litmus seals\n${body}\n`);
  expect(diagnostics).toEqual([]);
  const setup = {
    program: program!,
    profile: parseProfile("6.18/ext4"),
    policy: parsePolicy("linux"),
    environment: ENVIRONMENT,
  };
  return [...searched(setup, {})!.keys];
}
/** -1 and EBUSY, as keys of outcomes have them. */
const BUSY = ";-1/16/";

const HELD = `pipe p
thread a {
  m = memfd_create("m", MFD_ALLOW_SEALING)
  pwrite(m, 0x11 * 4096, 0)
  splice(m, 0, p.w, NULL, 4096, 0)
  s: fcntl(m, F_ADD_SEALS, F_SEAL_WRITE)
}`;

test("a reader that empties the pipe in time lets the seal be set, a later one does not", () => {
  const all = outcomes(`${HELD}\nthread b {\n  read(p.r, 4096)\n}`);
  expect(all.filter((key) => key.includes(BUSY)).length).toBeGreaterThan(0);
  expect(all.filter((key) => !key.includes(BUSY)).length).toBeGreaterThan(0);
});

test("with nobody to read, the seal is never set", () => {
  const all = outcomes(HELD);
  expect(all).toHaveLength(1);
  expect(all[0]).toContain(BUSY);
});
