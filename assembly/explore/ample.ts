// Ample sets: of the enabled actions, a subset that leads to every final state that all of them lead to.
//
// Interface: ample. The sets are persistent (Godefroid 1996, definition 4.1): a task is in the set with every task whose
// future (future.ts) depends on its next step, so that nothing that the others do before can touch what the set's
// actions use. A blocked task's next step counts with its guard: whoever may let it go is in the set too.
// Every set has an action for which a run waits (progressMask). A run that ends has taken one of the set, and
// it can be taken first; so no final state is lost, though background actions may go in circles. P1 is part of the
// state.
// A state in which a task waits for a slot or a frag (P4, sched/held.ts) is not lost either. Give each task a sensor: an
// action of its own that notes, once, that the task waits. What a sensor looks at, the task's next step looks at too, and
// its future before; so with a task its sensor is in every set, and where the task is outside, so may the sensor be. Then
// the final states with all their notes are kept, and a note is made in a state that is visited. Sensors need not be run:
// every state that is found is looked at. What else holds on the way (the laws of invariants.ts) is not kept.

import { ACTIONS_MAX } from "../limits";
import { progressMask } from "../sched/step";
import { conflict } from "./footprint";
import { countActions, futureOf, isDone, lookAhead, nextOf } from "./future";

/** A smallest persistent set among those that one enabled action asks for: of equal ones that of the last action, which
 *  of equal threads is the one that is least far; so fewer states are found. `byNumber`: see future.ts. */
export function ample(actions: u64, byNumber: bool): u64 {
  if (popcnt(actions) < 2) return actions;
  lookAhead(byNumber);
  known = 0;
  let best = actions;
  for (let seeds = actions & (<u64>progressMask()); seeds && popcnt(best) > 1;) {
    const seed = <u32>(63 - clz(seeds));
    const set = closure(seed) & actions;
    if (popcnt(set) < popcnt(best)) best = set;
    seeds &= ~((<u64>1) << seed);
  }
  return best;
}

/** Actions whose dependents are known in the present state, and the dependents, one bit each. */
let known: u64 = 0;
const dependents: usize = memory.data(ACTIONS_MAX * 8);

/** The actions that may still do something that an action's next step depends on. */
function dependentsOf(action: u32): u64 {
  const at = dependents + action * 8;
  if ((known >> action) & 1) return load<u64>(at);
  let set: u64 = 0;
  for (let other: u32 = 0; other < countActions(); other++)
    if (!isDone(other) && conflict(nextOf(action), futureOf(other))) set |= (<u64>1) << other;
  known |= (<u64>1) << action;
  store<u64>(at, set);
  return set;
}

/** The action with all that depend on it, directly or through others, one bit each. */
function closure(first: u32): u64 {
  let set: u64 = (<u64>1) << first;
  let todo = set;
  while (todo) {
    const t = <u32>ctz(todo);
    todo &= todo - 1;
    const more = dependentsOf(t) & ~set;
    set |= more;
    todo |= more;
  }
  return set;
}
