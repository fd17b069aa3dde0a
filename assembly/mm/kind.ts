// What kind of file an inode is: one of the profile's file system, or a memfd, which is a file of tmpfs on every profile.
//
// Interface: isMemfd, fileHas, fileKnows; expectMemfds.
// Not modelled: MFD_HUGETLB.

import { MEMFD_SWITCHES } from "../abi/switches";
import { has, knows } from "../config";
import { INODE_MEMFD, inodesMax, rawInode } from "../layout";

/** Whether the program makes any. */
let some: bool = false;
export function expectMemfds(makes: bool): void {
  some = makes;
}

/** Whether a file was made by memfd_create. */
export function isMemfd(inode: u32): bool {
  return some && inode < inodesMax && (rawInode(inode).seals & INODE_MEMFD) != 0;
}

/** Whether a file has a SWITCH_*. */
export function fileHas(inode: u32, bit: u32): bool {
  return isMemfd(inode) ? (MEMFD_SWITCHES & bit) != 0 : has(bit);
}
/** Whether a file has a KNOWS_*. */
export function fileKnows(inode: u32, bit: u32): bool {
  return !isMemfd(inode) && knows(bit);
}
