// Flags of mmap(2), msync(2) and fallocate(2), Linux's own values.
// Mirrors: include/uapi/asm-generic/mman-common.h, include/uapi/linux/mman.h, falloc.h.

export const PROT_NONE = 0;
export const PROT_READ = 1;
export const PROT_WRITE = 2;

export const MAP_SHARED = 1;
export const MAP_PRIVATE = 2;
export const MAP_ANONYMOUS = 0x20;

export const MADV_DONTNEED = 4;

export const MS_ASYNC = 1;
export const MS_INVALIDATE = 2;
export const MS_SYNC = 4;

export const FALLOC_FL_KEEP_SIZE = 1;
export const FALLOC_FL_PUNCH_HOLE = 2;
export const FALLOC_FL_COLLAPSE_RANGE = 8;
export const FALLOC_FL_ZERO_RANGE = 16;
export const FALLOC_FL_INSERT_RANGE = 32;
/** All that a scenario may write. */
export const FALLOC_FL_KNOWN = 59;
/** The mode proper: at most one of these, 0 to allocate. */
export const FALLOC_FL_MODE_MASK = 58;
