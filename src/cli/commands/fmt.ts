// `fmt FILE…`: scenarios in their one form; what strace printed is rewritten on the way.

import { writeFile } from "node:fs/promises";
import { hasErrors, renderDiagnostic } from "../../language/diagnostic.js";
import { formatText } from "../../language/format.js";
import type { AddCommand, Edge } from "../edge.js";
import { CannotRun, EXIT } from "../exit.js";
import { nameOf } from "../scenario.js";

const EXAMPLES = `
Examples:
  splicelab fmt race.litmus
  splicelab fmt --check litmus/*.litmus
  splicelab fmt - < race.litmus`;

/** Adds the command. */
export const addFmt: AddCommand = (program, edge, finish) => {
  program
    .command("fmt")
    .summary("formats scenarios")
    .description(
      "Rewrites scenarios in their usual form; with - from standard input to standard output.",
    )
    .argument("<files...>", "scenarios; - for standard input")
    .option("--check", "change nothing; exit 1 if a file is not formatted")
    .addHelpText("after", EXAMPLES)
    .action(async (files, options) => {
      for (const file of files) {
        const text = await edge.read(file);
        const formatted = formatOrThrow(edge, text, file);
        if (options.check === true) {
          if (formatted === text) continue;
          edge.out(`${nameOf(file)} is not formatted`);
          finish(EXIT.violated);
        } else if (file === "-") {
          edge.out(formatted.trimEnd());
        } else if (formatted !== text) {
          await write(file, formatted);
        }
      }
    });
};

function formatOrThrow(edge: Edge, text: string, file: string): string {
  const { text: formatted, diagnostics } = formatText(text);
  if (formatted !== undefined && !hasErrors(diagnostics)) return formatted;
  for (const each of diagnostics) edge.err(renderDiagnostic(each, text, nameOf(file)));
  throw new CannotRun(`${nameOf(file)} has errors and was left alone`);
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new CannotRun(
      `${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? ""}`,
    );
  }
}
