// `npm run docs` writes docs/samba.md with this: which objections of the mailing lists survive which order of events.
//
// Interface: SAMBA_PAGE, sambaPage; run directly it writes the file. A test fails while it is stale.
// Words stand in samba/told.ts; everything else is what the command prints.

import { writeFileSync } from "node:fs";
import { buildSources } from "./build-sources.js";
import { generated } from "./generated.js";
import { inRoot, isMain } from "./paths.js";
import { CASES, GAPS, INTRODUCTION, POLICIES, READING } from "./samba/told.js";
import type { SambaCase } from "./samba/told.js";
import { console, explored, fileOf, table } from "./variants/quoted.js";
import type { Explored } from "./variants/quoted.js";

/** Where the page is kept, from the root. */
export const SAMBA_PAGE = "docs/samba.md";

const SOURCES = ["tools/samba.ts", "tools/samba", "tools/variants/quoted.ts"];
const HOW = `"npm run docs" writes it from runs of the model.`;

/** The verdict without the outcomes; the witness that decides it. */
const FLAGS = ["--summary"];

/** An order, and what was seen of it under each policy. */
interface Seen {
  readonly told: SambaCase;
  readonly under: readonly Explored[];
}

/** Runs everything and returns the text of the page. Throws where a verdict is not what is told. */
export async function sambaPage(): Promise<string> {
  const all: Seen[] = [];
  for (const told of CASES) all.push({ told, under: await exploredAll(told) });
  const parts = [INTRODUCTION, summary(all), READING, ...all.map(section), GAPS];
  return generated(SOURCES, parts.join("\n\n"), HOW);
}

async function exploredAll({ scenario, safe, unspliced }: SambaCase): Promise<Explored[]> {
  const under: Explored[] = [];
  for (const policy of POLICIES) under.push(await explored(scenario, policy, FLAGS));
  const wrong = under.map((seen) => wrongOf(seen, safe));
  const underCow = wrong[POLICIES.indexOf("cow")];
  if ((wrong[0] === 0) !== (safe ?? false) || underCow !== (unspliced ? wrong[0] : 0))
    throw new Error(`${scenario} does not show what is told of it`);
  return under;
}

/** Outcomes in which something goes wrong: such a scenario asks whether there is one, a safe one claims that there is none. */
const wrongOf = ({ positive, negative }: Explored, safe?: true): number =>
  safe ? negative : positive;

function summary(all: readonly Seen[]): string {
  return table(
    ["order", ...POLICIES.map((policy) => `\`${policy}\``)],
    all.map(({ told, under }) => [
      `[${told.title}](#${anchorOf(told)})`,
      ...under.map((seen) => {
        const wrong = wrongOf(seen, told.safe);
        return wrong === 0 ? "0" : `**${wrong} of ${seen.positive + seen.negative}**`;
      }),
    ]),
  );
}

const anchorOf = ({ scenario }: SambaCase): string => scenario.split("/").at(-1)!;

function section({ told, under }: Seen): string {
  const linux = under[0]!;
  return [
    `<a id="${anchorOf(told)}"></a>`,
    `## ${told.title[0]!.toUpperCase()}${told.title.slice(1)}`,
    told.text,
    `[${fileOf(told.scenario)}](../${fileOf(told.scenario)})`,
    console([linux.command, ...linux.lines]),
    ...(linux.token === undefined
      ? []
      : ["The same run again:", console([`npx splicelab run ${linux.token}`])]),
  ].join("\n\n");
}

if (isMain(import.meta.url)) {
  await buildSources();
  writeFileSync(inRoot(SAMBA_PAGE), await sambaPage());
}
