// After a trap a core is as good as a new one: nothing of the half state is left.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { traceOf } from "../../../src/model/trace.js";
import { CoreTrap } from "../../../src/model/trap.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

const { program } = parseProgram(`litmus trap
file f = 0x1f * 8192
pipe p
thread t {
  splice(f, NULL, p.w, NULL, 8192, 0)
  pwrite(f, 0xf0 * 4096, 0)
  read(p.r, 8192)
}
`);
const setup = {
  program: program!,
  profile: parseProfile("6.18/ext4"),
  policy: parsePolicy("linux"),
  environment: ENVIRONMENT,
};

test("a trap in the middle of a run leaves nothing to the next", () => {
  const core = new Core();
  core.reset(setup);
  for (let n = 0; n < 6; n++) core.step(0);
  const before = core.raw.memory;
  // No action has this number: an assertion fails.
  expect(() => {
    core.step(77);
  }).toThrow(CoreTrap);
  const again = traceOf(core, setup);
  expect(core.raw.memory, "the instance is another one").not.toBe(before);
  expect(again).toEqual(traceOf(new Core(), setup));
});

test("a core that did not trap is kept", () => {
  const core = new Core();
  core.reset(setup);
  core.step(0);
  const before = core.raw.memory;
  core.reset(setup);
  expect(core.raw.memory).toBe(before);
});
