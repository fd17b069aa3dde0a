// Reading the core's memory: typed reads, and the parts that several views share.
//
// Interface: Face, Memory, spread, openFds, less and the core's codes by name. Only this folder reads the
// core's memory; field offsets come from the core's exports.

import type { CoreExports } from "../../../build/core/exports.js";
import type { Call, Program } from "../../language/program.js";
import { filledBytes, zeroedBytes } from "../../trace/bytes.js";
import type { SlotKind } from "../../trace/world.js";

/** What a reader needs: the core, and what it was reset with. */
export interface Face {
  readonly core: CoreExports;
  readonly program: Program;
  /** All calls of the program, by CallId. */
  readonly calls: readonly Call[];
  readonly gridBytes: number;
}

export const PAGE = 4096;
export const TARGET_INODE = 1;
export const TARGET_READ_END = 2;
export const TARGET_WRITE_END = 3;
export const TARGET_SOCKET = 4;
export const TARGET_WIRE = 5;
export const TARGET_DEVICE = 6;
export const TARGET_BOTH_ENDS = 7;
/** By STATUS_* of assembly/layout.ts. */
export const STATUS = ["not-started", "blocked", "returned"] as const;
/** By SLOT_* of assembly/abi/pipe.ts. */
export const SLOT_KINDS: readonly SlotKind[] = [
  "zero",
  "anon",
  "pagecache",
  "default",
  "zero",
  "user",
  "skb",
];
/** Entry of a descriptor that open() has reserved but not installed. */
export const FD_RESERVED = 0xff;

/** Whether a description is of an end of a pipe, or of both. */
export const isPipeTarget = (target: number): boolean =>
  target === TARGET_READ_END || target === TARGET_WRITE_END || target === TARGET_BOTH_ENDS;

/** Whether a pipe's `live` says that it has a ring. A FIFO that nobody has open has none. */
export const hasRing = (live: number): boolean => (live & 1) !== 0;

/** What a name stands for. */
export type Named =
  { readonly kind: "inode" | "fifo"; readonly id: number } | { readonly kind: "nothing" };

/** What a name stands for: entries of inodes count up from 1, those of FIFOs down from 254. */
export function namedBy({ core }: Face, memory: Memory, name: number): Named {
  const entry = memory.u8(core.nameAddress(name));
  if (entry === 0) return { kind: "nothing" };
  if (entry > core.countInodes()) return { kind: "fifo", id: 254 - entry };
  return { kind: "inode", id: entry - 1 };
}

/** Typed reads at an address plus an exported offset. */
export class Memory {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  constructor(core: CoreExports) {
    this.#view = new DataView(core.memory.buffer);
    this.bytes = new Uint8Array(core.memory.buffer);
  }
  u8(at: number, offset: { readonly value: number } = ZERO): number {
    return this.#view.getUint8(at + offset.value);
  }
  u16(at: number, offset: { readonly value: number } = ZERO): number {
    return this.#view.getUint16(at + offset.value, true);
  }
  u32(at: number, offset: { readonly value: number } = ZERO): number {
    return this.#view.getUint32(at + offset.value, true);
  }
  i64(at: number, offset: { readonly value: number } = ZERO): number {
    const low = this.#view.getUint32(at + offset.value, true);
    return this.#view.getInt32(at + offset.value + 4, true) * 2 ** 32 + low;
  }
}
const ZERO = { value: 0 };

/** A number that is stored plus one, so that 0 can mean "nobody". */
export const less = (stored: number): number | undefined => (stored === 0 ? undefined : stored - 1);

/** Spreads cells to bytes, `count` bytes. Nobody may write to them. */
export function spread(face: Face, memory: Memory, at: number, count: number): Uint8Array {
  const first = memory.bytes[at]!;
  const end = at + Math.ceil(count / face.gridBytes);
  let same = at;
  while (same < end && memory.bytes[same] === first) same++;
  if (same === end) return filledBytes(first, count);
  const out = zeroedBytes(count);
  spreadInto(face, memory, at, out, 0, count);
  return out;
}

/** The same into zero bytes that are there already, from `to` on. */
export function spreadInto(
  face: Face,
  memory: Memory,
  at: number,
  out: Uint8Array,
  to: number,
  count: number,
): void {
  const grid = face.gridBytes;
  if (grid === 1) {
    out.set(memory.bytes.subarray(at, at + count), to);
    return;
  }
  const end = to + count;
  for (let cell = at, from = to; from < end; cell++, from += grid) {
    const value = memory.bytes[cell]!;
    if (value !== 0) out.fill(value, from, from + grid);
  }
}

/** Open descriptors, ascending; a descriptor that open() has only reserved is not open. */
export function openFds(
  face: Face,
  memory: Memory,
): { fd: number; file: number; target: number; id: number }[] {
  const { core } = face;
  const open = [];
  for (let fd = 0; fd < core.countFds(); fd++) {
    const entry = memory.u8(core.fdAddress(fd));
    if (entry === 0 || entry === FD_RESERVED) continue;
    const at = core.fileAddress(entry - 1);
    open.push({
      fd,
      file: entry - 1,
      target: memory.u8(at, core.FILE_TARGET),
      id: memory.u8(at, core.FILE_ID),
    });
  }
  return open;
}
