// Every bound of the core, with the reason for its size. Reaching one makes a run `unmodelled`:
// it is never an errno that a kernel could have given.

/** Calls of a scenario: a task's place among its calls fits a byte. */
export const CALLS_MAX: u32 = 256;
/** Threads of a scenario: a task and a waiter fit a byte, with room for the exclusive bit. */
export const TASKS_MAX: u32 = 8;
/** Actions of a scenario, threads and background actions together: one bit each of a word. */
export const ACTIONS_MAX: u32 = 32;
/** Folios that one batch of filemap_splice_read() holds. Mirrors: PAGEVEC_SIZE. */
export const BATCH_MAX: u32 = 31;
/** Frames of one state: two thirds of 16 MiB at grid 1, with 16-bit frame numbers. */
export const FRAMES_MAX: u32 = 2730;
/** Pages of one file's page cache that are tracked: 16 MiB. */
export const PAGES_MAX: u32 = 4096;
/** Slots of one ring: the default pipe-max-size of 1 MiB. */
export const RING_MAX: u32 = 256;
/** Frags of one socket's queue: a wire that is read by nobody holds them all. */
export const FRAGS_MAX: u32 = 256;
/** Memory of one socket, estimated from above, below which no send waits: half of the default of
 *  net.core.wmem_default, 212992 bytes. */
export const SEND_BYTES_MAX: u32 = 106496;
/** The same below which poll() finds the socket writable: a quarter of it. Mirrors: unix_writable(). */
export const WRITABLE_BYTES_MAX: u32 = 53248;
/** Descriptors: what 200 calls can open, below the executor's own at 900. */
export const FDS_MAX: u32 = 512;
/** The largest folio order. Mirrors: MAX_PAGECACHE_ORDER with 2 MiB PMDs. */
export const ORDER_MAX: u32 = 9;
/** Bytes of one state block: a run keeps a few of them. */
export const STATE_BYTES_MAX: u32 = 16 << 20;
/** Events that one step may emit: a file that goes away needs three for each frame, and some around them. */
export const EVENTS_MAX: u32 = FRAMES_MAX * 3 + 64;
/** The largest count of one call. Mirrors: MAX_RW_COUNT. */
export const MAX_RW_COUNT: i64 = 0x7ffff000;
/** From every buffer on there is as much user space: stacks may begin so far below its end. What is longer and shorter than
 *  USER_BYTES depends on the address. Mirrors: arch/x86/mm/mmap.c:stack_maxrandom_size(). */
export const USER_BYTES_SURE: u64 = 1 << 34;
/** No buffer is as long: mappings lie in the upper TiB of user space, and a count that reaches beyond it is EFAULT before
 *  anything is copied. Mirrors: fs/read_write.c:vfs_read(), access_ok(). */
export const USER_BYTES: u64 = 1 << 41;
/** Page size as shift. */
export const PAGE_SHIFT: u32 = 12;

/** Why a run left the model. */
export const UNMODELLED_FRAMES: u32 = 1;
export const UNMODELLED_FILE_SIZE: u32 = 2;
export const UNMODELLED_RING: u32 = 3;
export const UNMODELLED_OVERLAP: u32 = 4;
export const UNMODELLED_DIRECTORY: u32 = 5;
export const UNMODELLED_CALL: u32 = 6;
export const UNMODELLED_SOCKET_MEMORY: u32 = 7;
export const UNMODELLED_EXTENTS: u32 = 8;
