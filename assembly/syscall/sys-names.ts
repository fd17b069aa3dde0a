// unlink and rename: names of the folder come and go, files stay while something holds them.
//
// Mirrors: fs/namei.c:do_unlinkat(), vfs_unlink(), do_renameat2(), vfs_rename(); fs/inode.c:iput(); for what a rename
// writes back fs/ext4/namei.c:ext4_rename(), fs/btrfs/inode.c:btrfs_rename().
// Interface: sysUnlink, sysRename; namesCanGo, stepNames (the line NAMES); nameInode, renameFlushes.
// Not modelled: the folder's own lock, and who would wait for it behind a call that waits for a file; links, folders.

import { EBUSY, EISDIR, ENOENT } from "../abi/errno";
import { NAME_DIRECTORY } from "../abi/program";
import { SWITCH_RENAME_ALLOCATES, SWITCH_RENAME_FLUSH } from "../abi/switches";
import { SYS_RENAME } from "../abi/syscalls";
import { has } from "../config";
import { dropInode } from "../fs/file-table";
import { rwsemIsFree } from "../fs/rwsem";
import { frameAt, inodeAt, nameAt, pagesMax, taskAt } from "../layout";
import { onDisk, writeBack } from "../mm/disk";
import { folioIsLocked } from "../mm/folio";
import { cachedFolio, isDirty } from "../mm/page-cache";
import { callCode } from "../program";
import { currentCall, fail, finish, operand } from "../sched/call";
import { LINE_NAMES } from "../sched/line";

/** The inode + 1 that operand n names, 0 for none. */
export function nameInode(task: u32, n: u32): u32 {
  return load<u8>(nameAt(<u32>operand(task, n)));
}
/** Whether a rename may write a file back. */
export function renameFlushes(): bool {
  return has(SWITCH_RENAME_ALLOCATES) || has(SWITCH_RENAME_FLUSH);
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
  const inode = nameInode(task, 0);
  if (inode == 0) return true;
  if (!isFree(inode)) return false;
  if (callCode(currentCall(task)) != SYS_RENAME) return true;
  const other = nameInode(task, 1);
  return isFree(other) && !(writesBack(inode, other) && isAnyLocked(inode - 1));
}

/** Whether a file that takes the other one's name is written back. */
function writesBack(inode: u32, other: u32): bool {
  if (other == 0 || other == inode) return false;
  if (has(SWITCH_RENAME_FLUSH)) return inodeAt(other - 1).size > 0;
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
  const inode = nameInode(task, 0);
  if (inode == 0) return fail(task, ENOENT);
  if (callCode(currentCall(task)) == SYS_RENAME) return renameTo(task, inode);
  store<u8>(nameAt(<u32>operand(task, 0)), 0);
  dropName(inode - 1);
  finish(task, 0);
}

function renameTo(task: u32, inode: u32): void {
  const other = nameInode(task, 1);
  if (other == inode) return finish(task, 0);
  if (writesBack(inode, other))
    for (let page: u32 = 0; page < pagesMax; page++) {
      const head = dirtyAt(inode - 1, page);
      if (head) writeBack(head);
    }
  store<u8>(nameAt(<u32>operand(task, 0)), 0);
  store<u8>(nameAt(<u32>operand(task, 1)), <u8>inode);
  if (other) dropName(other - 1);
  finish(task, 0);
}

/** A file has no name any more. */
function dropName(inode: u32): void {
  inodeAt(inode).named = 0;
  dropInode(inode);
}
