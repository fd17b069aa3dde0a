// The calls on several pieces of memory in generated programs, and those whose memory faults.
//
// Interface: VECTOR_KINDS.

import * as uio from "../../assembly/abi/uio.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import type { Content, Operand, Run } from "../language/program.js";
import { amount, fd, filledEnd, fillingEnd, int, offset, tooEarly } from "./calls.js";
import type { CallKind, Decoded, Site } from "./calls.js";
import { partOfPage } from "./declare.js";

/** Bytes of a call in two segments or in one, three or none; nothing is in some of them. */
function lengths(site: Site, lenBytes: number): number[] {
  const { digits, context } = site;
  const first = Math.min(lenBytes, cut(site));
  const rest = lenBytes - first;
  switch (digits.weighted([62, 16, 18, 4])) {
    case 0:
      return [first, rest];
    case 1:
      return [lenBytes];
    case 2:
      return [first, 0, Math.min(rest, context.declared.grid), rest].map((each, i, all) =>
        i === 3 ? each - all[2]! : each,
      );
    default:
      return lenBytes === 0 ? [] : [0, lenBytes];
  }
}

const cut = ({ digits, context }: Site): number =>
  digits.weighted([50, 50]) === 0 ? PAGE_SIZE : partOfPage(digits, context.declared.grid);

/** Where the memory of a call faults, in bytes from its begin; undefined, most often, if it does not. */
function faultAt(site: Site, lenBytes: number): number | undefined {
  if (!site.digits.rarely(22)) return undefined;
  const at = site.digits.weighted([30, 70]) === 0 ? 0 : cut(site);
  return at < lenBytes ? at : undefined;
}

/** Segments; the one that holds the byte at `fault` faults from there on. */
function segmentsOf(
  parts: readonly number[],
  fault: number | undefined,
  byte: () => number,
): Content[] {
  let from = 0;
  return parts.map((lenBytes) => {
    const mapped = fault === undefined ? lenBytes : Math.max(0, Math.min(lenBytes, fault - from));
    from += lenBytes;
    const runs: Run[] = [];
    if (mapped > 0) runs.push({ byte: byte(), lenBytes: mapped });
    if (mapped < lenBytes) runs.push({ byte: "fault", lenBytes: lenBytes - mapped });
    return runs;
  });
}

function sources(site: Site, lenBytes: number): Operand {
  const fault = faultAt(site, lenBytes);
  const byte = (): number => site.context.nextByte();
  return { kind: "vector", segments: segmentsOf(lengths(site, lenBytes), fault, byte) };
}

function targets(site: Site): Operand {
  const lenBytes = amount(site);
  const fault = faultAt(site, lenBytes);
  return { kind: "vector", segments: segmentsOf(lengths(site, lenBytes), fault, () => 0) };
}

const readv = (site: Site): Decoded => ({
  syscall: "readv",
  operands: [fd(site, "file"), targets(site)],
});

function readvPipe(site: Site): Decoded {
  if (tooEarly(site)) return writevPipe(site);
  return { syscall: "readv", operands: [filledEnd(site), targets(site)] };
}

const writevPipe = (site: Site): Decoded => ({
  syscall: "writev",
  operands: [fillingEnd(site), sources(site, amount(site))],
});

function writev(site: Site): Decoded {
  const to = fd(site, "file");
  const wanted = amount(site);
  const len = site.context.budget.takeAnywhere(wanted) ? wanted : 0;
  return { syscall: "writev", operands: [to, sources(site, len)] };
}

const READ_FLAGS = [0, uio.RWF_NOWAIT, uio.RWF_DONTCACHE, uio.RWF_HIPRI, uio.RWF_APPEND, 0x200];
const WRITE_FLAGS = [
  ...[0, uio.RWF_APPEND, uio.RWF_NOAPPEND, uio.RWF_NOWAIT, uio.RWF_DONTCACHE, uio.RWF_NOSIGNAL],
  ...[uio.RWF_DSYNC, uio.RWF_SYNC, uio.RWF_ATOMIC, uio.RWF_APPEND | uio.RWF_NOAPPEND, 0x200],
];

function preadv2({ digits, ...rest }: Site): Decoded {
  const site = { digits, ...rest };
  const flags = READ_FLAGS[digits.weighted([30, 40, 20, 4, 4, 2])]!;
  const fromPipe = digits.rarely(15);
  const from = fromPipe ? filledEnd(site) : fd(site, "file");
  const floats = digits.rarely(fromPipe ? 80 : 20);
  const operands = [from, targets(site), int(floats ? -1 : offset(site)), int(flags)];
  return { syscall: "preadv2", operands };
}

function pwritev2(site: Site): Decoded {
  const { digits, context } = site;
  const flags = WRITE_FLAGS[digits.weighted([20, 20, 8, 14, 14, 4, 5, 5, 6, 2, 2])]!;
  const toPipe = digits.rarely(18);
  const to = toPipe ? fillingEnd(site) : fd(site, "file");
  const floats = digits.rarely(toPipe ? 80 : 20);
  const wanted = amount(site);
  const at = floats ? -1 : offset(site);
  const fixed = !floats && !(flags & uio.RWF_APPEND) && !context.appends && to.kind === "file";
  const len = fixed
    ? context.budget.takeAt(at, wanted)
    : toPipe || context.budget.takeAnywhere(wanted)
      ? wanted
      : 0;
  return { syscall: "pwritev2", operands: [to, sources(site, len), int(at), int(flags)] };
}

/** One stretch of memory that faults. */
function faulting(site: Site, lenBytes: number, byte: number): Operand {
  const at = faultAt(site, lenBytes) ?? 0;
  const [content] = segmentsOf([Math.max(lenBytes, 1)], at, () => byte);
  return { kind: "data", content: content! };
}

function readFaults(site: Site): Decoded {
  const from = site.digits.weighted([50, 50]) === 0 ? fd(site, "file") : filledEnd(site);
  return { syscall: "read", operands: [from, faulting(site, amount(site), 0)] };
}

function writeFaults(site: Site): Decoded {
  const { digits, context } = site;
  if (digits.weighted([50, 50]) === 0) {
    const to = fillingEnd(site);
    return { syscall: "write", operands: [to, faulting(site, amount(site), context.nextByte())] };
  }
  const to = fd(site, "file");
  const at = offset(site);
  const len = context.appends ? 0 : context.budget.takeAt(at, amount(site));
  const memory: Operand =
    len === 0 ? { kind: "data", content: [] } : faulting(site, len, context.nextByte());
  return { syscall: "pwrite", operands: [to, memory, int(at)] };
}

/** The kinds. */
export const VECTOR_KINDS: readonly CallKind[] = [
  { weight: 8, place: 2, decode: writevPipe },
  { weight: 8, place: 11, decode: readvPipe },
  { weight: 7, place: 6, decode: writev },
  { weight: 7, place: 8, decode: readv },
  { weight: 12, place: 8, decode: preadv2 },
  { weight: 14, place: 6, decode: pwritev2 },
  { weight: 6, place: 10, decode: readFaults },
  { weight: 7, place: 5, decode: writeFaults },
];
