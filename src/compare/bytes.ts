// Bytes: equal or not, and written as runs for people.
//
// Interface: sameBytes, matchesContent, hexByte, describeBytes.

import { compress, contentBytes } from "../language/program.js";
import type { Content } from "../language/program.js";

/** Whether two byte strings are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether bytes are exactly this content; a hole stands for zeros. */
export function matchesContent(bytes: Uint8Array, content: Content): boolean {
  if (bytes.length !== contentBytes(content)) return false;
  let at = 0;
  for (const run of content) {
    const byte = run.byte === "hole" ? 0 : run.byte;
    for (const end = at + run.lenBytes; at < end; at++) if (bytes[at] !== byte) return false;
  }
  return true;
}

/** One byte as people read it: "0x1f". */
export const hexByte = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;

/** Bytes as runs: "0x1f * 4096, 0x00 * 512". Only the first `runsMax` runs are written out. */
export function describeBytes(bytes: Uint8Array, runsMax = 8): string {
  if (bytes.length === 0) return "no bytes";
  const runs = compress(bytes);
  const shown = runs
    .slice(0, runsMax)
    .map((run) => `${hexByte(Number(run.byte))} * ${run.lenBytes}`)
    .join(", ");
  return runs.length > runsMax ? `${shown}, … (${bytes.length} bytes)` : shown;
}
