// References as lines: from the page cache, page tables, slots and frags to the folios.
//
// Interface: ReferenceShape, referenceScene.

import { ENTRY_HEIGHT, slotRow, STRIP_HEIGHT, STRIP_TOP, type Box } from "./layout.js";
import type { SceneInput } from "./moment.js";
import { folioOf } from "./writers.js";

/** Who points. */
export type ReferenceKind = "cache" | "mapping" | "slot" | "frag";

/** A line that ends at a folio. The key is that of its holder, so that it is the same line for ever. */
export interface ReferenceShape {
  readonly key: string;
  readonly kind: ReferenceKind;
  /** The card or row that it starts at. */
  readonly from: string;
  readonly frame: number;
  /** An SVG path. */
  readonly path: string;
  readonly end: { readonly x: number; readonly y: number };
}

/** All lines of the moment. */
export function referenceScene(input: SceneInput): ReferenceShape[] {
  const { world, layout } = input;
  return holdersOf(input).flatMap(({ key, kind, from, box, frame }) => {
    const folio = folioOf(world, frame);
    const to = folio && layout.folios.get(folio.frame);
    if (box === undefined || folio === undefined || to === undefined) return [];
    return [{ key, kind, from, frame: folio.frame, ...lineBetween(kind, box, to) }];
  });
}

interface Pointer {
  readonly key: string;
  readonly kind: ReferenceKind;
  readonly from: string;
  readonly box: Box | undefined;
  readonly frame: number;
}

function holdersOf(input: SceneInput): Pointer[] {
  return [...fromLeft(input), ...fromPipes(input), ...fromSockets(input)];
}

function fromLeft({ world, layout }: SceneInput): Pointer[] {
  const cached = world.inodes.flatMap(({ inode, pages }) =>
    (layout.entries.get(inode) ?? []).map(({ from: page, box }) => {
      const key = `cache ${inode}:${page}`;
      return { key, kind: "cache" as const, from: key, box, frame: pages[page] ?? 0 };
    }),
  );
  const mapped = world.mappings.flatMap(({ call, mapped: entries }) =>
    (layout.tables.get(call) ?? []).map(({ from: page, box }) => {
      const key = `pte ${call}:${page}`;
      const frame = entries.find((entry) => entry.page === page)?.frame ?? 0;
      return { key, kind: "mapping" as const, from: key, box, frame };
    }),
  );
  return [...cached, ...mapped];
}

function fromPipes({ world, layout }: SceneInput): Pointer[] {
  return world.pipes.flatMap(({ pipe, slots }) =>
    slots.map(({ counter, frame }) => {
      const row = `${pipe}:${slotRow(counter, layout.rows.pipes.get(pipe) ?? 1)}`;
      const key = `slot ${pipe}:${counter}`;
      return { key, kind: "slot" as const, from: `slot ${row}`, box: layout.slots.get(row), frame };
    }),
  );
}

function fromSockets({ world, layout, provenance }: SceneInput): Pointer[] {
  return world.sockets.flatMap(({ socket, frags }) => {
    const first = provenance.droppedFrom(socket);
    return frags.map(({ frame }, nth) => {
      const row = `${socket}:${slotRow(first + nth, layout.rows.sockets.get(socket) ?? 1)}`;
      const key = `frag ${socket}:${first + nth}`;
      return { key, kind: "frag" as const, from: `frag ${row}`, box: layout.frags.get(row), frame };
    });
  });
}

const STRIP_MIDDLE = STRIP_TOP + STRIP_HEIGHT / 2;
/** Where lines meet cards, from their top: the middle of a page's row, the middle of a strip. */
const ANCHOR: Readonly<Record<ReferenceKind, number>> = {
  cache: ENTRY_HEIGHT / 2,
  mapping: ENTRY_HEIGHT / 2,
  slot: STRIP_MIDDLE,
  frag: STRIP_MIDDLE,
};

/** A level start and a level end, lines of the cache and of page tables from the left, others from the right. */
function lineBetween(kind: ReferenceKind, from: Box, to: Box) {
  const isLeft = kind === "cache" || kind === "mapping";
  const fromX = isLeft ? from.x + from.width : from.x;
  const end = { x: isLeft ? to.x : to.x + to.width, y: to.y + ANCHOR[kind] };
  const fromY = from.y + ANCHOR[kind];
  const bend = (fromX + end.x) / 2;
  const path = `M ${fromX} ${fromY} C ${bend} ${fromY} ${bend} ${end.y} ${end.x} ${end.y}`;
  return { path, end };
}
