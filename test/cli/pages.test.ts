// docs/claims.md and docs/surprises.md: they are the pages that the corpus and the model give now.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CLAIMS_PAGE, claimsPage } from "../../tools/claims.js";
import { inRoot } from "../../tools/paths.js";
import { SURPRISES_PAGE, surprisesPage } from "../../tools/surprises.js";
import { runCli } from "./fake-edge.js";

/** The page as it is kept; fails where it is stale. */
async function current(page: string, make: () => Promise<string>): Promise<string> {
  const kept = readFileSync(inRoot(page), "utf8");
  const isCurrent = kept === (await make());
  expect(isCurrent, `${page} is stale: bring it up to date with "npm run docs"`).toBe(true);
  expect(kept).toMatch(/^<!-- sha256 of what made it: [0-9a-f]{64}\. /);
  return kept;
}

test("every claim of the corpus holds on the default profile", { timeout: 120_000 }, async () => {
  const kept = await current(CLAIMS_PAGE, claimsPage);
  const lines = kept.split("\n").filter((line) => line.endsWith(".litmus) |"));
  expect(lines.length).toBeGreaterThan(100);
  for (const line of lines) expect(line.split(" | ")[1], line).toBe("✓");
});

test("the surprises have tokens that replay", async () => {
  const kept = await current(SURPRISES_PAGE, surprisesPage);
  const tokens = [...kept.matchAll(/^Again: `npx splicelab run (sl1:\S+)`$/gm)];
  expect(tokens).toHaveLength(11);
  for (const [, token] of tokens) expect((await runCli(["run", token!])).code).toBe(0);
});
