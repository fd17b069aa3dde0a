// A scenario from a file, from standard input or from a token, and what to run it with.
//
// Interface: loadProgram, withWires, readProgram, wireOption, placedOf, UNREAD, nameOf, setupOf, witnessOf, ModelOptions.

import { Option } from "@commander-js/extra-typings";
import { renderDiagnostic } from "../language/diagnostic.js";
import type { Diagnostic } from "../language/diagnostic.js";
import type { Program } from "../language/program.js";
import { parseProgram } from "../language/parse-program.js";
import { WIRE_KINDS, rewired } from "../language/rewire.js";
import type { WireKind } from "../language/rewire.js";
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

/** `--wire`: the same scenario behind a network card and over loopback. */
export const wireOption = (): Option<
  "--wire <kind>",
  undefined,
  undefined,
  undefined,
  false,
  WireKind
> => new Option("--wire <kind>", "what all wires of the scenario are").choices(WIRE_KINDS);

/** Which model to run on, as options of a command. */
export interface ModelOptions {
  readonly profile?: string | undefined;
  readonly policy?: string | undefined;
  /** What kind all wires of the scenario are. */
  readonly wire?: WireKind | undefined;
}

/** Reads and checks a scenario, with its wires as `wire` says. Diagnostics go to standard error; errors throw CannotRun. */
export async function loadProgram(
  edge: Edge,
  file: string,
  wire?: WireKind,
): Promise<{ text: string; program: Program }> {
  return withWires(edge, await edge.read(file), file, wire);
}

/** The same of a text that came from `file`. */
export function withWires(
  edge: Edge,
  written: string,
  file: string,
  wire: WireKind | undefined,
): { text: string; program: Program } {
  const asWritten = readProgram(edge, written, file);
  if (wire === undefined) return { text: written, program: asWritten };
  const text = rewired(written, wire);
  const program = parseProgram(text).program ?? asWritten;
  if (program.wires.length === 0)
    throw new CannotRun(`--wire says nothing: ${nameOf(file)} declares no wire`, "leave it out");
  return { text, program };
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

/** The run in a token. Throws CannotRun. */
export function witnessOf(token: string): Witness {
  try {
    return decodeToken(token);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new CannotRun(error.message, WHOLE_TOKEN);
  }
}
