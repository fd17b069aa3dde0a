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
