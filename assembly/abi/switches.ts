// Behaviour switches of a profile: how one kernel on one file system differs from another.
//
// A profile is a word of these bits; the core knows the bits and no names. Names, values and
// prose stand in src/model/profiles.ts.

/** means: reading or splicing a hole caches a zeroed folio of the file; seen in: ext4, xfs, btrfs.
 *  Off: a hole slot is the zero page, without a reference, and the file stays as it is (tmpfs). */
export const SWITCH_HOLE_CACHED = 1;
/** means: a write step creates folios of order > 0 (semantics C-4); seen in: ext4 since 6.16. */
export const SWITCH_LARGE_FOLIOS = 2;
/** means: a written folio carries buffer heads, one more reference (D); seen in: ext4, btrfs. */
export const SWITCH_PRIVATE_REF = 4;
/** means: splice looks up one folio at a time and samples i_size after each; seen in: tmpfs.
 *  Off: batches of up to 31 folios, i_size once per batch. */
export const SWITCH_SPLICE_PER_FOLIO = 8;
/** means: the file system zeroes the cut ends of blocks through the page cache: the last page when a
 *  file grows, and the edges of a punched hole, which it caches; a hole ends with the page of i_size;
 *  seen in: ext4. Off: stores behind i_size stay and become content (tmpfs). */
export const SWITCH_BLOCK_ZERO = 16;
