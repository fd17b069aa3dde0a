// Which kinds of arguments random programs give each call, and each request of io_uring.
//
// Interface: Arguments: count a program; missing: what never came, by call and parameter.

import { contentBytes, segmentsOf } from "../../src/language/program.js";
import type { Operand, Program } from "../../src/language/program.js";
import { SYSCALL_NAMES, syscallRow } from "../../src/language/syscalls.js";
import type { Param, SyscallName } from "../../src/language/syscalls.js";

const PAGE = 4096n;

/** The classes of numbers that an amount can be of. */
const AMOUNTS = ["negative", "zero", "within a page", "whole pages", "pages and a part"] as const;

function amountOf(value: bigint): (typeof AMOUNTS)[number] {
  if (value < 0n) return "negative";
  if (value === 0n) return "zero";
  if (value < PAGE) return "within a page";
  return value % PAGE === 0n ? "whole pages" : "pages and a part";
}

/** All classes of a parameter. */
function classesOf({ kind, set, optional, faults }: Param): string[] {
  const left = optional ? ["left out"] : [];
  switch (kind) {
    case "fd":
      return ["file", "pipe", "number"];
    case "count":
      return faults ? [...AMOUNTS.slice(1), "faults"] : AMOUNTS.slice(1);
    case "length":
    case "offset":
      return [...AMOUNTS];
    case "pointer":
      return ["NULL", ...AMOUNTS];
    case "data":
    case "sources":
    case "targets":
      return [...AMOUNTS.slice(1), "faults"];
    case "flags":
    case "command":
    case "int":
      return [
        ...Object.entries(set ?? {}).flatMap(([name, bits]) => (bits === 0 ? [] : [name])),
        ...left,
      ];
    default:
      return [];
  }
}

/** The classes that an argument is of. */
function classesGiven({ set, kind }: Param, operand: Operand | undefined): string[] {
  if (operand === undefined) return ["left out"];
  if (operand.kind === "null") return ["NULL"];
  const memory = segmentsOf(operand)?.flat();
  if (memory?.some(({ byte }) => byte === "fault")) return ["faults"];
  if (memory !== undefined) return [amountOf(BigInt(contentBytes(memory)))];
  if (operand.kind !== "int" && operand.kind !== "pointer")
    return [operand.kind === "made-pipe" ? "pipe" : operand.kind];
  const { value } = operand;
  if (kind === "fd") return ["number"];
  if (set === undefined) return [amountOf(BigInt.asIntN(64, value))];
  const bits = Object.entries(set);
  const holds =
    kind === "flags"
      ? (b: number) => (Number(value) & b) === b
      : (b: number) => Number(value) === b;
  return bits.flatMap(([name, each]) => (each !== 0 && holds(each) ? [name] : []));
}

const keyOf = (kind: string, syscall: SyscallName, { name }: Param, each: string): string =>
  `${kind}${syscall}(${name}): ${each}`;

/** How a call is named that io_uring makes. */
const REQUEST = "request ";

/** Counts arguments by call, parameter and class; those of requests by themselves. */
export class Arguments {
  readonly #seen = new Set<string>();

  add(program: Program): void {
    for (const { chain, calls } of program.threads)
      for (const { syscall, operands } of calls)
        for (const [i, param] of syscallRow(syscall).params.entries())
          for (const each of classesGiven(param, operands[i]))
            this.#seen.add(keyOf(chain === undefined ? "" : REQUEST, syscall, param, each));
  }

  /** "read(fd): number", for each class that no program gave. */
  missing(): string[] {
    return this.#all().filter((key) => !this.#seen.has(key));
  }

  /** How many classes there are. */
  count(): number {
    return this.#all().length;
  }

  #all(): string[] {
    const allOf = (kind: string, syscall: SyscallName): string[] =>
      syscallRow(syscall).params.flatMap((param) =>
        classesOf(param).map((each) => keyOf(kind, syscall, param, each)),
      );
    const requests = SYSCALL_NAMES.filter((name) => syscallRow(name).request !== undefined);
    return [
      ...SYSCALL_NAMES.flatMap((name) => allOf("", name)),
      ...requests.flatMap((name) => allOf(REQUEST, name)),
    ];
  }
}
