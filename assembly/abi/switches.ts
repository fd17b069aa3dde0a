// Behaviour switches of a profile: how one kernel on one file system differs from another.
//
// A profile is two words of these bits, SWITCH_* and KNOWS_*; the core knows the bits and no names. Names, values and
// prose stand in src/model/profiles.ts.

/** means: reading or splicing a hole caches a zeroed folio of the file; seen in: ext4, xfs, btrfs.
 *  Off: a hole slot is the zero page, without a reference, and the file stays as it is (tmpfs). */
export const SWITCH_HOLE_CACHED = 1;
/** means: a write step creates folios of order > 0 (semantics C-4); seen in: ext4 since 6.16. */
export const SWITCH_LARGE_FOLIOS = 2;
/** means: a written folio carries buffer heads, one more reference (D); seen in: ext4. With SWITCH_PRIVATE_CACHED: btrfs. */
export const SWITCH_PRIVATE_REF = 4;
/** means: splice looks up one folio at a time and samples i_size after each; seen in: tmpfs.
 *  Off: batches of up to 31 folios, i_size once per batch. */
export const SWITCH_SPLICE_PER_FOLIO = 8;
/** means: the file system zeroes the cut ends of blocks through the page cache: the last page when a
 *  file grows, and the edges of a punched hole; seen in: ext4, xfs, btrfs. Off: stores behind i_size stay and
 *  become content (tmpfs). */
export const SWITCH_BLOCK_ZERO = 16;
/** means: a page that is cut is cached, with its buffer heads: at the edges of a punched hole, at the new end of a file that shrinks or keeps
 *  its size, at the old end of one that grows; a hole that reaches over i_size ends with the page of i_size; a range that is zeroed and
 *  cuts pages is allocated, and i_size grows with it, before anything leaves the cache; a longer file, too, has a large folio cut at its new
 *  end; seen in: ext4. */
export const SWITCH_PUNCH_CLIPPED = 32;
/** means: what a punched hole touches is written back first; seen in: xfs, btrfs. */
export const SWITCH_PUNCH_FLUSH = 64;
/** means: a punched hole detaches every page that it touches, after it was written back; its edges are read again from
 *  the disk; seen in: xfs. Off: pages that it touches in part stay, and are zeroed in place. */
export const SWITCH_PUNCH_DETACH = 128;
/** means: ftruncate writes back what lies between the size on the disk and the new size; seen in: xfs. */
export const SWITCH_TRUNCATE_FLUSH = 256;
/** means: a folio of order > 0 carries the state of its blocks, one more reference, once it was written in part, through
 *  a mapping, or written back; it is released when clean; seen in: xfs. */
export const SWITCH_PRIVATE_PARTIAL = 512;
/** means: a punched hole begins at the first page behind its offset that the disk has; seen in: btrfs. */
export const SWITCH_PUNCH_SKIPS = 1024;
/** means: every folio carries private data from the moment on in which it is cached, one more reference; one that the end of its
 *  file cuts is released if it is clean, and written back; the page of the old end of a file that grows is cached; seen in: btrfs. */
export const SWITCH_PRIVATE_CACHED = 2048;
/** means: a file that takes the name of another one is written back, if it has a dirty page that the disk has not; seen in:
 *  ext4 (auto_da_alloc). */
export const SWITCH_RENAME_ALLOCATES = 4096;
/** means: a file that takes the name of another one, which is not empty, is written back; seen in: btrfs. */
export const SWITCH_RENAME_FLUSH = 8192;
/** means: files have a disk: fsync writes them back, posix_fadvise lets clean pages go; seen in: ext4, xfs, btrfs. Off: both
 *  do nothing, and RWF_NOWAIT is not known (tmpfs). */
export const SWITCH_HAS_DISK = 16384;
/** means: fallocate knows FALLOC_FL_ZERO_RANGE; seen in: ext4, xfs, btrfs. Off: EOPNOTSUPP (tmpfs). */
export const SWITCH_ZERO_RANGE = 32768;
/** means: fallocate knows FALLOC_FL_COLLAPSE_RANGE and FALLOC_FL_INSERT_RANGE; seen in: ext4, xfs. Off: EOPNOTSUPP
 *  (tmpfs, btrfs). */
export const SWITCH_SHIFT = 65536;
/** means: these two write back and detach from one page before the offset on, leave private copies mapped, and set i_size as
 *  ftruncate does; seen in: xfs. Off: from the offset on, private copies are unmapped (ext4). */
