// All orders in which the calls of a program can be started.
//
// Interface: callSchedules.
// Not known beforehand: which calls block, and so whether a call that waits for one that blocks can
// start. The executor skips a pick that cannot start; two lists may then be one run.

import type { Call, CallId, Program } from "../language/program.js";

/** Call-level interleavings as lists of thread indices, at most `limit` of them: those that prefer
 *  threads in their order come first. A call appears after the calls that it waits for; calls that
 *  wait for each other in a circle do not appear. Ask for one more than wanted to learn whether
 *  there are more. */
export function callSchedules(program: Program, limit: number): number[][] {
  const found: number[][] = [];
  const next = program.threads.map(() => 0);
  const started = new Set<CallId>();
  const picks: number[] = [];

  const callOf = (index: number): Call | undefined => program.threads[index]!.calls[next[index]!];
  const canStart = (index: number): boolean =>
    callOf(index)?.after.every((id) => started.has(id)) ?? false;

  const visit = (): void => {
    const able = next.map((_, index) => index).filter(canStart);
    if (able.length === 0) found.push([...picks]);
    for (const index of able) {
      if (found.length >= limit) return;
      const { id } = callOf(index)!;
      next[index]!++;
      started.add(id);
      picks.push(index);
      visit();
      picks.pop();
      started.delete(id);
      next[index]!--;
    }
  };
  if (limit > 0) visit();
  return found;
}
