// What steps one run: four verbs (reset, enabled, step, check), the state block, the events, a run again. All of the core but the search.
// The page's own core is this alone.

export { configure } from "./config";
export { eventsAt, eventsUsed, listen } from "./events";
export { lawBroken, roundsAt, runBytes, runPicks, stepsTaken } from "./explore/replay";
export { pipeOfDrain, pipesOfMove } from "./net/splice-read";
export { heldUpBy } from "./sched/action";
export { check, lostWake } from "./invariants";
export { bringIn, reclaim } from "./mm/daemons";
export { pricesAt } from "./price";
export { unboundedMask } from "./sched/held";
export { enabledMask, insideMask, lateMask, progressMask, step } from "./sched/step";
export { programAt, reset, scheduleAt, stateAt, stateHash, stateSize } from "./state";
export * from "./views";
