// `exec --on model|kernel`: calls one per line, each answered as it comes.
//
// The session is a program of one thread that grows. Each line runs the whole program again from the
// start, in a fresh core or a fresh private folder, and prints the last result: both back ends give
// the same for the same calls. A call that blocks is taken back, so that the session can go on.

import { Option } from "@commander-js/extra-typings";
import { renderDiagnostic } from "../../language/diagnostic.js";
import type { Program } from "../../language/program.js";
import { emptySession, parseCall } from "../../language/session.js";
import { Core, TooLarge } from "../../model/core.js";
import { traceOf } from "../../model/trace.js";
import { CoreTrap } from "../../model/trap.js";
import type { Outcome } from "../../trace/outcome.js";
import { openKernel } from "../backends.js";
import type { AddCommand, Edge } from "../edge.js";
import { EXIT } from "../exit.js";
import type { ExitCode } from "../exit.js";
import { unexpectedResult } from "../../report/verdict.js";
import { callLine } from "../run-report.js";
import { setupOf } from "../scenario.js";
import type { ModelOptions } from "../scenario.js";
import { trapOf, trapText } from "../trap.js";

interface Backend {
  /** The outcome, or why there is none. */
  run(program: Program): Promise<Outcome | CoreTrap | string>;
  close(): Promise<void>;
}

interface ExecOptions extends ModelOptions {
  readonly on: "model" | "kernel";
  readonly dir?: string | undefined;
  readonly json?: true | undefined;
}

const EXAMPLES = `
Examples:
  echo 'splice(9, NULL, 9, NULL, 1, 0)' | splicelab exec --on model --json
  printf '%s\\n' 'pipe2(p, 0)' 'write(p.w, "hello")' 'a = read(p.r, 99)' | splicelab exec --on kernel`;

/** Adds the command. */
export const addExec: AddCommand = (program, edge, finish) => {
  program
    .command("exec")
    .summary("calls from standard input, run at once")
    .description("Reads one call per line and answers each as it comes; a prompt on a terminal.")
    .addOption(
      new Option("--on <where>", "where to run").choices(["model", "kernel"]).makeOptionMandatory(),
    )
    .option("--policy <policy>", "of the model; default: linux")
    .option("--profile <profile>", "of the model; default: 6.18/ext4")
    .option(
      "--dir <directory>",
      "of the kernel: the file system to use; default: the temporary folder",
    )
    .option("--json", "one JSON object per call")
    .addHelpText("after", EXAMPLES)
    .action(async (options) => {
      const backend = await open(options);
      try {
        finish(await converse(edge, backend, options.json === true));
      } finally {
        await backend.close();
      }
    });
};

async function open(options: ExecOptions): Promise<Backend> {
  if (options.on === "kernel") {
    const { executor } = await openKernel({ directory: options.dir });
    return {
      run: async (program) => {
        const [attempt] = await executor.attempt([{ program, picks: [] }]);
        return attempt!.ok ? attempt!.outcome : attempt!.reason;
      },
      close: () => executor.close(),
    };
  }
  const core = new Core();
  setupOf(emptySession, options);
  return {
    run: (program) => {
      try {
        const { outcome } = traceOf(core, setupOf(program, options));
        return Promise.resolve(core.unmodelled() ?? outcome);
      } catch (error) {
        return Promise.resolve(error instanceof TooLarge ? error.message : trapOf(error));
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Answers every line: could not run if one could not be read or was not run, violated if a result was another
 *  than the one expected. */
async function converse(edge: Edge, backend: Backend, json: boolean): Promise<ExitCode> {
  let session = emptySession;
  let [number, readable, ran, expected] = [0, true, true, true];
  if (edge.interactive) edge.prompt("> ");
  for await (const line of edge.lines()) {
    if (edge.signal.aborted) break;
    const { program, call, diagnostics } = parseCall(line, session, ++number);
    for (const each of diagnostics) edge.err(renderDiagnostic(each, line, "standard input"));
    if (call !== undefined) {
      const turn = await answer(edge, backend, { session, program, json });
      session = turn.session;
      expected &&= turn.expected;
      ran &&= turn.ran;
    } else readable &&= diagnostics.every((each) => each.severity !== "error");
    if (edge.interactive) edge.prompt("> ");
  }
  if (!ran || (!readable && !edge.interactive)) return EXIT.couldNotRun;
  return expected ? EXIT.asClaimed : EXIT.violated;
}

/** What became of a call. */
interface Turn {
  /** To go on with. */
  readonly session: Program;
  /** The result is the expected one, if any was. */
  readonly expected: boolean;
  /** The back end gave an outcome. */
  readonly ran: boolean;
}

/** Runs the program whose last call is new and prints that call. */
async function answer(
  edge: Edge,
  backend: Backend,
  turn: { readonly session: Program; readonly program: Program; readonly json: boolean },
): Promise<Turn> {
  const outcome = await backend.run(turn.program);
  if (outcome instanceof CoreTrap) {
    edge.err(`not run: ${trapText(outcome)}`);
    return { session: turn.session, expected: true, ran: false };
  }
  if (typeof outcome === "string") {
    edge.err(`not run: ${outcome}`);
    return { session: turn.session, expected: true, ran: false };
  }
  const call = turn.program.threads[0]!.calls.at(-1)!;
  const result = outcome.results[call.id]!;
  edge.out(callLine(turn.program, call, result, turn.json));
  const wrong = unexpectedResult(call, result);
  const expected = wrong === undefined;
  if (!expected) (turn.json ? edge.err : edge.out)(edge.colors.red(`unexpected: ${wrong}`));
  if (result.status === "returned") return { session: turn.program, expected, ran: true };
  edge.err("The call blocks: it is taken back, and the session goes on without it.");
  return { session: turn.session, expected, ran: true };
}