export const SWITCH_SHIFT_BEFORE = 131072;
/** means: the disk tells allocated pages without content from holes: fallocate writes back first, a hole that is punched may
 *  begin at them, zeroing a range leaves those that it begins with; and the last page of a file that grows is no hole from
 *  then on, if its end cuts it; seen in: btrfs. */
export const SWITCH_PREALLOCATED = 262144;
/** means: copy_file_range shares whole pages on the disk, and the target's pages leave the cache; seen in: xfs, btrfs. Off: it
 *  copies through the page cache (ext4, tmpfs). */
export const SWITCH_REFLINK = 524288;
/** means: a file has at most 2^32 - 1 blocks: to seek behind that is EINVAL, to write or to grow EFBIG, to send from there EOVERFLOW;
 *  seen in: ext4. Off: only loff_t ends it. */
export const SWITCH_BLOCKS_32 = 1048576;
/** means: the disk may have a file of at most 2 KiB inside its inode; to share that with a page that is not the target's first
 *  writes to this page first, and is not modelled, nor is RWF_NOWAIT of it, which may get it at once; seen in: btrfs. */
export const SWITCH_INLINE = 2097152;
/** means: fallocate obeys RLIMIT_FSIZE with FALLOC_FL_KEEP_SIZE, too; seen in: tmpfs. */
export const SWITCH_KEEP_LIMITED = 4194304;
/** means: a read of a file, and a splice from it, holds i_rwsem shared from its first batch on to its end; seen in: xfs. */
export const SWITCH_READ_LOCKS = 8388608;
/** means: to share, the whole source and the target's range are written back first, though it be refused; seen in: btrfs. Off: the two
 *  ranges are, and where the target's begins behind its end, what lies between leaves the cache, too (xfs). */
export const SWITCH_REFLINK_FLUSHES = 1 << 24;
/** means: a write looks at its source before it takes a folio, and what a file that grows has behind its old end is zeroed before that;
 *  seen in: xfs, btrfs. Off: the folio is there first, its bytes are copied before that is zeroed, and where nothing can be read from
 *  the source the file has grown up to where it was to be written all the same (tmpfs, ext4). */
export const SWITCH_FAULT_FIRST = 1 << 25;
/** means: all that a write puts into a page must be readable, or nothing of it is written; seen in: btrfs. */
export const SWITCH_FAULT_WHOLE = 1 << 26;
/** means: RWF_DONTCACHE is known: what a call brings into the cache leaves it afterwards; seen in: ext4, xfs. */
export const SWITCH_DONTCACHE = 1 << 27;
/** means: files have seals, of which F_SEAL_SEAL is set from the beginning; seen in: tmpfs. Off: F_GET_SEALS and
 *  F_ADD_SEALS give EINVAL. */
export const SWITCH_SEALS = 536870912;

/** means: with O_DIRECT reads and writes go past the page cache; seen in: ext4, xfs, btrfs. Off: they do not (tmpfs). */
export const SWITCH_DIRECT = 1 << 28;
/** means: such a write that is not aligned fails before anything else, and one that the cache is in the way of goes through it
 *  as any other does; seen in: xfs. Off: what it would go over has left the cache first (ext4). */
export const SWITCH_DIRECT_CHECKS = 1 << 31;
/** means: reads that are not aligned to pages, and all writes, go through the cache; what was written is written back and leaves it;
 *  seen in: btrfs (of files with checksums). */
export const SWITCH_DIRECT_BUFFERS = 1 << 30;

/** What a memfd is on every profile: a file of tmpfs. */
export const MEMFD_SWITCHES = SWITCH_SPLICE_PER_FOLIO | SWITCH_KEEP_LIMITED | SWITCH_SEALS;

/** means: RWF_NOWAIT is known to writes through the page cache; seen in: xfs, btrfs. Off: EOPNOTSUPP (ext4). */
export const KNOWS_NOWAIT = 1;
/** means: such a write changes only what is written over in place, which no file is that copies on write: EAGAIN, but where fallocate
 *  has allocated; seen in: btrfs. */
export const KNOWS_NOWAIT_IN_PLACE = 2;
/** means: RWF_ATOMIC is known to writes, of a power of two of at least 4096 bytes in one segment, at a multiple of that, with
 *  O_DIRECT; seen in: xfs. Off: EOPNOTSUPP (ext4 and btrfs on a disk that cannot do it itself, tmpfs). */
export const KNOWS_ATOMIC = 4;
