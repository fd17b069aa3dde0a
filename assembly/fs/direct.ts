// O_DIRECT: bytes go between memory and the disk, and no page is cached for them. Which descriptions have it, and what it means.
//
// Mirrors: fs/iomap/direct-io.c:__iomap_dio_rw(), fs/btrfs/direct-io.c:check_direct_IO().
// Interface: findDirect (reset), asksDirect, mayShareBlocks; isDirect, passes, passesBy, leavesAsDirect, isScattered; SECTOR, BLOCK; nextFolio, isFree.
// Not modelled: disks whose logical block is larger than 512 bytes.

import { O_DIRECT } from "../abi/fcntl";
import { SWITCH_DIRECT, SWITCH_DIRECT_BUFFERS } from "../abi/switches";
import { SYS_OPEN } from "../abi/syscalls";
import { copies } from "../call-kind";
import { fileHas } from "../mm/kind";
import { File, frameAt, header, pagesMax, taskAt } from "../layout";
import { PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { folioIsLocked } from "../mm/folio";
import { cachedFolio, isDirty } from "../mm/page-cache";
import {
  callCode,
  callsCount,
  hasMemory,
  isVectored,
  mappedBytes,
  operandValue,
  segments,
  transferBytes,
} from "../program";
import { fileIn, fileOut, isRegular } from "../sched/call";
import { setsFlags } from "../sched/declare-enter";

/** What offset and length are multiples of, bytes: the logical block of most disks. */
export const SECTOR: i64 = 512;
/** The same of btrfs: its block. */
export const BLOCK: i64 = 4096;

/** Whether a call of the program may set O_DIRECT. */
export let asksDirect: bool = false;

/** Whether a call of the program may let two files share blocks. */
export let mayShareBlocks: bool = false;

export function findDirect(): void {
  asksDirect = false;
  mayShareBlocks = false;
  for (let c: u32 = 0; c < callsCount(); c++) {
    const place: u32 = callCode(c) == SYS_OPEN ? 1 : 2;
    if (copies(c)) mayShareBlocks = true;
    if (place == 2 && !setsFlags(c)) continue;
    if (operandValue(c, place) & O_DIRECT) asksDirect = true;
  }
}

export function isDirect(file: File): bool {
  return asksDirect && isRegular(file) && (file.flags & O_DIRECT) != 0;
}
/** Whether the memory of a call is in segments, or may fault: not modelled. */
export function isScattered(call: u32): bool {
  const inPieces = isVectored(call) && segments(call) != 1;
  return inPieces || (hasMemory(call) && mappedBytes(call) < transferBytes(call));
}
/** Whether its bytes go past the page cache where the file system can do that. */
export function passes(file: File): bool {
  return isDirect(file) && fileHas(file.id, SWITCH_DIRECT);
}
/** Whether a copy_file_range through the cache leaves the model: one of its files has O_DIRECT, or has got it since. */
export function leavesAsDirect(task: u32): bool {
  if (!isDirect(fileIn(task)) && !isDirect(fileOut(task))) return false;
  header().unmodelled = UNMODELLED_CALL;
  return true;
}

/** Whether the read that a task is at, or in, goes past the page cache. */
export function passesBy(task: u32): bool {
  const it = taskAt(task);
  if (!passes(fileIn(task))) return false;
  return (
    !fileHas(fileIn(task).id, SWITCH_DIRECT_BUFFERS) || ((it.pos | it.want) & (BLOCK - 1)) == 0
  );
}

/** The next folio between two offsets that is dirty, or not; 0 for none. */
export function nextFolio(inode: u32, from: i64, end: i64, dirty: bool): u32 {
  for (let page = from >> PAGE_SHIFT; page << PAGE_SHIFT < end && page < <i64>pagesMax; page++) {
    const head = cachedFolio(inode, <u32>page);
    if (head && (!dirty || isDirty(frameAt(head)))) return head;
  }
  return 0;
}
export function isFree(head: u32): bool {
  return head == 0 || !folioIsLocked(head);
}
