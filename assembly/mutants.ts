// Defects that can be built in on purpose: `asc --use MUTANT=n`. `npm run mutants` builds each and shows
// which check finds it; in every other build MUTANT is 0 and the compiler drops the code.
//
// Interface: one constant per defect, one line about what goes wrong. Used once each, where it bites.

/** tee takes no reference on the page that it shares. */
export const TEE_WITHOUT_REFERENCE: i32 = 1;
/** A write that would fill the newest slot's page exactly is not merged. */
export const MERGE_OFF_BY_ONE: i32 = 2;
/** The slot that tee makes keeps CAN_MERGE. */
export const TEE_KEEPS_MERGE: i32 = 3;
/** splice samples i_size at each slot, not once per batch. */
export const SIZE_SAMPLED_LATE: i32 = 4;
/** A new slot keeps the flags of the slot's last occupant (Dirty Pipe, CVE-2022-0847). */
export const STALE_FLAGS: i32 = 5;
/** A task goes to sleep without looking at its condition again. */
export const LOST_WAKEUP: i32 = 6;
/** The end of a splice batch clears the mark though slots still hold the folio. */
export const MARK_CLEARED_EARLY: i32 = 7;
/** The slot's reference is taken while a writer has the folio locked. */
export const PUSH_WITHOUT_LOCK: i32 = 8;
/** Truncate zeroes a marked folio in place. */
export const TRUNCATE_IN_PLACE: i32 = 9;
/** The copy that replaces a folio does not take over its buffer heads' reference. */
export const REPLACE_DROPS_PRIVATE: i32 = 10;
/** A wake-up reaches only the first waiter, though it does not wait alone. */
export const WAKES_ONLY_FIRST: i32 = 11;
/** A reader that frees a slot of a full ring wakes no writer. */
export const READER_WAKES_NOBODY: i32 = 12;
/** splice stores the position that it was asked to reach, not the one that it reached. */
export const POSITION_BY_WISH: i32 = 13;
/** The split copy of a slot keeps CAN_MERGE. */
export const SPLIT_KEEPS_MERGE: i32 = 14;
/** O_APPEND is ignored where the call names an offset. */
export const APPEND_IGNORED: i32 = 15;
/** F_SETPIPE_SZ forgets to bring the oldest slot to the front of the new ring. */
export const RESIZE_WITHOUT_ROTATION: i32 = 16;
/** splice looks at access modes before it refuses an offset on a pipe. */
export const MODES_BEFORE_ESPIPE: i32 = 17;
/** Truncate zeroes to the end of the page, not of the folio. */
export const TAIL_ENDS_WITH_PAGE: i32 = 18;
/** A new folio need not be aligned at its index. */
export const FOLIO_UNALIGNED: i32 = 19;
/** The last close of an end wakes one task, not all. */
export const CLOSE_WAKES_ONE: i32 = 20;
/** What is left of a packet stays for the next read. */
export const PACKET_KEEPS_REST: i32 = 21;
/** A write that extends a file sets i_size before it copies. */
export const SIZE_BEFORE_COPY: i32 = 22;
/** The flag is cleared when a put leaves two references. */
export const FLAG_CLEARED_EARLY: i32 = 23;
/** A writer does not wait for outside references, though the policy wants it. */
export const STABLE_NEVER_WAITS: i32 = 24;
/** Write-back calls a folio clean and writes nothing. */
export const WRITEBACK_FORGETS: i32 = 25;
/** A frag takes no reference on the page that its slot held. */
export const FRAG_WITHOUT_REFERENCE: i32 = 26;
/** What is sent on a socket wakes no receiver. */
export const RECEIVER_NOT_WOKEN: i32 = 27;
/** An acknowledgement forgets a frag and keeps its reference. */
export const ACK_KEEPS_REFERENCE: i32 = 28;
/** The copy that replaces a folio takes over nobody who maps it. */
export const REPLACE_KEEPS_MAPPERS: i32 = 29;
/** A punched hole zeroes its edges in a marked folio. */
export const PUNCH_IN_PLACE: i32 = 30;
/** A private copy is mapped though the entry changed meanwhile. */
export const COPY_MAPPED_BLINDLY: i32 = 31;
/** A hole that detaches pages does not write them back first. */
export const PUNCH_FORGETS_CONTENT: i32 = 32;
/** ftruncate never writes back, though the file system wants it. */
export const TRUNCATE_NEVER_FLUSHES: i32 = 33;
/** A punched hole takes the pages of holes, though the file system leaves them. */
export const PUNCH_TAKES_HOLES: i32 = 34;
/** A large folio that is written in part gets no state of its blocks. */
export const STATE_NEVER_ATTACHED: i32 = 35;
/** tee looks at its length before its flags. */
export const TEE_LENGTH_FIRST: i32 = 36;
/** splice takes flags that there are not. */
export const SPLICE_FLAGS_IGNORED: i32 = 37;
/** A pipe is ready for a writer while it has fewer bytes than it holds. */
export const POLL_COUNTS_BYTES: i32 = 38;
/** A splice at the end of a file does not look whether the pipe has readers. */
export const EOF_BEFORE_EPIPE: i32 = 39;
/** A file with O_APPEND can be spliced to. */
export const APPEND_TAKES_SPLICE: i32 = 40;
/** A write with O_DIRECT leaves the pages that it goes over in the cache. */
export const DIRECT_LEAVES_CACHE: i32 = 41;
/** A read with O_DIRECT writes nothing back first. */
export const DIRECT_READS_STALE: i32 = 42;
/** An open of a FIFO waits for a partner that is there, not for one that came. */
export const PARTNER_MUST_STAY: i32 = 43;
/** F_SEAL_WRITE overlooks pages that a pipe holds. */
export const SEAL_OVERLOOKS_SLOTS: i32 = 44;
/** A range can be inserted at the end of a file. */
export const INSERT_AT_END: i32 = 45;
/** A file's blocks become another's, and its pages stay in the cache. */
export const REMAP_LEAVES_CACHE: i32 = 46;
/** fork protects the child's entries only. */
export const FORK_LEAVES_WRITABLE: i32 = 47;
/** A store takes a page over though another process maps it. */
export const STORE_TAKES_SHARED: i32 = 48;
/** MSG_PEEK takes what it looks at. */
export const PEEK_TAKES: i32 = 49;
/** shutdown tells the other end nothing. */
export const SHUTDOWN_OF_ONE_END: i32 = 50;
/** A splice from a socket lets go of the pipe while it sleeps. */
export const DRAIN_UNLOCKED: i32 = 51;
/** A slot takes no reference on the page that its frag holds. */
export const DRAIN_WITHOUT_REFERENCE: i32 = 52;
/** What a sender adds over TCP never joins what waits: each piece keeps its own references. */
export const SKBS_NOT_JOINED: i32 = 53;
/** An end of a TCP connection that did not hear everything is closed without an RST. */
export const CLOSE_WITHOUT_RESET: i32 = 54;
/** What goes on in a page is two slots behind a TCP connection, as it was two pieces in front of it. */
export const SLOTS_NOT_JOINED: i32 = 55;
/** Who holds something back goes on doing so when a FIN comes. */
export const FIN_UNANSWERED: i32 = 56;
/** An error that waits to be reported waits behind messages. */
export const ERROR_BEHIND_MESSAGES: i32 = 57;
/** A message of no bytes is not sent. */
export const EMPTY_MESSAGE_LOST: i32 = 58;
/** MSG_TRUNC tells how much was received, not how long the message was. */
export const TRUNC_TELLS_PART: i32 = 59;
/** A splice into a UNIX datagram socket shares the pages of its slots. */
export const SLOTS_NOT_COPIED: i32 = 60;
/** Who asks how long the next UDP message is takes a wrong checksum for right. */
export const SUM_OVERLOOKED: i32 = 61;
/** What a zero-copy send refers to is shared with a receiver on loopback, as spliced pages are. */
export const BORROWED_IS_SHARED: i32 = 62;
/** A completion is in the error queue, and nobody who polls is woken. */
export const COMPLETION_WAKES_NOBODY: i32 = 63;
/** A request that falls short cancels nothing. */
export const SHORT_GOES_ON: i32 = 64;
/** A request that io_uring refuses does not keep the others of its chain from being made. */
export const REFUSED_ALONE: i32 = 65;
/** A request for no bytes looks at nothing. */
export const NOTHING_UNLOOKED: i32 = 66;
/** A request refuses an offset for a pipe before it looks at the modes, as splice() does. */
export const REQUEST_OFFSETS_FIRST: i32 = 67;
/** A zero-copy send over a wire is complete when its last byte has been transmitted. */
export const COMPLETE_WHEN_TRANSMITTED: i32 = 68;
/** A frag over loopback loses its reference with the acknowledgement, before it is received. */
export const ACK_DROPS_SHARED: i32 = 69;
/** A request that would wait fails, as with RWF_NOWAIT. */
export const REQUEST_NEVER_POLLS: i32 = 70;
/** A request that writes waits until a pipe has taken everything, as write() does. */
export const REQUEST_WRITES_ALL: i32 = 71;
/** A request at the file position holds its lock, as read() does. */
export const REQUEST_LOCKS_POSITION: i32 = 72;
/** A zero-copy request is notified as it completes. */
export const NOTIFIED_AT_ONCE: i32 = 73;
/** A zero-copy request joins a message that is held back with the memory of a thread's zero-copy send. */
export const REQUEST_JOINS_BORROWED: i32 = 74;
/** A thread's zero-copy send joins what a TCP end holds back with the memory of a request. */
export const CALL_JOINS_REQUEST: i32 = 75;
/** A zero-copy request joins what a TCP end holds back with the memory of somebody else, and is held back with it. */
export const REQUEST_JOINS_ANOTHER: i32 = 76;
/** One above the last defect. */
export const MUTANTS_END: i32 = 77;
