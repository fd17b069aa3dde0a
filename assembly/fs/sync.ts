// fsync, msync and posix_fadvise(POSIX_FADV_DONTNEED): folios are written back, clean ones that nobody holds leave the cache.
//
// Mirrors: fs/sync.c:vfs_fsync_range(), mm/filemap.c:file_write_and_wait_range(); mm/fadvise.c:generic_fadvise(),
// mm/msync.c; mm/truncate.c:mapping_try_invalidate(), mapping_evict_folio().
// Interface: sysFsync, sysMsync, sysFadvise; syncWritten (writes with RWF_SYNC, RWF_DONTCACHE); syncCanGo, stepSync (the line SYNC); asksForDisk; isIdle, letGo.
// What a holder sees: nothing. A folio that a slot, a frag or a mapping holds is written back where it is, and stays.
// A folio that posix_fadvise itself has written back stays, for its write-back is under way when the kernel looks at it
// (seen on ext4 and xfs; on btrfs some are faster, which shows in no outcome, since its folios are single pages).
// Not modelled: that btrfs writes the whole file back in msync, which shows in no outcome; other advice; the i_rwsem that btrfs takes in fsync; that a page dirtied behind the place where fsync
// is stays dirty.

import { EINVAL, ESPIPE } from "../abi/errno";
import { MS_ASYNC, MS_INVALIDATE, MS_SYNC } from "../abi/mman";
import { SWITCH_HAS_DISK } from "../abi/switches";
import { SYS_DROP_CACHES, SYS_FSYNC, SYS_MSYNC, SYS_POSIX_FADVISE } from "../abi/syscalls";
import { has } from "../config";
import { FOLIO_KICKED, FOLIO_LEAVES, fileAt, frameAt, inodeAt, pagesMax, taskAt } from "../layout";
import { PAGE_SHIFT } from "../limits";
import { isBehindEnd, writeBack } from "../mm/disk";
import { namedMapping } from "../mm/fault";
import { folioIsLocked, folioPages } from "../mm/folio";
import { baseline, cachedFolio, detachFolio, isDirty } from "../mm/page-cache";
import { Mapping, MAPPING_SHARED, mappingAt, mappingsMax } from "../mm/page-table";
import {
  currentCall,
  fail,
  failBadFd,
  fileIn,
  finish,
  holdIn,
  isPipe,
  isRegular,
  operand,
} from "../sched/call";
import { callCode } from "../program";
import { kicks, noteUnread, writesBack } from "../syscall/rwf";
import { passes } from "./direct";
import { LINE_SYNC } from "../sched/line";
import { pagesFor } from "../syscall/sys-memory";
import { fileHas } from "../mm/kind";

/** Whether a call makes what is on the disk matter. */
export function asksForDisk(call: u32): bool {
  if (!has(SWITCH_HAS_DISK)) return false;
  if (writesBack(call)) return true;
  const code = callCode(call);
  const drops = code == SYS_POSIX_FADVISE || code == SYS_DROP_CACHES;
  return drops || code == SYS_FSYNC || code == SYS_MSYNC;
}

// What the task keeps, in pages: `pos`, the next one; `want`, behind the last one that is written back; `size` and
// `part`, the first one that may go and the one behind the last.

export function sysFsync(task: u32): void {
  if (!holdIn(task, 0)) return failBadFd(task);
  if (!isRegular(fileIn(task))) return fail(task, EINVAL);
  if (!fileHas(fileIn(task).id, SWITCH_HAS_DISK)) return finish(task, 0);
  const it = taskAt(task);
  it.want = pagesMax;
  it.line = LINE_SYNC;
}

/** MS_SYNC on a shared mapping of a file: what its pages hold is written back. */
export function sysMsync(task: u32): void {
  const flags = operand(task, 2);
  const known: i64 = MS_ASYNC | MS_INVALIDATE | MS_SYNC;
  const mapping = namedMapping(task);
  if (flags & ~known || (flags & MS_ASYNC && flags & MS_SYNC)) return fail(task, EINVAL);
  if (mapping == mappingsMax) return fail(task, EINVAL);
  const map = mappingAt(mapping);
  const end = min<u32>(pagesFor(operand(task, 1)), map.pages);
  const syncs = flags & MS_SYNC && isOfFile(map) && end > <u32>map.gone;
  if (!syncs || !fileHas(map.inode, SWITCH_HAS_DISK)) return finish(task, 0);
  const it = taskAt(task);
  fileAt(<u32>map.file - 1).refs++;
  it.fileIn = map.file;
  it.pos = <i64>map.index + map.gone;
  it.want = min<u32>(map.index + end, pagesMax);
  it.line = LINE_SYNC;
}
function isOfFile(map: Mapping): bool {
  return map.file != 0 && (map.flags & MAPPING_SHARED) != 0;
}

/** A write that is over writes back what it has written before it returns, where that has a disk. With RWF_DONTCACHE alone it does not
 *  wait for it. Mirrors: include/linux/fs.h:generic_write_sync(). */
