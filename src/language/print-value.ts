// Content, numbers and flags as text.
//
// Interface: printContent, printData, printMemory, printFlags, printCommand; isSpeltOut.

import { quote } from "./literals.js";
import type { Content, Run } from "./program.js";
import type { Constants } from "./evaluate.js";

/** Runs from this length on are fills; shorter ones are spelt out with their neighbours. */
const FILL_MIN = 8;

const hexOf = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;
const isText = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

type Short = Run & { readonly byte: number };
const isShort = (run: Run): run is Short => typeof run.byte === "number" && run.lenBytes < FILL_MIN;

/** Whether a run is printed as text, and not as a fill. */
export const isSpeltOut = (run: Run): boolean => isShort(run) && isText(run.byte);

/** The pieces of content, in the order of the bytes. */
function piecesOf(content: Content): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < content.length;) {
    const run = content[at]!;
    if (!isShort(run)) {
      const { byte, lenBytes } = run;
      pieces.push(
        typeof byte === "string" ? `${byte} ${lenBytes}` : `${hexOf(byte)} * ${lenBytes}`,
      );
      at++;
      continue;
    }
    const text = isText(run.byte);
    const bytes: number[] = [];
    for (; at < content.length; at++) {
      const next = content[at]!;
      if (!isShort(next) || isText(next.byte) !== text) break;
      for (let i = 0; i < next.lenBytes; i++) bytes.push(next.byte);
    }
    pieces.push(text ? quote(String.fromCharCode(...bytes)) : printHex(bytes));
  }
  return pieces;
}

/** Bytes as `hex "00ff"`; a piece that is one value only is shorter as a fill. */
function printHex(bytes: readonly number[]): string {
  const [first] = bytes;
  if (first !== undefined && bytes.every((byte) => byte === first))
    return `${hexOf(first)} * ${bytes.length}`;
  return `hex "${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}

/** Initial content of a file: `hole 4096, 0x1f * 4096`; "" if there is none. */
export const printContent = (content: Content): string => piecesOf(content).join(", ");

/** Content as an argument or in a condition: `0x1f * 4096`, `{0x00 * 100, "abc"}`, `""`. */
export function printData(content: Content): string {
  const pieces = piecesOf(content);
  if (pieces.length === 0) return '""';
  return pieces.length === 1 ? pieces[0]! : `{${pieces.join(", ")}}`;
}

/** Memory to read into: `100`, `{4096, fault 1}`; its values do not show. */
export function printMemory(content: Content): string {
  const pieces = content.map(
    ({ byte, lenBytes }) => `${byte === "fault" ? "fault " : ""}${lenBytes}`,
  );
  if (pieces.length === 0) return "0";
  return pieces.length === 1 ? pieces[0]! : `{${pieces.join(", ")}}`;
}

/** Flags by name, joined by `|`; bits without a name stay a number. */
export function printFlags(flags: bigint, set: Constants): string {
  const names = Object.entries(set).map(([name, value]) => ({ name, bits: BigInt(value) }));
  if (flags <= 0n) return names.find(({ bits }) => bits === flags)?.name ?? `${flags}`;
  const printed: string[] = [];
  let rest = flags;
  // Wide flags first: O_TMPFILE holds other bits.
  for (const { name, bits } of names.sort((a, b) => Number(b.bits - a.bits))) {
    if (bits === 0n || (rest & bits) !== bits) continue;
    printed.push(name);
    rest &= ~bits;
  }
  if (rest !== 0n) printed.unshift(`0x${rest.toString(16)}`);
  return printed.reverse().join(" | ");
}

/** A command by name, or its number. */
export const printCommand = (command: bigint, set: Constants): string =>
  Object.entries(set).find(([, value]) => BigInt(value) === command)?.[0] ?? `${command}`;
