// A scenario from a file, from standard input or from a token, and what to run it with.
//
// Interface: loadProgram, readProgram, placedOf, UNREAD, nameOf, setupOf, picksOf, witnessOf, ModelOptions.

import { renderDiagnostic } from "../language/diagnostic.js";
import type { Diagnostic } from "../language/diagnostic.js";
import type { Program } from "../language/program.js";
import { parseProgram } from "../language/parse-program.js";
import type { Setup } from "../model/core.js";
import { UnknownName } from "../model/options.js";
import { parsePolicy } from "../model/policies.js";
import { parseProfile } from "../model/profiles.js";
import { ENVIRONMENT } from "../trace/environment.js";
import type { Environment } from "../trace/environment.js";
import { TokenError, decodeToken } from "../trace/token.js";
import type { Witness } from "../trace/token.js";
import { WHOLE_TOKEN } from "../trace/token-found.js";
import type { Edge } from "./edge.js";
import { CannotRun } from "./exit.js";
import type { Placed } from "./exit.js";
import { plural } from "./report.js";

/** The policy and profile of a run where nobody names one. */
export const DEFAULT_PROFILE = "6.18/ext4";
export const DEFAULT_POLICY = "linux";

/** Which model to run on, as options of a command. */
export interface ModelOptions {
  readonly profile?: string | undefined;
  readonly policy?: string | undefined;
}

/** Reads and checks a scenario. Diagnostics go to standard error; errors throw CannotRun. */
export async function loadProgram(
  edge: Edge,
  file: string,
): Promise<{ text: string; program: Program }> {
  const text = await edge.read(file);
  return { text, program: readProgram(edge, text, file) };
}

/** Checks a text that came from `file`. As loadProgram. */
export function readProgram(edge: Edge, text: string, file: string): Program {
  const { program, diagnostics, unread } = parseProgram(text);
  for (const each of diagnostics) edge.err(renderDiagnostic(each, text, nameOf(file)));
  if (program !== undefined) return program;
  const errors = diagnostics.filter((each: Diagnostic) => each.severity === "error").length;
  const placed = diagnostics.map((each) => placedOf(each, file));
  const remedy = unread ? UNREAD : undefined;
  throw new CannotRun(`${nameOf(file)} has ${plural(errors, "error")}`, remedy, placed);
}

/** More mistakes may be there. */
export const UNREAD = "mend these first: only then are names and calls checked";

/** A remark about the text of a file, for JSON. */
export function placedOf(diagnostic: Diagnostic, file: string): Placed {
  const { line, column, severity, message, remedy } = diagnostic;
  const words = { file, line, column, severity, message };
  return remedy === undefined ? words : { ...words, remedy };
}

/** How messages call an input. */
export const nameOf = (file: string): string => (file === "-" ? "standard input" : file);

/** What a run on the model needs. Throws CannotRun for a name that is none. */
export function setupOf(
  program: Program,
  options: ModelOptions,
  environment: Environment = ENVIRONMENT,
): Setup {
  try {
    return {
      program,
      profile: parseProfile(options.profile ?? DEFAULT_PROFILE),
      policy: parsePolicy(options.policy ?? DEFAULT_POLICY),
      environment,
    };
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    throw new CannotRun(error.message, "splicelab list policies and list profiles show them");
  }
}

/** The threads that a --schedule option names, by name or number, as indices. */
export function picksOf(program: Program, schedule: string | undefined): number[] {
  if (schedule === undefined || schedule === "") return [];
  return schedule.split(",").map((word) => {
    const named = program.threads.findIndex((thread) => thread.name === word.trim());
    const index = named >= 0 ? named : /^\d+$/.test(word.trim()) ? Number(word) : -1;
    if (index >= 0 && index < program.threads.length) return index;
    const names = program.threads.map((thread) => thread.name).join(", ");
    throw new CannotRun(`--schedule: there is no thread "${word}"`, `name one of ${names}`);
  });
}

/** The run in a token. Throws CannotRun. */
export function witnessOf(token: string): Witness {
  try {
    return decodeToken(token);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new CannotRun(error.message, WHOLE_TOKEN);
  }
}
