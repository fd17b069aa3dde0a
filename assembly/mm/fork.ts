// fork: the copy of a mapping in a child process. Mirrors: mm/mmap.c:dup_mmap(), mm/memory.c:copy_page_range().
//
// Interface: forkMapping.
// Private memory is shared from then on, and protected in both: who stores copies the page, unless nobody else holds it any more
// (mm/fault.ts). What a fault would find in a file again is not copied, so a mapping without private copies begins empty.
// Not modelled: what else a child has: descriptors, other mappings, a life of its own; pages that are copied at once, since only
// a pin (FOLL_PIN) asks for it, and no slot is one.

import { fileAt } from "../layout";
import { FORK_LEAVES_WRITABLE } from "../mutants";
import { getFolio, headOf } from "./folio";
import {
  MAPPING_ANON,
  MAPPING_COPIED,
  MAPPING_SHARED,
  Mapping,
  PTE_FRAME,
  PTE_WRITE,
  mappingAt,
  pteAt,
} from "./page-table";

/** Makes the mapping `to` a copy of the mapping `from`. */
export function forkMapping(from: u32, to: u32): void {
  const map = mappingAt(from);
  memory.copy(changetype<usize>(mappingAt(to)), changetype<usize>(map), offsetof<Mapping>());
  if (map.file) fileAt(<u32>map.file - 1).refs++;
  if (copiesEntries(map))
    for (let page: u32 = map.gone; page < <u32>map.pages; page++) copyEntry(from, to, page);
}

/** Whether a fork copies the entries. Mirrors: mm/memory.c:vma_needs_copy(). */
export function copiesEntries(map: Mapping): bool {
  return (map.flags & (MAPPING_ANON | MAPPING_COPIED)) != 0;
}

/** Mirrors: mm/memory.c:copy_present_ptes(). */
function copyEntry(from: u32, to: u32, page: u32): void {
  const shared = (mappingAt(from).flags & MAPPING_SHARED) != 0;
  let pte: u32 = load<u16>(pteAt(from, page));
  if (pte == 0) return;
  if (!shared) pte &= ~(<u32>PTE_WRITE);
  getFolio(headOf(pte & PTE_FRAME));
  if (MUTANT != FORK_LEAVES_WRITABLE) store<u16>(pteAt(from, page), <u16>pte);
  store<u16>(pteAt(to, page), <u16>pte);
}
