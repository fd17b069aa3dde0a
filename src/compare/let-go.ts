// What the kernel leaves open and the white box sees: pages that posix_fadvise(POSIX_FADV_DONTNEED) writes back leave the cache if
// the write-back is over by the time it looks.
//
// Interface: letGoIn.
// The model lets go of the same pages, if they are clean and nobody holds them; else the difference stands.

import type { Program } from "../language/program.js";
import { callsOf } from "../language/program.js";
import type { Outcome } from "../trace/outcome.js";
import { PAGES_SEEN_MAX } from "../trace/snapshot.js";
import type { CachedPage, LetGo, Snapshot } from "../trace/snapshot.js";
import type { World } from "../trace/world.js";

/** What left the cache in a run, after each call that may let go of pages. */
export function letGoIn(
  program: Program,
  { outcome, snapshots }: { readonly outcome: Outcome; readonly snapshots?: readonly Snapshot[] },
): LetGo {
  const calls = callsOf(program);
  return (moment, world) => {
    const last = outcome.results.find(({ startedAt }) => startedAt === moment - 1);
    const seen = snapshots?.[moment];
    if (last === undefined || seen === undefined) return [];
    return calls[last.call]?.syscall === "posix_fadvise" ? goneIn(world, seen) : [];
  };
}

/** The pages that a world has in the cache and a snapshot has not. */
function goneIn({ files, inodes }: World, seen: Snapshot): CachedPage[] {
  return files.flatMap(({ fds, target }) => {
    const inode =
      "inode" in target ? inodes.find((each) => each.inode === target.inode) : undefined;
    const file = seen.files.find(({ fd }) => fds.includes(fd));
    if (inode === undefined || file === undefined) return [];
    const cached = new Set(file.pages.map(({ index }) => index));
    return [...inode.pages.slice(0, PAGES_SEEN_MAX).entries()]
      .filter(([page, frame]) => frame !== 0 && !cached.has(page))
      .map(([page]) => ({ inode: inode.inode, page }));
  });
}
