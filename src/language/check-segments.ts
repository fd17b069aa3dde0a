// The memory of a call: content to write from, memory to read into, and vectors of either.
//
// Interface: checkData, checkMemory, checkVector.

import type { Value } from "./ast.js";
import type { CallSite } from "./check-maker.js";
import { contentOf, endsAtFault, evaluate, runOf } from "./evaluate.js";
import { DATA_BYTES_MAX, SEGMENTS_MAX } from "./limits.js";
import type { Content, Operand, Run } from "./program.js";
import type { Param } from "./syscalls.js";

/** Bytes to write. */
export function checkData(site: CallSite, value: Value): Operand | undefined {
  const content = sourceOf(site, value);
  return content && { kind: "data", content };
}

/** store() is no system call: nothing catches its faults. */
const sourceOf = (site: CallSite, value: Value): Content | undefined =>
  contentOf([value], site.syscall === "store" ? "condition" : "call", site.budget, site.reporter);

/** Memory to read into, in place of a count: `fault 4096`, `{4096, fault 1}`. */
export function checkMemory(site: CallSite, param: Param, value: Value): Operand | undefined {
  const content = targetOf(site, param, value);
  if (content === undefined || content.at(-1)?.byte === "fault")
    return content && { kind: "data", content };
  const remedy = "write one number, or memory as {4096, fault 1}";
  site.reporter.error(value, `\`${param.name}\` of ${site.syscall}() is a number`, remedy);
  return undefined;
}

/** A list of segments in brackets. */
export function checkVector(site: CallSite, param: Param, value: Value): Operand | undefined {
  const reads = param.kind === "targets";
  const { reporter, syscall } = site;
  if (value.kind !== "vector") {
    const remedy = `write, say, ${reads ? "[4096, 100]" : '[0x1f * 4096, "abc"]'}`;
    reporter.error(value, `\`${param.name}\` of ${syscall}() is a list of segments`, remedy);
    return undefined;
  }
  if (value.segments.length > SEGMENTS_MAX) {
    const remedy = `use at most ${SEGMENTS_MAX}`;
    reporter.error(value, `${value.segments.length} segments are too many`, remedy);
    return undefined;
  }
  const segments = value.segments.flatMap((each) => {
    const content = reads ? targetOf(site, param, each) : sourceOf(site, each);
    return content === undefined ? [] : [content];
  });
  return segments.length < value.segments.length ? undefined : { kind: "vector", segments };
}

/** The values of memory to read into mean nothing; they are 0. */
function targetOf(site: CallSite, param: Param, value: Value): Content | undefined {
  const pieces = value.kind === "group" ? value.pieces : [value];
  const runs: Run[] = [];
  for (const piece of pieces) {
    const run = targetRun(site, param, piece);
    if (run === undefined) return undefined;
    if (!site.budget.take(run.lenBytes, piece, site.reporter)) return undefined;
    const last = runs.at(-1);
    if (last?.byte === run.byte)
      runs[runs.length - 1] = { ...run, lenBytes: last.lenBytes + run.lenBytes };
    else if (run.lenBytes > 0) runs.push(run);
  }
  return endsAtFault(runs, pieces, site.reporter) ? runs : undefined;
}

function targetRun(site: CallSite, param: Param, piece: Value): Run | undefined {
  const { reporter } = site;
  if (piece.kind === "fault") return runOf("fault", piece.length, piece, reporter)?.[0];
  if (piece.kind !== "expr") {
    const remedy = "write a number of bytes, or `fault` and a number";
    reporter.error(piece, `\`${param.name}\` of ${site.syscall}() counts bytes`, remedy);
    return undefined;
  }
  const lenBytes = evaluate(piece, "a number of bytes", reporter);
  if (lenBytes === undefined) return undefined;
  if (lenBytes >= 0n && lenBytes <= BigInt(DATA_BYTES_MAX))
    return { byte: 0, lenBytes: Number(lenBytes) };
  reporter.error(piece, `${lenBytes} bytes cannot be read into`, `use at most ${DATA_BYTES_MAX}`);
  return undefined;
}
