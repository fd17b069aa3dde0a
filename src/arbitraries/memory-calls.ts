// The calls on memory in generated programs: mappings, accesses, and what fallocate does under both.
//
// Interface: memoryKinds, Parts.

import { FICLONE, FICLONERANGE } from "../../assembly/abi/fcntl.js";
import {
  FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_ZERO_RANGE,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
} from "../../assembly/abi/mman.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import type { Operand } from "../language/program.js";
import type { CallKind, Decoded, Site } from "./calls.js";
import { partOfPage } from "./declare.js";

/** What the kinds have in common with the others. */
export interface Parts {
  readonly fd: (site: Site, role: "file") => Operand;
  readonly int: (value: number) => Operand;
  readonly data: (site: Site, lenBytes: number) => Operand;
  readonly amount: (site: Site) => number;
  readonly offset: (site: Site) => number;
}

const PROTECTIONS = [PROT_READ | PROT_WRITE, PROT_READ, PROT_WRITE, 0] as const;
const PAGES_MAPPED = [1, 2, 4] as const;
const NULL: Operand = { kind: "null" };

function mmap({ fd, int }: Parts, site: Site): Decoded {
  const { digits, context, thread, id } = site;
  const of = fd(site, "file");
  const kind = [MAP_SHARED, MAP_PRIVATE, 0][digits.weighted([66, 33, 1])]!;
  const prot = PROTECTIONS[digits.weighted([86, 10, 3, 1])]!;
  const pages = PAGES_MAPPED[digits.weighted([25, 35, 40])]!;
  const cut = digits.rarely(10) ? partOfPage(digits, context.declared.grid) : 0;
  const first = digits.weighted([88, 10, 2]);
  const bad = digits.rarely(1) ? 1 : 0;
  context.makeMapping(thread, id);
  const length = pages * PAGE_SIZE - cut;
  const at = first * PAGE_SIZE + bad;
  return { syscall: "mmap", operands: [NULL, int(length), int(prot), int(kind), of, int(at)] };
}

/** A mapping that is made before; most often one of the thread. */
function mapping({ context, digits, thread }: Site): Operand | undefined {
  const call = context.mapping(digits, thread);
  return call === undefined ? undefined : { kind: "result", call };
}

/** What an access touches: most often inside of the first page, where short files have one. */
function reach({ amount, offset }: Parts, site: Site): readonly [lenBytes: number, at: number] {
  const { digits, context } = site;
  const { grid } = context.declared;
  const wide = digits.weighted([65, 35]) === 1;
  if (wide) return [amount(site), offset(site)];
  const at = digits.rarely(40) ? partOfPage(digits, grid) % PAGE_SIZE : 0;
  const len = digits.rarely(50) ? partOfPage(digits, grid) : PAGE_SIZE;
  return [Math.min(len, PAGE_SIZE - at), at];
}

function store(parts: Parts, site: Site): Decoded {
  const to = mapping(site);
  if (to === undefined) return mmap(parts, site);
  const [lenBytes, at] = reach(parts, site);
  return { syscall: "store", operands: [to, parts.data(site, lenBytes), parts.int(at)] };
}

function load(parts: Parts, site: Site): Decoded {
  const from = mapping(site);
  if (from === undefined) return mmap(parts, site);
  const [lenBytes, at] = reach(parts, site);
  return { syscall: "load", operands: [from, parts.int(lenBytes), parts.int(at)] };
}

function munmap(parts: Parts, site: Site): Decoded {
  const of = mapping(site);
  if (of === undefined) return mmap(parts, site);
  const length = [4 * PAGE_SIZE, PAGE_SIZE, 0][site.digits.weighted([70, 28, 2])]!;
  return { syscall: "munmap", operands: [of, parts.int(length)] };
}

/** Modes of fallocate(): to allocate, then what Linux refuses, at the end. */
const MODES = [
  FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
  0,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_ZERO_RANGE,
  FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_INSERT_RANGE | FALLOC_FL_KEEP_SIZE,
] as const;
const MODE_WEIGHTS = [40, 10, 4, 16, 8, 12, 8, 1, 1];

function fallocate({ fd, int, amount, offset }: Parts, site: Site): Decoded {
  const { digits } = site;
  const of = fd(site, "file");
  const at = offset(site);
  const wanted = amount(site);
  const bad = digits.rarely(1);
  const nothing = digits.rarely(1);
  const mode = MODES[digits.weighted(MODE_WEIGHTS)]!;
  const len = nothing ? 0 : lengthFor(site, mode, at, wanted);
  return { syscall: "fallocate", operands: [of, int(mode), int(bad ? -1 : at), int(len)] };
}

