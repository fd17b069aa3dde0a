// Everything the comparison offers, for the command line, the page and the library.

export { sameBytes } from "../trace/bytes.js";
export { describeBytes, hexByte, matchesContent } from "./bytes.js";
export { conform, differences, sameOutcome } from "./conform.js";
export type { Difference, Divergence } from "./conform.js";
export type { Case } from "./edit.js";
export { ERRNO_NAMES } from "./errno-names.js";
export { explain } from "./explain.js";
export { judge, numberOf, verdict } from "./judge.js";
export type { Judgement, Verdict } from "./judge.js";
export { callPlace, callTitle, threadOf } from "./names.js";
export { shrinkProgram } from "./shrink.js";
export type { ShrinkOptions } from "./shrink.js";
