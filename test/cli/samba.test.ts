// docs/samba.md: it is made of runs of the model, and is not stale.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SAMBA_PAGE, sambaPage } from "../../tools/samba.js";
import { inRoot } from "../../tools/paths.js";

test("the page is not stale", async () => {
  const kept = readFileSync(inRoot(SAMBA_PAGE), "utf8");
  const isCurrent = kept === (await sambaPage());
  expect(isCurrent, `${SAMBA_PAGE} is stale: bring it up to date with "npm run docs"`).toBe(true);
});
