// `npm run docs` writes docs/surprises.md with this: stories, each with a run that can be repeated.
//
// Interface: SURPRISES_PAGE, surprisesPage; run directly it writes the file. A test fails while it is stale.
// Words stand in surprises/told.ts; everything else is what the command prints.

import { readFileSync, writeFileSync } from "node:fs";
import { parseProgram } from "../src/language/parse-program.js";
import { buildSources } from "./build-sources.js";
import { generated } from "./generated.js";
import { inRoot, isMain } from "./paths.js";
import { INTRODUCTION, SURPRISES } from "./surprises/told.js";
import type { Surprise } from "./surprises/told.js";
import { fileOf, linesOf } from "./variants/quoted.js";

/** Where the page is kept, from the root. */
export const SURPRISES_PAGE = "docs/surprises.md";

const SOURCES = ["tools/surprises.ts", "tools/surprises"];
const HOW = `"npm run docs" writes it from runs of the model.`;

/** Runs everything and returns the text of the page. */
export async function surprisesPage(): Promise<string> {
  const parts = [INTRODUCTION];
  for (const [at, each] of SURPRISES.entries()) parts.push(await section(at + 1, each));
  return generated(SOURCES, parts.join("\n\n"), HOW);
}

async function section(nth: number, { title, scenario, text }: Surprise): Promise<string> {
  const file = fileOf(scenario);
  const lines = await linesOf(["run", file]);
  const token = lines.find((line) => line.startsWith("sl1:"))!;
  const shown = lines.filter((line) => line !== token);
  return [
    `## ${nth}. ${title}`,
    text,
    ["```console", `$ npx splicelab run ${file}`, ...shown, "```"].join("\n"),
    ...(await elsewhere(file)),
    `Again: \`npx splicelab run ${token}\``,
  ].join("\n\n");
}

/** Where other profiles show something else. */
async function elsewhere(file: string): Promise<string[]> {
  const { claimsOf } = await import("../src/cli/corpus.js");
  const { program } = parseProgram(readFileSync(inRoot(file), "utf8"));
  const [first, ...others] = claimsOf(program!, { policy: "linux" });
  const differ = others.filter(({ lines }) => lines.join() !== first!.lines.join());
  if (differ.length === 0) return [];
  return [`*Elsewhere:* not so on ${differ.map(({ profile }) => profile).join(", ")}.`];
}

if (isMain(import.meta.url)) {
  await buildSources();
  writeFileSync(inRoot(SURPRISES_PAGE), await surprisesPage());
}
