// Mappings and page tables as a part of the state: what lies where.
//
// Interface: Mapping, PTE_*; mappingsBytes and placeMappings, which layOut calls; mappingAt, pteAt and their raw forms.
// Law: what is free is zero.
// Not modelled: levels of tables.

import { touch, OBJECT_MAPPING } from "../touch";

/** A mapping of a file, or of none; zero while there is none. Mirrors: struct vm_area_struct. 10 bytes. */
@unmanaged
export class Mapping {
  /** Open file description + 1 that it holds, 0 with MAPPING_ANON. */
  file: u8;
  /** MAPPING_*. */
  flags: u8;
  /** Calls between the steps of a fault: munmap waits for them (the VMA lock). */
  faults: u8;
  /** The inode behind the description. */
  inode: u8;
  /** First page in the file. */
  index: u16;
  /** Pages, of which the first `gone` are unmapped again. */
  pages: u16;
  gone: u16;
}
export const MAPPING_SHARED: u8 = 1;
export const MAPPING_READ: u8 = 2;
/** Memory of no file: an entry's frame is the mapping's own, an empty one reads as zeros. */
export const MAPPING_ANON: u8 = 8;
export const MAPPING_WRITE: u8 = 4;
/** It has, or had, a private copy of a page. Mirrors: vm_area_struct.anon_vma. */
export const MAPPING_COPIED: u8 = 16;

/** A page table entry is a frame and these bits; 0 is not present. */
export const PTE_FRAME: u16 = 0x3fff;
/** The frame is no file's: a private copy, or anonymous memory. */
export const PTE_ANON: u16 = 0x4000;
export const PTE_WRITE: u16 = 0x8000;

/** Shared, made when its file was sealed against writing: never to be written. Mirrors: VM_SHARED without VM_MAYWRITE. */
export const MAPPING_SEALED: u8 = 32;

export let mappingsMax: u32 = 0;
/** Pages of the longest mapping. */
export let mappedMax: u32 = 0;
let base: usize = 0;
let ptes: usize = 0;

/** Bytes of `mappings` mappings of at most `mapped` pages, with their entries. */
export function mappingsBytes(mappings: u32, mapped: u32): u32 {
  if (offsetof<Mapping>() != 10) ERROR("Mapping must stay 10 bytes");
  return mappings * (<u32>offsetof<Mapping>() + mapped * 2);
}

/** Lays them out from `at` on. */
export function placeMappings(at: usize, mappings: u32, mapped: u32): void {
  mappingsMax = mappings;
  mappedMax = mapped;
  base = at;
  ptes = at + mappings * offsetof<Mapping>();
}

export function mappingAt(mapping: u32): Mapping {
  touch(OBJECT_MAPPING, OBJECT_MAPPING, mapping);
  return rawMapping(mapping);
}
/** A mapping without declaring it: for who looks for those of an inode or a folio. */
export function rawMapping(mapping: u32): Mapping {
  return changetype<Mapping>(base + mapping * offsetof<Mapping>());
}
/** Address of the entry of a page of a mapping: two bytes. */
export function pteAt(mapping: u32, page: u32): usize {
  touch(OBJECT_MAPPING, OBJECT_MAPPING, mapping);
  return rawPteAt(mapping, page);
}
export function rawPteAt(mapping: u32, page: u32): usize {
  return ptes + ((<usize>mapping * mappedMax + page) << 1);
}
