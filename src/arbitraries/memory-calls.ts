// The calls on memory in generated programs: mappings, accesses, and holes punched under both.
//
// Interface: memoryKinds, Parts.

import {
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
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

/** The kinds, made from what the others use. */
export function memoryKinds({ fd, int, data, amount, offset }: Parts): readonly CallKind[] {
  function mmap(site: Site): Decoded {
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
    return {
      syscall: "mmap",
      operands: [NULL, int(length), int(prot), int(kind), of, int(at)],
    };
  }

  /** A mapping of the thread, or another one that is made before it. */
  function mapping(site: Site): Operand | undefined {
    const call = site.context.mapping(site.digits, site.thread);
    return call === undefined ? undefined : { kind: "result", call };
  }

  /** What an access touches: most often inside of the first page, where short files have one. */
  function reach(site: Site): readonly [lenBytes: number, at: number] {
    const { digits, context } = site;
    const wide = digits.weighted([65, 35]) === 1;
    if (wide) return [amount(site), offset(site)];
    const at = digits.rarely(40) ? partOfPage(digits, context.declared.grid) % PAGE_SIZE : 0;
    const len = digits.rarely(50) ? partOfPage(digits, context.declared.grid) : PAGE_SIZE;
    return [Math.min(len, PAGE_SIZE - at), at];
  }

  function store(site: Site): Decoded {
    const to = mapping(site);
    if (to === undefined) return mmap(site);
    const [lenBytes, at] = reach(site);
    return { syscall: "store", operands: [to, data(site, lenBytes), int(at)] };
  }

  function load(site: Site): Decoded {
    const from = mapping(site);
    if (from === undefined) return mmap(site);
    const [lenBytes, at] = reach(site);
    return { syscall: "load", operands: [from, int(lenBytes), int(at)] };
  }

  function munmap(site: Site): Decoded {
    const of = mapping(site);
    if (of === undefined) return mmap(site);
    const length = [4 * PAGE_SIZE, PAGE_SIZE, 0][site.digits.weighted([70, 28, 2])]!;
    return { syscall: "munmap", operands: [of, int(length)] };
  }

  function punch(site: Site): Decoded {
    const { digits } = site;
    const of = fd(site, "file");
    const at = offset(site);
    const len = amount(site);
    const bad = digits.rarely(1);
    const mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    const operands = [of, int(mode), int(bad ? -1 : at), int(digits.rarely(1) ? 0 : len)];
    return { syscall: "fallocate", operands };
  }

  return [
    { weight: 9, place: 1, decode: mmap },
    { weight: 9, place: 6, decode: store },
    { weight: 6, place: 6, decode: load },
    { weight: 2, place: 9, decode: munmap },
    { weight: 6, place: 6, decode: punch },
  ];
}
