// What recvmsg() takes from the error queue: a range of zero-copy sends, as one number.
//
// Interface: takesCompletions, rangeOf (from what stands in a condition), rangeText.
// The number is the first one plus 65536 times the last. Mirrors: ee_info and ee_data of struct sock_extended_err.

import type { Value } from "./ast.js";
import type { Reporter } from "./diagnostic.js";
import type { SyscallName } from "./syscalls.js";

const BASE = 0x10000n;

/** Whether a register in front of a call receives a range. */
export const takesCompletions = (syscall: SyscallName): boolean => syscall === "recvmsg";

/** The number of `0..2`, or of `2`, which is `2..2`; undefined for another value, or if it was reported. */
export function rangeOf(value: Value, reporter: Reporter): bigint | undefined {
  if (value.kind === "range") {
    const { low, high } = value;
    if (low >= 0n && low <= high && high < BASE) return low + BASE * high;
    const remedy = "write the first send and the last one, counted from 0: `0..2`";
    reporter.error(value, "no sends have these numbers", remedy);
    return undefined;
  }
  const [atom] = value.kind === "expr" ? value.atoms : [];
  const alone = value.kind === "expr" && value.atoms.length === 1;
  if (!alone || atom?.kind !== "number" || atom.value < 0n || atom.value >= BASE) return undefined;
  return atom.value + BASE * atom.value;
}

/** `0..2`; -1 where the call has failed. */
export const rangeText = (range: bigint): string =>
  range < 0n ? `${range}` : `${range % BASE}..${range / BASE}`;
