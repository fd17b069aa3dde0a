// How long a file may become.
// Mirrors: fs/read_write.c:generic_write_check_limits(), fs/attr.c:inode_newsize_ok(), fs/ext4/super.c:ext4_max_size().
//
// Interface: maxBytes, sizeLimit.
// Not modelled: SIGXFSZ, which the calls' errno stands for.

import { SWITCH_BLOCKS_32 } from "../abi/switches";
import { fileLimitBytes } from "../config";
import { PAGE_SHIFT } from "../limits";
import { fileHas } from "../mm/kind";

/** The file system's largest offset behind a last byte: s_maxbytes. */
export function maxBytes(inode: u32): i64 {
  return fileHas(inode, SWITCH_BLOCKS_32) ? (<i64>u32.MAX_VALUE) << PAGE_SHIFT : i64.MAX_VALUE;
}

/** The same, or RLIMIT_FSIZE if that is less: what a call may let a file grow to. */
export function sizeLimit(inode: u32): i64 {
  const most = maxBytes(inode);
  return fileLimitBytes >= 0 ? min<i64>(fileLimitBytes, most) : most;
}
