// `check FILE…`: diagnostics, and nothing is run.

import { renderDiagnostic } from "../../language/diagnostic.js";
import { parseProgram } from "../../language/parse-program.js";
import type { AddCommand } from "../edge.js";
import { EXIT } from "../exit.js";
import { jsonLine } from "../../report/json.js";
import { diagnosticSchema } from "../json.js";
import { UNREAD, nameOf, placedOf } from "../scenario.js";

/** Adds the command. */
export const addCheck: AddCommand = (program, edge, finish) => {
  program
    .command("check")
    .summary("what is wrong with a scenario")
    .description(
      "Reads scenarios and prints what is wrong with them. Nothing is run. Exits 3 on errors.",
    )
    .argument("<files...>", "scenarios; - for standard input")
    .option("--json", "one JSON object per diagnostic")
    .addHelpText("after", "\nExample:\n  splicelab check litmus/*.litmus")
    .action(async (files, options) => {
      for (const file of files) {
        const text = await edge.read(file);
        const { program: scenario, diagnostics, unread } = parseProgram(text);
        for (const each of diagnostics) {
          const placed = placedOf(each, file);
          if (options.json === true)
            edge.out(jsonLine(diagnosticSchema, { kind: "diagnostic", ...placed }));
          else edge.err(renderDiagnostic(each, text, nameOf(file)));
        }
        if (unread) edge.err(`${nameOf(file)}: ${UNREAD}`);
        if (scenario === undefined) finish(EXIT.couldNotRun);
      }
    });
};
