// Profiles: what one kernel does on one file system, as two words of switches.
//
// Interface: Profile, PROFILES, PROFILE_OPTIONS, parseProfile, nearestProfile. The switches' meanings stand in
// assembly/abi/switches.ts.

import * as switches from "../../assembly/abi/switches.js";
import { parseNamed, type Named, type Option } from "./options.js";

/** A kernel version on a file system. */
export type Profile = Named;

/** The switches by name. */
export const PROFILE_OPTIONS: readonly Option[] = [
  {
    name: "holes",
    doc: "what a read of a hole leaves behind: a cached folio, or nothing (the zero page)",
    mask: switches.SWITCH_HOLE_CACHED,
    values: { "zero-page": 0, cached: switches.SWITCH_HOLE_CACHED },
  },
  {
    name: "folios",
    doc: "whether one write step makes folios of order > 0",
    mask: switches.SWITCH_LARGE_FOLIOS,
    values: { single: 0, large: switches.SWITCH_LARGE_FOLIOS },
  },
  {
    name: "private",
    doc: "which folios carry private data, one more reference: none, all that are written, all that are cached, or large ones that are written in part",
    mask:
      switches.SWITCH_PRIVATE_REF |
      switches.SWITCH_PRIVATE_PARTIAL |
      switches.SWITCH_PRIVATE_CACHED,
    values: {
      none: 0,
      written: switches.SWITCH_PRIVATE_REF,
      cached: switches.SWITCH_PRIVATE_REF | switches.SWITCH_PRIVATE_CACHED,
      partial: switches.SWITCH_PRIVATE_PARTIAL,
    },
  },
  {
    name: "lookup",
    doc: "whether splice and read look folios up in batches or one by one",
    mask: switches.SWITCH_SPLICE_PER_FOLIO,
    values: { batch: 0, folio: switches.SWITCH_SPLICE_PER_FOLIO },
  },
  {
    name: "blocks",
    doc: "whether cut ends of blocks are zeroed through the page cache: behind the old end of a file that grows, at the edges of a punched hole",
    mask: switches.SWITCH_BLOCK_ZERO,
    values: { left: 0, zeroed: switches.SWITCH_BLOCK_ZERO },
  },
  {
    name: "edges",
    doc: "whether pages that a file's end or a punched hole cuts are cached; a hole then ends with the page of i_size",
    mask: switches.SWITCH_PUNCH_CLIPPED,
    values: { left: 0, cached: switches.SWITCH_PUNCH_CLIPPED },
  },
  {
    name: "hole",
    doc: "whether what a punched hole touches is written back first",
    mask: switches.SWITCH_PUNCH_FLUSH,
    values: { unwritten: 0, flushed: switches.SWITCH_PUNCH_FLUSH },
  },
  {
    name: "punch",
    doc: "what a punched hole does with pages that it touches in part: zero them in place, or detach them and read them again",
    mask: switches.SWITCH_PUNCH_DETACH,
    values: { zeroes: 0, detaches: switches.SWITCH_PUNCH_DETACH },
  },
  {
    name: "skip",
    doc: "whether a punched hole begins only where the file has content",
    mask: switches.SWITCH_PUNCH_SKIPS,
    values: { none: 0, holes: switches.SWITCH_PUNCH_SKIPS },
  },
  {
    name: "truncate",
    doc: "whether ftruncate writes back what lies between the size on the disk and the new one",
    mask: switches.SWITCH_TRUNCATE_FLUSH,
    values: { unwritten: 0, flushed: switches.SWITCH_TRUNCATE_FLUSH },
  },
  {
    name: "rename",
    doc: "whether a file that takes the name of another one is written back: never, if it has new pages, or if the other one is not empty",
    mask: switches.SWITCH_RENAME_ALLOCATES | switches.SWITCH_RENAME_FLUSH,
    values: {
      unwritten: 0,
      allocates: switches.SWITCH_RENAME_ALLOCATES,
      flushed: switches.SWITCH_RENAME_FLUSH,
    },
  },
  {
    name: "disk",
    doc: "whether fsync writes files back and posix_fadvise lets clean pages go",
    mask: switches.SWITCH_HAS_DISK,
    values: { none: 0, asked: switches.SWITCH_HAS_DISK },
  },
  {
    name: "zero",
    doc: "whether fallocate knows FALLOC_FL_ZERO_RANGE",
    mask: switches.SWITCH_ZERO_RANGE,
    values: { unknown: 0, known: switches.SWITCH_ZERO_RANGE },
  },
  {
    name: "shift",
    doc: "whether fallocate can collapse and insert ranges, and from where on pages are detached: the offset, or one page before it",
    mask: switches.SWITCH_SHIFT | switches.SWITCH_SHIFT_BEFORE,
    values: {
      unknown: 0,
      offset: switches.SWITCH_SHIFT,
      before: switches.SWITCH_SHIFT | switches.SWITCH_SHIFT_BEFORE,
    },
  },
  {
    name: "allocated",
    doc: "whether allocated pages without content are told from holes",
    mask: switches.SWITCH_PREALLOCATED,
    values: { holes: 0, known: switches.SWITCH_PREALLOCATED },
  },
  {
    name: "copy",
    doc: "whether copy_file_range shares whole pages on the disk, and what is written back before: the two ranges, or the whole source and the target's range",
    mask: switches.SWITCH_REFLINK | switches.SWITCH_REFLINK_FLUSHES,
    values: {
      cache: 0,
      ranges: switches.SWITCH_REFLINK,
      source: switches.SWITCH_REFLINK | switches.SWITCH_REFLINK_FLUSHES,
    },
  },
  {
    name: "maxbytes",
    doc: "how long a file may become: 16 TiB less a block, or 8 EiB less a byte",
    mask: switches.SWITCH_BLOCKS_32,
    values: { "8E": 0, "16T": switches.SWITCH_BLOCKS_32 },
  },
  {
    name: "short",
    doc: "where the disk has a file of at most 2 KiB: in a block, or perhaps inside its inode",
    mask: switches.SWITCH_INLINE,
    values: { block: 0, inode: switches.SWITCH_INLINE },
  },
  {
    name: "seals",
    doc: "whether a file that is no memfd has seals, that is F_SEAL_SEAL alone",
    mask: switches.SWITCH_SEALS,
    values: { none: 0, sealed: switches.SWITCH_SEALS },
  },
  {
    name: "keep",
    doc: "whether fallocate obeys RLIMIT_FSIZE though the size stays",
    mask: switches.SWITCH_KEEP_LIMITED,
    values: { free: 0, limited: switches.SWITCH_KEEP_LIMITED },
  },
  {
    name: "read",
    doc: "whether a read of a file, or a splice from it, goes on beside a write: freely, or only between two calls",
    mask: switches.SWITCH_READ_LOCKS,
    values: { free: 0, locks: switches.SWITCH_READ_LOCKS },
  },
  {
    name: "source",
    doc: "when a write sees that its source is not mapped: with the folio in hand, before it takes one, or so for all that a page gets",
    mask: switches.SWITCH_FAULT_FIRST | switches.SWITCH_FAULT_WHOLE,
    values: {
      "after-folio": 0,
      "before-folio": switches.SWITCH_FAULT_FIRST,
      "before-page": switches.SWITCH_FAULT_FIRST | switches.SWITCH_FAULT_WHOLE,
    },
  },
  {
    name: "dontcache",
    doc: "whether RWF_DONTCACHE is known",
    mask: switches.SWITCH_DONTCACHE,
    values: { refused: 0, known: switches.SWITCH_DONTCACHE },
  },
  {
    name: "nowait",
    doc: "whether RWF_NOWAIT is known to writes through the page cache: to none, to all, or to those that write over what fallocate has allocated",
    of: "knows",
    mask: switches.KNOWS_NOWAIT | switches.KNOWS_NOWAIT_IN_PLACE,
    values: {
      refused: 0,
      known: switches.KNOWS_NOWAIT,
      "in-place": switches.KNOWS_NOWAIT | switches.KNOWS_NOWAIT_IN_PLACE,
    },
  },
  {
    name: "atomic",
    doc: "whether RWF_ATOMIC is known",
    of: "knows",
    mask: switches.KNOWS_ATOMIC,
    values: { refused: 0, known: switches.KNOWS_ATOMIC },
  },
  {
    name: "direct",
    doc: "what O_DIRECT does: nothing, pass by the page cache, the same with a look at the alignment first, or that for aligned reads while writes go through the cache and leave it",
    mask: switches.SWITCH_DIRECT | switches.SWITCH_DIRECT_CHECKS | switches.SWITCH_DIRECT_BUFFERS,
    values: {
      cached: 0,
      passes: switches.SWITCH_DIRECT,
      checks: switches.SWITCH_DIRECT | switches.SWITCH_DIRECT_CHECKS,
      buffers: switches.SWITCH_DIRECT | switches.SWITCH_DIRECT_BUFFERS,
    },
  },
];

