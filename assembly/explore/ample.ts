// Ample sets: of the enabled actions, a subset that leads to every final state that all of them lead to.
//
// Interface: ample. The sets are persistent (Godefroid 1996, definition 4.1): a task is in the set with every task whose
// future (future.ts) depends on its next step, so that nothing that the others do before can touch what the set's
// actions use. A blocked task's next step counts with its guard: whoever may let it go is in the set too.
// All steps of a thread are progress and their number is bounded, so no cycle is made of ample steps alone and no
// final state is lost; P1 is part of the state. What holds in every state on the way (invariants, P4) is not kept.

import { tasks } from "../layout";
import { conflict } from "./footprint";
import { futureOf, isOver, lookAhead, nextOf } from "./future";

/** A smallest persistent set among those that one enabled task asks for. `byNumber`: see future.ts. */
export function ample(actions: u64, byNumber: bool): u64 {
  if (popcnt(actions) < 2) return actions;
  lookAhead(byNumber);
  let best = actions;
  for (let t: u32 = 0; t < tasks && popcnt(best) > 1; t++) {
    if (!(actions & ((<u64>1) << t))) continue;
    const set = closure(t) & actions;
    if (popcnt(set) < popcnt(best)) best = set;
  }
  return best;
}

/** The task with all that depend on it, directly or through others, one bit each. */
function closure(first: u32): u64 {
  let set: u64 = (<u64>1) << first;
  let todo = set;
  while (todo) {
    const t = <u32>ctz(todo);
    todo &= todo - 1;
    for (let other: u32 = 0; other < tasks; other++) {
      const bit = (<u64>1) << other;
      if (set & bit || isOver(other) || !conflict(nextOf(t), futureOf(other))) continue;
      set |= bit;
      todo |= bit;
    }
  }
  return set;
}
