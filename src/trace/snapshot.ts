// What a kernel's own structures held at one moment: pipes, files and folios as they were read from it.
//
// Interface: Snapshot and its parts. src/kernel/snapshot.ts makes it; compare it with a World: src/compare/whitebox.ts.
// Identities are opaque numbers: equal ones are the same thing, within one snapshot.

import type { SlotKind, World } from "./world.js";

/** A folio of the kernel. */
export interface FolioSeen {
  readonly id: bigint;
  readonly order: number;
  /** `_refcount`. */
  readonly refs: number;
  /** Page table entries that map it. */
  readonly mapped: number;
  readonly locked: boolean;
  readonly uptodate: boolean;
  readonly dirty: boolean;
  /** It is on a list of least recently used ones; a young one may still wait in a batch that holds a reference. */
  readonly lru: boolean;
  readonly hasPrivate: boolean;
  readonly writeback: boolean;
  /** Where it begins in its file, in pages; without meaning for others. */
  readonly index: number;
}

/** A used slot of a ring. */
export interface SlotSeen {
  readonly counter: number;
  readonly offset: number;
  readonly lenBytes: number;
  readonly flags: number;
  /** "skb": out of a socket; "other": of operations that no modelled call gives. */
  readonly kind: SlotKind | "other";
  /** The page's number in its folio. */
  readonly page: number;
  readonly folio: FolioSeen;
}

/** A pipe, seen through one descriptor. */
export interface PipeSeen {
  readonly fd: number;
  readonly id: bigint;
  readonly head: number;
  readonly tail: number;
  readonly maxUsage: number;
  readonly readers: number;
  readonly writers: number;
  readonly slots: readonly SlotSeen[];
}

/** A cached page. */
export interface PageSeen {
  readonly index: number;
  /** Its number in its folio. */
  readonly page: number;
  readonly folio: FolioSeen;
}

/** A regular file, seen through one descriptor. */
export interface FileSeen {
  readonly fd: number;
  readonly id: bigint;
  readonly sizeBytes: number;
  /** Those among the first PAGES_SEEN_MAX that are cached. */
  readonly pages: readonly PageSeen[];
}

/** Pages of a file that are looked at. */
export const PAGES_SEEN_MAX = 256;

/** One moment, by descriptors in their order. */
export interface Snapshot {
  readonly pipes: readonly PipeSeen[];
  readonly files: readonly FileSeen[];
}

/** A page of a file, by the number of its inode, that came into the cache or left it. */
export interface CacheChoice {
  readonly inode: number;
  readonly page: number;
  readonly comes: boolean;
}

/** What the kernel has done to the cache of its own accord by a moment, where the model has this world. */
export type CacheChoices = (moment: number, world: World) => readonly CacheChoice[];
