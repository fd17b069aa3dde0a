// References as lines: from the page cache and from the slots to the folios.
//
// Interface: ReferenceShape, referenceScene.

import { ENTRY_HEIGHT, slotRow, STRIP_HEIGHT, STRIP_TOP, type Box } from "./layout.js";
import type { SceneInput } from "./moment.js";
import { folioOf } from "./provenance.js";

/** A line that ends at a folio. The key is that of its holder, so that it is the same line for ever. */
export interface ReferenceShape {
  readonly key: string;
  readonly kind: "cache" | "slot";
  readonly frame: number;
  /** An SVG path. */
  readonly path: string;
  readonly end: { readonly x: number; readonly y: number };
}

/** All lines of the moment. */
export function referenceScene({ world, layout }: SceneInput): ReferenceShape[] {
  const shapes: ReferenceShape[] = [];
  const add = (key: string, kind: ReferenceShape["kind"], from?: Box, frame = 0): void => {
    const folio = folioOf(world, frame);
    const to = folio && layout.folios.get(folio.frame);
    if (from === undefined || folio === undefined || to === undefined) return;
    shapes.push({ key, kind, frame: folio.frame, ...lineBetween(kind, from, to) });
  };
  for (const inode of world.inodes)
    for (const [index, frame] of inode.pages.entries()) {
      const key = `${inode.inode}:${index}`;
      add(`cache ${key}`, "cache", layout.entries.get(key), frame);
    }
  for (const pipe of world.pipes) {
    for (const slot of pipe.slots) {
      const key = `${pipe.pipe}:${slotRow(slot.counter, pipe.maxUsage)}`;
      add(`slot ${pipe.pipe}:${slot.counter}`, "slot", layout.slots.get(key), slot.frame);
    }
  }
  return shapes;
}

/** Where lines meet cards, from their top: the middle of a page's row, the middle of a strip. */
const ANCHOR = { cache: ENTRY_HEIGHT / 2, slot: STRIP_TOP + STRIP_HEIGHT / 2 };

/** A level start and a level end, the cache's lines from the left, the slots' from the right. */
function lineBetween(kind: ReferenceShape["kind"], from: Box, to: Box) {
  const fromX = kind === "cache" ? from.x + from.width : from.x;
  const end = { x: kind === "cache" ? to.x : to.x + to.width, y: to.y + ANCHOR[kind] };
  const fromY = from.y + ANCHOR[kind];
  const bend = (fromX + end.x) / 2;
  const path = `M ${fromX} ${fromY} C ${bend} ${fromY} ${bend} ${end.y} ${end.x} ${end.y}`;
  return { path, end };
}
