// The page cache of each file: which folio holds which page.
//
// Interface: FileShape, EntryShape, pageCacheScene, rangeText.

import type { InodeView } from "../../trace/world.js";
import type { Box, Row } from "./layout.js";
import { threadName, type SceneInput } from "./moment.js";
import { PAGE_BYTES } from "./writers.js";

/** A file's heading. */
export interface FileShape {
  readonly key: string;
  readonly inode: number;
  readonly box: Box;
  readonly name: string;
  /** "8192 bytes". */
  readonly size: string;
  /** The thread that holds i_rwsem. */
  readonly lock: string;
  readonly pages: readonly EntryShape[];
}

/** A row: one page of a file, or several that are always in one folio, or always in none. */
export interface EntryShape {
  readonly key: string;
  readonly box: Box;
  /** "page 0", "pages 4–7". */
  readonly title: string;
  /** The frame cached for its first page, 0 for none. */
  readonly frame: number;
  readonly text: string;
  readonly label: string;
}

/** The files and their pages. */
export function pageCacheScene({ program, world, layout }: SceneInput): FileShape[] {
  return world.inodes.flatMap((inode) => {
    const box = layout.files.get(inode.inode);
    if (box === undefined) return [];
    const name = inode.name ?? `inode ${inode.inode}`;
    const size = `${inode.sizeBytes} bytes`;
    const pages = (layout.entries.get(inode.inode) ?? []).map((row) => entry(inode, name, row));
    const lock = inode.lockedBy === undefined ? "" : threadName(program, inode.lockedBy);
    return [{ key: `file ${inode.inode}`, inode: inode.inode, box, name, size, lock, pages }];
  });
}

function entry({ inode, pages, sizeBytes }: InodeView, name: string, row: Row): EntryShape {
  const frame = pages[row.from] ?? 0;
  const inside = row.from * PAGE_BYTES < sizeBytes;
  const last = frame + row.to - row.from - 1;
  const cached = last === frame ? `frame ${frame}` : `frames ${frame}–${last}`;
  const text = frame > 0 ? cached : inside ? "not cached" : "past the end";
  const title = rangeText(row);
  const label = `${title} of ${name}: ${text}`;
  return { key: `cache ${inode}:${row.from}`, box: row.box, title, frame, text, label };
}

/** "page 0", "pages 4–7". */
export const rangeText = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  to === from + 1 ? `page ${from}` : `pages ${from}–${to - 1}`;
