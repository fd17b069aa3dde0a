// What the state is made of: every record, drawn; build-time checks of their sizes stand in layout.ts.
//
// Interface: the structs and their flags; importers take them from layout.ts.
// Law: what is free is zero.

/** The block's own facts. */
@unmanaged
export class Header {
  /** UNMODELLED_*, 0 while the run is inside the model. */
  unmodelled: u32;
  /** SNAPSHOT_*: whether every consumer got the bytes that its slot held at first (P1). */
  snapshotBroken: u32;
}

export const SNAPSHOT_KEPT: u32 = 0;
export const SNAPSHOT_BROKEN: u32 = 1;
/** Only where copies may tear: a torn copy may have got other bytes. */
export const SNAPSHOT_MAY_BREAK: u32 = 2;

/** An open file description. Mirrors: struct file. 32 bytes. */
@unmanaged
export class File {
  /** TARGET_*; TARGET_NONE is a free entry. */
  target: u8;
  /** The inode or pipe. */
  id: u8;
  /** Descriptors and calls in flight that use it. */
  refs: u8;
  /** Task + 1 that holds f_pos_lock. */
  posLock: u8;
  /** Flags of open(2), and FILE_WAITS. */
  flags: u32;
  /** f_pos, bytes. */
  pos: i64;
  /** f_ra.prev_pos, bytes; -1 at open. */
  previous: i64;
}
/** A splice has used the pipe's description: RWF_NOWAIT is refused from then on. Mirrors: FMODE_NOWAIT, cleared. Set only
 *  where a call of the program has RWF_NOWAIT. */
export const FILE_WAITS: u32 = 1 << 31;
export const TARGET_NONE: u8 = 0;
export const TARGET_INODE: u8 = 1;
export const TARGET_READ_END: u8 = 2;
export const TARGET_WRITE_END: u8 = 3;
/** One end of a UNIX stream socket; its peer has the number with the lowest bit flipped. */
export const TARGET_SOCKET: u8 = 4;
/** A wire; its Sock (net/layout.ts) stands behind those of the sockets. */
export const TARGET_WIRE: u8 = 5;
/** A character device: /dev/null or, with the id 1, /dev/zero. */
export const TARGET_DEVICE: u8 = 6;
/** A FIFO that is open for reading and writing. */
export const TARGET_BOTH_ENDS: u8 = 7;

/** A file. Mirrors: struct inode, struct address_space. 24 bytes. */
@unmanaged
export class Inode {
  /** i_size, bytes. */
  size: i64;
  /** The size that the disk knows, bytes; only with SWITCH_TRUNCATE_FLUSH. Mirrors: xfs_inode.i_disk_size. */
  diskSize: i64;
  /** INODE_LIVE, INODE_CUT. */
  live: u8;
  /** Open file descriptions. */
  opens: u8;
  /** 1 while it has a name. */
  named: u8;
  /** Task + 1 that holds i_rwsem exclusively. */
  rwsem: u8;
  /** Task + 1 that holds invalidate_lock exclusively: pages are leaving the cache. */
  invalidate: u8;
  /** 1 while its pages change places on the disk: with invalidate_lock held, no lookup brings a page in. */
  moving: u8;
  /** Tasks that share i_rwsem. */
  readers: u8;
  /** F_SEAL_* of a memfd, and INODE_*. */
  seals: u8;
}

/** It has a name or an open file description. */
export const INODE_LIVE: u8 = 1;
/** It was cut, and no description was released since; only with SWITCH_TRUNCATE_FLUSH. Mirrors: XFS_ITRUNCATED. */
export const INODE_CUT: u8 = 2;
/** Made by memfd_create. */
export const INODE_MEMFD: u8 = 0x80;
/** F_SEAL_WRITE is being set: nobody may map it to write. Mirrors: mapping_deny_writable(). */
export const INODE_DENIES: u8 = 0x40;

/** A pipe. Mirrors: struct pipe_inode_info. 20 bytes. */
@unmanaged
export class Pipe {
  /** Free-running counters of slots pushed and dropped. */
  head: u32;
  tail: u32;
  /** Capacity in slots. */
  maxUsage: u16;
  readers: u8;
  writers: u8;
  /** Task + 1 that holds the mutex. */
  mutex: u8;
  /** poll_usage: somebody polled it. */
  polled: u8;
  /** PIPE_*; 0 is a free entry. */
  live: u8;
  /** Waiters in rd_wait and in wr_wait. */
  readWaiters: u8;
  writeWaiters: u8;
  /** Open file descriptions, and opens in progress; without them there is no ring. */
  files: u8;
  /** How often it was opened for reading, and for writing, since then. Mirrors: r_counter, w_counter. */
  rCounter: u8;
  wCounter: u8;
}
/** It has a ring. */
export const PIPE_RING: u8 = 1;
/** It is a FIFO with a name. */
export const PIPE_NAMED: u8 = 2;
/** It is a FIFO, with a name or without. */
export const PIPE_FIFO: u8 = 4;

/** One slot of a ring. Mirrors: struct pipe_buffer. 8 bytes; all zero while unused. */
@unmanaged
export class PipeBuffer {
  /** The frame, a subpage where the folio is large; 0 is the zero page. */
  frame: u16;
  /** First valid byte inside the frame. */
  offset: u16;
  /** Valid bytes from `offset`. */
  len: u16;
  /** PIPE_BUF_FLAG_*. */
  flags: u8;
  /** SLOT_*. */
  kind: u8;
}