/** A length that makes no file too long. */
function lengthFor({ context }: Site, mode: number, at: number, wanted: number): number {
  if (mode === FALLOC_FL_INSERT_RANGE) return context.budget.takeAnywhere(wanted) ? wanted : 0;
  const grows = mode === 0 || mode === FALLOC_FL_ZERO_RANGE;
  return grows ? context.budget.takeAt(at, wanted) : wanted;
}

/** Bits of copy_file_range(), of which it knows none. */
const COPY_FLAGS = [0, 1] as const;

function copyRange({ fd, int, amount, offset }: Parts, site: Site): Decoded {
  const { digits, context } = site;
  const from = fd(site, "file");
  const to = fd(site, "file");
  const at = offset(site);
  const wanted = digits.rarely(15) ? 4 * PAGE_SIZE : amount(site);
  const floating = digits.rarely(20) && context.budget.takeAnywhere(wanted);
  const target = targetOf(site, offset(site), at, wanted);
  const len = floating ? wanted : context.budget.takeAt(target, wanted);
  const offIn = digits.rarely(15) ? NULL : pointer(at);
  const flags = int(COPY_FLAGS[digits.weighted([98, 2])]!);
  const operands = [from, offIn, to, floating ? NULL : pointer(target), int(len), flags];
  return { syscall: "copy_file_range", operands };
}
/** Where the copy goes: most often it does not overlap what is copied, which Linux refuses in one file. */
function targetOf({ digits }: Site, drawn: number, at: number, wanted: number): number {
  if (Math.abs(drawn - at) >= wanted || digits.rarely(20)) return drawn;
  return at >= wanted ? at - wanted : at + wanted;
}
const pointer = (value: number): Operand => ({ kind: "pointer", value: BigInt(value) });

/** A whole file, or a range: of whole pages most often, for Linux refuses others. */
function clone(parts: Parts, site: Site): Decoded {
  const { digits } = site;
  const from = parts.fd(site, "file");
  const to = parts.fd(site, "file");
  const isOne = from.kind === "file" && to.kind === "file" && from.file === to.file;
  const wholly = digits.rarely(45);
  if (wholly && !isOne) return { syscall: "ioctl", operands: [to, parts.int(FICLONE), from] };
  const range = clonedRange(parts, site, isOne).map(parts.int);
  return { syscall: "ioctl", operands: [to, parts.int(FICLONERANGE), from, ...range] };
}
/** Offset and length in the source, offset in the target; in one file most often one page and the next. */
function clonedRange({ amount, offset }: Parts, site: Site, isOne: boolean): number[] {
  const { digits, context } = site;
  const odd = digits.rarely(12);
  const rounded = (bytes: number): number => (odd ? bytes : bytes - (bytes % PAGE_SIZE));
  const at = digits.rarely(odd ? 60 : 30) ? rounded(offset(site)) : 0;
  const drawn = rounded(offset(site));
  const target = isOne && digits.rarely(85) ? at + PAGE_SIZE : drawn;
  const wanted = isOne
    ? PAGE_SIZE
    : [0, PAGE_SIZE, rounded(amount(site))][digits.weighted([50, 35, 15])]!;
  // 0 is up to the end of the source, which takes no more than a program's longest file.
  const len = context.budget.takeAt(target, wanted || 4 * PAGE_SIZE);
  const range = [at, wanted && len, target];
  if (digits.rarely(3)) range[digits.pick(3)] = -PAGE_SIZE;
  return range;
}

/** The kinds, made from what the others use. */
export const memoryKinds = (parts: Parts): readonly CallKind[] => [
  { weight: 8, place: 1, decode: (site) => mmap(parts, site) },
  { weight: 9, place: 6, decode: (site) => store(parts, site) },
  { weight: 4, place: 6, decode: (site) => load(parts, site) },
  { weight: 2, place: 9, decode: (site) => munmap(parts, site) },
  { weight: 6, place: 6, decode: (site) => fallocate(parts, site) },
  { weight: 3, place: 6, decode: (site) => copyRange(parts, site) },
  { weight: 3, place: 6, decode: (site) => clone(parts, site) },
];
