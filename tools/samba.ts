// `npm run docs` writes docs/samba.md with this: which objections of the mailing lists survive which order of events.
//
// Interface: SAMBA_PAGE, sambaPage; run directly it writes the file. A test fails while it is stale.
// Words stand in samba/; everything else is what the command prints.

import { readFileSync, writeFileSync } from "node:fs";
import { whyNotHere } from "../src/cli/backends.js";
import { parseProgram } from "../src/language/parse-program.js";
import { buildSources } from "./build-sources.js";
import { generated } from "./generated.js";
import { inRoot, isMain } from "./paths.js";
import type { SambaCase, SambaPath } from "./samba/path.js";
import { GAPS, INTRODUCTION, PATHS, POLICIES, READING } from "./samba/told.js";
import { console, explored, fileOf, linesOf, table } from "./variants/quoted.js";
import type { Explored } from "./variants/quoted.js";

/** Where the page is kept, from the root. */
export const SAMBA_PAGE = "docs/samba.md";

const SOURCES = ["tools/samba.ts", "tools/samba", "tools/variants/quoted.ts"];
const HOW = `"npm run docs" writes it from runs of the model.`;

/** The verdict without the outcomes; the witness that decides it. */
const FLAGS = ["--summary"];

/** An order, what was seen of it under each policy, and in how many outcomes something goes wrong there. */
interface Seen {
  readonly told: SambaCase;
  readonly under: readonly Explored[];
  readonly wrong: readonly number[];
}

/** A path with what was seen of its orders. */
interface SeenPath {
  readonly path: SambaPath;
  readonly orders: readonly Seen[];
}

/** Runs everything and returns the text of the page. Throws where a verdict is not what is told. */
export async function sambaPage(): Promise<string> {
  const all: SeenPath[] = [];
  for (const path of PATHS) {
    const orders: Seen[] = [];
    for (const told of path.cases) orders.push(await seen(told));
    all.push({ path, orders });
  }
  const parts = [INTRODUCTION, overview(all), READING];
  for (const each of all) parts.push(await pathSection(each));
  return generated(SOURCES, [...parts, GAPS].join("\n\n"), HOW);
}

async function seen(told: SambaCase): Promise<Seen> {
  const { scenario, safe = false, alike = false } = told;
  const under: Explored[] = [];
  for (const policy of POLICIES) under.push(await explored(scenario, policy, FLAGS));
  const wrong = under.map(({ positive, negative }) => (safe ? negative : positive));
  const onLinux = wrong[0]!;
  const isAsTold = alike
    ? wrong.every((count) => count === onLinux)
    : wrong[POLICIES.indexOf("cow")] === 0;
  if ((onLinux === 0) !== safe || !isAsTold)
    throw new Error(`${scenario} does not show what is told of it`);
  return { told, under, wrong };
}

/** A kernel that has everything: what does not run there runs on none. */
const ANY_KERNEL = { host: { hasTcp: true }, dropCaches: true, hasUring: true };

/** Whether an order can run on a kernel, too. */
function runsOnKernel({ scenario }: SambaCase): "yes" | "no" {
  const { program } = parseProgram(readFileSync(inRoot(fileOf(scenario)), "utf8"));
  return whyNotHere(program!, ANY_KERNEL) === undefined ? "yes" : "no";
}

const HEADS = POLICIES.map((policy) => `\`${policy}\``);

/** How many orders of each path go wrong. */
function overview(all: readonly SeenPath[]): string {
  return table(
    ["path", "orders", "on a kernel", ...HEADS],
    all.map(({ path, orders }) => [
      `[${path.name}](#${path.anchor})`,
      `${orders.length}`,
      `${orders.filter(({ told }) => runsOnKernel(told) === "yes").length}`,
      ...POLICIES.map((_, at) => count(orders.filter(({ wrong }) => wrong[at]! > 0).length)),
    ]),
  );
}

const count = (wrong: number): string => (wrong === 0 ? "0" : `**${wrong}**`);

async function pathSection({ path, orders }: SeenPath): Promise<string> {
  const parts = [anchor(path.anchor), `## ${path.name}`, path.text, summary(orders)];
  for (const order of orders) parts.push(await orderSection(path, order));
  return parts.join("\n\n");
}

function summary(orders: readonly Seen[]): string {
  return table(
    ["order", "on a kernel", ...HEADS],
    orders.map(({ told, under, wrong }) => [
      `[${told.title}](#${anchorOf(told)})`,
      runsOnKernel(told),
      ...under.map(({ positive, negative }, at) =>
        wrong[at] === 0 ? "0" : `**${wrong[at]!} of ${positive + negative}**`,
      ),
    ]),
  );
}

const anchor = (name: string): string => `<a id="${name}"></a>`;

const anchorOf = ({ scenario }: SambaCase): string => scenario.split("/").at(-1)!;

async function orderSection(path: SambaPath, { told, under }: Seen): Promise<string> {
  const linux = under[0]!;
  const file = fileOf(told.scenario);
  return [
    anchor(anchorOf(told)),
    `### ${path.name}: ${told.title}`,
    told.text,
    `[${file}](../${file})`,
    console([linux.command, ...linux.lines]),
    ...(linux.token === undefined
      ? ["A run of it, with its token:", await runOf(file)]
      : ["The same run again:", console([`npx splicelab run ${linux.token}`])]),
  ].join("\n\n");
}

/** Where no outcome decides the verdict: what `run` prints of the first run. */
async function runOf(file: string): Promise<string> {
  const args = ["run", file];
  return console([`npx splicelab ${args.join(" ")}`, ...(await linesOf(args))]);
}

if (isMain(import.meta.url)) {
  await buildSources();
  writeFileSync(inRoot(SAMBA_PAGE), await sambaPage());
}