/** The profiles that a kernel has confirmed. */
export const PROFILES: readonly Profile[] = [
  {
    name: "6.18/ext4",
    doc: "Linux 6.18, ext4 with 4 KiB blocks: holes become cached pages, writes make large folios.",
    word:
      switches.SWITCH_DIRECT |
      switches.SWITCH_HAS_DISK |
      switches.SWITCH_DONTCACHE |
      switches.SWITCH_HOLE_CACHED |
      switches.SWITCH_LARGE_FOLIOS |
      switches.SWITCH_PRIVATE_REF |
      switches.SWITCH_BLOCK_ZERO |
      switches.SWITCH_PUNCH_CLIPPED |
      switches.SWITCH_RENAME_ALLOCATES |
      switches.SWITCH_BLOCKS_32 |
      switches.SWITCH_ZERO_RANGE |
      switches.SWITCH_SHIFT,
  },
  {
    name: "6.18/tmpfs",
    doc: "Linux 6.18, tmpfs with huge=never: a hole is the zero page, folios are single pages.",
    word: switches.MEMFD_SWITCHES,
  },
  {
    name: "6.18/xfs",
    doc: "Linux 6.18, xfs with 4 KiB blocks: large folios without private references; a punched hole detaches every page that it touches.",
    word:
      switches.SWITCH_DIRECT |
      switches.SWITCH_DIRECT_CHECKS |
      switches.SWITCH_HAS_DISK |
      switches.SWITCH_FAULT_FIRST |
      switches.SWITCH_DONTCACHE |
      switches.SWITCH_HOLE_CACHED |
      switches.SWITCH_LARGE_FOLIOS |
      switches.SWITCH_BLOCK_ZERO |
      switches.SWITCH_PUNCH_FLUSH |
      switches.SWITCH_PUNCH_DETACH |
      switches.SWITCH_TRUNCATE_FLUSH |
      switches.SWITCH_PRIVATE_PARTIAL |
      switches.SWITCH_ZERO_RANGE |
      switches.SWITCH_SHIFT |
      switches.SWITCH_SHIFT_BEFORE |
      switches.SWITCH_REFLINK |
      switches.SWITCH_READ_LOCKS,
    knows: switches.KNOWS_NOWAIT | switches.KNOWS_ATOMIC,
  },
  {
    name: "6.18/btrfs",
    doc: "Linux 6.18, btrfs with 4 KiB sectors: folios are single pages, each with a private reference.",
    word:
      switches.SWITCH_DIRECT |
      switches.SWITCH_DIRECT_BUFFERS |
      switches.SWITCH_HAS_DISK |
      switches.SWITCH_FAULT_FIRST |
      switches.SWITCH_FAULT_WHOLE |
      switches.SWITCH_HOLE_CACHED |
      switches.SWITCH_PRIVATE_REF |
      switches.SWITCH_PRIVATE_CACHED |
      switches.SWITCH_BLOCK_ZERO |
      switches.SWITCH_PUNCH_FLUSH |
      switches.SWITCH_PUNCH_SKIPS |
      switches.SWITCH_RENAME_FLUSH |
      switches.SWITCH_ZERO_RANGE |
      switches.SWITCH_PREALLOCATED |
      switches.SWITCH_REFLINK |
      switches.SWITCH_REFLINK_FLUSHES |
      switches.SWITCH_INLINE,
    knows: switches.KNOWS_NOWAIT | switches.KNOWS_NOWAIT_IN_PLACE,
  },
];

/** Reads `6.18/ext4` or `6.18/ext4,holes=zero-page`. Throws UnknownName. */
export const parseProfile = (text: string): Profile =>
  parseNamed("profile", text, PROFILES, PROFILE_OPTIONS);

/** The profile to compare a kernel without one with: its file system's, else ext4's. */
export function nearestProfile(name: string): { profile: Profile; exact: boolean } {
  const exact = PROFILES.find((p) => p.name === name);
  if (exact) return { profile: exact, exact: true };
  const fileSystem = name.split("/")[1];
  const near = PROFILES.find((p) => p.name.split("/")[1] === fileSystem) ?? PROFILES[0]!;
  return { profile: near, exact: false };
}
