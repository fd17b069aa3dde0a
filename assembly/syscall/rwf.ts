// The flags of preadv2 and pwritev2: which of them a file knows, and what they ask for.
//
// Mirrors: include/linux/fs.h:kiocb_set_rw_flags().
// Interface: prepareFlags (reset); refuseFlags, mustNotWait, appends, writesBack, kicks, leavesCache; makesWait, makeWait; asksOnce, mayDrop; noteUnread.
// Not modelled: RWF_HIPRI, which nothing polls for.

import { EINVAL, EOPNOTSUPP } from "../abi/errno";
import { O_APPEND } from "../abi/fcntl";
import { KNOWS_ATOMIC, SWITCH_DONTCACHE, SWITCH_HAS_DISK } from "../abi/switches";
import { SYS_PWRITEV2, SYS_READ, SYS_SPLICE, SYS_VMSPLICE, SYS_WRITE } from "../abi/syscalls";
import {
  RWF_APPEND,
  RWF_ATOMIC,
  RWF_DONTCACHE,
  RWF_DSYNC,
  RWF_NOAPPEND,
  RWF_NOWAIT,
  RWF_SUPPORTED,
  RWF_SYNC,
} from "../abi/uio";
import { has } from "../config";
import { FILE_WAITS, FOLIO_UNREAD, File, frameAt } from "../layout";
import { callCode, callsCount, transferBytes, transferFlags } from "../program";
import { isPipe, isRegular } from "../sched/call";
import { fileHas, fileKnows } from "../mm/kind";

/** Calls of the program that have RWF_NOWAIT. */
let asked: u32 = 0;
/** Whether somebody may see that a pipe's description waits: they, or a request for no bytes. */
let isSeen: bool = false;
/** Whether a call may leave folios that drop behind. */
let drops: bool = false;

export function prepareFlags(): void {
  asked = 0;
  isSeen = false;
  drops = false;
  for (let call: u32 = 0; call < callsCount(); call++) {
    if (mustNotWait(call)) asked++;
    if (mustNotWait(call) || isForNothing(call)) isSeen = true;
    if (transferFlags(call) & RWF_DONTCACHE) drops = has(SWITCH_DONTCACHE);
  }
}

function isForNothing(call: u32): bool {
  const code = callCode(call);
  return (code == SYS_READ || code == SYS_WRITE) && transferBytes(call) == 0;
}

/** Whether one call alone may come to see how far readahead has got. */
export function asksOnce(): bool {
  return asked == 1;
}

/** Nobody waits for a folio: it is not known whether a call with RWF_NOWAIT takes it. */
export function noteUnread(head: u32): void {
  if ((asked || drops) && head) frameAt(head).flags |= FOLIO_UNREAD;
}

/** Whether a read may take folios out of the cache. */
export function mayDrop(): bool {
  return drops;
}

/** Whether entering a call makes a pipe's description one that waits; only if somebody may see it. */
export function makesWait(code: u32, file: File): bool {
  return isSeen && isPipe(file) && (code == SYS_SPLICE || code == SYS_VMSPLICE);
}
/** Mirrors: fs/splice.c:pipe_clear_nowait(); fs/pipe.c:fifo_open(), which does not set FMODE_NOWAIT. */
export function makeWait(file: File): void {
  if (isSeen) file.flags |= FILE_WAITS;
}

/** The errno that a file has for the flags of a call; 0 if it takes them. */
export function refuseFlags(call: u32, file: File, reads: bool): i32 {
  const flags = transferFlags(call);
  const onDisk = isRegular(file) && fileHas(file.id, SWITCH_HAS_DISK);
  if (flags & ~RWF_SUPPORTED) return EOPNOTSUPP;
  if (flags & RWF_APPEND && flags & RWF_NOAPPEND) return EINVAL;
  if (flags & RWF_NOWAIT && isRegular(file) && !onDisk) return EOPNOTSUPP;
  if (flags & RWF_NOWAIT && file.flags & FILE_WAITS) return EOPNOTSUPP;
  const atomic = !reads && isRegular(file) && fileKnows(file.id, KNOWS_ATOMIC);
  if (flags & RWF_ATOMIC && !atomic) return EOPNOTSUPP;
  if (flags & RWF_DONTCACHE && !(isRegular(file) && fileHas(file.id, SWITCH_DONTCACHE)))
    return EOPNOTSUPP;
  return 0;
}

export function mustNotWait(call: u32): bool {
  return (transferFlags(call) & RWF_NOWAIT) != 0;
}

/** Whether a write writes back what it has written before it returns. */
export function writesBack(call: u32): bool {
  const flags = transferFlags(call) & (RWF_DSYNC | RWF_SYNC);
  return callCode(call) == SYS_PWRITEV2 && (flags != 0 || leavesCache(call));
}
/** Whether it does so without waiting for the disk. */
export function kicks(call: u32): bool {
  return leavesCache(call) && (transferFlags(call) & (RWF_DSYNC | RWF_SYNC)) == 0;
}
/** Whether the folios that a write makes leave the cache afterwards. */
export function leavesCache(call: u32): bool {
  if (callCode(call) != SYS_PWRITEV2 || !has(SWITCH_DONTCACHE)) return false;
  return (transferFlags(call) & RWF_DONTCACHE) != 0;
}

/** Whether a write goes to the end of its file. */
export function appends(call: u32, file: File): bool {
  const flags = transferFlags(call);
  if (flags & RWF_APPEND) return true;
  return (file.flags & O_APPEND) != 0 && (flags & RWF_NOAPPEND) == 0;
}
