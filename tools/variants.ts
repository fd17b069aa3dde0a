// `npm run docs` writes docs/variants.md with this: what the flag of the mail needs, shown by policies without it.
//
// Interface: VARIANTS_PAGE, variantsPage; run directly it writes the file. A test fails while it is stale.
// Words stand in variants/told.ts; everything else is what the command prints.

import { writeFileSync } from "node:fs";
import { buildSources } from "./build-sources.js";
import { generated } from "./generated.js";
import { inRoot, isMain } from "./paths.js";
import { console, explored, fileOf, replayed, rested, table } from "./variants/quoted.js";
import type { Explored } from "./variants/quoted.js";
import { INTRODUCTION, PRICED, READING, SAFE_TOO, VARIANTS } from "./variants/told.js";
import type { Variant } from "./variants/told.js";

/** Where the page is kept, from the root. */
export const VARIANTS_PAGE = "docs/variants.md";

const SOURCES = ["tools/variants.ts", "tools/variants"];
const HOW = `"npm run docs" writes it from runs of the model.`;

/** A variant and what was seen of it, and of `cow` in the same scenario. */
interface Case {
  readonly variant: Variant;
  readonly own: Explored;
  readonly right: Explored;
}

/** Runs everything and returns the text of the page. */
export async function variantsPage(): Promise<string> {
  const cases: Case[] = [];
  for (const variant of VARIANTS) {
    const { scenario, policy, safe } = variant;
    const own = await explored(scenario, policy, safe ? ["--witness", "all"] : []);
    const right = await explored(scenario, "cow");
    const broken = own.negative > 0;
    if (broken === (safe === true) || right.negative > 0)
      throw new Error(`${policy}: ${scenario} does not show what is told of it`);
    cases.push({ variant, own, right });
  }
  const parts = [INTRODUCTION, summary(cases), READING];
  for (const each of cases) parts.push(await section(each));
  return generated(SOURCES, parts.join("\n\n"), HOW);
}

/** One line for each variant. */
function summary(cases: readonly Case[]): string {
  return table(
    ["", "policy", "scenario", "under the policy", "under `cow`", ""],
    cases.map(({ variant, own, right }, at) => [
      `${at + 1}`,
      `[\`${variant.policy}\`](#${variant.policy})`,
      linkOf(variant.scenario),
      outcomesOf(own),
      outcomesOf(right),
      variant.safe ? "safe, copies too much" : "**wrong**",
    ]),
  );
}

async function section({ variant, own, right }: Case): Promise<string> {
  const { policy, title, text, safe } = variant;
  const token = own.token!;
  const seen = safe ? [await safeToo(policy), prices(variant)] : [await raceOf(token)];
  return [
    `<a id="${policy}"></a>`,
    `## \`${policy}\`: ${title}`,
    text,
    console([own.command, ...own.lines]),
    "The same run again:",
    console([`npx splicelab run ${token}`]),
    ...seen,
    `Under \`cow\`: ${outcomesOf(right)} (\`${right.command}\`).`,
  ].join("\n\n");
}

const raceOf = async (token: string): Promise<string> =>
  `It says: *${(await replayed(token)).replace(/[*_]/g, "\\$&")}*`;

/** Where else the variant keeps the snapshot. */
async function safeToo(policy: string): Promise<string> {
  const also: string[] = [];
  for (const scenario of SAFE_TOO) {
    const seen = await explored(scenario, policy);
    if (seen.negative > 0) throw new Error(`${policy} breaks ${scenario}`);
    also.push(linkOf(scenario));
  }
  return `Explored under \`${policy}\` as well, complete, the condition true in every outcome: ${also.join(", ")}.`;
}

/** The price of its scenario under some policies, on some profiles. */
function prices({ scenario }: Variant): string {
  const rows = PRICED.map(([policy, profile, what]) => {
    const { folio, price } = rested(scenario, policy, profile);
    const flag = folio.flagged ? "set" : "clear";
    return [
      `\`${policy}\``,
      `\`${profile}\` (${what})`,
      `${folio.refs}`,
      policy === "copy" ? "none" : flag,
      `${price.pagesCopied}`,
      `${price.foliosAllocated}`,
      `${price.markChanges}`,
    ];
  });
  const head = ["policy", "profile", "`_refcount`", "flag", "pages copied", "folios made", "marks"];
  return [
    `The price of ${linkOf(scenario)}: two splices of two pages, four overwrites, the pipe empty at each. \`_refcount\` and flag ` +
      "are those of the folio with page 0 after the first read; *marks* are changes of flag or count.",
    table(head, rows),
    `\`npx splicelab run ${fileOf(scenario)} --policy POLICY --profile PROFILE --json\` prints the price.`,
  ].join("\n\n");
}

const outcomesOf = ({ positive, negative }: Explored): string =>
  `complete, ${positive} keep, ${negative} break`;

const linkOf = (scenario: string): string => `[${scenario}](../${fileOf(scenario)})`;

if (isMain(import.meta.url)) {
  await buildSources();
  writeFileSync(inRoot(VARIANTS_PAGE), await variantsPage());
}
