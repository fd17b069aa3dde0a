// A warning for writes that cannot be told apart: a copy that mixes the two would look like either.
//
// Interface: checkTears.
// Only writes of different threads can run at once, so only those are compared.

import type { CallNode } from "./ast.js";
import type { Reporter } from "./diagnostic.js";
import { segmentsOf } from "./program.js";
import type { Call, Thread } from "./program.js";

/** Warns about each call that writes a byte value which a call of an earlier thread also writes. */
export function checkTears(
  threads: readonly Thread[],
  nodes: readonly CallNode[],
  reporter: Reporter,
): void {
  const writers = new Map<number, Thread>();
  for (const thread of threads) {
    for (const call of thread.calls) {
      const byte = bytesOf(call).find((value) => writers.has(value));
      if (byte === undefined) continue;
      const hex = `0x${byte.toString(16).padStart(2, "0")}`;
      const message = `${hex} is also written by ${nameOf(writers.get(byte)!)}: a tear could hide`;
      reporter.warning(nodes[call.id]!, message, "write a different byte value in each call");
    }
    for (const byte of thread.calls.flatMap(bytesOf))
      if (!writers.has(byte)) writers.set(byte, thread);
  }
}

const nameOf = ({ name, chain }: Thread): string =>
  `${chain === undefined ? "thread" : "chain"} \`${name}\``;

/** The values that a call writes, each once. */
function bytesOf({ operands }: Call): number[] {
  const bytes = new Set<number>();
  for (const operand of operands)
    for (const { byte } of segmentsOf(operand)?.flat() ?? [])
      if (typeof byte === "number") bytes.add(byte);
  return [...bytes];
}
