// Who wrote the bytes that a call reads from a file or a mapping, or copies from a file into slots, which no event names.
//
// Interface: FileReads. While the call runs, the frames that its range leads to are noted at each step
// that may copy; of these the latest one that has the byte that the call returned is its source. With O_DIRECT it is
// the disk. Frame 0 stands for a page that is not cached.

import {
  callsOf,
  declaredFd,
  plainSyscall,
  type Call,
  type CallId,
} from "../../language/program.js";
import { syscallRow } from "../../language/syscalls.js";
import type { Trace, TraceStep } from "../../trace/trace.js";
import type { World } from "../../trace/world.js";
import { folioOf, PAGE_BYTES, type Writer, type WriterReplay } from "./writers.js";

/** The steps that copy, by the names of docs/steps.md. */
const COPYING = new Set(["begin", "end", "access", "direct read"]);

/** Where a call reads: pages of a file, or of a mapping. */
interface Range {
  readonly from: number;
  readonly inode?: number;
  readonly mapping?: CallId;
}

/** What the frames of a range held at one moment, cell by cell. */
interface Look {
  readonly values: (byte: number) => number | undefined;
  readonly writers: (byte: number) => Writer;
  /** Where a byte has another value than the frame, or none: who wrote it on the disk. */
  readonly disk: (byte: number) => Writer;
}

/** A frame that a step filled, and who wrote what it was filled with. */
export type Filled = readonly [frame: number, writers: readonly Writer[]];

/** Follows all reading calls of a trace. */
export class FileReads {
  readonly #calls: readonly Call[];
  readonly #ranges = new Map<CallId, Range>();
  readonly #looks = new Map<CallId, Look[]>();

  constructor(private readonly trace: Trace) {
    this.#calls = callsOf(trace.program);
  }

  /** Notes what the call of a step may have copied, and gives the slots' frames that it filled; `replay` stands behind
   *  that step. */
  look(index: number, replay: WriterReplay): readonly Filled[] {
    const step = this.trace.steps[index]!;
    const call = step.call === undefined ? undefined : this.#calls[step.call];
    if (call === undefined || !isReader(call)) return [];
    if (step.events.some((event) => event.kind === "call-start"))
      this.#begin(call, index === 0 ? this.trace.start : this.trace.steps[index - 1]!.world);
    const range = this.#ranges.get(call.id);
    if (range === undefined || !COPYING.has(step.phase)) return [];
    const look = lookAt(range, step, replay);
    if (call.syscall === "splice") return filledFrom(look, range, step);
    const known = this.#looks.get(call.id) ?? [];
    this.#looks.set(call.id, [look, ...known]);
    return [];
  }

  /** The cells that a call has read, with their writers; undefined where it read none. */
  of(call: CallId): { cells: Uint8Array; writers: Writer[] } | undefined {
    const data = this.trace.outcome.results[call]?.data;
    if (data === undefined || data.length === 0) return undefined;
    const grid = this.trace.start.gridBytes;
    const looks = this.#looks.get(call) ?? [];
    const from = this.#ranges.get(call)?.from ?? 0;
    const cells = data.filter((_, i) => i % grid === 0);
    const writers = Array.from(cells, (value, i): Writer => {
      const at = from + i * grid;
      const source = looks.find(({ values }) => values(at) === value);
      return source?.writers(at) ?? looks[0]?.disk(at) ?? "initial";
    });
    this.#looks.delete(call);
    return { cells, writers };
  }

  #begin(call: Call, world: World): void {
    const [first, ...others] = call.operands;
    const offset = others[call.syscall === "splice" ? 0 : 1];
    const from = offset?.kind === "int" ? Number(offset.value) : 0;
    if (call.syscall === "load") {
      if (first?.kind === "result") this.#ranges.set(call.id, { from, mapping: first.call });
      return;
    }
    const fd = this.#fdOf(call);
    const file = world.files.find(({ fds }) => fd !== undefined && fds.includes(fd));
    if (file === undefined || !("inode" in file.target)) return;
    const isPositioned = plainSyscall(call) !== "read" && offset?.kind === "int";
    const { inode } = file.target;
    this.#ranges.set(call.id, { from: isPositioned ? from : file.positionBytes, inode });
  }

  #fdOf(call: Call): number | undefined {
    const first = call.operands[0];
    if (first?.kind === "int") return Number(first.value);
    if (first?.kind === "result") return this.trace.outcome.results[first.call]?.ret;
    return first?.kind === "file" ? declaredFd(this.trace.program, first) : undefined;
  }
}

const isReader = ({ syscall }: Call): boolean =>
  syscall === "splice" || syscallRow(syscall).yields === "data";

/** The frames of slots that a step of a splice filled from its range. */
function filledFrom(look: Look, { from }: Range, { events, world }: TraceStep): readonly Filled[] {
  const cells = PAGE_BYTES / world.gridBytes;
  return events
    .filter((event) => event.kind === "slot-push")
    .map(({ frame }, nth): Filled => {
      const at = from + nth * PAGE_BYTES;
      return [frame, Array.from({ length: cells }, (_, i) => look.disk(at + i * world.gridBytes))];
    });
}

function lookAt(range: Range, { world }: TraceStep, replay: WriterReplay): Look {
  const { gridBytes } = world;
  const frames = framesOf(range, world);
  const known = new Map([...new Set(frames)].map((f) => [f, replay.hold(f)]));
  const cellAt = (byte: number): number => Math.floor((byte % PAGE_BYTES) / gridBytes);
  const frameAt = (byte: number): number => frames[Math.floor(byte / PAGE_BYTES)] ?? 0;
  return {
    values: (byte) => {
      const folio = folioOf(world, frameAt(byte));
      if (folio === undefined) return 0;
      const page = frameAt(byte) - folio.frame;
      return folio.cells[(page * PAGE_BYTES) / gridBytes + cellAt(byte)];
    },
    writers: (byte) => known.get(frameAt(byte))?.[cellAt(byte)] ?? "hole",
    disk: (byte) => {
      const cached = known.get(frameAt(byte))?.[cellAt(byte)];
      if (cached !== undefined || range.inode === undefined) return cached ?? "hole";
      return replay.onDisk(range.inode, Math.floor(byte / PAGE_BYTES), world)[cellAt(byte)]!;
    },
  };
}

/** The frame of each page; 0 where there is none. */
function framesOf({ inode, mapping }: Range, world: World): readonly number[] {
  if (inode !== undefined) return world.inodes.find((each) => each.inode === inode)?.pages ?? [];
  const mapped = world.mappings.find(({ call }) => call === mapping)?.mapped ?? [];
  const frames: number[] = [];
  for (const { page, frame } of mapped) frames[page] = frame;
  return frames;
}
