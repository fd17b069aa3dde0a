// The tree of timelines on the page: what was played is in it, and a leaf leads back.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fragmentOf } from "../../../src/viz/link.js";
import { openSite } from "../site.js";

test("a timeline that was left is in the tree, and is gone back to by its leaf", async () => {
  const text = readFileSync("litmus/mail-race.litmus", "utf8");
  const model = { profile: "6.18/ext4", policy: "linux" };
  const page = await openSite(`#${fragmentOf({ text, ...model, schedule: [], cursor: 0 })}`);
  await page.getByText("Timelines", { exact: true }).click();
  const leaves = page.getByRole("list", { name: "timelines" }).getByRole("button");
  await expect.poll(() => leaves.count()).toBe(1);
  await page
    .getByRole("button", { name: /writer/ })
    .first()
    .click();
  await expect.poll(() => leaves.count()).toBe(2);
  const current = page.getByRole("list", { name: "timelines" }).locator("[aria-current=true]");
  expect(await current.getAttribute("aria-label")).toMatch(/^timeline 2, forked from timeline 1/);
  await current.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => current.getAttribute("aria-label"))
    .toMatch(/^timeline 1, from the start/);
  expect(await leaves.count()).toBe(2);
});
