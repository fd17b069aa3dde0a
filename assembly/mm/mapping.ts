// Mappings of files and their page table entries. Mirrors: mm/mmap.c, mm/memory.c, mm/rmap.c.
//
// Interface: makesMapping, mappingOfCall, originOf, setPte, zap, zapFile, anyMapped, unmapFolio, moveMappers, protectFolio, shareFolio, sendFolio,
// ptesOfFrame, ptesOfFolio.
// Laws: an entry holds one reference on its folio; an entry without PTE_ANON points at what the page cache holds
// for its page (P3). So who takes a folio out of the cache, or puts another in its place, comes here first.
// Not modelled: fault-around (D-4), which changes no outcome; dirty and accessed bits; TLBs.

import { SYS_FORK, SYS_MMAP } from "../abi/syscalls";
import { countsFrags, markProtects } from "../config";
import {
  Mapping,
  PTE_ANON,
  PTE_FRAME,
  PTE_WRITE,
  mappingsMax,
  pteAt,
  rawMapping,
  rawPteAt,
} from "./page-table";
import { callCode, operandValue } from "../program";
import { folioPages, getFolio, headOf, outsideGet, putFolio, slotGet } from "./folio";
import { dirtyWhole } from "./page-cache";
import { REPLACE_KEEPS_MAPPERS } from "../mutants";

/** Whether a call with the code makes a mapping. */
export function makesMapping(code: u32): bool {
  return code == SYS_MMAP || code == SYS_FORK;
}

/** The mapping that a call makes: they are counted in the order of the calls. */
export function mappingOfCall(call: u32): u32 {
  let mapping: u32 = 0;
  for (let c: u32 = 0; c < call; c++) if (makesMapping(callCode(c))) mapping++;
  return mapping;
}

/** The mapping of which a mapping is a copy; itself if it is none. */
export function originOf(mapping: u32): u32 {
  let call: u32 = 0;
  while (!makesMapping(callCode(call)) || mappingOfCall(call) != mapping) call++;
  return callCode(call) == SYS_FORK ? mappingOfCall(<u32>operandValue(call, 0)) : mapping;
}

/** Puts an entry in the place of another. The new one's reference is taken by the caller. */
export function setPte(mapping: u32, page: u32, pte: u32): void {
  const at = pteAt(mapping, page);
  const old: u32 = load<u16>(at);
  store<u16>(at, <u16>pte);
  if (old) putFolio(headOf(old & PTE_FRAME), 1, true);
}

/** Removes the entries of the pages [from, to) of a mapping. Mirrors: zap_page_range_single(). */
export function zap(mapping: u32, from: u32, to: u32): void {
  for (let page = from; page < to; page++)
    if (load<u16>(pteAt(mapping, page))) setPte(mapping, page, 0);
}

/** Whether an entry belongs to [from, to) of a file; `copies`: private copies count too. */
function isOf(map: Mapping, mapping: u32, page: u32, from: u32, to: u32, copies: bool): bool {
  const pte = load<u16>(rawPteAt(mapping, page));
  const at: u32 = map.index + page;
  return pte != 0 && at >= from && at < to && (copies || (pte & PTE_ANON) == 0);
}

/** Whether a mapping has entries for the pages [from, to) of an inode. */
export function anyMapped(inode: u32, from: u32, to: u32, copies: bool): bool {
  for (let m: u32 = 0; m < mappingsMax; m++) {
    const map = rawMapping(m);
    if (map.file == 0 || map.inode != inode) continue;
    for (let page: u32 = 0; page < <u32>map.pages; page++)
      if (isOf(map, m, page, from, to, copies)) return true;
  }
  return false;
}

/** Removes them; what was mapped to be written is dirty. Mirrors: mm/memory.c:unmap_mapping_range(), zap_present_folio_ptes(). */
export function zapFile(inode: u32, from: u32, to: u32, copies: bool): void {
  for (let m: u32 = 0; m < mappingsMax; m++) {
    const map = rawMapping(m);
    if (map.file == 0 || map.inode != inode) continue;
    for (let page: u32 = 0; page < <u32>map.pages; page++) {
      if (!isOf(map, m, page, from, to, copies)) continue;
      const pte = load<u16>(rawPteAt(m, page));
      if (writes(pte)) dirtyWhole(headOf(pte & PTE_FRAME));
      setPte(m, page, 0);
    }
  }
}
/** Whether an entry lets a page of the cache be written. */
function writes(pte: u16): bool {
  return (pte & PTE_WRITE) != 0 && (pte & PTE_ANON) == 0;
}

/** Removes what maps a folio; whether one of the entries let it be written. Mirrors: unmap_mapping_folio(). */
export function unmapFolio(head: u32): bool {
  let written = false;
  for (let m: u32 = 0; m < mappingsMax; m++)
    for (let page: u32 = 0; page < <u32>rawMapping(m).pages; page++) {
      if (!mapsFolio(m, page, head)) continue;
      if (writes(load<u16>(rawPteAt(m, page)))) written = true;
      setPte(m, page, 0);
    }
  return written;
}

function mapsFolio(mapping: u32, page: u32, head: u32): bool {
  const pte: u32 = load<u16>(rawPteAt(mapping, page));
  const frame = pte & PTE_FRAME;
  return frame >= head && frame < head + folioPages(head) && (pte & PTE_ANON) == 0;
}

/** A copy takes a folio's place: whoever maps the folio maps the copy, with the same rights. */
export function moveMappers(head: u32, copy: u32): void {
  if (MUTANT == REPLACE_KEEPS_MAPPERS) return;
  for (let m: u32 = 0; m < mappingsMax; m++)
    for (let page: u32 = 0; page < <u32>rawMapping(m).pages; page++) {
      if (!mapsFolio(m, page, head)) continue;
      const pte: u32 = load<u16>(pteAt(m, page));
      getFolio(copy);
      setPte(m, page, pte - head + copy);
    }
}

/** Takes the right to write from every entry of a folio. Mirrors: mm/rmap.c:folio_mkclean(). */
export function protectFolio(head: u32): void {
  for (let m: u32 = 0; m < mappingsMax; m++)
    for (let page: u32 = 0; page < <u32>rawMapping(m).pages; page++)
      if (mapsFolio(m, page, head))
        store<u16>(pteAt(m, page), load<u16>(pteAt(m, page)) & ~PTE_WRITE);
}

/** A splice's reference to a folio of the cache: where it counts, marked, and protected if the policy says so. */
export function shareFolio(head: u32): void {
  slotGet(head);
  if (markProtects() && !countsFrags()) protectFolio(head);
}
/** The same for a frag's, whose slot may have done so already. */
export function sendFolio(head: u32): void {
  outsideGet(head);
  if (markProtects() && countsFrags()) protectFolio(head);
}

/** Entries that map one frame. */
export function ptesOfFrame(frame: u32): u32 {
  let count: u32 = 0;
  for (let m: u32 = 0; m < mappingsMax; m++)
    for (let page: u32 = 0; page < <u32>rawMapping(m).pages; page++)
      if ((load<u16>(rawPteAt(m, page)) & PTE_FRAME) == frame) count++;
  return count;
}

/** Entries that map a folio: its mapcount. */
export function ptesOfFolio(head: u32): u32 {
  let count: u32 = 0;
  if (mappingsMax == 0) return 0;
  for (let i: u32 = 0; i < folioPages(head); i++) count += ptesOfFrame(head + i);
  return count;
}
