// Calls one by one, as they are typed: a program of one thread that grows.
//
// Interface: emptySession, parseCall, SessionStep.
// Registers and the pipes that pipe2() makes last from line to line. Each name is given once, so the
// program can be printed, shared and run again.

import { checkCall, declareNames } from "./check-call.js";
import { Reporter } from "./diagnostic.js";
import type { Diagnostic } from "./diagnostic.js";
import { DataBudget } from "./evaluate.js";
import { CALLS_MAX } from "./limits.js";
import { parseLine } from "./parse.js";
import type { Call, Program } from "./program.js";
import { scopeOf } from "./scope.js";

/** The program before the first call. */
export const emptySession: Program = {
  name: "exec",
  doc: "",
  names: [],
  files: [],
  pipes: [],
  sockets: [],
  wires: [],
  threads: [{ name: "main", calls: [] }],
  locations: [],
};

/** What one line did. */
export interface SessionStep {
  /** The program with the call at its end; the same as before if the line holds none or is wrong. */
  readonly program: Program;
  /** The call of the line. */
  readonly call?: Call;
  readonly diagnostics: readonly Diagnostic[];
}

/** Adds one line to a session. A blank line or a comment adds nothing and is no mistake. */
export function parseCall(line: string, session: Program, lineNumber = 1): SessionStep {
  const reporter = new Reporter(line, lineNumber);
  const call = readCall(line, session, reporter);
  const { diagnostics } = reporter;
  if (call === undefined || reporter.failed()) return { program: session, diagnostics };
  const [thread] = session.threads;
  const calls = [...thread!.calls, call.call];
  const program = { ...session, names: call.names, threads: [{ ...thread!, calls }] };
  return { program, call: call.call, diagnostics };
}

function readCall(
  line: string,
  session: Program,
  reporter: Reporter,
): { readonly call: Call; readonly names: readonly string[] } | undefined {
  const node = parseLine(line, reporter);
  if (node === undefined || reporter.failed()) return undefined;
  const scope = scopeOf(session);
  const id = session.threads[0]!.calls.length;
  if (id >= CALLS_MAX) {
    reporter.error(node, `there are more than ${CALLS_MAX} calls`, "begin a new session");
    return undefined;
  }
  const context = { scope, budget: new DataBudget(), reporter };
  declareNames(node, id, 0, context);
  if (reporter.failed()) return undefined;
  const call = checkCall(node, id, 0, context);
  return call === undefined ? undefined : { call, names: scope.names };
}
