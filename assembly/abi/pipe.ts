// Pipes and splice, Linux's own values.
// Mirrors: include/linux/pipe_fs_i.h, include/linux/splice.h, include/uapi/linux/limits.h.

export const PAGE_SIZE = 4096;
/** Slots of a new pipe. Mirrors: PIPE_DEF_BUFFERS. */
export const PIPE_DEF_BUFFERS = 16;
/** The same of a user who has too many. Mirrors: PIPE_MIN_DEF_BUFFERS. */
export const PIPE_MIN_DEF_BUFFERS = 2;

export const PIPE_BUF_FLAG_GIFT = 0x4;
export const PIPE_BUF_FLAG_PACKET = 0x8;
export const PIPE_BUF_FLAG_CAN_MERGE = 0x10;

export const SPLICE_F_MOVE = 1;
export const SPLICE_F_NONBLOCK = 2;
export const SPLICE_F_MORE = 4;
export const SPLICE_F_GIFT = 8;
export const SPLICE_F_ALL = 15;

/** What a slot's page is (`ops` in the kernel). */
/** A page of the pipe's own, filled by write(2). */
export const SLOT_ANON = 1;
/** A page of a file, shared with the page cache. */
export const SLOT_PAGECACHE = 2;
/** A private copy made by the call that filled the slot. */
export const SLOT_DEFAULT = 3;
/** The zero page, without a reference. */
export const SLOT_ZERO = 4;
/** A page of user memory, by vmsplice. */
export const SLOT_USER = 5;
/** A part of what was written to a TCP socket, in pages of the socket's own. How many slots the kernel has for it is open:
 *  pieces that go on from each other share one, and a page fragment may end within a piece. */
export const SLOT_SKB = 6;
