// The core's door: exports only. Four verbs (reset, enabled, step, check), the state block, the events.

export { configure } from "./config";
export { eventsAt, eventsUsed, listen } from "./events";
export { lawBroken, roundsAt, runBytes, runPicks, stepsTaken } from "./explore/replay";
export { check } from "./invariants";
export { enabledMask, insideMask, progressMask, step } from "./sched/step";
export { programAt, reset, scheduleAt, stateAt, stateHash, stateSize } from "./state";
export * from "./views";
