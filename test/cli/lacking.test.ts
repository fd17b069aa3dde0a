// What a kernel lacks: programs that need it are not run there, and it is said why.

import { expect, test } from "vitest";
import { whyNotHere } from "../../src/cli/backends.js";
import { probeHost } from "../../src/kernel/features.js";
import { parseProgram } from "../../src/language/parse-program.js";

const host = await probeHost("/tmp");
const whole = { host: { ...host, hasTcp: true }, dropCaches: true, hasUring: true };
const programOf = (body: string) => {
  const { program } = parseProgram(`litmus x\nfile f\npipe p\n${body}\n`);
  return program!;
};

test.each([
  ["chains", { hasUring: false }, "there is no io_uring here"],
  ["sockets", { host: { ...host, hasTcp: false } }, "there is no TCP or UDP over 127.0.0.1 here"],
  ["drops", { dropCaches: false }, "it drops the page cache of the whole machine"],
] as const)("%s", (what, lacks, why) => {
  const needs = programOf(
    {
      chains: "thread a { io_uring_enter(c) }\nchain c { splice(f, 0, p.w, NULL, 1, 0) }",
      sockets: "socket s tcp\nthread a {}",
      drops: "thread a { drop_caches() }",
    }[what],
  );
  expect(whyNotHere(needs, { ...whole, ...lacks })?.why).toBe(why);
  expect(whyNotHere(needs, whole)).toBeUndefined();
  expect(whyNotHere(programOf("thread a {}"), { ...whole, ...lacks })).toBeUndefined();
});
