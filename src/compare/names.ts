// What to call a call when talking to people.
//
// Interface: callPlace, callTitle, threadOf.

import { callsOf } from "../language/program.js";
import type { CallId, Program, Thread } from "../language/program.js";

/** The thread that makes a call. */
export function threadOf(program: Program, id: CallId): Thread | undefined {
  return program.threads.find((thread) => thread.calls.some((call) => call.id === id));
}

/** Where a call stands: "client:a" by its register or label, else "call 2 of client", from 1. */
export function callPlace(program: Program, id: CallId): string {
  const thread = threadOf(program, id);
  const call = callsOf(program)[id];
  if (thread === undefined || call === undefined) return `call ${id}`;
  const name = call.register ?? call.label;
  if (name !== undefined) return `${thread.name}:${name}`;
  return `call ${thread.calls.indexOf(call) + 1} of ${thread.name}`;
}

/** The call and its place: "read() at client:a", "pwrite(), call 2 of writer". */
export function callTitle(program: Program, id: CallId): string {
  const call = callsOf(program)[id];
  if (call === undefined) return `call ${id}`;
  const named = call.register ?? call.label;
  return `${call.syscall}()${named === undefined ? "," : " at"} ${callPlace(program, id)}`;
}
