// Bytes in an outcome are written as the scenario writes them.

import { expect, test } from "vitest";
import { describeBytes } from "../../../src/compare/bytes.js";
import { printData } from "../../../src/language/print-value.js";
import { compress } from "../../../src/language/program.js";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

test.each([
  ["f", '"f"'],
  ["fff", '"fff"'],
  ["ell", '"ell"'],
  ['say "a\\b"', '"say \\"a\\\\b\\""'],
  ["f".repeat(8), "0x66 * 8"],
  ["ab" + "c".repeat(9) + "d", '"ab", 0x63 * 9, "d"'],
])("%j is written as a condition writes it", (text, written) => {
  const bytes = bytesOf(text);
  expect(describeBytes(bytes)).toBe(written);
  expect(printData(compress(bytes)).replace(/^\{(.*)\}$/, "$1")).toBe(written);
});

test("bytes that are no text stay runs, and long texts are cut", () => {
  expect(describeBytes(Uint8Array.from([0, 0, 7, 0x61]))).toBe('0x00 * 2, 0x07 * 1, "a"');
  const long = bytesOf("abcdefgh".repeat(100));
  expect(describeBytes(long, undefined, 2)).toBe(
    `"${"abcdefgh".repeat(8)}", "${"abcdefgh".repeat(8)}", … (800 bytes)`,
  );
});

test("a byte that is a set of values is no text", () => {
  expect(describeBytes(Uint8Array.from([3, 7]), [0, 0x61, 0x62])).toBe('"a", {0x61|0x62} * 1');
});
