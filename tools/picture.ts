// `npm run picture`: draws docs/race.svg, the picture of the README, from a run of the model.
//
// Interface: PICTURE, drawPicture; run directly it writes the file. A test fails while it is stale.
// The file opens with the hash of what made it: the drawing's own sources, and what the run gave. It is
// drawn as `splicelab render` draws: the first round of calls after which both sides have read.

import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { runnerImport } from "vite";
import type { raceSvg } from "../src/viz/race.js";
import { buildSources } from "./build-sources.js";
import { generated } from "./generated.js";
import { ROOT, inRoot, isMain } from "./paths.js";

/** Where the picture is kept, from the root. */
export const PICTURE = "docs/race.svg";

const HOW = `"npm run picture" draws it from a run of the model.`;
const WIDTH = 900;

/** Draws the picture anew and returns the text of the file. */
export async function drawPicture(): Promise<string> {
  const options = { root: ROOT, logLevel: "error" } as const;
  const { module, dependencies } = await runnerImport<{ raceSvg: typeof raceSvg }>(
    inRoot("src/viz/race.ts"),
    options,
  );
  return generated(sourcesAmong(dependencies), module.raceSvg(WIDTH), HOW);
}

/** The files that only draw. The model, the language and the scenario tell in what the run gave. */
function sourcesAmong(dependencies: readonly string[]): string[] {
  const own = dependencies.map((file) => relative(ROOT, file.split("?")[0]!));
  const drawing = own.filter((file) => file.startsWith("src/viz/"));
  return [...new Set(["src/viz/race.ts", "tools/picture.ts", ...drawing])].sort();
}

if (isMain(import.meta.url)) {
  await buildSources();
  writeFileSync(inRoot(PICTURE), await drawPicture());
}
