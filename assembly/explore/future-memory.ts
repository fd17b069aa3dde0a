// What calls on memory may still do, and what others may do to who maps a file.
//
// Interface: isMemory, foreseeMemory (mmap, munmap, madvise, msync, fork, load, store), foreseeVmsplice, foreseeMappings.
// A mapping's file is known once its mmap has returned; until then nobody knows what an access will touch.
// Not modelled: which pages an access is at; which mappings are of which file.

import {
  SYS_FORK,
  SYS_LOAD,
  SYS_MADVISE,
  SYS_MMAP,
  SYS_MSYNC,
  SYS_MUNMAP,
  SYS_READ,
  SYS_STORE,
  SYS_VMSPLICE,
} from "../abi/syscalls";
import { TARGET_SOCKET, fileAt, pageObject, pagesMax } from "../layout";
import { makerOf } from "../mm/fault";
import { mappingOfCall, originOf } from "../mm/mapping";
import { MAPPING_ANON, mappingsMax, rawMapping } from "../mm/page-table";
import { callCode } from "../program";
import { taskOfCall } from "../sched/declare-enter";
import {
  MODE_WRITE,
  OBJECT_FILE,
  OBJECT_FRAME,
  OBJECT_INODE,
  OBJECT_LOCK,
  OBJECT_MAPPING,
  OBJECT_PAGE,
  OBJECT_RWSEM,
  OBJECT_TASK,
  declareAdd,
  declareRead,
  declareWrite,
} from "../touch";
import { foreseeSocket } from "../net/declare";
import { peerOf } from "../net/socket";
import { canWrite, isPipe, isSocket } from "../sched/call";
import { addFlow } from "./flows";
import { foreseeRelease, isSafe } from "./future-calls";
import { foreseeSync } from "./future-inode";
import {
  entryOf,
  hearEverything,
  hearFrames,
  heldBy,
  mappedBy,
  queueOf,
  ringOf,
} from "./footprint";
import { foreseeRing } from "./future-rows";

/** mmap, munmap and what is done to memory. */
export function isMemory(code: u32): bool {
  return (
    code == SYS_MADVISE ||
    code == SYS_MMAP ||
    code == SYS_FORK ||
    code == SYS_MSYNC ||
    code == SYS_MUNMAP ||
    code == SYS_LOAD ||
    code == SYS_STORE
  );
}

/** Who maps folios may lose rights, entries, or get others. */
export function foreseeMappings(): void {
  for (let m: u32 = 0; m < mappingsMax; m++) foreseeMapping(m);
}
function foreseeMapping(mapping: u32): void {
  declareWrite(OBJECT_MAPPING, mapping);
  for (let kind = OBJECT_FRAME; kind <= OBJECT_LOCK; kind++)
    hearFrames(kind, mappedBy(mapping), MODE_WRITE);
}

/** A call on memory, from its beginning or from where it stands; the descriptor of mmap is its caller's to foresee. */
export function foreseeMemory(task: u32, call: u32, now: u8): void {
  const code = callCode(call);
  if (code == SYS_MMAP) return declareWrite(OBJECT_MAPPING, mappingOfCall(call));
  const maker = makerOf(call);
  declareRead(OBJECT_TASK, taskOfCall(maker));
  const mapping = mappingOfCall(maker);
  const map = rawMapping(mapping);
  if (map.pages == 0) return hearEverything();
  if (code == SYS_MSYNC) return foreseeMsync(mapping, now);
  if (code == SYS_FORK) return foreseeFork(mapping, mappingOfCall(call));
  if (map.flags & MAPPING_ANON) return foreseeCopies(mapping);
  foreseeMappings();
  if (code == SYS_MUNMAP || code == SYS_MADVISE) {
    const file: u32 = <u32>map.file - 1;
    declareWrite(OBJECT_FILE, file);
    if (code == SYS_MUNMAP && !isSafe(file, now)) foreseeRelease(file, now);
    return;
  }
  const inode: u32 = map.inode;
  declareRead(OBJECT_INODE, inode);
  declareRead(OBJECT_RWSEM, inode);
  for (let kind = OBJECT_FRAME; kind <= OBJECT_LOCK; kind++)
    hearFrames(kind, heldBy(task), MODE_WRITE);
  for (let page: u32 = 0; page < pagesMax; page++) {
    declareWrite(OBJECT_PAGE, pageObject(inode, page));
    for (let kind = OBJECT_FRAME; kind <= OBJECT_LOCK; kind++)
      hearFrames(kind, entryOf(pageObject(inode, page)), MODE_WRITE);
  }
}

/** The copy comes to have what the mapping has. */
function foreseeFork(mapping: u32, copy: u32): void {
  const map = rawMapping(mapping);
  if (map.file) declareAdd(OBJECT_FILE, <u32>map.file - 1);
  foreseeMapping(mapping);
  foreseeMapping(copy);
  addFlow(mappedBy(mapping), mappedBy(copy));
}

/** Shared memory of no file has the same pages in all processes. */
function foreseeCopies(mapping: u32): void {
  for (let m: u32 = 0; m < mappingsMax; m++)
    if (originOf(m) == originOf(mapping)) foreseeMapping(m);
}

function foreseeMsync(mapping: u32, now: u8): void {
  const map = rawMapping(mapping);
  declareRead(OBJECT_MAPPING, mapping);
  if (map.file == 0) return;
  const file: u32 = <u32>map.file - 1;
  if (isSafe(file, now)) declareAdd(OBJECT_FILE, file);
  else foreseeRelease(file, now);
  foreseeSync(map.inode);
}

/** A vmsplice: into a pipe, where the pages of the mapping may come into the ring, or out of it. */
export function foreseeVmsplice(task: u32, call: u32, file: u32, now: u8): void {
  foreseeMemory(task, call, now);
  const it = fileAt(file);
  if (!isPipe(it)) return;
  if (!canWrite(it)) return foreseeRing(it.id, SYS_READ);
  foreseeRing(it.id, SYS_VMSPLICE);
  addFlow(pagesFound(task, call), ringOf(it.id));
}
/** Where the pages are that a call on a mapping may find. */
function pagesFound(task: u32, call: u32): u64 {
  const mapping = mappingOfCall(makerOf(call));
  let from = mappedBy(mapping) | heldBy(task);
  for (let page: u32 = 0; page < pagesMax; page++)
    from |= entryOf(pageObject(rawMapping(mapping).inode, page));
  return from;
}

/** A sendmsg: pages of the mapping may come into a queue. */
export function foreseeSendmsg(task: u32, call: u32, file: u32, now: u8): void {
  foreseeMemory(task, call, now);
  const it = fileAt(file);
  if (!isSocket(it)) return;
  foreseeSocket(it, false);
  addFlow(pagesFound(task, call), queueOf(it.target == TARGET_SOCKET ? peerOf(it.id) : it.id));
}
