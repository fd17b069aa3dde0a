// What calls on memory may still do, and what others may do to who maps a file.
//
// Interface: isMemory, foreseeMemory (mmap, munmap, load, store), foreseeMappings.
// A mapping's file is known once its mmap has returned; until then nobody knows what an access will touch.
// Not modelled: which pages an access is at; which mappings are of which file.

import { SYS_LOAD, SYS_MMAP, SYS_MUNMAP, SYS_STORE } from "../abi/syscalls";
import { pageObject, pagesMax } from "../layout";
import { mappingOfCall } from "../mm/mapping";
import { mappingsMax, rawMapping } from "../mm/page-table";
import { callCode, operandValue } from "../program";
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
  declareRead,
  declareWrite,
} from "../touch";
import { entryOf, hearEverything, hearFrames, heldBy, mappedBy } from "./footprint";

/** mmap, munmap and what is done to memory. */
export function isMemory(code: u32): bool {
  return code == SYS_MMAP || code == SYS_MUNMAP || code == SYS_LOAD || code == SYS_STORE;
}

/** Who maps folios may lose rights, entries, or get others. */
export function foreseeMappings(): void {
  for (let m: u32 = 0; m < mappingsMax; m++) {
    declareWrite(OBJECT_MAPPING, m);
    for (let kind = OBJECT_FRAME; kind <= OBJECT_LOCK; kind++)
      hearFrames(kind, mappedBy(m), MODE_WRITE);
  }
}

/** A call on memory, from its beginning or from where it stands; the descriptor of mmap is its caller's to foresee. */
export function foreseeMemory(task: u32, call: u32): void {
  const code = callCode(call);
  if (code == SYS_MMAP) return declareWrite(OBJECT_MAPPING, mappingOfCall(call));
  const maker = <u32>operandValue(call, 0);
  declareRead(OBJECT_TASK, taskOfCall(maker));
  const mapping = mappingOfCall(maker);
  const map = rawMapping(mapping);
  if (map.file == 0) return hearEverything();
  foreseeMappings();
  if (code == SYS_MUNMAP) return declareWrite(OBJECT_FILE, <u32>map.file - 1);
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
