// docs/claims.md: it is the page that the corpus and the model give now.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CLAIMS_PAGE, claimsPage } from "../../tools/claims.js";
import { inRoot } from "../../tools/paths.js";

test("the page is not stale", { timeout: 30_000 }, async () => {
  const kept = readFileSync(inRoot(CLAIMS_PAGE), "utf8");
  const fresh = await claimsPage();
  expect(kept === fresh, `${CLAIMS_PAGE} is stale: bring it up to date with "npm run docs"`).toBe(
    true,
  );
  expect(kept).toMatch(/^<!-- sha256 of what made it: [0-9a-f]{64}\. /);
  // Every scenario of the folders claims something that holds of the default profile.
  for (const line of kept.split("\n").filter((each) => each.endsWith(".litmus) |")))
    expect(line.split(" | ")[1], line).toBe("✓");
});
