// What the kernel lets go of its own accord, and the model behind it.

import { expect, test } from "vitest";
import { choicesIn } from "../../../src/compare/cache-choices.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { momentsOfPicks } from "../../../src/model/schedule.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import type { Snapshot } from "../../../src/trace/snapshot.js";

const { program } = parseProgram(`litmus gone
file f = 0xa0 * 8192
pipe p
thread t {
  splice(f, NULL, p.w, NULL, 4096, 0)
  posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)
  fsync(f)
}
`);
const setup = {
  program: program!,
  profile: parseProfile("6.18/ext4"),
  policy: parsePolicy("linux"),
  environment: ENVIRONMENT,
};

/** A moment at which nothing of the file is cached. */
const nothing = (fd: number): Snapshot => ({
  pipes: [],
  files: [{ fd, id: 1n, sizeBytes: 8192, pages: [] }],
});

test("pages that posix_fadvise wrote back go if the kernel let them go, and none that a slot holds", () => {
  const core = new Core();
  const still = momentsOfPicks(core, setup, []);
  const [outcome] = still.outcomes;
  const fd = still.moments![0]![0]!.files.find(({ target }) => "inode" in target)!.fds[0]!;
  const snapshots = still.moments![0]!.map(() => nothing(fd));
  const choices = choicesIn(setup.program, { outcome: outcome!, snapshots });
  const gone = momentsOfPicks(core, setup, [], choices);
  const cachedIn = (moments: typeof gone.moments): boolean[][] =>
    moments![0]!.map(({ inodes }) => inodes[0]!.pages.map((frame) => frame !== 0));
  expect(cachedIn(still.moments)).toEqual(Array(4).fill([true, true]));
  // Nothing goes before posix_fadvise, and after it the page without a holder.
  const [both, one] = [[true, true], [true]];
  expect(cachedIn(gone.moments)).toEqual([both, both, one, one]);
  expect(gone.outcomes).toEqual(still.outcomes);
});
