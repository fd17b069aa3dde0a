// What calls on a whole file may still do: cut it, take its name, let it go.
//
// Interface: foreseeCut, foreseeSync, foreseeDetached, foreseeCaches, foreseeNames, losesName.
// Not modelled: which file a name will stand for.

import {
  TARGET_INODE,
  fdAt,
  fds,
  fileAt,
  inodeAt,
  inodesMax,
  pageObject,
  pagesMax,
  pipesMax,
} from "../layout";
import { makesFifos } from "../fs/fifo";
import { SWITCH_HAS_DISK } from "../abi/switches";
import { has } from "../config";
import { SYS_RENAME } from "../abi/syscalls";
import { renameFlushes } from "../syscall/sys-names";
import { FD_RESERVED } from "../sched/call";
import {
  MODE_WRITE,
  OBJECT_FDS,
  OBJECT_FRAME,
  OBJECT_INODE,
  OBJECT_LOCK,
  OBJECT_PAGE,
  OBJECT_PIPE,
  OBJECT_RWSEM,
  declareRead,
  declareWrite,
} from "../touch";
import { entryOf, hearFrames } from "./footprint";
import { foreseeMappings } from "./future-memory";
import { PENDING_CLOSES, PENDING_UNLINKS } from "./pending";

/** Making a file shorter. */
export function foreseeCut(inode: u32): void {
  declareWrite(OBJECT_RWSEM, inode);
  declareWrite(OBJECT_INODE, inode);
  foreseeDetached(inode);
}

/** Folios are written back, or leave the file. */
export function foreseeSync(inode: u32): void {
  if (!has(SWITCH_HAS_DISK)) return;
  declareWrite(OBJECT_INODE, inode);
  foreseeDetached(inode);
}

/** Folios leave a file. */
export function foreseeDetached(inode: u32): void {
  foreseeMappings();
  let containers: u64 = 0;
  for (let page: u32 = 0; page < pagesMax; page++) {
    declareWrite(OBJECT_PAGE, pageObject(inode, page));
    containers |= entryOf(pageObject(inode, page));
  }
  for (let kind = OBJECT_FRAME; kind <= OBJECT_LOCK; kind++)
    hearFrames(kind, containers, MODE_WRITE);
}

/** Any folio of any file may leave the cache. */
export function foreseeCaches(): void {
  for (let inode: u32 = 0; inode < inodesMax; inode++) foreseeDetached(inode);
}

/** Whether a file has no name, or may lose it. */
export function losesName(inode: u32, now: u8): bool {
  return !inodeAt(inode).named || (now & PENDING_UNLINKS) != 0;
}

/** Whether a descriptor is open on a file. */
function isInTable(inode: u32): bool {
  for (let fd: u32 = 0; fd < fds; fd++) {
    const entry = load<u8>(fdAt(fd));
    if (entry == 0 || entry == FD_RESERVED) continue;
    const file = fileAt(entry - 1);
    if (file.target == TARGET_INODE && file.id == inode) return true;
  }
  return false;
}

/** Any file or FIFO may lose its name, and goes if nothing holds it; one that gets another name may be written back. */
export function foreseeNames(code: u32, now: u8): void {
  const writes = code == SYS_RENAME && renameFlushes();
  declareWrite(OBJECT_FDS, 0);
  if (makesFifos) for (let p: u32 = 0; p < pipesMax; p++) declareWrite(OBJECT_PIPE, p);
  for (let i: u32 = 0; i < inodesMax; i++) {
    declareWrite(OBJECT_INODE, i);
    const stays = isInTable(i) && !(now & PENDING_CLOSES);
    if (stays) declareRead(OBJECT_RWSEM, i);
    else declareWrite(OBJECT_RWSEM, i);
    if (!stays || writes) foreseeDetached(i);
  }
}
