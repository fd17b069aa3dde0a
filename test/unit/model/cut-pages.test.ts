// What becomes of the page that the end of a file cuts, and of the folio that it lies in: seen by the white box on Linux 6.18.

import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core, type Setup } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { traceOf } from "../../../src/model/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import type { FolioView, World } from "../../../src/trace/world.js";

/** The calls of one thread on a file of four pages, under a policy. */
function setupOf(profile: string, file: string, calls: string, policy = "linux"): Setup {
  const text = `litmus cut\nfile f = ${file}\npipe p\nthread t {\n${calls}\n}\n`;
  return {
    program: parseProgram(text).program!,
    profile: parseProfile(profile),
    policy: parsePolicy(policy),
    environment: ENVIRONMENT,
  };
}
/** The moment after them. */
function after(profile: string, file: string, calls: string): World {
  const { start, steps } = traceOf(new Core(), setupOf(profile, file, calls));
  return steps.at(-1)?.world ?? start;
}

/** The folio cached for each page; undefined for none. */
const pagesOf = ({ inodes, folios }: World): (FolioView | undefined)[] =>
  inodes[0]!.pages.map((frame) =>
    folios.find((folio) => folio.frame <= frame && frame < folio.frame + (1 << folio.order)),
  );

describe.each([
  ["shrinks", "ftruncate(f, 5000)"],
  ["keeps its size", "ftruncate(f, 5000)  ftruncate(f, 5000)"],
  ["grows", "ftruncate(f, 5000)  ftruncate(f, 16384)"],
  ["is written behind its end", "ftruncate(f, 5000)  pwrite(f, 0x11 * 4096, 12288)"],
])("a file of holes that %s", (_, calls) => {
  test("ext4 has the page of its end, with buffer heads", () => {
    const folio = pagesOf(after("6.18/ext4", "hole 16384", calls))[1];
    expect(folio).toMatchObject({ order: 0, hasPrivate: true, refs: 2 });
  });

  test("xfs and tmpfs have it not", () => {
    for (const profile of ["6.18/xfs", "6.18/tmpfs"])
      expect(pagesOf(after(profile, "hole 16384", calls))[1]).toBeUndefined();
  });
});

describe("btrfs", () => {
  const on = (file: string, calls: string): (FolioView | undefined)[] =>
    pagesOf(after("6.18/btrfs", file, calls));

  test("has private data of every page that it caches", () => {
    const [first] = on("hole 16384", "pread(f, 100, 0)");
    expect(first).toMatchObject({ hasPrivate: true, dirty: false, refs: 2 });
  });

  test("caches the page of the old end of a file that grows, and none of one that shrinks", () => {
    expect(on("hole 16384", "ftruncate(f, 5000)")).toEqual([]);
    const [, grown] = on("hole 16384", "ftruncate(f, 5000)  ftruncate(f, 8192)");
    expect(grown).toMatchObject({ hasPrivate: true, dirty: true });
  });

  test("writes back, with what a hole touches, all that is dirty behind it without a gap", () => {
    const dirty = (profile: string): (boolean | undefined)[] => {
      const calls = "fallocate(f, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096)";
      const file = "0xa0 * 16384 folio order 0";
      return pagesOf(after(profile, file, calls)).map((folio) => folio?.dirty);
    };
    expect(dirty("6.18/btrfs").slice(1)).toEqual([false, false, false]);
    expect(dirty("6.18/xfs").slice(1)).toEqual([true, true, true]);
  });

  test("writes back the page that an end cuts, and releases it where it was clean", () => {
    const [, once] = on("0xa0 * 16384", "ftruncate(f, 7168)");
    expect(once).toMatchObject({ dirty: false, hasPrivate: true, refs: 2 });
    const [, twice] = on("0xa0 * 16384", "ftruncate(f, 7168)  ftruncate(f, 6144)");
    expect(twice).toMatchObject({ dirty: false, hasPrivate: false, refs: 1 });
  });
});

describe("a large folio that is cut", () => {
  const maps =
    "m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0)  store(m, 0x33 * 4096, 0)";

  test("is unmapped, though it stays whole", () => {
    const world = after("6.18/ext4", "0xa0 * 16384 folio order 2", `${maps}  ftruncate(f, 4096)`);
    expect(pagesOf(world)[0]).toMatchObject({ order: 2 });
    expect(world.mappings).toMatchObject([{ mapped: [] }]);
  });

  test("loses what lies behind i_size when it splits", () => {
    const cut = "ftruncate(f, 4096)";
    const punched = "fallocate(f, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 4096)";
    const file = "0xa0 * 8192 folio order 1";
    expect(pagesOf(after("6.18/ext4", file, cut))).toHaveLength(2);
    expect(pagesOf(after("6.18/ext4", file, `${cut}  ${punched}`))).toEqual([]);
  });
});

test("what a store left behind the end of a page that a slot held never comes to the file", () => {
  const calls = `
    m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 4096)
    store(m, 0x11 * 4096, 0)
    splice(f, 4096, p.w, NULL, 100, 0)
    msync(m, 4096, MS_SYNC)
    read(p.r, 100)
    ftruncate(f, 8192)
    pread(f, 1024, 7168)`;
  for (const profile of ["6.18/ext4", "6.18/xfs", "6.18/btrfs"])
    for (const policy of ["linux", "stable", "cow"]) {
      const core = new Core();
      core.reset(setupOf(profile, "0xa0 * 7168", calls, policy));
      for (let enabled = core.enabled(); enabled.length > 0; enabled = core.enabled()) {
        core.step(enabled[0]!);
        expect([profile, policy, core.check()]).toEqual([profile, policy, undefined]);
      }
      const read = core.outcome().results.at(-1)!;
      expect([profile, policy, read.ret, read.data.every((byte) => byte === 0)]).toEqual([
        profile,
        policy,
        1024,
        true,
      ]);
    }
});
