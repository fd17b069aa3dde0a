// A snapshot of the white box as JSON has it, each folio once, and back.
//
// Interface: momentSeen (to JSON), Numbers; snapshotOf (from JSON).

import type { FolioSeen, Snapshot } from "../trace/snapshot.js";
import type { MomentSeen } from "./kernel-run.js";

type Folio = MomentSeen["folios"][number];

/** The numbers that things have had so far in a run, each kind from 1 on. */
export class Numbers {
  readonly #pipes = new Map<bigint, number>();
  readonly #files = new Map<bigint, number>();
  readonly #folios = new Map<bigint, number>();

  readonly pipe = (id: bigint): number => numberIn(this.#pipes, id);
  readonly file = (id: bigint): number => numberIn(this.#files, id);
  readonly folio = (id: bigint): number => numberIn(this.#folios, id);
}

function numberIn(all: Map<bigint, number>, id: bigint): number {
  const number = all.get(id) ?? all.size + 1;
  all.set(id, number);
  return number;
}

/** A moment in JSON. */
export function momentSeen({ pipes, files }: Snapshot, numbers: Numbers): MomentSeen {
  const folios = new Map<bigint, Folio>();
  const folioOf = (folio: FolioSeen): number => {
    const number = numbers.folio(folio.id);
    folios.set(folio.id, folioJson(number, folio));
    return number;
  };
  const seen = {
    pipes: pipes.map(({ id, slots, ...pipe }) => ({
      ...pipe,
      pipe: numbers.pipe(id),
      slots: slots.map(({ folio, ...slot }) => ({ ...slot, folio: folioOf(folio) })),
    })),
    files: files.map(({ id, pages, ...file }) => ({
      ...file,
      file: numbers.file(id),
      pages: pages.map(({ folio, ...page }) => ({ ...page, folio: folioOf(folio) })),
    })),
  };
  return { folios: [...folios.values()], ...seen };
}

function folioJson(folio: number, seen: FolioSeen): Folio {
  const { order, refs, mapped, index, hasPrivate } = seen;
  const flags = (["locked", "writeback", "dirty", "uptodate", "lru"] as const).filter(
    (flag) => seen[flag],
  );
  return {
    folio,
    order,
    refs,
    mapped,
    flags: hasPrivate ? [...flags, "private"] : flags,
    // Pages that are of no file have another thing there.
    index: Number.isSafeInteger(index) ? index : 0,
  };
}

/** The snapshot of a moment. Throws RangeError for a folio that it does not have. */
export function snapshotOf({ folios, pipes, files }: MomentSeen): Snapshot {
  const all = new Map(folios.map((folio) => [folio.folio, folioSeen(folio)]));
  const folioAt = (number: number): FolioSeen => {
    const folio = all.get(number);
    if (folio === undefined) throw new RangeError(`the moment has no folio ${number}`);
    return folio;
  };
  return {
    pipes: pipes.map(({ pipe, slots, ...rest }) => ({
      ...rest,
      id: BigInt(pipe),
      slots: slots.map((slot) => ({ ...slot, folio: folioAt(slot.folio) })),
    })),
    files: files.map(({ file, pages, ...rest }) => ({
      ...rest,
      id: BigInt(file),
      pages: pages.map((page) => ({ ...page, folio: folioAt(page.folio) })),
    })),
  };
}

function folioSeen({ folio, order, refs, mapped, flags, index }: Folio): FolioSeen {
  const has = (flag: Folio["flags"][number]): boolean => flags.includes(flag);
  return {
    id: BigInt(folio),
    order,
    refs,
    mapped,
    locked: has("locked"),
    uptodate: has("uptodate"),
    dirty: has("dirty"),
    lru: has("lru"),
    hasPrivate: has("private"),
    writeback: has("writeback"),
    index,
  };
}
