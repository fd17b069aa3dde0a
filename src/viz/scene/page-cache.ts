// The page cache of each file: which folio holds which page.
//
// Interface: FileShape, EntryShape, pageCacheScene.

import type { InodeView } from "../../trace/world.js";
import type { Box } from "./layout.js";
import { threadName, type SceneInput } from "./moment.js";

/** A file's heading. */
export interface FileShape {
  readonly inode: number;
  readonly box: Box;
  readonly name: string;
  /** "8192 bytes". */
  readonly size: string;
  /** The thread that holds i_rwsem. */
  readonly lock: string;
  readonly pages: readonly EntryShape[];
}

/** One page of a file. */
export interface EntryShape {
  readonly key: string;
  readonly box: Box;
  readonly index: number;
  /** The frame cached for it, 0 for none. */
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
    const pages = entries(inode, name, layout.entries);
    const lock = inode.lockedBy === undefined ? "" : threadName(program, inode.lockedBy);
    return [{ inode: inode.inode, box, name, size, lock, pages }];
  });
}

function entries(inode: InodeView, name: string, places: ReadonlyMap<string, Box>): EntryShape[] {
  const shapes: EntryShape[] = [];
  for (let index = 0; places.has(`${inode.inode}:${index}`); index++) {
    const key = `${inode.inode}:${index}`;
    const frame = inode.pages[index] ?? 0;
    const inside = index * 4096 < inode.sizeBytes;
    const text = frame > 0 ? `frame ${frame}` : inside ? "not cached" : "past the end";
    const label = `page ${index} of ${name}: ${text}`;
    shapes.push({ key, box: places.get(key)!, index, frame, text, label });
  }
  return shapes;
}
