// mkfifo, unlink and rename: names of the folder come and go, files stay while something holds them.
//
// Mirrors: fs/namei.c:do_unlinkat(), vfs_unlink(), do_renameat2(), vfs_rename(); fs/inode.c:iput(); for what a rename
// writes back fs/ext4/namei.c:ext4_rename(), fs/btrfs/inode.c:btrfs_rename().
// Interface: sysMkfifo, sysUnlink, sysRename; namesCanGo, stepNames (the line NAMES); nameEntry, nameInode, renameFlushes.
// Not modelled: the folder's own lock, and who would wait for it behind a call that waits for a file; links, folders.

import { EBUSY, EEXIST, EISDIR, ENOENT } from "../abi/errno";
import { NAME_DIRECTORY } from "../abi/program";
import { SWITCH_RENAME_ALLOCATES, SWITCH_RENAME_FLUSH } from "../abi/switches";
import { SYS_RENAME } from "../abi/syscalls";
import { has } from "../config";
import { fifoOf, isFifo, makeFifo, unnameFifo } from "../fs/fifo";
import { dropInode } from "../fs/file-table";
import { rwsemIsFree } from "../fs/rwsem";
import { frameAt, inodeAt, nameAt, pagesMax, taskAt } from "../layout";
import { onDisk, writeBack } from "../mm/disk";
import { folioIsLocked } from "../mm/folio";
import { cachedFolio, isDirty } from "../mm/page-cache";
import { callCode } from "../program";
import { currentCall, fail, finish, operand } from "../sched/call";
import { LINE_NAMES } from "../sched/line";

/** What operand n names: an inode + 1, a FIFO (fs/fifo.ts), 0 for nothing. */
export function nameEntry(task: u32, n: u32): u32 {
  return load<u8>(nameAt(<u32>operand(task, n)));
}
/** The inode + 1 that operand n names, 0 for none. */
export function nameInode(task: u32, n: u32): u32 {
  const entry = nameEntry(task, n);
  return isFifo(entry) ? 0 : entry;
}
/** Whether a rename may write a file back. */
export function renameFlushes(): bool {
  return has(SWITCH_RENAME_ALLOCATES) || has(SWITCH_RENAME_FLUSH);
}

export function sysMkfifo(task: u32): void {
  const name = <u32>operand(task, 0);
  if (name == NAME_DIRECTORY || nameEntry(task, 0)) return fail(task, EEXIST);
  store<u8>(nameAt(name), <u8>makeFifo());
  finish(task, 0);
}

export function sysUnlink(task: u32): void {
  if (<u32>operand(task, 0) == NAME_DIRECTORY) return fail(task, EISDIR);
  taskAt(task).line = LINE_NAMES;
}

export function sysRename(task: u32): void {
  const old = <u32>operand(task, 0);
  if (old == NAME_DIRECTORY || <u32>operand(task, 1) == NAME_DIRECTORY) return fail(task, EBUSY);
  taskAt(task).line = LINE_NAMES;
}

function isFree(inode: u32): bool {
  return inode == 0 || rwsemIsFree(inode - 1);
}

/** The guard of NAMES: nobody holds the i_rwsem of a file that is named, or the lock of a folio that is written back. */
export function namesCanGo(task: u32): bool {
  if (nameEntry(task, 0) == 0) return true;
  const inode = nameInode(task, 0);
  if (!isFree(inode)) return false;
  if (callCode(currentCall(task)) != SYS_RENAME) return true;
  if (!isFree(nameInode(task, 1))) return false;
  return !(writesBack(inode, nameEntry(task, 1)) && isAnyLocked(inode - 1));
}

/** Whether a file that takes the name of the other entry is written back. */
function writesBack(inode: u32, other: u32): bool {
  if (inode == 0 || other == 0 || other == inode) return false;
  if (has(SWITCH_RENAME_FLUSH)) return !isFifo(other) && inodeAt(other - 1).size > 0;
  return has(SWITCH_RENAME_ALLOCATES) && hasNewPages(inode - 1);
}

/** Head of the dirty folio that begins at a page, 0 for none. */
function dirtyAt(inode: u32, page: u32): u32 {
  const head = cachedFolio(inode, page);
  return head && frameAt(head).index == <u16>page && isDirty(frameAt(head)) ? head : 0;
}
function hasNewPages(inode: u32): bool {
  for (let page: u32 = 0; page < pagesMax; page++) {
    const head = cachedFolio(inode, page);
    if (head && isDirty(frameAt(head)) && !onDisk(inode, page)) return true;
  }
  return false;
}
function isAnyLocked(inode: u32): bool {
  for (let page: u32 = 0; page < pagesMax; page++) {
    const head = dirtyAt(inode, page);
    if (head && folioIsLocked(head)) return true;
  }
  return false;
}

/** The name goes, or is the other file's; a file without a name and without anything that holds it goes too. */
export function stepNames(task: u32): void {
  const entry = nameEntry(task, 0);
  if (entry == 0) return fail(task, ENOENT);
  if (callCode(currentCall(task)) == SYS_RENAME) return renameTo(task, entry);
  store<u8>(nameAt(<u32>operand(task, 0)), 0);
  dropName(entry);
  finish(task, 0);
}

function renameTo(task: u32, entry: u32): void {
  const other = nameEntry(task, 1);
  if (other == entry) return finish(task, 0);
  const inode = nameInode(task, 0);
  if (writesBack(inode, other))
    for (let page: u32 = 0; page < pagesMax; page++) {
      const head = dirtyAt(inode - 1, page);
      if (head) writeBack(head);
    }
  store<u8>(nameAt(<u32>operand(task, 0)), 0);
  store<u8>(nameAt(<u32>operand(task, 1)), <u8>entry);
  if (other) dropName(other);
  finish(task, 0);
}

/** What an entry stood for has no name any more. */
function dropName(entry: u32): void {
  if (isFifo(entry)) return unnameFifo(fifoOf(entry));
  inodeAt(entry - 1).named = 0;
  dropInode(entry - 1);
}
