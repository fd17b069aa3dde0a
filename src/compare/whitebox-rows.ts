// The folios of one moment as rows: what the kernel counts, and what the model allows.
//
// Interface: folioRows, FolioRow.

import type { FolioSeen, Snapshot } from "../trace/snapshot.js";
import type { World } from "../trace/world.js";
import { folioAt } from "./frames.js";
import { allowedRefs, originOf } from "./whitebox.js";
import type { Origin } from "./whitebox.js";

/** A folio that some descriptor leads to. */
export interface FolioRow {
  /** The model's number of it; undefined where the model has nothing there. */
  readonly frame?: number;
  readonly order: number;
  /** "f pages 0 1, p slots 0". */
  readonly where: string;
  readonly refs: number;
  /** Page table entries. */
  readonly mapped: number;
  /** The counts that the model allows; empty where it has no such folio. */
  readonly allowed: readonly number[];
  /** "1 cached + 1 private + 1 slot". */
  readonly terms: string;
  /** "dirty, uptodate". */
  readonly state: string;
}

/** Where one folio is met. */
interface Met {
  readonly folio: FolioSeen;
  readonly frame: number;
  readonly origin: Origin;
  /** By thing, "f pages" or "p slots": the numbers there. */
  readonly places: Map<string, number[]>;
  cached: number;
  slots: number;
}

/** How a descriptor is called whose file or pipe has no name. */
type NameOfFd = (fd: number) => string;

/** The folios in the order in which descriptors lead to them: pipes first. `tried`: triedToDrop. */
export function folioRows(
  seen: Snapshot,
  world: World,
  tried: boolean,
  nameOfFd: NameOfFd,
): FolioRow[] {
  const all = new Map<bigint, Met>();
  meetSlots(all, seen, world, nameOfFd);
  meetPages(all, seen, world, nameOfFd);
  return [...all.values()].map((met) => rowOf(met, world, tried));
}

function meet(all: Map<bigint, Met>, folio: FolioSeen, frame: number, origin: Origin): Met {
  const met = all.get(folio.id) ?? { folio, frame, origin, places: new Map(), cached: 0, slots: 0 };
  all.set(folio.id, met);
  return met;
}

function note({ places }: Met, place: string, number: number): void {
  places.set(place, [...(places.get(place) ?? []), number]);
}

function meetSlots(
  all: Map<bigint, Met>,
  { pipes }: Snapshot,
  world: World,
  nameOfFd: NameOfFd,
): void {
  const done = new Set<bigint>();
  for (const { id, fd, slots } of pipes) {
    if (done.has(id)) continue;
    done.add(id);
    const target = world.files.find(({ fds }) => fds.includes(fd))?.target;
    const number = target !== undefined && "pipe" in target ? target.pipe : undefined;
    const pipe = world.pipes.find((each) => each.pipe === number);
    for (const [i, { counter, kind, folio }] of slots.entries()) {
      const slot = pipe?.slots[i];
      if (kind === "zero" || slot?.kind === "zero") continue;
      const met = meet(all, folio, slot?.frame ?? 0, originOf(slot?.kind ?? kind));
      met.slots++;
      note(met, `${pipe?.name ?? nameOfFd(fd)} slots`, counter);
    }
  }
}

function meetPages(
  all: Map<bigint, Met>,
  { files }: Snapshot,
  world: World,
  nameOfFd: NameOfFd,
): void {
  const done = new Set<bigint>();
  for (const { id, fd, pages } of files) {
    if (done.has(id)) continue;
    done.add(id);
    const target = world.files.find(({ fds }) => fds.includes(fd))?.target;
    const number = target !== undefined && "inode" in target ? target.inode : undefined;
    const inode = world.inodes.find((each) => each.inode === number);
    for (const { index, folio } of pages) {
      const met = meet(all, folio, inode?.pages[index] ?? 0, "file");
      met.cached++;
      note(met, `${inode?.name ?? nameOfFd(fd)} pages`, index);
    }
  }
}

function rowOf(met: Met, world: World, tried: boolean): FolioRow {
  const { folio, frame, origin, places, cached, slots } = met;
  const model = frame === 0 ? undefined : folioAt(world, frame);
  const counted = cached + slots + folio.mapped + (folio.hasPrivate ? 1 : 0);
  const terms: [count: number, what: string][] = [
    [cached, "cached"],
    [folio.hasPrivate ? 1 : 0, "private"],
    [slots, slots === 1 ? "slot" : "slots"],
    [folio.mapped, "mapped"],
    [folio.refs - counted, "elsewhere"],
  ];
  const states = ["locked", "writeback", "dirty", "uptodate", "lru"] as const;
  return {
    ...(model === undefined ? {} : { frame: model.frame }),
    order: folio.order,
    where: [...places].map(([place, numbers]) => `${place} ${numbers.join(" ")}`).join(", "),
    refs: folio.refs,
    mapped: folio.mapped,
    allowed: model === undefined ? [] : allowedRefs(world, model, folio, { origin, tried }),
    terms: terms
      .filter(([count]) => count !== 0)
      .map(([count, what]) => `${count} ${what}`)
      .join(" + "),
    state: states.filter((state) => folio[state]).join(", "),
  };
}
