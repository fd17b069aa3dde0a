// i_rwsem, shared by who reads a file. Of 20,000 reads of 64 KiB beside writes of all of it 14,600 or more were mixed on
// Linux 6.18 on ext4, tmpfs and btrfs; none was on xfs.

import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { ALL_REDUCTIONS, NO_REDUCTIONS } from "../../../src/model/search.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import { searched } from "../../helpers/outcomes.js";

/** The outcomes of all runs of threads on a file of two single pages. */
function outcomesOf(profile: string, ...threads: readonly string[]): number {
  const bodies = threads.map((calls, n) => `thread t${n} {\n${calls}\n}\n`);
  const text = `litmus locks\nfile f = 0x11 * 8192 folio order 0\npipe p\n${bodies.join("")}`;
  const { program, diagnostics } = parseProgram(text);
  if (program === undefined) throw new Error(JSON.stringify(diagnostics));
  const setup = {
    program,
    profile: parseProfile(profile),
    policy: parsePolicy("linux"),
    environment: ENVIRONMENT,
  };
  const found = searched(setup, { reductions: ALL_REDUCTIONS })!;
  expect(found.keys).toEqual(searched(setup, { reductions: NO_REDUCTIONS })!.keys);
  return found.keys.length;
}

describe("beside a write of two pages", () => {
  const write = "pwrite(f, 0x22 * 8192, 0)";

  test("a read of them finds both alike on xfs alone", () => {
    const read = "pread(f, 8192, 0)";
    expect(outcomesOf("6.18/ext4", read, write)).toBe(4);
    expect(outcomesOf("6.18/xfs", read, write)).toBe(2);
    expect(outcomesOf("6.18/xfs", read, read, write)).toBe(4);
  });

  test("a copy that a file gets from a pipe waits for readers", () => {
    const splice = "write(p.w, 0x33 * 8192)\nsplice(p.r, NULL, f, 0, 8192, 0)";
    expect(outcomesOf("6.18/xfs", "pread(f, 8192, 0)", splice)).toBe(2);
  });
});

test("a page is not cut while it is read", () => {
  const cut = "ftruncate(f, 6144)";
  expect(outcomesOf("6.18/ext4", "pread(f, 8192, 0)", cut)).toBe(3);
  expect(outcomesOf("6.18/xfs", "pread(f, 8192, 0)", cut)).toBe(2);
});
