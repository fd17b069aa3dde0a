// docs/samba.md: it is made of runs of the model, is not stale, and each of its orders has a run that shows what is told of it.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SAMBA_PAGE, sambaPage } from "../../tools/samba.js";
import { PATHS } from "../../tools/samba/told.js";
import { inRoot } from "../../tools/paths.js";
import { runCli } from "./fake-edge.js";

const kept = readFileSync(inRoot(SAMBA_PAGE), "utf8");

test("the page is not stale", { timeout: 120_000 }, async () => {
  const isCurrent = kept === (await sambaPage());
  expect(isCurrent, `${SAMBA_PAGE} is stale: bring it up to date with "npm run docs"`).toBe(true);
});

test("each order has a token whose run shows that something goes wrong, or that nothing does", async () => {
  const sections = kept.split("\n### ").slice(1);
  const cases = PATHS.flatMap((path) => path.cases);
  expect(sections).toHaveLength(cases.length);
  for (const [at, section] of sections.entries()) {
    const { scenario, safe } = cases[at]!;
    expect(section).toContain(`litmus/${scenario}.litmus`);
    const tokens = section.match(/sl1:\S+/g) ?? [];
    expect(tokens, scenario).toHaveLength(1);
    const { code, out } = await runCli(["run", tokens[0]!]);
    expect(code, scenario).toBe(0);
    expect(out.join("\n"), scenario).toMatch(safe ? /^forall: holds in/m : /^exists: holds$/m);
  }
});

test("each order says whether a kernel can run it: those without a wire", () => {
  for (const { scenario, title } of PATHS.flatMap((path) => path.cases)) {
    const text = readFileSync(inRoot(`litmus/${scenario}.litmus`), "utf8");
    const row = kept
      .split("\n")
      .find(
        (line) =>
          line.startsWith(`| [${title}](#`) && line.includes(`#${scenario.split("/").at(-1)})`),
      )!;
    expect(row.split(" | ")[1], scenario).toBe(/^wire /m.test(text) ? "no" : "yes");
  }
});
