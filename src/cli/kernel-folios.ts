// What the white box saw in one run: the folios at each moment, the kernel's counts beside the model's.
//
// Interface: printFolios.

import { fdName } from "../compare/descriptors.js";
import { momentTitle } from "../compare/whitebox-run.js";
import { triedToDrop } from "../compare/whitebox.js";
import { folioRows } from "../compare/whitebox-rows.js";
import type { FolioRow } from "../compare/whitebox-rows.js";
import type { Program } from "../language/program.js";
import type { Outcome } from "../trace/outcome.js";
import type { Sight } from "./cross-check.js";
import type { Edge } from "./edge.js";
import { jsonLine } from "../report/json.js";
import { folioSchema } from "../report/run-schema.js";
import { columns } from "./report.js";

interface RunSeen {
  readonly program: Program;
  readonly outcome: Outcome;
  readonly sight: Sight;
}

const HEAD = ["folio", "refs", "model", "of", "at", "state"];

/** Prints one block for each moment at which there is a folio; with `json`, one line for each folio. */
export function printFolios(edge: Edge, { program, outcome, sight }: RunSeen, json: boolean): void {
  for (const [i, world] of sight.worlds.entries()) {
    const moment = momentTitle(program, outcome, i);
    const nameOf = (fd: number): string => fdName(program, outcome, fd, i);
    const tried = triedToDrop(program, outcome, i);
    const rows = folioRows(sight.snapshots[i]!, world, tried, nameOf);
    if (json)
      for (const { allowed, ...row } of rows)
        edge.out(jsonLine(folioSchema, { kind: "folio", moment, ...row, allowed: [...allowed] }));
    else if (rows.length > 0) {
      edge.out(`${moment}:`);
      for (const line of columns([HEAD, ...rows.map(cells)])) edge.out(`  ${line}`);
    }
  }
}

const cells = ({ frame, order, refs, allowed, terms, where, state }: FolioRow): string[] => [
  `${frame ?? "?"}${order === 0 ? "" : ` (order ${order})`}`,
  `${refs}`,
  allowed.length === 0 ? "-" : allowed.join(" or "),
  terms,
  where,
  state,
];
