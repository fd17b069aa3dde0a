// One run by a schedule of turns, step by step: who is named goes when it is its turn.
//
// Interface: runTurns, Turn.
// A turn is of a thread, which starts its next call, of a chain, which starts its next request, or of the kernel's own actions,
// of which the first that can takes a step. Between two turns all go by themselves that can: what is inside a call, requests,
// actions that a run waits for; but a chain or an action that has turns waits for them, until the last one is over. A turn
// that cannot be taken is passed over. Behind the last the lowest thread goes that can start a call; timers go where none can:
// time passes slowest.

import type { Core } from "./core.js";

/** Who goes: a task, or one of several actions. */
export type Turn = number | readonly number[];

/** Runs one schedule; where one call wakes several tasks the lowest goes first. `step` takes each step. */
export function runTurns(core: Core, turns: readonly Turn[], step: (action: number) => void): void {
  const picks = turns.map((turn) => (typeof turn === "number" ? [turn] : turn));
  const named = new Set(picks.flat());
  let at = 0;
  const takeTurn = (): number | undefined => {
    while (at < picks.length) {
      const can = [...startable(core, named), ...core.enabledBackground()];
      const action = picks[at++]!.find((each) => can.includes(each));
      if (action !== undefined) return action;
    }
    return undefined;
  };
  const isHeld = (action: number): boolean => at < picks.length && named.has(action);
  const next = (): number | undefined =>
    goesOn(core, isHeld) ??
    takeTurn() ??
    goesOn(core, isHeld) ??
    startable(core)[0] ??
    core.enabledLate()[0];
  for (let action = next(); action !== undefined; action = next()) step(action);
}

const begins = (core: Core, task: number): boolean => core.phase(task) === "enter";

/** The threads that can start a call; the named chains that can start a request. */
function startable(core: Core, named: ReadonlySet<number> = new Set()): number[] {
  const inside = core.inside();
  const starts = (task: number): boolean =>
    !inside.includes(task) || (named.has(task) && begins(core, task));
  return core.enabledThreads().filter(starts);
}

/** Who goes by itself: a task inside a call or about to make a request; without one, an action that a run waits for. */
function goesOn(core: Core, isHeld: (action: number) => boolean): number | undefined {
  const inside = core.inside();
  const running = core
    .enabledThreads()
    .find((task) => inside.includes(task) && !(isHeld(task) && begins(core, task)));
  return running ?? core.enabledProgress().find((action) => !isHeld(action));
}
