// The folios: physical pages with their content, their reference count and the flag.
//
// Interface: FolioShape, Holder, folioScene.

import type { FolioView } from "../../trace/world.js";
import { stripOf, type Strip } from "./content.js";
import type { Box } from "./layout.js";
import { plural, threadName, type SceneInput } from "./moment.js";
import { folioOf } from "./provenance.js";

/** Who holds one reference. `call`: a running call, for as long as it needs the folio. */
export type Holder = "cache" | "private" | "slot" | "mapping" | "call";

/** A folio's card. */
export interface FolioShape {
  readonly frame: number;
  readonly box: Box;
  readonly title: string;
  readonly refs: number;
  /** One entry per reference. */
  readonly holders: readonly Holder[];
  /** References from outside the page cache, where the policy counts them. */
  readonly outside: number;
  readonly detached: boolean;
  readonly strip: Strip;
  /** "dirty, private": private is the reference of the buffer heads. */
  readonly note: string;
  /** The thread that holds the folio lock. */
  readonly lock: string;
  readonly label: string;
}

/** All folios of the moment. */
export function folioScene(input: SceneInput): FolioShape[] {
  return input.world.folios.flatMap((folio) => {
    const box = input.layout.folios.get(folio.frame);
    return box === undefined ? [] : [folioShape(input, folio, box)];
  });
}

function folioShape(input: SceneInput, folio: FolioView, box: Box): FolioShape {
  const { program, provenance } = input;
  const { frame, refs, outside, cells } = folio;
  const writers = provenance.writers.get(frame) ?? [];
  const strip = stripOf(program, { cells, writers });
  const detached = folio.cachedAt === undefined;
  const notes = [folio.dirty ? "dirty" : "clean", ...(folio.hasPrivate ? ["private"] : [])];
  const note = detached ? "detached" : notes.join(", ");
  const lock = folio.lockedBy === undefined ? "" : threadName(program, folio.lockedBy);
  const last = frame + (1 << folio.order) - 1;
  const title = last === frame ? `frame ${frame}` : `frames ${frame}–${last}`;
  const marks = outside > 0 ? `, ${outside} from outside the page cache` : "";
  const label = `${title}: ${strip.text}; ${plural(refs, "reference")}${marks}`;
  const holders = holdersOf(input, folio);
  return { frame, box, title, refs, holders, outside, detached, strip, note, lock, label };
}

/** Names the holder of each reference; what nobody visible holds belongs to a running call. */
function holdersOf({ world }: SceneInput, folio: FolioView): Holder[] {
  const slots = world.pipes
    .flatMap((p) => p.slots)
    .filter((s) => s.frame > 0 && folioOf(world, s.frame) === folio).length;
  const mapped = world.mappings
    .flatMap((m) => m.mapped)
    .filter((m) => folioOf(world, m.frame) === folio).length;
  const known: Holder[] = [];
  if (folio.cachedAt !== undefined) known.push(...repeat<Holder>("cache", 1 << folio.order));
  if (folio.hasPrivate) known.push("private");
  known.push(...repeat<Holder>("slot", slots));
  known.push(...repeat<Holder>("mapping", mapped));
  known.push(...repeat<Holder>("call", Math.max(0, folio.refs - known.length)));
  return known;
}

const repeat = <T>(value: T, times: number): T[] => new Array<T>(times).fill(value);
