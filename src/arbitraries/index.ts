// fast-check arbitraries for splicelab: `import { programs } from "splicelab/arbitraries"`.
//
// fast-check is an optional peer: only this entry and what it imports need it.

export { programs, samples, schedules, picksOf } from "./programs.js";
export { decisionWords, environments, policies, profiles, switchWords } from "./settings.js";
export { decodeProgram } from "./decode.js";
export type { Sample } from "./decode.js";
export { randomProgram, randomPrograms } from "./random.js";
export type { ProgramConstraints } from "./constraints.js";
