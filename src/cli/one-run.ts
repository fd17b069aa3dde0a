// One run of a scenario on the model: of a file by its schedule of calls, or of a token step by step.
//
// Interface: runOrReplay, RunOptions, Finished.

import { Core, TooLarge } from "../model/core.js";
import { traceOf, traceOfSteps } from "../model/trace.js";
import type { Witness } from "../trace/token.js";
import { tokenOf } from "../trace/token-found.js";
import type { Trace } from "../trace/trace.js";
import type { Edge } from "./edge.js";
import { CannotRun } from "./exit.js";
import { turnNotes, replayNotes } from "./run-notes.js";
import { loadProgram, setupOf, withWires, witnessOf } from "./scenario.js";
import type { ModelOptions } from "./scenario.js";
import { turnsOf } from "./turns.js";

/** The model, and who goes next. */
export interface RunOptions extends ModelOptions {
  readonly schedule?: string | undefined;
}

/** A run, and what it came from. */
export interface Finished {
  readonly text: string;
  readonly trace: Trace;
  readonly core: Core;
  /** Where it left the schedule that was asked for. */
  readonly notes: readonly string[];
  /** The token that it came from, where it is that very run. */
  readonly known?: string;
  /** The second model that the token names. */
  readonly beside?: Witness["beside"];
  /** The step that the token's reader should look at. */
  readonly cursor?: number;
}

/** Runs a scenario from a file or standard input, or replays a token. Throws CannotRun. */
export async function runOrReplay(
  edge: Edge,
  file: string,
  options: RunOptions,
): Promise<Finished> {
  const token = tokenOf(file);
  return token === undefined ? runFile(edge, file, options) : replay(edge, token, options);
}

async function runFile(edge: Edge, file: string, options: RunOptions): Promise<Finished> {
  const { text, program } = await loadProgram(edge, file, options.wire);
  const setup = setupOf(program, options);
  const turns = turnsOf(new Core(), setup, options.schedule);
  const picks = turns.map(({ turn }) => turn);
  const finished = guarded(text, (core) => traceOf(core, setup, picks));
  return { ...finished, notes: turnNotes(finished.trace, turns) };
}

function replay(edge: Edge, token: string, options: RunOptions): Finished {
  if (options.schedule !== undefined)
    throw new CannotRun("a token brings its own schedule", "leave --schedule out");
  const witness = witnessOf(token);
  const { text, program } = withWires(edge, witness.text, "the token's scenario", options.wire);
  const { profile, policy, tear } = witness;
  const setup = { ...setupOf(program, { profile, policy, ...options }), tear: tear ?? false };
  const { schedule, cursor } = witness;
  const stops = cursor > 0 && cursor === schedule.length;
  const finished = guarded(text, (core) => traceOfSteps(core, setup, schedule, { stops }));
  const notes = replayNotes(finished.trace, witness);
  if (text !== witness.text)
    notes.unshift("this is another run than the token's, whose wires are of the other kind");
  const { beside } = witness;
  const told = { notes, cursor, ...(beside && { beside }) };
  return { ...finished, ...told, ...(notes.length === 0 ? { known: token } : {}) };
}

function guarded(text: string, trace: (core: Core) => Trace): Omit<Finished, "notes"> {
  const core = new Core();
  try {
    return { text, trace: trace(core), core };
  } catch (error) {
    if (error instanceof TooLarge) throw new CannotRun(error.message);
    throw error;
  }
}
