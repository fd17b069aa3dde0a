// The smallest program that still fails a given test.
//
// Interface: shrinkProgram, ShrinkOptions.
// Greedy: the edits that take most away come first, each is kept if the result still fails, and all is
// tried again until a round changes nothing. Deterministic, as far as `fails` is. Every edit makes the
// program smaller in one fixed sense (fewer calls, simpler numbers, fewer flags), so it ends by itself;
// `attemptsMax` ends it earlier.

import type { Case } from "./edit.js";
import { simplerCalls } from "./simpler-calls.js";
import { fewerCalls, fewerObjects, mergedThreads, shorterPicks } from "./smaller.js";

/** How long to try. */
export interface ShrinkOptions {
  /** Calls of `fails`; 3000 by default. */
  readonly attemptsMax?: number;
}

const ATTEMPTS_MAX = 3000;

/** All kinds of edits, in the order in which they are tried. */
const PASSES: readonly ((from: Case) => Iterable<Case>)[] = [
  fewerCalls,
  mergedThreads,
  fewerObjects,
  shorterPicks,
  simplerCalls,
];

/** Makes a failing program smaller while it fails. The program given is taken to fail; if nothing smaller
 *  fails it comes back as it is. */
export async function shrinkProgram(
  program: Case["program"],
  picks: readonly number[],
  fails: (program: Case["program"], picks: readonly number[]) => Promise<boolean>,
  options: ShrinkOptions = {},
): Promise<{ program: Case["program"]; picks: number[] }> {
  let left = options.attemptsMax ?? ATTEMPTS_MAX;
  const tried = new Set<string>();
  const attempt = async (candidate: Case): Promise<boolean> => {
    const key = caseKey(candidate);
    if (left <= 0 || tried.has(key)) return false;
    tried.add(key);
    left--;
    return fails(candidate.program, candidate.picks);
  };

  let best: Case = { program, picks };
  tried.add(caseKey(best));
  for (let moved = true; moved && left > 0;) {
    moved = false;
    for (const pass of PASSES)
      for (let next = await firstFailing(pass(best), attempt); next !== undefined;) {
        best = next;
        moved = true;
        next = await firstFailing(pass(best), attempt);
      }
  }
  return { program: best.program, picks: [...best.picks] };
}

async function firstFailing(
  candidates: Iterable<Case>,
  attempt: (candidate: Case) => Promise<boolean>,
): Promise<Case | undefined> {
  for (const candidate of candidates) if (await attempt(candidate)) return candidate;
  return undefined;
}

const caseKey = ({ program, picks }: Case): string =>
  JSON.stringify([program, picks], (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
