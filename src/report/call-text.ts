// One call of a run and what it gave, as strace prints them.
//
// Interface: finishedOrder, threadName, callText, resultText.

import { describeBytes } from "../compare/bytes.js";
import { ERRNO_NAMES } from "../compare/errno-names.js";
import { rangeText, takesCompletions } from "../language/completions.js";
import type { Call, CallId, Program } from "../language/program.js";
import { callText as printedCall } from "../language/print.js";
import { syscallRow } from "../language/syscalls.js";
import { readFdOf, writeFdOf } from "../trace/outcome.js";
import type { CallResult, Outcome } from "../trace/outcome.js";

/** Results in the order in which the calls returned, as far as it is known: by `order`, else by
 *  rounds; blocked calls and those that never started stand at the end. */
export function finishedOrder(outcome: Outcome, order?: readonly CallId[]): CallResult[] {
  const rank = (result: CallResult): number => {
    if (result.status !== "returned") return Number.MAX_SAFE_INTEGER;
    return order === undefined ? (result.returnedAt ?? 0) : order.indexOf(result.call);
  };
  return [...outcome.results].sort((a, b) => rank(a) - rank(b) || a.call - b.call);
}

/** The name of the thread that makes a call. */
export const threadName = (program: Program, call: Call): string =>
  program.threads.find((thread) => thread.calls.some(({ id }) => id === call.id))?.name ?? "?";

/** A call as the author wrote it, register first: "a = read(p.r, 4096)". */
export const callText = (program: Program, call: Call): string =>
  (call.register === undefined ? "" : `${call.register} = `) + printedCall(program, call);

/** "= 4096  0x1f * 4096", "= -1 EAGAIN", "= ? (blocked)". `values`: Outcome.values. */
export function resultText(call: Call, result: CallResult, values?: readonly number[]): string {
  if (result.status === "not-started") return "= ? (never started)";
  if (result.status === "blocked")
    return result.lostWake ? "= ? (asleep, and nobody woke it)" : "= ? (blocked)";
  const signal = result.sigpipe ? "  SIGPIPE" : "";
  if (result.ret < 0)
    return `= -1 ${ERRNO_NAMES.get(result.errno) ?? `errno ${result.errno}`}${signal}`;
  const data = result.data.length > 0 ? `  ${describeBytes(result.data, values)}` : "";
  return `= ${result.ret}${data}${storedText(call, result)}${signal}`;
}

/** What the kernel stored through a pointer, in words. */
function storedText(call: Call, result: CallResult): string {
  if (result.out === undefined) return "";
  if (call.syscall === "pipe2") return `  [${readFdOf(result.out)}, ${writeFdOf(result.out)}]`;
  if (takesCompletions(call.syscall)) return `  [${rangeText(BigInt(result.out))}]`;
  if (call.syscall !== "poll") return `  [${result.out}]`;
  const set = syscallRow("poll").params.find((param) => param.name === "events")?.set ?? {};
  const names = Object.entries(set).filter(([, bit]) => (result.out! & bit) !== 0);
  return `  [${names.map(([name]) => name).join("|") || "0"}]`;
}
