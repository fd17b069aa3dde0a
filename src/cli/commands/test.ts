// `test PATH`: a corpus, or one scenario, against its .expected files.

import { Option } from "@commander-js/extra-typings";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { CoreTrap } from "../../model/trap.js";
import { DROP_CACHES_HELP } from "../backends.js";
import { checkCorpus } from "../corpus-kernel.js";
import { corpusOf, summaryOf } from "../corpus.js";
import type { CorpusCase } from "../corpus.js";
import type { AddCommand, Edge } from "../edge.js";
import { CannotRun, EXIT } from "../exit.js";
import type { ExitCode } from "../exit.js";
import { jsonLine } from "../../report/json.js";
import { testSchema } from "../json.js";
import { fileSystems, FS_HELP, onFileSystems } from "../on-file-systems.js";
import type { FileSystemOptions } from "../on-file-systems.js";
import { plural } from "../report.js";
import { loadProgram } from "../scenario.js";
import { trapOf, trapText } from "../trap.js";

const EXAMPLES = `
Examples:
  splicelab test litmus
  splicelab test litmus/mail.litmus
  splicelab test litmus --bless
  splicelab test litmus --on kernel
  splicelab test litmus --on kernel --fs all     # as root: ext4, xfs, btrfs, tmpfs, made for the run`;

/** Adds the command. */
export const addTest: AddCommand = (program, edge, finish) => {
  program
    .command("test")
    .summary("scenarios against their .expected files")
    .description(
      "Runs a scenario, or every one of a folder, on the model, in every order of its calls, and compares what it shows with x.expected (policy linux) and x.POLICY.expected; or runs it on this machine's kernel, where it passes if the model allows all that is seen; what of the model's answer was not seen is said.",
    )
    .argument("<paths...>", "scenarios, and folders of them")
    .addOption(
      new Option(
        "--on <machine>",
        "where the scenarios run: compared with .expected files, or with the model",
      )
        .choices(["model", "kernel"] as const)
        .default("model" as const),
    )
    .option("--dir <directory>", "with --on kernel: its file system is used")
    .option("--fs <list>", `with --on kernel: ${FS_HELP}`, fileSystems)
    .option("--drop-caches", `with --on kernel: ${DROP_CACHES_HELP}`)
    .option("--bless", "write what was seen into the .expected files")
    .option("--json", "one JSON object per case")
    .addHelpText("after", EXAMPLES)
    .action(async (paths, options) => {
      const cases: CorpusCase[] = [];
      for (const path of paths) {
        const found = await corpusOf(path);
        if (found.length === 0) throw new CannotRun(noScenario(path));
        cases.push(...found);
      }
      if (options.on === "kernel") {
        finish(await testOnKernel(edge, paths, cases, options));
        return;
      }
      if ((options.fs ?? options.dir ?? options.dropCaches) !== undefined)
        throw new CannotRun("--fs, --dir and --drop-caches are for a kernel", "add --on kernel");
      let failed = 0;
      let trapped = false;
      for (const each of cases) {
        if (edge.signal.aborted) break;
        const found = await differencesOf(edge, each, options.bless === true).catch(trapOf);
        trapped ||= found instanceof CoreTrap;
        const differences = found instanceof CoreTrap ? [trapText(found)] : found;
        if (differences.length > 0) failed++;
        printCase(edge, each, differences, options.json === true);
      }
      if (failed > 0) finish(trapped ? EXIT.couldNotRun : EXIT.violated);
      edge.err(`${plural(cases.length, "case")}, ${failed} failed`);
    });
};

const noScenario = (path: string): string =>
  path.endsWith(".litmus")
    ? `${path} cannot be read: there is no such file or folder`
    : `there is no .litmus file in ${path}`;

interface KernelTestOptions extends FileSystemOptions {
  readonly bless?: true | undefined;
  readonly json?: true | undefined;
  readonly dropCaches?: true | undefined;
}

/** Each scenario on the file systems that were asked for. */
async function testOnKernel(
  edge: Edge,
  paths: readonly string[],
  cases: readonly CorpusCase[],
  options: KernelTestOptions,
): Promise<ExitCode> {
  const { bless, json = false, dropCaches } = options;
  if (bless) throw new CannotRun("only the model blesses", "leave --on kernel out");
  const scenarios = [...new Set(cases.map(({ scenario }) => scenario))];
  const drops = dropCaches === true ? ["--drop-caches"] : [];
  return onFileSystems(
    edge,
    options,
    (directory) => checkCorpus(edge, scenarios, { directory, dropCaches }, json),
    (fs) => ["splicelab", "test", ...paths, "--on", "kernel", ...drops, "--fs", fs].join(" "),
  );
}

/** The lines in which a case is not as expected. */
async function differencesOf(edge: Edge, each: CorpusCase, bless: boolean): Promise<string[]> {
  const { program } = await loadProgram(edge, each.scenario);
  const seen = summaryOf(program, { policy: each.policy });
  if (bless) {
    await writeExpected(each.expected, seen);
    return [];
  }
  if (!existsSync(each.expected)) return [`${each.expected} is missing: --bless writes it`];
  const wanted = (await edge.read(each.expected)).split("\n");
  const lines = seen.split("\n");
  return Array.from({ length: Math.max(wanted.length, lines.length) }, (_, i) => i)
    .filter((i) => wanted[i] !== lines[i])
    .map((i) => `expected "${wanted[i] ?? ""}", got "${lines[i] ?? ""}"`);
}

async function writeExpected(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CannotRun(
      `${file} cannot be written: ${code ?? "unknown error"}`,
      "bless a copy of the folder that you may write to",
    );
  }
}

function printCase(edge: Edge, each: CorpusCase, differences: string[], json: boolean): void {
  const passed = differences.length === 0;
  const { scenario: file, policy } = each;
  if (json) {
    edge.out(jsonLine(testSchema, { kind: "test", file, policy, passed, differences }));
    return;
  }
  const { green, red } = edge.colors;
  edge.out(`${passed ? green("ok    ") : red("FAILED")} ${file} (${policy})`);
  for (const line of differences) edge.out(`       ${line}`);
}
