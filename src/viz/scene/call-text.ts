// Calls in words, for lanes, readers and sentences.
//
// Interface: callHead, callArguments, callTitle, resultText, threadIndexOf. The spelling of a call is
// the litmus language's own.

import { ERRNO_NAMES } from "../../compare/errno-names.js";
import { callText } from "../../language/print.js";
import type { Call, CallId, Program } from "../../language/program.js";
import type { CallResult } from "../../trace/outcome.js";

/** "s: splice", "a = read": the label or register, if any, and the name. */
export const callHead = (call: Call): string =>
  call.label === undefined ? assigned(call) : `${call.label}: ${assigned(call)}`;

const assigned = (call: Call): string =>
  call.register === undefined ? call.syscall : `${call.register} = ${call.syscall}`;

/** The arguments in parentheses. */
export const callArguments = (program: Program, call: Call): string =>
  callText(program, call).slice(call.syscall.length);

/** The whole call with its register, without its label. */
export const callTitle = (program: Program, call: Call): string =>
  assigned(call) + callArguments(program, call);

/** What a call returned: "= 4096", "= -1 EAGAIN"; empty if it has not. */
export function resultText(result: CallResult | undefined): string {
  if (result?.status !== "returned") return "";
  if (result.errno === 0) return `= ${result.ret}`;
  return `= -1 ${ERRNO_NAMES.get(result.errno) ?? `errno ${result.errno}`}`;
}

/** The index of the thread that makes a call. */
export const threadIndexOf = (program: Program, call: CallId): number =>
  program.threads.findIndex((t) => t.calls.some((c) => c.id === call));
