// `list policies|profiles|calls|claims`: what there is.

import { Argument } from "@commander-js/extra-typings";
import { SYSCALL_NAMES, syscallRow } from "../../language/syscalls.js";
import { MECHANISMS, type Mechanism } from "../../model/mechanisms.js";
import type { Named, Option } from "../../model/options.js";
import { POLICIES, POLICY_OPTIONS } from "../../model/policies.js";
import { PROFILES, PROFILE_OPTIONS } from "../../model/profiles.js";
import { CLAIMS } from "../claims.js";
import type { AddCommand } from "../edge.js";
import { jsonLine } from "../../report/json.js";
import { rowSchema } from "../json.js";
import { columns } from "../report.js";

interface Row {
  readonly name: string;
  readonly text: string;
  /** Of a policy. */
  readonly mechanism?: Mechanism;
}

const LISTS = {
  policies: listPolicies,
  profiles: () => words(PROFILES, PROFILE_OPTIONS),
  calls: listCalls,
  claims: () => CLAIMS.map(({ name, text, status }) => ({ name, text: `${text} (${status})` })),
} as const satisfies Record<string, () => Row[]>;

/** Adds the command. */
export const addList: AddCommand = (program, edge) => {
  const names = Object.keys(LISTS) as (keyof typeof LISTS)[];
  program
    .command("list")
    .summary("what there is: policies, profiles, calls, claims")
    .description(
      "Lists what options and scenarios can name, and the properties that docs/properties.md defines. A policy or a profile is changed by options: cow,truncate=zero",
    )
    .addArgument(new Argument("<what>", "what to list").choices(names))
    .option("--json", "one JSON object per line")
    .addHelpText("after", "\nExamples:\n  splicelab list policies\n  splicelab list calls --json")
    .action((what, options) => {
      const rows = LISTS[what]();
      if (options.json === true)
        for (const row of rows) edge.out(jsonLine(rowSchema, { kind: "row", of: what, ...row }));
      else for (const line of columns(rows.flatMap(linesOf))) edge.out(line);
    });
};

/** Named words, then the options that change them. */
const words = (rows: readonly Named[], options: readonly Option[]): Row[] => [
  ...rows.map(({ name, doc }) => ({ name, text: doc })),
  ...options.map(({ name, doc, values }) => ({
    name: `,${name}=${Object.keys(values).join("|")}`,
    text: doc,
  })),
];

/** The named policies with their mechanisms, then the decisions. */
function listPolicies(): Row[] {
  const mechanisms = new Map<string, Mechanism>(Object.entries(MECHANISMS));
  return words(POLICIES, POLICY_OPTIONS).map((row) => {
    const mechanism = mechanisms.get(row.name);
    return mechanism === undefined ? row : { ...row, mechanism };
  });
}

/** A row on a line, and a policy's mechanism below it. */
function linesOf({ name, text, mechanism }: Row): string[][] {
  const parts = Object.entries(mechanism ?? {}).map(([part, said]) => ["", `${part}: ${said}`]);
  return [[name, text], ...parts];
}

function listCalls(): Row[] {
  return SYSCALL_NAMES.map((name) => {
    const { params, doc } = syscallRow(name);
    const names = params.map((param) => (param.optional ? `[${param.name}]` : param.name));
    return { name: `${name}(${names.join(", ")})`, text: doc };
  });
}