export function syncWritten(task: u32): bool {
  const it = taskAt(task);
  const call = currentCall(task);
  if (!writesBack(call) || it.part == 0 || (kicks(call) && passes(fileIn(task)))) return false;
  if (!fileHas(fileIn(task).id, SWITCH_HAS_DISK)) return false;
  it.want = clip(((it.pos - 1) >> PAGE_SHIFT) + 1);
  it.pos = clip((it.pos - it.part) >> PAGE_SHIFT);
  it.size = 0;
  it.part = 0;
  it.line = LINE_SYNC;
  return true;
}

export function sysFadvise(task: u32): void {
  const offset = operand(task, 1);
  const len = operand(task, 2);
  if (!holdIn(task, 0)) return failBadFd(task);
  if (isPipe(fileIn(task))) return fail(task, ESPIPE);
  if (len < 0) return fail(task, EINVAL);
  if (!isRegular(fileIn(task)) || !fileHas(fileIn(task).id, SWITCH_HAS_DISK))
    return finish(task, 0);
  const it = taskAt(task);
  const last = len == 0 || offset + len < 0 ? i64.MAX_VALUE : offset + len - 1;
  it.pos = clip(offset >> PAGE_SHIFT);
  it.want = clip((last >> PAGE_SHIFT) + 1);
  it.size = clip((offset + 4095) >> PAGE_SHIFT);
  it.part = last == i64.MAX_VALUE ? pagesMax : clip((last + 1) >> PAGE_SHIFT);
  // The page of the end goes as a whole, too.
  if (last == inodeAt(fileIn(task).id).size - 1) it.part = it.want;
  it.line = LINE_SYNC;
}
function clip(page: i64): i64 {
  return page < 0 ? pagesMax : min<i64>(page, pagesMax);
}

/** Head of the next folio that is dirty or may go; 0 for none. */
function nextFolio(task: u32): u32 {
  const it = taskAt(task);
  const end = max<i64>(it.want, it.part);
  for (let page = it.pos; page < end; page++) {
    const head = cachedFolio(fileIn(task).id, <u32>page);
    if (head == 0) continue;
    if (isDirty(frameAt(head)) ? page < it.want : mayGo(task, head)) return head;
    if (page < it.want && isKicked(head) && waits(task)) return head;
  }
  return 0;
}

/** Whether the call waits for what it writes back. */
function waits(task: u32): bool {
  const call = currentCall(task);
  return callCode(call) != SYS_POSIX_FADVISE && !kicks(call);
}
/** Whether nobody has waited for the write-back of a folio, and so nobody knows whether it may go. */
function isKicked(head: u32): bool {
  return (frameAt(head).flags & FOLIO_KICKED) != 0;
}

/** Whether a clean folio lies in the range as a whole, and nobody holds it or has it locked. */
function mayGo(task: u32, head: u32): bool {
  const it = taskAt(task);
  const folio = frameAt(head);
  const end = <i64>folio.index + folioPages(head);
  return <i64>folio.index >= it.size && end <= it.part && isIdle(head);
}
/** A clean folio leaves the cache; one whose write-back may be under way stays: if it did leave, only who must not wait may learn of it. */
export function letGo(head: u32): void {
  if (!isKicked(head)) return detachFolio(head);
  if (!(frameAt(head).flags & FOLIO_LEAVES)) noteUnread(head);
}
/** Whether nobody holds a clean folio or has it locked. Mirrors: mm/truncate.c:mapping_evict_folio(). */
export function isIdle(head: u32): bool {
  return !folioIsLocked(head) && frameAt(head).refs == baseline(head);
}

/** The guard of SYNC: the folio that is written back next is unlocked. */
export function syncCanGo(task: u32): bool {
  const head = nextFolio(task);
  return head == 0 || !folioIsLocked(head);
}

/** One folio is written back, or leaves the cache; without any the call is over. Behind the folio that has the last block of the
 *  file, or lies behind that, nothing is written back. Mirrors: fs/ext4/inode.c:mpage_process_page_bufs(). */
export function stepSync(task: u32): void {
  const head = nextFolio(task);
  const it = taskAt(task);
  if (head == 0) return finish(task, it.done);
  const id: u32 = fileIn(task).id;
  const index: u32 = frameAt(head).index;
  const end = index + folioPages(head);
  it.pos = end;
  const waited = waits(task);
  if (waited) frameAt(head).flags &= ~FOLIO_KICKED;
  if (!isDirty(frameAt(head))) {
    if (!waited) letGo(head);
    return;
  }
  writeBack(head);
  if (kicks(currentCall(task))) frameAt(head).flags |= FOLIO_KICKED;
  if (isBehindEnd(id, end)) it.want = end;
  // Nothing was to be written: it is clean at once, and may go.
  if (isBehindEnd(id, index)) it.pos = index;
  else if (callCode(currentCall(task)) == SYS_POSIX_FADVISE) noteUnread(head);
}
