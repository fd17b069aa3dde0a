// All commands together, and what becomes of their errors.
//
// Interface: runCommand.

import { Command, CommanderError } from "@commander-js/extra-typings";
import { TooLarge } from "../model/core.js";
import { CoreTrap } from "../model/trap.js";
import { addCheck } from "./commands/check.js";
import { addDoctor } from "./commands/doctor.js";
import { addExec } from "./commands/exec.js";
import { addExplore } from "./commands/explore.js";
import { addFmt } from "./commands/fmt.js";
import { addKernel } from "./commands/kernel.js";
import { addList } from "./commands/list.js";
import { addOpen } from "./commands/open.js";
import { addRender } from "./commands/render.js";
import { addRun } from "./commands/run.js";
import { addStart } from "./commands/start.js";
import { addTest } from "./commands/test.js";
import type { AddCommand, Edge } from "./edge.js";
import { CannotRun, EXIT } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { jsonLine } from "../report/json.js";
import { errorSchema } from "../report/run-schema.js";
import { packageVersion } from "./package.js";
import { trapFailure } from "./trap.js";

const COMMANDS: readonly AddCommand[] = [
  addRun,
  addExplore,
  addExec,
  addKernel,
  addTest,
  addCheck,
  addFmt,
  addRender,
  addList,
  addDoctor,
  addStart,
  addOpen,
];

const EXIT_HELP = `
Exit codes:
  0    as claimed
  1    violated, diverged, or a forbidden outcome was seen
  2    undecided: bounded, sampled or not modelled
  3    could not run: usage, bad input, something missing on this machine
  130  interrupted (Ctrl-C, SIGTERM); what was found so far was printed`;

/** Runs one command line and returns the exit code. Nothing is thrown but defects. */
export async function runCommand(args: readonly string[], edge: Edge): Promise<ExitCode> {
  let code: ExitCode = EXIT.asClaimed;
  const program = new Command("splicelab")
    .description("What splice(2) and its relatives do to pages that travel by reference.")
    .version(packageVersion())
    .configureOutput({
      writeOut: (text) => {
        edge.out(text.trimEnd());
      },
      writeErr: (text) => {
        edge.err(text.trimEnd());
      },
    })
    .exitOverride()
    .showHelpAfterError("(--help shows what there is)")
    .addHelpText("after", EXIT_HELP);
  const finish = (result: ExitCode): void => {
    code = result;
  };
  for (const add of COMMANDS) add(program, edge, finish);
  try {
    await program.parseAsync(args, { from: "user" });
    return edge.signal.aborted ? EXIT.interrupted : code;
  } catch (error) {
    const failure = failureOf(error, edge);
    if (failure === undefined) return EXIT.asClaimed;
    if (args.includes("--json")) edge.out(errorJson(failure));
    return EXIT.couldNotRun;
  }
}

/** Why nothing could be run, after it was told at standard error; undefined where help was all that was wanted. */
function failureOf(error: unknown, edge: Edge): CannotRun | undefined {
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, "");
    return error.exitCode === 0 ? undefined : new CannotRun(message, "--help shows what there is");
  }
  const failure =
    error instanceof CoreTrap
      ? trapFailure(error)
      : error instanceof TooLarge
        ? new CannotRun(error.message)
        : error;
  if (!(failure instanceof CannotRun)) throw failure;
  edge.err(`splicelab: ${failure.message}`);
  if (failure.remedy !== undefined) edge.err(`  remedy: ${failure.remedy}`);
  return failure;
}

function errorJson({ message, remedy, placed }: CannotRun): string {
  return jsonLine(errorSchema, {
    kind: "error",
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(placed.length === 0 ? {} : { diagnostics: [...placed] }),
  });
}
