// The litmus language: exports only.

export { parseProgram } from "./parse-program.js";
export type { ParseResult } from "./parse-program.js";
export { emptySession, parseCall } from "./session.js";
export type { SessionStep } from "./session.js";
export { hasErrors, renderDiagnostic } from "./diagnostic.js";
export type { Diagnostic, Span } from "./diagnostic.js";
export { callText, printProgram } from "./print.js";
export { formatText } from "./format.js";
export type { FormatResult } from "./format.js";
export { boundsOf, gridOf } from "./grid.js";
export type { Bounds } from "./grid.js";
export { callTable } from "./call-table.js";
export * from "./limits.js";
export * from "./program.js";
