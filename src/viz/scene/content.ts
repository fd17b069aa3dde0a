// Content for the eye: cells put together into runs of one value and one writer.
//
// Interface: Run, Strip, stripOf, runText, wasText; WriterKey, writerKey, lookOf, HUES.
// Writing calls share HUES hues; behind the last hue the hues begin anew with other patterns.

import { describeByte } from "../../compare/bytes.js";
import { callTitle } from "../../compare/names.js";
import { callsOf, type Call, type CallId, type Program } from "../../language/program.js";
import { syscallRow, type SyscallName } from "../../language/syscalls.js";
import type { Writer } from "./provenance.js";

/** The look of a writer. */
export type WriterKey = "initial" | "hole" | `call-${number}`;

/** How many hues there are for writing calls: the tokens --call-0 and so on of app.css. */
export const HUES = 8;

/** How a writer is drawn. */
export interface Look {
  /** The colour's token in app.css, without the dashes in front. */
  readonly hue: string;
  /** The pattern's number; undefined for none. */
  readonly pattern?: number;
}

/** The pattern of holes, behind those of the calls. */
export const HOLE_PATTERN = HUES;
/** Coprime to HUES: a hue comes back with each pattern once before a look repeats. */
const PATTERN_SHIFT = 3;

/** Hue and pattern of a writer. */
export function lookOf(key: WriterKey): Look {
  if (key === "initial") return { hue: key };
  if (key === "hole") return { hue: key, pattern: HOLE_PATTERN };
  const index = Number(key.slice("call-".length));
  const round = Math.floor(index / HUES);
  return { hue: `call-${index % HUES}`, pattern: (index + round * PATTERN_SHIFT) % HUES };
}

/** Calls that change bytes without having any of their own. */
const MOVERS: ReadonlySet<SyscallName> = new Set([
  "splice",
  "sendfile",
  "copy_file_range",
  "vmsplice",
  "ftruncate",
  "fallocate",
]);

const numbers = new WeakMap<Program, ReadonlyMap<CallId, number>>();

/** The writing calls of a program, numbered: first those that bring their bytes along. */
function writersOf(program: Program): ReadonlyMap<CallId, number> {
  let found = numbers.get(program);
  if (found === undefined) {
    const calls = callsOf(program);
    const own = calls.filter(bringsBytes);
    const others = calls.filter((call) => !bringsBytes(call) && MOVERS.has(call.syscall));
    found = new Map([...own, ...others].map((call, index) => [call.id, index]));
    numbers.set(program, found);
  }
  return found;
}

const bringsBytes = (call: Call): boolean =>
  syscallRow(call.syscall).yields !== "data" &&
  call.operands.some(({ kind }) => kind === "data" || kind === "vector");

/** The look of a writer: writing calls are numbered in program order. */
export function writerKey(program: Program, writer: Writer): WriterKey {
  if (typeof writer === "string") return writer;
  const index = writersOf(program).get(writer);
  return index === undefined ? "initial" : `call-${index}`;
}

/** A writer in words. */
export function writerText(program: Program, writer: Writer): string {
  if (writer === "hole") return "nobody: a hole";
  return writer === "initial" ? "the scenario" : callTitle(program, writer);
}

/** Cells that are alike. */
export interface Run {
  /** The first cell, and how many. */
  readonly at: number;
  readonly count: number;
  /** Position and width as fractions of the strip. */
  readonly from: number;
  readonly size: number;
  readonly byte: number;
  /** The value in words: "0x1f"; a set where copies tear. */
  readonly text: string;
  readonly writer: WriterKey;
  readonly by: Writer;
  /** Who that is, in words: "pwrite(), call 1 of writer". */
  readonly who: string;
  /** The value is not the one that was expected here. */
  readonly differs: boolean;
  /** The value that was expected, in words, where it differs. */
  readonly expected?: string;
}

/** A bar of content. */
export interface Strip {
  readonly runs: readonly Run[];
  /** The whole content in words: "0x00, 0x1f". */
  readonly text: string;
}

/** What a strip is made of. */
export interface Content {
  readonly cells: Uint8Array;
  readonly writers: readonly Writer[];
  readonly expected?: Uint8Array;
}

/** Puts cells together into runs. `values`: Outcome.values, where a cell may be a set. */
export function stripOf(program: Program, content: Content, values?: readonly number[]): Strip {
  const { cells, writers, expected } = content;
  const runs: Run[] = [];
  for (let at = 0; at < cells.length;) {
    let to = at + 1;
    while (to < cells.length && sameCell(content, at, to)) to++;
    const [byte, was] = [cells[at]!, expected?.[at]];
    const differs = was !== undefined && was !== byte;
    const by = writers[at] ?? "initial";
    const [writer, who] = [writerKey(program, by), writerText(program, by)];
    const text = describeByte(byte, values);
    const [count, from, size] = [to - at, at / cells.length, (to - at) / cells.length];
    const run: Run = { at, count, from, size, byte, text, writer, by, who, differs };
    runs.push(differs ? { ...run, expected: describeByte(was, values) } : run);
    at = to;
  }
  return { runs, text: runs.map(runText).join(", ") };
}

function sameCell({ cells, writers, expected }: Content, i: number, j: number): boolean {
  if (cells[i] !== cells[j] || writers[i] !== writers[j]) return false;
  return expected === undefined || expected[i] === expected[j];
}

/** "was 0x00": the value that was expected where a strip differs; empty where nothing differs. */
export function wasText(strip: Strip): string {
  const expected = new Set(strip.runs.flatMap((r) => r.expected ?? []));
  const [only] = expected;
  if (only === undefined) return "";
  return expected.size === 1 ? `was ${only}` : "was different";
}

/** A run in words. */
export const runText = (run: Run): string =>
  run.expected === undefined ? run.text : `${run.text} instead of ${run.expected}`;
