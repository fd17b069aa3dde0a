// What the kernel leaves open and the white box sees: pages that posix_fadvise(POSIX_FADV_DONTNEED) writes back leave the cache if
// the write-back is over by the time it looks, and drop_caches takes what the kernel has written back of its own accord, too; a read
// with O_DIRECT goes through the cache if what was written is not finished yet.
//
// Interface: choicesIn.
// The model does the same to its pages: lets those go that nobody holds, and brings those in that the disk has.
// Else the difference stands.

import { O_DIRECT } from "../../assembly/abi/fcntl.js";
import type { Program } from "../language/program.js";
import { callsOf } from "../language/program.js";
import type { Outcome } from "../trace/outcome.js";
import { dropsFolios } from "./whitebox.js";
import { PAGES_SEEN_MAX } from "../trace/snapshot.js";
import type { CacheChoice, CacheChoices, Snapshot } from "../trace/snapshot.js";
import type { FileView, World } from "../trace/world.js";

/** What left the cache in a run, or came into it, after each call that may have it so. */
export function choicesIn(
  program: Program,
  { outcome, snapshots }: { readonly outcome: Outcome; readonly snapshots?: readonly Snapshot[] },
): CacheChoices {
  const calls = callsOf(program);
  return (moment, world) => {
    const last = outcome.results.find(({ startedAt }) => startedAt === moment - 1);
    const seen = snapshots?.[moment];
    if (last === undefined || seen === undefined) return [];
    const advises = dropsFolios(calls[last.call]!.syscall);
    if (!advises && !world.files.some(isDirectFile)) return [];
    return differing(world, seen).filter(({ comes, isDirect }) => (comes ? isDirect : advises));
  };
}

/** Whether a description is of a file, and with O_DIRECT. */
const isDirectFile = (
  file: FileView,
): file is FileView & { readonly target: { readonly inode: number } } =>
  "inode" in file.target && (file.flags & O_DIRECT) !== 0;

/** The pages of files that either a world or a snapshot has in the cache, and whether a description with O_DIRECT is open on the file. */
function differing(
  { files, inodes }: World,
  seen: Snapshot,
): (CacheChoice & { readonly isDirect: boolean })[] {
  return files.flatMap(({ fds, target }) => {
    if (!("inode" in target)) return [];
    const inode = inodes.find((each) => each.inode === target.inode);
    const file = seen.files.find(({ fd }) => fds.includes(fd));
    if (inode === undefined || file === undefined) return [];
    const cached = new Set(file.pages.map(({ index }) => index));
    const isDirect = files.some((each) => isDirectFile(each) && each.target.inode === target.inode);
    return Array.from({ length: PAGES_SEEN_MAX }, (_, page) => page)
      .filter((page) => cached.has(page) !== ((inode.pages[page] ?? 0) !== 0))
      .map((page) => ({ inode: inode.inode, page, comes: cached.has(page), isDirect }));
  });
}
