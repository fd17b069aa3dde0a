// Mappings of the rough run: which part of which file, and whether an access stays inside of both.
//
// Interface: RoughMemory, ON_MAPPINGS.

import { O_ACCMODE, O_RDWR } from "../../../assembly/abi/fcntl.js";
import { MAP_ANONYMOUS, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../../assembly/abi/mman.js";
import type { Call, CallId } from "../../../src/language/program.js";

const ERROR = -1;
const PAGE = 4096;
const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE) * PAGE;

type Values = readonly (number | undefined)[];

/** The calls that RoughMemory.access makes. */
export const ON_MAPPINGS: ReadonlySet<string> = new Set([
  "munmap",
  "madvise",
  "msync",
  "fork",
  "load",
  "store",
]);

/** Mappings by the call that made them. */
export class RoughMemory<F extends { size: number }> {
  readonly #mapped = new Map<
    CallId,
    { file: F | undefined; from: number; to: number; shared: boolean }
  >();

  mmap(call: CallId, v: Values, open?: { file?: F; flags: number }): number {
    const [, length = 0, prot, kind = 0, , at = 0] = v;
    const file = open?.file;
    const isFine = at % PAGE === 0 && length > 0 && kind > 0 && prot === (PROT_READ | PROT_WRITE);
    if ((kind & MAP_ANONYMOUS) !== 0) {
      if (!isFine || kind === MAP_ANONYMOUS) return ERROR;
      this.#mapped.set(call, { file: undefined, from: 0, to: pagesOf(length), shared: false });
      return 0;
    }
    if (file === undefined || !isFine || (open!.flags & O_ACCMODE) !== O_RDWR) return ERROR;
    this.#mapped.set(call, {
      file,
      from: at,
      to: at + pagesOf(length),
      shared: kind === MAP_SHARED,
    });
    return 0;
  }

  /** A call on a mapping; what a shared store changes goes to `modify`. */
  access(call: Call, v: Values, modify: (file: F, from: number, to: number) => void): number {
    const [of] = call.operands;
    const map = of?.kind === "result" ? this.#mapped.get(of.call) : undefined;
    const [, count = call.syscall === "fork" ? 1 : 0, at = 0] = v;
    if (map === undefined || count === 0) return ERROR;
    if (call.syscall === "fork") this.#mapped.set(call.id, map);
    if (["munmap", "madvise", "msync", "fork"].includes(call.syscall)) return 0;
    const { file } = map;
    const from = map.from + at;
    if (file === undefined) return from + count > map.to ? ERROR : count;
    if (from + count > Math.min(map.to, pagesOf(file.size))) return ERROR;
    const { size } = file;
    if (call.syscall === "store" && map.shared) modify(file, from, from + count);
    file.size = size;
    return count;
  }
}
