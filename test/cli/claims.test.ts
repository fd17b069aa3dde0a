// The list of properties and the normative page say the same.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CLAIMS } from "../../src/cli/claims.js";

test("docs/properties.md has the names and the states of `list claims`", () => {
  const page = readFileSync(new URL("../../docs/properties.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| (P\d+) \| (.+) \| (.+) \|$/gm)];
  const said = rows.map(([, number, name, status]) => [`${number} ${name}`, status]);
  expect(said).toEqual(CLAIMS.map(({ name, status }) => [name, status]));
});
