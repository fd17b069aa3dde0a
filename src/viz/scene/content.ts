// Content for the eye: cells put together into runs of one value and one writer.
//
// Interface: Run, Strip, stripOf, runText, wasText, WriterKey, writerKey.

import { hexByte } from "../../compare/bytes.js";
import type { Program } from "../../language/program.js";
import { callsOf } from "../../language/program.js";
import type { Writer } from "./provenance.js";

/** The look of a writer: a class that picks colour and pattern. */
export type WriterKey = "initial" | "hole" | `call-${number}`;

/** Cells that are alike. */
export interface Run {
  /** Position and width as fractions of the strip. */
  readonly from: number;
  readonly size: number;
  readonly byte: number;
  readonly writer: WriterKey;
  /** The value is not the one that was expected here. */
  readonly differs: boolean;
  /** The value that was expected, where it differs. */
  readonly expected?: number;
}

/** A bar of content. */
export interface Strip {
  readonly runs: readonly Run[];
  /** The whole content in words: "0x00 × 2048, 0x1f × 2048". */
  readonly text: string;
}

/** How many different looks there are for writing calls. */
export const WRITER_LOOKS = 6;

/** The look of a writer: writing calls are numbered in program order and share WRITER_LOOKS looks. */
export function writerKey(program: Program, writer: Writer): WriterKey {
  if (typeof writer === "string") return writer;
  const writing = callsOf(program).filter((c) => c.operands.some((o) => o.kind === "data"));
  const index = writing.findIndex((c) => c.id === writer);
  return index < 0 ? "initial" : `call-${index % WRITER_LOOKS}`;
}

/** Puts cells together into runs. */
export function stripOf(
  program: Program,
  content: {
    readonly cells: Uint8Array;
    readonly writers: readonly Writer[];
    readonly expected?: Uint8Array;
  },
): Strip {
  const { cells, writers, expected } = content;
  const runs: Run[] = [];
  for (let from = 0; from < cells.length;) {
    let to = from + 1;
    while (to < cells.length && sameCell(content, from, to)) to++;
    const [byte, was] = [cells[from]!, expected?.[from]];
    const differs = was !== undefined && was !== byte;
    const writer = writerKey(program, writers[from] ?? "initial");
    const place = { from: from / cells.length, size: (to - from) / cells.length };
    runs.push({ ...place, byte, writer, differs, ...(differs ? { expected: was } : {}) });
    from = to;
  }
  return { runs, text: runs.map(runText).join(", ") };
}

function sameCell(
  { cells, writers, expected }: Parameters<typeof stripOf>[1],
  i: number,
  j: number,
): boolean {
  if (cells[i] !== cells[j] || writers[i] !== writers[j]) return false;
  return expected === undefined || expected[i] === expected[j];
}

/** "was 0x00": the value that was expected where a strip differs; empty where nothing differs. */
export function wasText(strip: Strip): string {
  const expected = new Set(strip.runs.flatMap((r) => r.expected ?? []));
  const [only] = expected;
  if (only === undefined) return "";
  return expected.size === 1 ? `was ${hexByte(only)}` : "was different";
}

/** A run in words. */
export const runText = (run: Run): string =>
  run.expected === undefined
    ? hexByte(run.byte)
    : `${hexByte(run.byte)} instead of ${hexByte(run.expected)}`;
