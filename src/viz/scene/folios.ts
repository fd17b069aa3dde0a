// The folios: physical pages with their content, their reference count, their flags and their holders.
//
// Interface: FolioShape, Holder, HolderKind, folioScene.

import type { FolioView, World } from "../../trace/world.js";
import { stripOf, type Strip } from "./content.js";
import type { Box } from "./layout.js";
import { plural, threadName, type SceneInput } from "./moment.js";
import { folioOf, PAGE_BYTES } from "./writers.js";
import { cellsOf } from "./provenance.js";

/** Who holds a reference. `call`: a running call, for as long as it needs the folio. */
export type HolderKind = "cache" | "private" | "slot" | "frag" | "mapping" | "call";

/** One holder, with as many references as it has. */
export interface Holder {
  readonly kind: HolderKind;
  readonly refs: number;
  /** "slot 0 of p". */
  readonly text: string;
}

/** A folio's card. */
export interface FolioShape {
  readonly key: string;
  readonly frame: number;
  readonly box: Box;
  readonly title: string;
  readonly refs: number;
  readonly holders: readonly Holder[];
  /** References from outside the page cache, where the policy counts them. */
  readonly outside: number;
  /** The policy's mark is set. */
  readonly marked: boolean;
  readonly detached: boolean;
  readonly strip: Strip;
  /** "dirty, private": private is the reference of the buffer heads. */
  readonly note: string;
  /** The thread that holds the folio lock. */
  readonly lock: string;
  /** The frame of which it has just become a copy. */
  readonly copyOf?: number;
  readonly label: string;
}

/** All folios of the moment. */
export function folioScene(input: SceneInput): FolioShape[] {
  const holders = holdersIn(input.world);
  return input.world.folios.flatMap((folio) => {
    const box = input.layout.folios.get(folio.frame);
    return box === undefined ? [] : [folioShape(input, folio, box, holders)];
  });
}

function folioShape(
  input: SceneInput,
  folio: FolioView,
  box: Box,
  all: ReadonlyMap<FolioView, Holder[]>,
): FolioShape {
  const { program, world, provenance, values } = input;
  const { frame, refs, outside } = folio;
  const bytes = PAGE_BYTES << folio.order;
  const strip = stripOf(program, cellsOf(world, provenance.writers, frame, 0, bytes), values);
  const marked = outside > 0 || folio.flagged === true;
  const home = input.layout.homes.get(frame);
  const isOfFile = home?.inode !== undefined && home.isCopy === undefined;
  const detached = folio.cachedAt === undefined && isOfFile;
  const lock = folio.lockedBy === undefined ? "" : threadName(program, folio.lockedBy);
  const last = frame + (1 << folio.order) - 1;
  const title = last === frame ? `frame ${frame}` : `frames ${frame}–${last}`;
  const holders = withCalls(folio, all.get(folio) ?? []);
  const copyOf = input.copies.get(frame);
  const note = noteOf(folio, detached, copyOf);
  const marks = outside > 0 ? `, ${outside} from outside the page cache` : "";
  const label = `${title}: ${strip.text}; ${plural(refs, "reference")}${marks}`;
  const key = `folio ${frame}`;
  const counts = { refs, holders, outside, marked };
  const shape = { key, frame, box, title, ...counts, detached, strip, note, lock, label };
  return copyOf === undefined ? shape : { ...shape, copyOf };
}

/** What its flags say, or what it is. */
function noteOf(folio: FolioView, detached: boolean, copyOf: number | undefined): string {
  if (copyOf === 0) return "copied from the zero page";
  if (copyOf !== undefined) return `copied from frame ${copyOf}`;
  if (folio.cachedAt === undefined) return detached ? "detached" : "anonymous";
  return [folio.dirty ? "dirty" : "clean", ...(folio.hasPrivate ? ["private"] : [])].join(", ");
}

/** All who hold folios, but for running calls. */
function holdersIn(world: World): ReadonlyMap<FolioView, Holder[]> {
  const found = new Map<FolioView, Holder[]>();
  const add = (
    folio: FolioView | undefined,
    kind: HolderKind,
    refs: number,
    text: string,
  ): void => {
    if (folio === undefined) return;
    const known = found.get(folio);
    if (known === undefined) found.set(folio, [{ kind, refs, text }]);
    else known.push({ kind, refs, text });
  };
  for (const folio of world.folios) {
    if (folio.cachedAt !== undefined) add(folio, "cache", 1 << folio.order, "the page cache");
    if (folio.hasPrivate) add(folio, "private", 1, "its buffer heads");
  }
  for (const { name, slots } of world.pipes)
    for (const { frame, counter } of slots)
      add(folioOf(world, frame), "slot", 1, `slot ${counter} of ${name}`);
  for (const { name, frags } of world.sockets)
    for (const { frame } of frags) add(folioOf(world, frame), "frag", 1, `a frag of ${name}`);
  for (const { mapped } of world.mappings)
    for (const { frame, page } of mapped)
      add(folioOf(world, frame), "mapping", 1, `page table entry ${page}`);
  return found;
}

/** What nobody visible holds belongs to a running call. */
function withCalls(folio: FolioView, known: readonly Holder[]): Holder[] {
  const counted = known.reduce((sum, { refs }) => sum + refs, 0);
  const refs = folio.refs - counted;
  return refs > 0 ? [...known, { kind: "call", refs, text: "a running call" }] : [...known];
}
