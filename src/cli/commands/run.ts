// `run FILE|TOKEN`: one schedule on the model.

import { explain } from "../../compare/explain.js";
import { callSchedules } from "../../kernel/schedules.js";
import type { Program } from "../../language/program.js";
import { Core, TooLarge } from "../../model/core.js";
import { traceOf, traceOfSteps } from "../../model/trace.js";
import { reportOfTrace } from "../../report/trace-run.js";
import { TokenError, encodeToken, isToken } from "../../trace/token.js";
import type { Trace } from "../../trace/trace.js";
import type { AddCommand, Edge } from "../edge.js";
import { CannotRun } from "../exit.js";
import { plural } from "../report.js";
import { pickNotes, replayNotes, stopOf } from "../run-notes.js";
import { printRun } from "../run-report.js";
import { loadProgram, picksOf, readProgram, setupOf, witnessOf } from "../scenario.js";
import type { ModelOptions } from "../scenario.js";
import { exitOfRun } from "../verdict.js";

interface RunOptions extends ModelOptions {
  readonly schedule?: string | undefined;
}

const EXAMPLES = `
Examples:
  splicelab run litmus/mail.litmus
  splicelab run litmus/mail.litmus --policy cow
  splicelab run litmus/mail-ordered.litmus --schedule client,writer,writer,client,client
  splicelab run sl1:…
  cat race.litmus | splicelab run -`;

/** Adds the command. */
export const addRun: AddCommand = (program, edge, finish) => {
  program
    .command("run")
    .summary("one run of a scenario on the model")
    .description(
      "Runs a scenario once, call by call, and prints the calls as strace would. The last line is a token: `run TOKEN` shows the same run again, and ends with the same token; with another --policy or --profile it is another run.",
    )
    .argument("<file>", "a scenario, - for standard input, or a token")
    .option("--policy <policy>", "what splice and its consumers do (list policies); default: linux")
    .option("--profile <profile>", "kernel and file system (list profiles); default: 6.18/ext4")
    .option(
      "--schedule <threads>",
      "which thread starts its next call: names, with commas between; what does not fit is passed over, and the run says so",
    )
    .option("--json", "one JSON object per call, then one for the run")
    .addHelpText("after", EXAMPLES)
    .action(async (file, options) => {
      const { text, trace, core, notes, known } = isToken(file)
        ? replay(edge, file, options)
        : await runFile(edge, file, options);
      const unmodelled = core.unmodelled();
      const midway = stopOf(core, trace);
      const token = known ?? tokenOf(edge, text, trace, midway !== undefined);
      const run = reportOfTrace(trace, { unmodelled, midway, notes, token });
      const undecided = unmodelled ?? midway?.line;
      const why = undecided === undefined ? explain(trace) : undefined;
      const told = { ...run, why, elsewhere: otherOrders(trace.program) };
      printRun(edge, told, options.json === true);
      finish(exitOfRun(run.verdict, undecided));
    });
};

/** Orders of the calls that are counted at most. */
const ORDERS_MAX = 1000;

/** " in this run; …" where the calls can be started in other orders. */
function otherOrders(program: Program): string {
  const orders = callSchedules(program, ORDERS_MAX + 1).length;
  if (orders < 2) return "";
  const others = Math.min(orders, ORDERS_MAX) - 1;
  const more = orders > ORDERS_MAX ? "more than " : "";
  return ` in this run; the calls have ${more}${plural(others, "other order")} (--schedule)`;
}

interface Finished {
  readonly text: string;
  readonly trace: Trace;
  readonly core: Core;
  /** Where it left the schedule that was asked for. */
  readonly notes: readonly string[];
  /** The token that it came from, where it is that very run. */
  readonly known?: string;
}

async function runFile(edge: Edge, file: string, options: RunOptions): Promise<Finished> {
  const { text, program } = await loadProgram(edge, file);
  const setup = setupOf(program, options);
  const picks = picksOf(program, options.schedule);
  const finished = guarded(text, (core) => traceOf(core, setup, picks));
  return { ...finished, notes: pickNotes(finished.trace, picks) };
}

function replay(edge: Edge, token: string, options: RunOptions): Finished {
  if (options.schedule !== undefined)
    throw new CannotRun("a token brings its own schedule", "leave --schedule out");
  const witness = witnessOf(token);
  const program = readProgram(edge, witness.text, "the token's scenario");
  const { profile, policy, tear } = witness;
  const setup = { ...setupOf(program, { profile, policy, ...options }), tear: tear ?? false };
  const { schedule, cursor } = witness;
  const stops = cursor > 0 && cursor === schedule.length;
  const finished = guarded(witness.text, (core) => traceOfSteps(core, setup, schedule, { stops }));
  const notes = replayNotes(finished.trace, witness);
  return { ...finished, notes, ...(notes.length === 0 ? { known: token } : {}) };
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

/** The token of a run; its cursor stands where a consumer first got changed bytes, or at the end of a run that is not
 *  over. */
function tokenOf(edge: Edge, text: string, trace: Trace, isMidway: boolean): string | undefined {
  const race = trace.steps.findIndex((step) =>
    step.events.some((event) => event.kind === "consume" && event.changed),
  );
  const { profile, policy, tear, schedule } = trace;
  try {
    const cursor = isMidway ? schedule.length : race + 1;
    return encodeToken({ text, profile, policy, ...(tear ? { tear } : {}), schedule, cursor });
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    edge.err(`no token: ${error.message}`);
    return undefined;
  }
}
