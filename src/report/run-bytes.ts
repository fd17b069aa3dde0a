// Bytes as runs of equal ones, as JSON has them.
//
// Interface: runsOf, runsOfBytes, bytesOf.

import { compress } from "../language/program.js";
import { valuesOf } from "../trace/outcome.js";

/** Equal bytes, or bytes that may each be one of several. */
export type JsonRun = { byte: number; lenBytes: number } | { oneOf: number[]; lenBytes: number };

/** Runs of equal bytes; of bytes that a torn copy left open, with the values that each may have. */
export const runsOf = (data: Uint8Array, values?: readonly number[]): JsonRun[] =>
  compress(data).map(({ byte, lenBytes }) => {
    const may = values === undefined ? [Number(byte)] : valuesOf(Number(byte), values);
    return may.length === 1 ? { byte: may[0]!, lenBytes } : { oneOf: may, lenBytes };
  });

/** Runs of equal bytes. */
export const runsOfBytes = (data: Uint8Array): { byte: number; lenBytes: number }[] =>
  compress(data).map(({ byte, lenBytes }) => ({ byte: Number(byte), lenBytes }));

/** More than a scenario can read: the core's state is at most 16 MiB. */
const BYTES_MAX = 64 * 1024 * 1024;

/** The bytes of runs that are each one value. Throws RangeError if they are too many. */
export function bytesOf(runs: readonly { byte: number; lenBytes: number }[]): Uint8Array {
  const size = runs.reduce((sum, run) => sum + run.lenBytes, 0);
  if (size > BYTES_MAX) throw new RangeError("more than 64 MiB of data is in no run of a scenario");
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const { byte, lenBytes } of runs) {
    bytes.fill(byte, at, at + lenBytes);
    at += lenBytes;
  }
  return bytes;
}
