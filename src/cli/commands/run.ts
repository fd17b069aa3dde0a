// `run FILE|TOKEN`: one schedule on the model.

import { explain } from "../../compare/explain.js";
import { callSchedules } from "../../kernel/schedules.js";
import type { Program } from "../../language/program.js";
import { reportOfTrace } from "../../report/trace-run.js";
import { TokenError, encodeToken } from "../../trace/token.js";
import type { Trace } from "../../trace/trace.js";
import type { AddCommand, Edge } from "../edge.js";
import { runOrReplay } from "../one-run.js";
import { plural } from "../report.js";
import { stopOf } from "../run-notes.js";
import { printRun } from "../run-report.js";
import { wireOption } from "../scenario.js";
import { SCHEDULE_HELP } from "../turns.js";
import { exitOfRun } from "../verdict.js";

const EXAMPLES = `
Examples:
  splicelab run litmus/mail.litmus
  splicelab run litmus/mail.litmus --policy cow
  splicelab run litmus/mail-ordered.litmus --schedule client,writer,writer,client,client
  splicelab run litmus/wire-late.litmus --schedule server,server,writer,nic-w,nic-w
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
    .addOption(wireOption())
    .option(
      "--schedule <names>",
      "who goes next (below): names, with commas between; what does not fit is passed over, and the run says so",
    )
    .option("--json", "one JSON object per call, then one for the run")
    .addHelpText("after", SCHEDULE_HELP)
    .addHelpText("after", EXAMPLES)
    .action(async (file, options) => {
      const { text, trace, core, notes, known, beside } = await runOrReplay(edge, file, options);
      if (beside !== undefined)
        edge.err(
          `the token's second model is not run here: ${beside.policy} on ${beside.profile} (render, open)`,
        );
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

/** " in this run; …" where the calls can be started in other orders, or others than threads act. */
function otherOrders(program: Program): string {
  const orders = callSchedules(program, ORDERS_MAX + 1).length;
  if (orders < 2) {
    const chains = program.threads.some(({ chain }) => chain !== undefined);
    const alone = !chains && program.wires.length === 0 && program.background === undefined;
    return alone ? "" : " in this run; what acts beside the threads has other orders (explore)";
  }
  const others = Math.min(orders, ORDERS_MAX) - 1;
  const more = orders > ORDERS_MAX ? "more than " : "";
  return ` in this run; the calls have ${more}${plural(others, "other order")} (--schedule)`;
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
