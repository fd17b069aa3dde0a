// The library: `import { Core, parseProgram, traceOf } from "splicelab"`. Exports only.

export * from "./language/index.js";
export { encode } from "./language/encode.js";
export { SYSCALLS } from "./language/syscalls.js";
export type { SyscallName, SyscallRow } from "./language/syscalls.js";
export { ENVIRONMENT } from "./trace/environment.js";
export type { Environment } from "./trace/environment.js";
export type { Event, SlotRef } from "./trace/event.js";
export type {
  CallResult,
  CallStatus,
  FinalFile,
  FinalPipe,
  FinalWire,
  Outcome,
} from "./trace/outcome.js";
export { TokenError, decodeToken, encodeToken, isToken } from "./trace/token.js";
export type { Witness } from "./trace/token.js";
export type { Price } from "./trace/price.js";
export type { Trace, TraceStep } from "./trace/trace.js";
export type * from "./trace/world.js";
export { Core, TooLarge } from "./model/core.js";
export type { Setup } from "./model/core.js";
export { CoreTrap } from "./model/trap.js";
export { UnknownName } from "./model/options.js";
export type { Named, Option } from "./model/options.js";
export { POLICIES, POLICY_OPTIONS, parsePolicy } from "./model/policies.js";
export type { Policy } from "./model/policies.js";
export { PROFILES, PROFILE_OPTIONS, nearestProfile, parseProfile } from "./model/profiles.js";
export type { Profile } from "./model/profiles.js";
export { explore } from "./model/explore.js";
export type { Explored, ReachedOutcome } from "./model/explore.js";
export type { Ending } from "./model/ending.js";
export { TooLargeToExplore } from "./model/exploration.js";
export { outcomesOfPicks } from "./model/schedule.js";
export { traceOf, traceOfSteps } from "./model/trace.js";
export { conform, differences } from "./compare/conform.js";
export type { Difference, Divergence } from "./compare/conform.js";
export { explain } from "./compare/explain.js";
export { judge, verdict } from "./compare/judge.js";
export type { Judgement, Verdict } from "./compare/judge.js";
export { shrinkProgram } from "./compare/shrink.js";
