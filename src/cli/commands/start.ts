// `start`: the mail's program on this kernel and on the model, side by side; then the page.

import Table from "cli-table3";
import { explain } from "../../compare/explain.js";
import { parseProgram } from "../../language/parse-program.js";
import type { Program } from "../../language/program.js";
import { Core } from "../../model/core.js";
import { traceOf } from "../../model/trace.js";
import type { Trace } from "../../trace/trace.js";
import { openKernel, requireDirectory } from "../backends.js";
import type { AddCommand, Edge } from "../edge.js";
import { CannotRun, EXIT } from "../exit.js";
import { MAIL_LINES, MAIL_RECORDED, mailColumn } from "../mail.js";
import type { MailCall } from "../mail.js";
import { packageFile } from "../package.js";
import { DEFAULT_PROFILE, setupOf } from "../scenario.js";
import { serveSite } from "../serve.js";

interface KernelColumn {
  readonly heading: string;
  readonly calls: readonly (MailCall | undefined)[];
  /** The profile for the model's columns. */
  readonly profile: string;
  /** The profile describes exactly this kernel and file system. */
  readonly exact: boolean;
  /** It was run here and now. */
  readonly live: boolean;
}

/** Adds the command. */
export const addStart: AddCommand = (program, edge, finish) => {
  program
    .command("start")
    .summary("the mail's program on kernel and model; then the page")
    .description(
      "Runs the mail's program on this machine's kernel and on the model, prints the mail's twelve lines for each, and serves the page on 127.0.0.1, at the first free port from 5173 on.",
    )
    .option("--dir <directory>", "its file system is used; default: the temporary folder")
    .option("--no-serve", "end after the table")
    .addHelpText("after", "\nExample:\n  splicelab start --no-serve --dir /dev/shm")
    .action(async (options) => {
      const scenario = await mailScenario(edge);
      if (options.dir !== undefined) requireDirectory(options.dir);
      const kernel = await kernelColumn(edge, scenario, options.dir);
      const [linux, cow] = ["linux", "cow"].map((policy) =>
        traceOf(new Core(), setupOf(scenario, { policy, profile: kernel.profile })),
      ) as [Trace, Trace];
      printTable(edge, kernel, linux, cow);
      edge.out(`Why, in the column "model linux": ${explain(linux)}`);
      if (!agrees(edge, kernel, linux)) finish(EXIT.violated);
      if (options.serve)
        await serveSite(edge, (address) => edge.out(`The page: ${address} (Ctrl-C ends)`));
    });
};

async function mailScenario(edge: Edge): Promise<Program> {
  const { program } = parseProgram(await edge.read(packageFile("litmus/mail.litmus")));
  if (program === undefined)
    throw new CannotRun("litmus/mail.litmus is not the one of this package");
  return program;
}

/** The mail's program on this kernel, or the recorded run with the reason. */
async function kernelColumn(edge: Edge, program: Program, dir?: string): Promise<KernelColumn> {
  try {
    const { executor, host, profile, exact } = await openKernel({ directory: dir });
    try {
      const [attempt] = await executor.attempt([{ program, picks: [] }]);
      if (!attempt!.ok) throw new CannotRun(attempt!.reason);
      const release = /^[\d.]+/.exec(host.release)?.[0] ?? host.release;
      const heading = `Linux ${release}, ${host.fileSystem.name}`;
      const calls = attempt!.outcome.results.map((r) => (r.status === "returned" ? r : undefined));
      return { heading, calls, profile: profile.name, exact, live: true };
    } finally {
      await executor.close();
    }
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    edge.err(`The kernel's column is a recorded run: ${error.message}`);
    return { ...MAIL_RECORDED, profile: DEFAULT_PROFILE, exact: true, live: false };
  }
}

function printTable(edge: Edge, kernel: KernelColumn, linux: Trace, cow: Trace): void {
  const { red } = edge.colors;
  const columns = [
    mailColumn(kernel.calls),
    mailColumn(linux.outcome.results),
    mailColumn(cow.outcome.results),
  ];
  const here = kernel.live ? `this kernel\n${kernel.heading}` : kernel.heading;
  const table = new Table({
    head: ["", "mail", here, `model linux\n${linux.profile}`, `model cow\n${cow.profile}`],
    colAligns: ["left", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const [i, line] of MAIL_LINES.entries()) {
    const cells = columns.map((column) => {
      const value = column[i];
      return value === line.mail ? `${value}` : red(`* ${value ?? "none"}`);
    });
    table.push([line.text, `${line.mail}`, ...cells]);
  }
  edge.out(table.toString());
  edge.out(
    'Columns: what the mail shows; what was seen on a kernel; the model of Linux as it is; the model under copy on write. "*": not what the mail shows',
  );
}

/** Says how kernel and model compare; false where a profile describes this kernel and they differ. */
function agrees(edge: Edge, kernel: KernelColumn, linux: Trace): boolean {
  if (!kernel.live) return true;
  const [seen, modelled] = [mailColumn(kernel.calls), mailColumn(linux.outcome.results)];
  const equal = seen.every((value, i) => value === modelled[i]);
  const lines = equal ? "agree in all 12 lines" : "differ";
  const near = kernel.exact ? "" : ` (the profile nearest to ${kernel.heading})`;
  edge.out(`This kernel and the model, profile ${kernel.profile}${near}, ${lines}.`);
  return equal || !kernel.exact;
}
