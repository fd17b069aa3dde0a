// Who wrote each cell, kept up to date by the events of a trace.
//
// Interface: Writer, Writers (the cells of each frame), WriterReplay.
// Writers are kept by frame and not by folio, so that a folio that splits changes nothing. Arrays are
// shared between moments: one is copied before it is changed for the first time after a `save`.
// A page that was never in the cache goes to the disk for what was stored into it alone: a write with O_DIRECT.

import type { CallId, Program } from "../../language/program.js";
import type { Event } from "../../trace/event.js";
import type { FolioView, World } from "../../trace/world.js";

/** Who put a cell's value there: a call, the scenario's initial content, or nobody yet. */
export type Writer = CallId | "initial" | "hole";

/** The writer of each cell, by frame. */
export type Writers = ReadonlyMap<number, readonly Writer[]>;

/** Bytes of a frame. */
export const PAGE_BYTES = 4096;

/** The folio that holds a frame. */
export const folioOf = (world: World, frame: number): FolioView | undefined =>
  world.folios.find((f) => f.frame <= frame && frame < f.frame + (1 << f.order));

export const filled = (n: number, writer: Writer): Writer[] => new Array<Writer>(n).fill(writer);

/** A moment of the replay, to go on from. */
export interface Saved {
  readonly frames: ReadonlyMap<number, Writer[]>;
  readonly disk: ReadonlyMap<string, Writer[]>;
}

/** Replays events over the writers of all frames, and over those of what is on the disk. */
export class WriterReplay {
  readonly frames: Map<number, Writer[]>;
  /** By "inode:page"; what was never written back holds the initial content. */
  readonly #disk: Map<string, Writer[]>;
  /** Frames whose array nobody else has. */
  #own = new Set<number>();
  /** Frames of this step that have not been put into the cache. */
  #loose = new Set<number>();

  constructor(
    readonly program: Program,
    saved: Saved,
  ) {
    this.frames = new Map(saved.frames);
    this.#disk = new Map(saved.disk);
  }

  /** What is there now; it stays as it is while the replay goes on. */
  save(): Saved {
    this.#own = new Set();
    return { frames: new Map(this.frames), disk: new Map(this.#disk) };
  }

  /** The writers of a frame; they stay as they are while the replay goes on. */
  hold(frame: number): readonly Writer[] | undefined {
    this.#own.delete(frame);
    return this.frames.get(frame);
  }

  /** Takes one event. `world` is the moment after its step. */
  apply(event: Event, world: World): void {
    const cells = PAGE_BYTES / world.gridBytes;
    switch (event.kind) {
      case "folio-new":
        for (let i = 0; i < 1 << event.order; i++)
          this.frames.set(event.frame + i, filled(cells, "hole"));
        this.#loose.add(event.frame);
        return;
      case "cache-insert":
      case "folio-free":
        this.#loose.delete(event.frame);
        return;
      case "copy":
        this.#share(event.frame, event.by);
        return;
      case "replace":
        for (let i = 0; i < 1 << (folioOf(world, event.by)?.order ?? 0); i++)
          this.#share(event.frame + i, event.by + i);
        return;
      case "store": {
        const { frame, offset, lenBytes } = event;
        const from = Math.floor(offset / world.gridBytes);
        this.#owned(frame, cells).fill(event.call, from, from + lenBytes / world.gridBytes);
        return;
      }
      case "disk-write":
        this.#toDisk(event.inode, event.index, event.frame, world);
        return;
      case "disk-read":
        this.frames.set(event.frame, this.onDisk(event.inode, event.index, world));
        this.#own.delete(event.frame);
        return;
      default:
        return;
    }
  }

  /** A frame was filled with what has these writers. */
  fill(frame: number, writers: readonly Writer[]): void {
    this.frames.set(frame, [...writers]);
    this.#own.add(frame);
  }

  /** The writers of a page as it is on the disk. */
  onDisk(inode: number, index: number, world: World): Writer[] {
    const kept = this.#disk.get(`${inode}:${index}`);
    if (kept !== undefined) return kept;
    const name = world.inodes.find((each) => each.inode === inode)?.name;
    return initialWriters(this.program, name, index, world.gridBytes);
  }

  /** A large folio is written back whole, its pages one after the other. */
  #toDisk(inode: number, index: number, frame: number, world: World): void {
    const folio = folioOf(world, frame);
    const pages = folio?.frame === frame ? 1 << folio.order : 1;
    for (let i = 0; i < pages; i++) {
      const writers = this.frames.get(frame + i);
      if (writers === undefined) continue;
      const under = this.#loose.has(frame) ? this.onDisk(inode, index + i, world) : undefined;
      const merged = under && writers.map((by, at) => (by === "hole" ? under[at]! : by));
      this.#disk.set(`${inode}:${index + i}`, merged ?? writers);
      this.#own.delete(frame + i);
    }
  }

  #share(frame: number, by: number): void {
    const writers = this.frames.get(frame);
    if (writers === undefined) return;
    this.frames.set(by, writers);
    this.#own.delete(frame);
    this.#own.delete(by);
  }

  #owned(frame: number, cells: number): Writer[] {
    const known = this.frames.get(frame);
    if (known !== undefined && this.#own.has(frame)) return known;
    const own = known?.slice() ?? filled(cells, "initial");
    this.frames.set(frame, own);
    this.#own.add(frame);
    return own;
  }
}

/** The writers of the first moment. */
export function startOf(program: Program, start: World): Saved {
  const frames = new Map<number, Writer[]>();
  for (const folio of start.folios) {
    const { cachedAt } = folio;
    const name = start.inodes.find((each) => each.inode === cachedAt?.inode)?.name;
    for (let i = 0; i < 1 << folio.order; i++)
      frames.set(
        folio.frame + i,
        initialWriters(program, name, (cachedAt?.index ?? 0) + i, start.gridBytes),
      );
  }
  return { frames, disk: new Map() };
}

/** The cells of a page of a declared file: hole or initial. */
function initialWriters(
  program: Program,
  name: string | undefined,
  index: number,
  gridBytes: number,
): Writer[] {
  const declared = program.files.find((f) => f.name === name);
  const cells = PAGE_BYTES / gridBytes;
  if (declared === undefined) return filled(cells, "initial");
  const writers = filled(cells, "hole");
  let end = 0;
  for (const run of declared.content) {
    const from = Math.max(0, end - index * PAGE_BYTES) / gridBytes;
    end += run.lenBytes;
    const to = Math.max(0, end - index * PAGE_BYTES) / gridBytes;
    if (run.byte !== "hole") writers.fill("initial", from, to);
  }
  return writers;
}