/** A frame. Only a folio's head frame uses the fields behind `head`, but for FOLIO_BLOCK_CLEAN. 12 bytes. Mirrors: struct folio. */
@unmanaged
export class Frame {
  /** Head frame of the folio it belongs to; 0 while free. */
  head: u16;
  /** _refcount. */
  refs: u16;
  /** References from slots and splice batches, where the policy counts them. */
  outside: u16;
  /** Page index of the head in its file. */
  index: u16;
  order: u8;
  /** FOLIO_*. */
  flags: u8;
  /** Inode + 1 while the page cache holds it. */
  inode: u8;
  /** Task + 1 that holds the folio lock. */
  lock: u8;
}
export const FOLIO_DIRTY: u8 = 1;
/** Buffer heads are attached; they hold one reference. */
export const FOLIO_PRIVATE: u8 = 2;
/** The policy's flag, where it has one beside or instead of the count. */
export const FOLIO_MARKED: u8 = 0x80;
/** Of each page of a large folio with private data: its block was discarded or written back, and not dirtied since. */
export const FOLIO_BLOCK_CLEAN: u8 = 4;
/** F_SEAL_WRITE waits for whoever holds it. Mirrors: MEMFD_TAG_PINNED. */
export const FOLIO_PINNED: u8 = 8;

/** A read with RWF_DONTCACHE has brought the folio in: the next read of it takes it out of the cache, until it is dirtied. Mirrors:
 *  PG_dropbehind. */
export const FOLIO_DROPS: u8 = 8;
/** Nobody has waited for the folio: it was read ahead, or posix_fadvise may have let it go, or it came in to be zeroed in part. Linux may
 *  find it not up to date. Set only where a call of the program has RWF_NOWAIT or RWF_DONTCACHE. */
export const FOLIO_UNREAD: u8 = 16;
/** A write with RWF_DONTCACHE has made the folio: while it is clean and unlocked it may leave the cache at any time, whoever holds it
 *  (mm/daemons.ts), until another write dirties it. Mirrors: PG_dropbehind. */
export const FOLIO_LEAVES: u8 = 32;
/** A write with RWF_DONTCACHE has begun to write the folio back, and nobody has waited for it: it may be under way still. Mirrors:
 *  PG_writeback. */
export const FOLIO_KICKED: u8 = 64;

/** A thread of the program and its place in the current call. Zero but for `pc` between calls. */
@unmanaged
export class Task {
  /** Calls returned so far. */
  pc: u8;
  /** LINE_*: the next step of the call. */
  line: u8;
  /** Wait queue + 1 that it sleeps in. */
  queue: u8;
  /** TASK_*. */
  flags: u8;
  /** Open file descriptions + 1 that the call holds, input and output. */
  fileIn: u8;
  fileOut: u8;
  /** Description + 1 whose last reference the call dropped. */
  fput: u8;
  /** Folios in the batch, and how many of them are used up. */
  batch: u8;
  batchAt: u8;
  /** Reserved descriptor of open. */
  fd: u16;
  /** Head of the folio that it has locked. */
  folio: u16;
  /** File position, bytes. */
  pos: i64;
  /** Bytes still wanted. */
  want: i64;
  /** Bytes done. */
  done: i64;
  /** i_size as sampled with the batch; the old size in ftruncate. */
  size: i64;
  /** sendfile: the position of the side that is not being worked on, bytes. */
  other: i64;
  /** Bytes of the current file write that are done, or of the current folio step. */
  part: i64;
  step: i64;
  /** The return value while the call is exiting. */
  ret: i64;
}
/** It has passed a wait. */
export const TASK_SLEPT: u8 = 1;
/** wake_writer of pipe_read, was_empty of pipe_write, a slot was freed in splice. */
export const TASK_WAKES: u8 = 2;
/** It merged or tried to: the first line of a pipe write is over. */
export const TASK_MERGED: u8 = 4;
/** It works at f_pos, and has the lock, but for a request of io_uring. */
export const TASK_POS_LOCKED: u8 = 8;
/** Truncate has zeroed the tail. */
export const TASK_TAIL_DONE: u8 = 16;
/** The same bit of a read, or of a splice from a file: it shares i_rwsem. */
export const TASK_SHARES: u8 = 16;
/** The same bit of a write with O_DIRECT: it goes through the cache, and is written back at its end. */
export const TASK_CACHED: u8 = 16;
/** The same bit in front of i_rwsem, of a write that must not wait: the file's time stamps are older than now. */
export const TASK_TICKED: u8 = 16;
/** Only where copies may tear: zeros are being written into its folio, the range stands in `step`. */
export const TASK_ZEROING: u8 = 32;

/** The write that it begins appends: O_APPEND was set then. Mirrors: IOCB_APPEND. */
export const TASK_APPENDS: u8 = 64;
/** The same bit of a request on a pipe or a socket: where it would wait, io_uring polls and tries again. */
export const TASK_POLLS: u8 = 64;
/** The call must not wait, as its flags or its descriptions said when it was entered. */
export const TASK_NONBLOCK: u8 = 128;

/** What a call gave. 24 bytes. */
@unmanaged
export class Result {
  /** Return value, or -errno. */
  ret: i64;
  /** What the kernel stored through a pointer. */
  out: i64;
  /** STATUS_*. */
  status: u8;
  hasOut: u8;
  sigpipe: u8;
  /** Padding, zero. */
  pad1: u8;
  pad2: u32;
}
export const STATUS_NOT_STARTED: u8 = 0;
export const STATUS_STARTED: u8 = 1;
export const STATUS_RETURNED: u8 = 2;
