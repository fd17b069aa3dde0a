// Bytes: equal or not, and written as runs for people.
//
// Interface: matchesContent, maybeMatches, isAmong, hexByte, describeByte, describeBytes.

import { compress, contentBytes } from "../language/program.js";
import type { Content } from "../language/program.js";
import { sameBytes } from "../trace/bytes.js";
import { valuesOf } from "../trace/outcome.js";

/** Whether bytes are exactly this content; a hole stands for zeros. */
export function matchesContent(bytes: Uint8Array, content: Content): boolean {
  if (bytes.length !== contentBytes(content)) return false;
  let at = 0;
  for (const run of content) {
    const byte = typeof run.byte === "number" ? run.byte : 0;
    for (const end = at + run.lenBytes; at < end; at++) if (bytes[at] !== byte) return false;
  }
  return true;
}

/** The same of bytes that are sets of values (Outcome.values): for certain, not at all, or "either". */
export function maybeMatches(
  bytes: Uint8Array,
  content: Content,
  values: readonly number[],
): boolean | "either" {
  if (bytes.length !== contentBytes(content)) return false;
  let at = 0;
  let isCertain = true;
  for (const run of content) {
    const byte = typeof run.byte === "number" ? run.byte : 0;
    for (const end = at + run.lenBytes; at < end; at++) {
      const may = valuesOf(bytes[at]!, values);
      if (!may.includes(byte)) return false;
      if (may.length > 1) isCertain = false;
    }
  }
  return isCertain || "either";
}

/** Whether every byte is among the values that an outcome allows; all of them are one value where it names none. */
export function isAmong(
  bytes: Uint8Array,
  allowed: Uint8Array,
  values: readonly number[] | undefined,
): boolean {
  if (values === undefined) return sameBytes(bytes, allowed);
  if (bytes.length !== allowed.length) return false;
  return bytes.every((byte, i) => valuesOf(allowed[i]!, values).includes(byte));
}

/** One byte as people read it: "0x1f". */
export const hexByte = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;

/** Bytes as runs: "0x1f * 4096, 0x00 * 512"; with `values`, a byte may be a set: "{0x00|0x1f} * 4096". Only the first
 *  `runsMax` runs are written out. */
export function describeBytes(bytes: Uint8Array, values?: readonly number[], runsMax = 8): string {
  if (bytes.length === 0) return "no bytes";
  const runs = compress(bytes);
  const shown = runs
    .slice(0, runsMax)
    .map((run) => `${describeByte(Number(run.byte), values)} * ${run.lenBytes}`)
    .join(", ");
  return runs.length > runsMax ? `${shown}, … (${bytes.length} bytes)` : shown;
}

/** One byte: "0x1f", or "{0x00|0x1f}" where it is a set. */
export function describeByte(byte: number, values: readonly number[] | undefined): string {
  if (values === undefined) return hexByte(byte);
  const may = valuesOf(byte, values).map(hexByte);
  return may.length === 1 ? may[0]! : `{${may.join("|")}}`;
}
