// `after` that can never hold: calls that wait for each other in a circle.
//
// Interface: checkOrder; orderOf, reaches.

import type { CallNode } from "./ast.js";
import { waitsOf } from "./chains.js";
import type { Reporter } from "./diagnostic.js";
import type { CallId, Thread } from "./program.js";

/** Reports each `after` that no order of the calls can satisfy. `nodes` are the calls' texts by id. */
export function checkOrder(
  threads: readonly Thread[],
  nodes: readonly CallNode[],
  reporter: Reporter,
): void {
  const waitsFor = orderOf(threads);
  const stuck = stuckCalls(waitsFor);
  for (const { calls } of threads)
    for (const call of calls)
      call.after.forEach((other, i) => {
        if (!stuck.has(call.id) || !reaches(waitsFor, other, call.id)) return;
        const message = "this wait never ends: the two calls wait for each other";
        reporter.error(nodes[call.id]!.afters[i]!, message, "remove one `after` of the circle");
      });
}

/** What must have returned before each call: the one in front of it, and what it waits for. */
export function orderOf(threads: readonly Thread[]): Map<CallId, CallId[]> {
  const chains = waitsOf(threads);
  const waitsFor = new Map<CallId, CallId[]>();
  for (const { calls } of threads)
    calls.forEach((call, i) => {
      const before = calls[i - 1];
      const others = chains.get(call.id) ?? call.after;
      waitsFor.set(call.id, before === undefined ? [...others] : [before.id, ...others]);
    });
  return waitsFor;
}

/** Calls that can never start: those left when all others have returned. */
function stuckCalls(waitsFor: ReadonlyMap<CallId, readonly CallId[]>): Set<CallId> {
  const stuck = new Set(waitsFor.keys());
  for (let changed = true; changed;) {
    changed = false;
    for (const call of stuck) {
      if (waitsFor.get(call)!.some((other) => stuck.has(other))) continue;
      stuck.delete(call);
      changed = true;
    }
  }
  return stuck;
}

/** Whether `from` waits, however indirectly, for `to`. */
export function reaches(
  waitsFor: ReadonlyMap<CallId, readonly CallId[]>,
  from: CallId,
  to: CallId,
): boolean {
  const seen = new Set<CallId>();
  const todo = [from];
  for (let call = todo.pop(); call !== undefined; call = todo.pop()) {
    if (call === to) return true;
    if (seen.has(call)) continue;
    seen.add(call);
    todo.push(...(waitsFor.get(call) ?? []));
  }
  return false;
}
