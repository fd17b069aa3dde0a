// The lines of docs/steps.md: where a task stands inside its call. src/model/views.ts names them for people.

/** Between calls: the next step enters the next call. */
export const LINE_ENTER: u8 = 0;
/** The last reference of an open file description is dropped. */
export const LINE_FPUT: u8 = 1;
/** Take f_pos_lock. */
export const LINE_POS: u8 = 2;
/** Take the pipe mutex: read and write of a pipe, splice, F_SETPIPE_SZ, FIONREAD. */
export const LINE_LOCK: u8 = 3;
/** Evaluate the condition; sleep if it does not hold. */
export const LINE_SLEEP: u8 = 4;
/** Look up a batch of folios. */
export const LINE_BATCH: u8 = 5;
/** A copy to the reader begins, ends; the slot is released. */
export const LINE_BEGIN: u8 = 6;
export const LINE_END: u8 = 7;
export const LINE_RELEASE: u8 = 8;
/** Push a slot. */
export const LINE_PUSH: u8 = 9;
/** Drop the batch's references. */
export const LINE_DROP: u8 = 10;
/** Take i_rwsem. */
export const LINE_RWSEM: u8 = 11;
/** Find or make the folio and lock it. */
export const LINE_FOLIO: u8 = 12;
/** The policy decides what the write does to the folio. */
export const LINE_DECIDE: u8 = 13;
/** A copy into the folio begins, ends. */
export const LINE_STORE: u8 = 14;
export const LINE_STORED: u8 = 15;
/** Drop i_rwsem. */
export const LINE_UNLOCK: u8 = 16;
/** Drop the pipe mutex after a file write. */
export const LINE_DONE: u8 = 17;
/** Truncate: detach a folio, replace or zero the one at the new end, or finish. */
export const LINE_TRUNCATE: u8 = 18;
/** pipe to pipe and tee: look at the input, sleep on it, look at the output, sleep on it, move. */
export const LINE_INPUT: u8 = 19;
export const LINE_INPUT_SLEEP: u8 = 20;
export const LINE_OUTPUT: u8 = 21;
export const LINE_OUTPUT_SLEEP: u8 = 22;
export const LINE_MOVE: u8 = 23;
/** poll waits. */
export const LINE_POLL: u8 = 24;
/** Clear the flags of folios whose count was read as zero (MARK_LATE). */
export const LINE_UNMARK: u8 = 25;
/** One sendmsg: bytes or slots go into a socket's queue. */
export const LINE_SEND: u8 = 26;
/** An access to memory: copy the bytes of a page, or begin the fault that is in the way. */
export const LINE_ACCESS: u8 = 27;
/** The policy decides what a write fault does to the folio. */
export const LINE_MKWRITE: u8 = 28;
/** A fault ends: the entry is made. */
export const LINE_MAP: u8 = 29;
/** munmap, madvise and fork: the entries of a mapping go, or are copied. */
export const LINE_UNMAP: u8 = 30;
/** fallocate takes a range from the cache: write back, unmap, detach a folio, replace or zero an edge, or finish. */
export const LINE_PUNCH: u8 = 31;
/** A name of the folder comes or goes, with the i_rwsem of the files free. */
export const LINE_NAMES: u8 = 32;
/** fsync, msync and posix_fadvise: write a folio back, or let one go. */
export const LINE_SYNC: u8 = 33;
/** copy_file_range takes both files' locks, to share pages on the disk. */
export const LINE_REMAP: u8 = 34;
/** open of a FIFO: somebody has opened the other side, or wait. */
export const LINE_PARTNER: u8 = 35;
/** F_SEAL_WRITE waits for who holds pages of the file. */
export const LINE_SEAL: u8 = 37;
/** A read, or a splice from a file, with O_DIRECT: write a folio back, bring a page in, or move everything. */
export const LINE_DIRECT_READ: u8 = 38;
/** A write with O_DIRECT: write a folio back, take one from the cache, or write everything. */
export const LINE_DIRECT_WRITE: u8 = 39;
/** shutdown: this end, then the other one. */
export const LINE_SHUTDOWN: u8 = 40;
export const LINE_SHUTDOWN_PEER: u8 = 41;
/** splice from a socket: take an skb, with the pipe mutex; sleep with it. */
export const LINE_DRAIN: u8 = 42;
export const LINE_DRAIN_SLEEP: u8 = 43;
/** drop_caches: one folio leaves the cache. */
export const LINE_EVICT: u8 = 44;
