// O_DIRECT: what is left in the page cache, as the white box saw it on Linux 6.18, and that a transfer is not mixed with another.

import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { ALL_REDUCTIONS, NO_REDUCTIONS } from "../../../src/model/search.js";
import { traceOf } from "../../../src/model/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import { searched } from "../../helpers/outcomes.js";

/** A scenario with a file whose description is direct, and a thread for each list of calls. */
function setupOf(profile: string, file: string, ...threads: readonly string[]): Setup {
  const bodies = threads.map((calls, n) => `thread t${n} {\n${calls}\n}\n`);
  const text = `litmus direct\nfile f = ${file}\npipe p\n${bodies.join("")}`;
  const { program, diagnostics } = parseProgram(text);
  if (program === undefined) throw new Error(JSON.stringify(diagnostics));
  return {
    program,
    profile: parseProfile(profile),
    policy: parsePolicy("linux"),
    environment: ENVIRONMENT,
  };
}

const DIRECT = 'd = open("f", O_RDWR | O_DIRECT)\n';

/** Which pages are cached after the calls of one thread. */
function cachedAfter(profile: string, file: string, calls: string): boolean[] {
  const { steps } = traceOf(new Core(), setupOf(profile, file, DIRECT + calls));
  return steps.at(-1)!.world.inodes[0]!.pages.map((frame) => frame !== 0);
}

const PAGES = "0x11 * 16384 folio order 0";
const LARGE = "0x11 * 16384 folio order 2";

describe("a write to page 1", () => {
  const write = "pwrite(d, 0x22 * 4096, 4096)";

  test("takes its folio from the cache, as a whole", () => {
    for (const profile of ["6.18/ext4", "6.18/xfs"]) {
      expect(cachedAfter(profile, PAGES, write)).toEqual([true, false, true, true]);
      expect(cachedAfter(profile, LARGE, write)).not.toContain(true);
    }
  });

  test("takes it on btrfs afterwards, unless a pipe holds it", () => {
    const splice = "splice(f, 4096, p.w, NULL, 4096, 0)\n";
    expect(cachedAfter("6.18/btrfs", PAGES, write)).toEqual([true, false, true, true]);
    expect(cachedAfter("6.18/btrfs", PAGES, splice + write)).toEqual([true, true, true, true]);
  });

  test("leaves it on tmpfs", () => {
    expect(cachedAfter("6.18/tmpfs", PAGES, write)).toEqual([true, true, true, true]);
  });

  test("is done at once for a read, where both go past the cache", () => {
    const outcomes = (profile: string): number => {
      const threads = ["pread(f, 8192, 0)", "pwrite(f, 0x22 * 8192, 0)"];
      const direct = "set: fcntl(f, F_SETFL, O_DIRECT)";
      const setup = setupOf(
        profile,
        PAGES,
        direct,
        ...threads.map((call) => `after t0:set\n${call}`),
      );
      const { keys } = searched(setup, { reductions: ALL_REDUCTIONS })!;
      expect(keys).toEqual(searched(setup, { reductions: NO_REDUCTIONS })!.keys);
      return keys.length;
    };
    expect(outcomes("6.18/xfs")).toBe(2);
    expect(outcomes("6.18/ext4")).toBe(2);
    expect(outcomes("6.18/tmpfs")).toBe(4);
  });
});

test("a read brings nothing in", () => {
  const gone = "fsync(f)\nposix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)\n";
  expect(cachedAfter("6.18/ext4", PAGES, `${gone}pread(d, 8192, 0)`)).not.toContain(true);
});

test("a copy leaves the model where O_DIRECT comes after its first step, and keeps its references", () => {
  const copy = "copy_file_range(f, 0, f, 8292, 100, 0)";
  const setup = setupOf("6.18/ext4", PAGES, copy, "fcntl(f, F_SETFL, O_DIRECT)");
  for (const profile of ["6.18/ext4", "6.18/xfs"]) {
    const core = new Core();
    core.reset({ ...setup, profile: parseProfile(profile) });
    while (core.phase(0) !== "i_rwsem") core.step(0);
    core.step(1);
    core.step(0);
    expect(core.unmodelled()).toBeDefined();
    expect(core.check()).toBeUndefined();
  }
});
