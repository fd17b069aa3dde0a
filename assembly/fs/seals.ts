// memfd_create and seals: what can no longer be done to a file.
// Mirrors: mm/memfd.c:memfd_add_seals(), memfd_wait_for_pins(), memfd_check_seals_mmap(); mm/shmem.c:shmem_write_begin(),
// shmem_setattr(), shmem_fallocate().
//
// Interface: sysMemfdCreate, getSeals, addSeals; sealLocked (the line RWSEM), stepSeal (the line SEAL); writeIsSealed,
// sizeIsSealed, contentIsSealed, mapIsSealed, isMappedToWrite.
// F_SEAL_WRITE waits a moment for references to pages from outside, a pipe's or a socket's too, and gives up with EBUSY.
// Not modelled: MFD_HUGETLB; F_SEAL_EXEC against chmod; seals of a memfd that is opened again through /proc.

import { EBUSY, EINVAL, EPERM } from "../abi/errno";
import {
  F_SEAL_EXEC,
  F_SEAL_FUTURE_WRITE,
  F_SEAL_GROW,
  F_SEAL_SEAL,
  F_SEAL_SHRINK,
  F_SEAL_WRITE,
  MFD_ALLOW_SEALING,
  MFD_EXEC,
  MFD_NOEXEC_SEAL,
  O_RDWR,
} from "../abi/fcntl";
import { PROT_WRITE } from "../abi/mman";
import { SWITCH_SEALS } from "../abi/switches";
import {
  FOLIO_PINNED,
  File,
  INODE_DENIES,
  INODE_MEMFD,
  TARGET_INODE,
  frameAt,
  inodeAt,
  pagesMax,
  taskAt,
} from "../layout";
import { PAGE_SHIFT } from "../limits";
import { folioPages } from "../mm/folio";
import { fileHas, isMemfd } from "../mm/kind";
import { ptesOfFolio } from "../mm/mapping";
import { cachedFolio } from "../mm/page-cache";
import { MAPPING_SEALED, MAPPING_SHARED, mappingsMax, rawMapping } from "../mm/page-table";
import { SEAL_OVERLOOKS_SLOTS } from "../mutants";
import { canWrite, fail, fileIn, finish, isRegular, operand } from "../sched/call";
import { LINE_RWSEM, LINE_SEAL } from "../sched/line";
import { installFd, newFile, newInode, reserveFd } from "./file-table";

const SEALS_ALL: u32 =
  F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | F_SEAL_EXEC;
const SEALS_WRITE: u8 = <u8>(F_SEAL_WRITE | F_SEAL_FUTURE_WRITE);
/** Scans that still find a page held, after which F_SEAL_WRITE gives up. */
const SCANS_MAX: i64 = 5;

export function sysMemfdCreate(task: u32): void {
  const flags = operand(task, 1);
  const isExec = !(flags & MFD_NOEXEC_SEAL);
  if (flags & MFD_EXEC && !isExec) return fail(task, EINVAL);
  const id = newInode(false);
  const inode = inodeAt(id);
  inode.seals = INODE_MEMFD;
  if (!isExec) inode.seals |= <u8>F_SEAL_EXEC;
  else if (!(flags & MFD_ALLOW_SEALING)) inode.seals |= <u8>F_SEAL_SEAL;
  const fd = reserveFd();
  installFd(fd, newFile(TARGET_INODE, id, O_RDWR));
  finish(task, fd);
}

/** F_GET_SEALS */
export function getSeals(task: u32, file: File): void {
  const id: u32 = file.id;
  if (!isRegular(file) || !fileHas(id, SWITCH_SEALS)) return fail(task, EINVAL);
  finish(task, isMemfd(id) ? inodeAt(id).seals & SEALS_ALL : F_SEAL_SEAL);
}

/** F_ADD_SEALS */
export function addSeals(task: u32, file: File): void {
  if (!canWrite(file)) return fail(task, EPERM);
  if ((<u32>operand(task, 2)) & ~SEALS_ALL || !isRegular(file)) return fail(task, EINVAL);
  taskAt(task).line = LINE_RWSEM;
}

function end(task: u32, errno: i32): bool {
  taskAt(task).ret = -(<i64>errno);
  return true;
}

