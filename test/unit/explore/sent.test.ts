// What a policy needs that counts frags alone: a page that is sent twice has the same bytes only if the send takes the folio lock,
// and the right to write from page tables.

import { expect, test } from "vitest";
import { judge } from "../../../src/compare/judge.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import { Exploration } from "../../../src/model/exploration.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { SEARCH_DEFAULTS } from "../../../src/model/search.js";
import { setupOf } from "../../helpers/cases.js";
import { STATE_BYTES } from "../../helpers/outcomes.js";

const MAPPED = `m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0)
  store(m, 0x33 * 4096, 0)
  store(m, 0xf0 * 4096, 0)`;

/** Whether a retransmission may carry what was written after the page was sent. */
function sendsOther(policy: string, writer: string): boolean {
  const { program } = parseProgram(`litmus sent
file f = 0x1f * 4096
pipe p
wire w retransmit
thread server {
  splice(f, 0, p.w, NULL, 4096, 0)
  splice(p.r, NULL, w.tx, NULL, 4096, 0)
}
thread writer {
  ${writer}
}
exists w = 0x1f * 4096 /\\ w.last = 0xf0 * 4096
`);
  const setting = { profile: parseProfile("6.18/ext4"), policy: parsePolicy(policy) };
  const setup = setupOf(program!, setting);
  const exploration = new Exploration(new Core(), setup, SEARCH_DEFAULTS, STATE_BYTES);
  while (exploration.search.run(10_000) === "running");
  expect(exploration.search.facts().status).toBe("done");
  return exploration
    .outcomes()
    .some(({ outcome }) => judge(program!, program!.condition!.prop, outcome) === true);
}

test("stable-io sends the same again, and neither without the lock nor without write-protection", () => {
  const write = "pwrite(f, 0xf0 * 4096, 0)";
  expect(sendsOther("linux", write)).toBe(true);
  expect(sendsOther("stable-io", write)).toBe(false);
  expect(sendsOther("stable-io,lock=no", write)).toBe(true);
  expect(sendsOther("stable-io", MAPPED)).toBe(false);
  expect(sendsOther("stable-io,protect=none", MAPPED)).toBe(true);
});
