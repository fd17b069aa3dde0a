// Zero-copy sends where no claim can look: whose pages an skb holds, who needs the socket's lock; ranges in conditions.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { printProgram } from "../../../src/language/print.js";
import type { Program } from "../../../src/language/program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import type { FragView } from "../../../src/trace/world.js";

const textOf = (thread: string, question = ""): string =>
  `litmus zerocopy\nfile f = 0x1f * 8192\npipe p\nsocket s tcp\nthread a {\n${thread}\n}\n${question}`;

function programOf(thread: string, question = ""): Program {
  const { program, diagnostics } = parseProgram(textOf(thread, question));
  expect(diagnostics).toEqual([]);
  return program!;
}

/** A core after the steps that its threads take by themselves. */
function coreAfter(program: Program): Core {
  const core = new Core();
  const settings = { profile: parseProfile("6.18/ext4"), policy: parsePolicy("linux") };
  core.reset({ program, ...settings, environment: ENVIRONMENT });
  for (let i = 0; i < 200 && core.enabled().includes(0); i++) core.step(0);
  return core;
}

const fragsOf = (thread: string): readonly FragView[] =>
  coreAfter(programOf(thread)).world().sockets[1]!.frags;

test("what goes in one skb with borrowed memory is copied into full pages, which nobody else holds", () => {
  const before = `splice(f, 100, p.w, NULL, 4000, 0)
  splice(p.r, NULL, s.a, NULL, 4000, SPLICE_F_MORE)`;
  const kindsOf = (flags: string): string[] =>
    fragsOf(`${before}\nsend(s.a, 0x07 * 5000, ${flags})`).map(
      ({ kind, lenBytes }) => `${kind} ${lenBytes}`,
    );
  expect(kindsOf("0")).toEqual(["pagecache 3996", "pagecache 4", "anon 4096", "anon 904"]);
  expect(kindsOf("MSG_ZEROCOPY")).toEqual(["anon 4096", "anon 4096", "anon 808"]);
});

test("an skb that has arrived is shared, whatever joins it", () => {
  const frags = fragsOf(`splice(f, 0, p.w, NULL, 4096, 0)
  splice(p.r, NULL, s.a, NULL, 4096, 0)
  send(s.a, 0x07 * 100, MSG_ZEROCOPY)`);
  expect(frags.map(({ kind }) => kind)).toEqual(["pagecache", "anon"]);
});

test("a range in a condition is printed as it was read; one number is a range of one", () => {
  const recvmsg = "r = recvmsg(s.a, MSG_ERRQUEUE)";
  const conditionOf = (text: string): string =>
    printProgram(programOf(recvmsg, `forall ${text}`))
      .trimEnd()
      .split("\n")
      .at(-1);
  expect(conditionOf("a:r = 0..2")).toBe("forall a:r = 0..2");
  expect(conditionOf("a:r != 3")).toBe("forall a:r != 3..3");
  expect(conditionOf("a:r = -1")).toBe("forall a:r = -1");
});

test.each([
  ["recvmsg(s.a, MSG_ERRQUEUE)", "a:r = 2..0", "no sends have these numbers"],
  ["dup(f)", "a:r = 0..1", "dup() gives a number here, not content"],
  ["recvmsg(s.a, 0..1)", "a:r = -1", "`flags` of recvmsg() is a number"],
])("%s, %s: %s", (call, condition, message) => {
  const { diagnostics } = parseProgram(textOf(`r = ${call}`, `forall ${condition}`));
  expect(diagnostics.map((each) => each.message)).toEqual([message]);
});
