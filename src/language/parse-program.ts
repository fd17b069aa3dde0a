// The one way from text to Program.
//
// Interface: parseProgram, ParseResult.

import { check } from "./check.js";
import { Reporter } from "./diagnostic.js";
import type { Diagnostic } from "./diagnostic.js";
import { parseText } from "./parse.js";
import type { Program } from "./program.js";

/** A program if the text has no errors, and all that there is to say about the text. */
export interface ParseResult {
  readonly program?: Program;
  readonly diagnostics: readonly Diagnostic[];
  /** The text cannot be read as a scenario, so that names and calls are not checked yet. */
  readonly unread?: true;
}

/** Reads a scenario. Any text is fine: mistakes come back as diagnostics, in the order of the text. */
export function parseProgram(text: string): ParseResult {
  const reporter = new Reporter(text);
  const ast = parseText(text, reporter);
  // A literal may be wrong in a text whose syntax is right.
  const program = ast === undefined || reporter.failed() ? undefined : check(ast, reporter);
  const { diagnostics } = reporter;
  if (ast === undefined) return { diagnostics, unread: true };
  return program === undefined ? { diagnostics } : { program, diagnostics };
}