/** With i_rwsem free. True if the call ends in this step. */
export function sealLocked(task: u32): bool {
  const id: u32 = fileIn(task).id;
  const inode = inodeAt(id);
  if (!isMemfd(id)) return end(task, fileHas(id, SWITCH_SEALS) ? EPERM : EINVAL);
  if (inode.seals & F_SEAL_SEAL) return end(task, EPERM);
  if (!(wanted(task) & F_SEAL_WRITE) || inode.seals & F_SEAL_WRITE) return seal(task);
  if (isMappedToWrite(id)) return end(task, EBUSY);
  for (let page: u32 = 0; page < pagesMax; page++) {
    const head = cachedFolio(id, page);
    if (head && isHeld(head) && MUTANT != SEAL_OVERLOOKS_SLOTS) frameAt(head).flags |= FOLIO_PINNED;
  }
  if (!anyPinned(id)) return seal(task);
  inode.rwsem = <u8>(task + 1);
  inode.seals |= INODE_DENIES;
  taskAt(task).line = LINE_SEAL;
  return false;
}

/** Looks once more at the pages that were held. True if the call ends in this step. */
export function stepSeal(task: u32): bool {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  unpin(id, false);
  const isBusy = anyPinned(id);
  if (isBusy && ++it.step < SCANS_MAX) return false;
  unpin(id, true);
  it.step = 0;
  inodeAt(id).seals &= ~INODE_DENIES;
  return isBusy ? end(task, EBUSY) : seal(task);
}

/** The seals that the call sets: a file that may be executed must not be written when its mode cannot change. One that may not
 *  has had F_SEAL_EXEC from the beginning. */
function wanted(task: u32): u8 {
  const seals = <u8>operand(task, 2);
  if (!(seals & F_SEAL_EXEC) || inodeAt(fileIn(task).id).seals & F_SEAL_EXEC) return seals;
  return seals | SEALS_WRITE | (<u8>(F_SEAL_SHRINK | F_SEAL_GROW));
}

function seal(task: u32): bool {
  inodeAt(fileIn(task).id).seals |= wanted(task);
  return true;
}

/** Whether anybody but the cache and page tables holds the folio. */
function isHeld(head: u32): bool {
  return frameAt(head).refs != folioPages(head) + ptesOfFolio(head);
}
function anyPinned(id: u32): bool {
  for (let page: u32 = 0; page < pagesMax; page++) {
    const head = cachedFolio(id, page);
    if (head && frameAt(head).flags & FOLIO_PINNED) return true;
  }
  return false;
}
/** Forgets the folios that nobody holds any more, or all of them. */
function unpin(id: u32, all: bool): void {
  for (let page: u32 = 0; page < pagesMax; page++) {
    const head = cachedFolio(id, page);
    if (head && (all || !isHeld(head))) frameAt(head).flags &= ~FOLIO_PINNED;
  }
}

/** Whether a shared mapping of the file can be written, or could be after mprotect. */
export function isMappedToWrite(id: u32): bool {
  for (let m: u32 = 0; m < mappingsMax; m++) {
    const map = rawMapping(m);
    const isOf = map.file != 0 && map.inode == id;
    if (isOf && (map.flags & (MAPPING_SHARED | MAPPING_SEALED)) == MAPPING_SHARED) return true;
  }
  return false;
}

/** Whether a seal forbids to write `bytes` bytes at `pos` into one page. */
export function writeIsSealed(id: u32, pos: i64, bytes: i64): bool {
  if (!isMemfd(id)) return false;
  const inode = inodeAt(id);
  if (inode.seals & SEALS_WRITE) return true;
  const end = pos + min<i64>(bytes, (1 << PAGE_SHIFT) - (pos & 4095));
  return (inode.seals & F_SEAL_GROW) != 0 && end > inode.size;
}
/** Whether a seal forbids the size. */
export function sizeIsSealed(id: u32, size: i64): bool {
  const inode = inodeAt(id);
  const seal = <u8>(size < inode.size ? F_SEAL_SHRINK : F_SEAL_GROW);
  return size != inode.size && (inode.seals & seal) != 0;
}
/** Whether a seal forbids every write: a hole cannot be punched, a mapping not be made to be written. */
export function contentIsSealed(id: u32): bool {
  return (inodeAt(id).seals & SEALS_WRITE) != 0;
}

/** Whether a shared mapping with the protection is forbidden. */
export function mapIsSealed(id: u32, prot: i64): bool {
  const inode = inodeAt(id);
  if (inode.seals & SEALS_WRITE) return (prot & PROT_WRITE) != 0;
  return (inode.seals & INODE_DENIES) != 0;
}
