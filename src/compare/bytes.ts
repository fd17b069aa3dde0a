// Bytes: equal or not, and written as runs for people.
//
// Interface: matchesContent, maybeMatches, isAmong, hexByte, describeByte, describeBytes.

import { quote } from "../language/literals.js";
import { isSpeltOut } from "../language/print-value.js";
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

/** Bytes as runs and text, as a scenario writes them: `0x1f * 4096, "abc"`; with `values`, a byte may be a set:
 *  "{0x00|0x1f} * 4096". Only the first `piecesMax` pieces are written out. */
export function describeBytes(
  bytes: Uint8Array,
  values?: readonly number[],
  piecesMax = 8,
): string {
  if (bytes.length === 0) return "no bytes";
  const pieces = piecesOf(compress(bytes), values);
  const shown = pieces.slice(0, piecesMax).join(", ");
  return pieces.length > piecesMax ? `${shown}, … (${bytes.length} bytes)` : shown;
}

/** Characters of one piece of text at most. */
const TEXT_MAX = 64;

function piecesOf(runs: Content, values: readonly number[] | undefined): string[] {
  const pieces: string[] = [];
  let text = "";
  const endText = (): void => {
    if (text !== "") pieces.push(quote(text));
    text = "";
  };
  for (const { byte, lenBytes } of runs) {
    const may = values === undefined ? [Number(byte)] : valuesOf(Number(byte), values);
    if (may.length === 1 && isSpeltOut({ byte: may[0]!, lenBytes })) {
      if (text.length + lenBytes > TEXT_MAX) endText();
      text += String.fromCharCode(may[0]!).repeat(lenBytes);
      continue;
    }
    endText();
    pieces.push(`${describeByte(Number(byte), values)} * ${lenBytes}`);
  }
  endText();
  return pieces;
}

/** One byte: "0x1f", or "{0x00|0x1f}" where it is a set. */
export function describeByte(byte: number, values: readonly number[] | undefined): string {
  if (values === undefined) return hexByte(byte);
  const may = valuesOf(byte, values).map(hexByte);
  return may.length === 1 ? may[0]! : `{${may.join("|")}}`;
}
