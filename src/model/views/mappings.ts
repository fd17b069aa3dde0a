// The mappings of the present moment and what their page table entries point at.
//
// Interface: readMappings.

import { makesMapping } from "../../language/syscalls.js";
import type { MappedPage, MappingView } from "../../trace/world.js";
import type { Face, Memory } from "./face.js";

// Bits of assembly/mm/page-table.ts.
const PTE_FRAME = 0x3fff;
const PTE_ANON = 0x4000;
const PTE_WRITE = 0x8000;
const MAPPING_SHARED = 1;
const MAPPING_ANON = 8;

/** The mappings that are there, in the order of the calls that made them. */
export function readMappings(face: Face, memory: Memory): MappingView[] {
  const { core, calls } = face;
  const makers = calls.filter(({ syscall }) => makesMapping(syscall));
  return makers.flatMap(({ id }, mapping) => {
    const at = core.mappingAddress(mapping);
    if (memory.u16(at, core.MAPPING_PAGES) === 0) return [];
    const flags = memory.u8(at, core.MAPPING_FLAGS);
    const shared = (flags & MAPPING_SHARED) !== 0;
    const mapped = pagesOf(face, memory, mapping, at);
    if ((flags & MAPPING_ANON) !== 0) return [{ call: id, shared, mapped }];
    return [{ call: id, inode: memory.u8(at, core.MAPPING_INODE), shared, mapped }];
  });
}

function pagesOf({ core }: Face, memory: Memory, mapping: number, at: number): MappedPage[] {
  const pages = memory.u16(at, core.MAPPING_PAGES);
  return Array.from({ length: pages }, (_, page) => page).flatMap((page) => {
    const pte = memory.u16(core.pteAddress(mapping, page));
    if (pte === 0) return [];
    const writable = (pte & PTE_WRITE) !== 0;
    return [{ page, frame: pte & PTE_FRAME, writable, isCopy: (pte & PTE_ANON) !== 0 }];
  });
}
