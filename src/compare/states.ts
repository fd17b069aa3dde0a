// The lines of herd's `States`: outcomes by what they show, and what the condition says of each line.
//
// Interface: statesOf, StatesLine, Sign.

import type { Counts } from "./judge.js";

/** Whether the proposition holds: of all of a line's outcomes, of none, or of some of them. */
export type Sign = "*" | " " | "?";

/** Outcomes that show the same. */
export interface StatesLine<Each> {
  readonly shows: string;
  readonly members: readonly Each[];
  readonly sign: Sign;
}

/** Outcomes by what they show, in the order of the texts. `countsOf`: how an outcome counts. */
export function statesOf<Each extends { readonly shows: string }>(
  outcomes: readonly Each[],
  countsOf: (each: Each) => Counts,
): StatesLine<Each>[] {
  const groups = new Map<string, Each[]>();
  for (const each of outcomes) {
    const group = groups.get(each.shows);
    if (group) group.push(each);
    else groups.set(each.shows, [each]);
  }
  return [...groups]
    .map(([shows, members]) => ({ shows, members, sign: signOf(members.map(countsOf)) }))
    .sort((a, b) => (a.shows < b.shows ? -1 : 1));
}

function signOf(counts: readonly Counts[]): Sign {
  if (counts.every(({ positive }) => positive === 0)) return " ";
  return counts.every(({ negative }) => negative === 0) ? "*" : "?";
}
