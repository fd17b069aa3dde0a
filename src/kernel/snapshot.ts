// Snapshots as the executor sends them: records of native/whitebox.h.
//
// Interface: decodeSnapshot. Throws RangeError if the bytes are no records.

import type {
  FileSeen,
  FolioSeen,
  PageSeen,
  PipeSeen,
  SlotSeen,
  Snapshot,
} from "../trace/snapshot.js";

const RECORD_BYTES = 64;
const [PIPE, SLOT, FILE, PAGE] = [1, 2, 3, 4];
const KINDS = ["other", "anon", "pagecache", "default", "zero", "user", "skb"] as const;
const [LOCKED, UPTODATE, DIRTY, LRU, PRIVATE, WRITEBACK] = [1, 2, 4, 8, 16, 32];

/** Decodes one snapshot. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const pipes: (PipeSeen & { slots: SlotSeen[] })[] = [];
  const files: (FileSeen & { pages: PageSeen[] })[] = [];
  if (bytes.length % RECORD_BYTES !== 0) throw new RangeError("a snapshot ends in a record");
  for (let at = 0; at < bytes.length; at += RECORD_BYTES) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_BYTES);
    const what = view.getUint32(0, true);
    if (what === PIPE) pipes.push({ ...decodePipe(view), slots: [] });
    else if (what === FILE) files.push({ ...decodeFile(view), pages: [] });
    else if (what === SLOT) last(pipes).slots.push(decodeSlot(view));
    else if (what === PAGE) last(files).pages.push(decodePage(view));
    else throw new RangeError("a snapshot has a record of an unknown kind");
  }
  return { pipes, files };
}

function last<T>(all: readonly T[]): T {
  const found = all.at(-1);
  if (found === undefined) throw new RangeError("a snapshot begins in the middle");
  return found;
}

const u32 = (view: DataView, nth: number): number => view.getUint32(16 + 4 * nth, true);
const u64 = (view: DataView, byte: number): number => Number(view.getBigUint64(byte, true));

const decodeHead = (view: DataView): { fd: number; id: bigint } => ({
  fd: view.getUint32(4, true),
  id: view.getBigUint64(8, true),
});

const decodePipe = (view: DataView): Omit<PipeSeen, "slots"> => ({
  ...decodeHead(view),
  head: u32(view, 0),
  tail: u32(view, 1),
  maxUsage: u32(view, 2),
  readers: u32(view, 4),
  writers: u32(view, 5),
});

const decodeFile = (view: DataView): Omit<FileSeen, "pages"> => ({
  ...decodeHead(view),
  sizeBytes: u64(view, 16),
});

const decodeSlot = (view: DataView): SlotSeen => ({
  counter: u32(view, 0),
  offset: u32(view, 1),
  lenBytes: u32(view, 2),
  flags: u32(view, 3),
  kind: KINDS[u32(view, 4)] ?? "other",
  page: u32(view, 5),
  folio: decodeFolio(view),
});

const decodePage = (view: DataView): PageSeen => ({
  index: u32(view, 0),
  page: u32(view, 5),
  folio: decodeFolio(view),
});

function decodeFolio(view: DataView): FolioSeen {
  const state = u32(view, 9);
  const has = (flag: number | undefined): boolean => (state & flag!) !== 0;
  return {
    id: decodeHead(view).id,
    order: u32(view, 6),
    refs: view.getInt32(16 + 4 * 7, true),
    mapped: view.getInt32(16 + 4 * 8, true),
    locked: has(LOCKED),
    uptodate: has(UPTODATE),
    dirty: has(DIRTY),
    lru: has(LRU),
    hasPrivate: has(PRIVATE),
    writeback: has(WRITEBACK),
    index: u64(view, 56),
  };
}
