// Who waits for a folio and who holds it, in words.

import { expect, test } from "vitest";
import { waitIn, waitText } from "../../../src/compare/waits.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { setupOf } from "../../helpers/cases.js";

const core = new Core();

/** What the only thread waits for where its run ends under a policy. */
function endOf(calls: string, policy = "stable", profile = "6.18/ext4"): string | undefined {
  const text = `litmus w\nfile f = 0x11 * 8192\npipe p\npipe q\nsocket s\nthread t {\n${calls}\n}\n`;
  const program = parseProgram(text).program!;
  const setting = { profile: parseProfile(profile), policy: parsePolicy(policy) };
  core.reset(setupOf(program, setting));
  core.runBytes(new Uint8Array(), true);
  const wait = waitIn(program, core.world(), 0);
  return wait && waitText(wait);
}

const SPLICE = "splice(f, 0, p.w, NULL, 4096, 0)";

test.each([
  [`${SPLICE}\npwrite(f, 0x22 * 512, 0)`, "t's pwrite waits for a folio that pipe p holds"],
  [
    `${SPLICE}\ntee(p.r, q.w, 4096, 0)\nftruncate(f, 512)`,
    "t's ftruncate waits for a folio that pipe p and pipe q hold",
  ],
  [
    `${SPLICE}\nsplice(p.r, NULL, s.a, NULL, 4096, 0)\npwrite(f, 0x22 * 512, 0)`,
    "t's pwrite waits for a folio that socket s.b holds",
  ],
  [
    `pipe2(own, 0)\nsplice(f, 0, own.w, NULL, 4096, 0)\npwrite(f, 0x22 * 512, 0)`,
    "t's pwrite waits for a folio that pipe own holds",
  ],
])("%s", (calls, sentence) => {
  expect(endOf(calls)).toBe(sentence);
});

test("nobody waits where nobody is waited for", () => {
  expect(endOf(`${SPLICE}\npwrite(f, 0x22 * 512, 0)`, "cow")).toBeUndefined();
  expect(endOf("pwrite(f, 0x22 * 512, 0)")).toBeUndefined();
});

test("a flag that outlives its slot keeps a writer waiting for nobody", () => {
  const calls = `pwrite(f, 0x11 * 4096, 0)\n${SPLICE}\nread(p.r, 4096)\npwrite(f, 0x22 * 512, 0)`;
  expect(endOf(calls, "cow-mail,write=wait")).toBe(
    "t's pwrite waits for a folio that is marked, though nobody outside the page cache holds it",
  );
});
