// unlink: names of the folder go, files stay while something holds them.
//
// Mirrors: fs/namei.c:do_unlinkat(), vfs_unlink(); fs/inode.c:iput().
// Interface: sysUnlink; namesCanGo, stepNames (the line NAMES); nameInode.
// Not modelled: the folder's own lock, and who would wait for it behind a call that waits for a file; links, folders.

import { EISDIR, ENOENT } from "../abi/errno";
import { NAME_DIRECTORY } from "../abi/program";
import { dropInode } from "../fs/file-table";
import { inodeAt, nameAt, taskAt } from "../layout";
import { fail, finish, operand } from "../sched/call";
import { LINE_NAMES } from "../sched/line";

/** The inode + 1 that operand n names, 0 for none. */
export function nameInode(task: u32, n: u32): u32 {
  return load<u8>(nameAt(<u32>operand(task, n)));
}

export function sysUnlink(task: u32): void {
  if (<u32>operand(task, 0) == NAME_DIRECTORY) return fail(task, EISDIR);
  taskAt(task).line = LINE_NAMES;
}

/** The guard of NAMES: nobody holds the i_rwsem of a file that is named. */
export function namesCanGo(task: u32): bool {
  const inode = nameInode(task, 0);
  return inode == 0 || inodeAt(inode - 1).rwsem == 0;
}

/** The name goes, and the file with it unless something holds it. */
export function stepNames(task: u32): void {
  const inode = nameInode(task, 0);
  if (inode == 0) return fail(task, ENOENT);
  store<u8>(nameAt(<u32>operand(task, 0)), 0);
  dropName(inode - 1);
  finish(task, 0);
}

/** A file has no name any more. */
function dropName(inode: u32): void {
  inodeAt(inode).named = 0;
  dropInode(inode);
}
