// The search's door: what the host calls, of whichever machine.

export * from "./boxes";
export * from "./checkpoint";
export * from "./report";
export { exploreLevel, exploreOwn, exploreRun, exploreShard, exploreStart } from "./search";
export { witnessRun, witnessStart } from "./witness";
export { walk, walkViolated } from "./sample";
