// "Find it for me" in a browser: every outcome, compared between models, stopped, and played.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fragmentOf } from "../../../src/viz/link.js";
import { runCli } from "../../cli/fake-edge.js";
import { openSite } from "../site.js";

/** The page at the start of a scenario, with the part that finds outcomes unfolded. */
async function open(file: string, policies: readonly [string, string?]) {
  const [first, second] = policies.map((policy) => ({ profile: "6.18/ext4", policy: policy! }));
  const text = readFileSync(file, "utf8");
  const own = { text, ...first!, schedule: [], cursor: 0 };
  const page = await openSite(`#${fragmentOf(second ? { ...own, beside: second } : own)}`);
  await page.getByText("Every outcome", { exact: true }).click();
  const find = page.getByRole("button", { name: "Find every outcome" });
  const card = (policy: string) =>
    page.getByRole("region", { name: new RegExp(`^(verdict|search) under ${policy}$`) });
  return { page, find, card };
}

test("finds every outcome under both models, marks what one alone allows, and plays a witness", async () => {
  const file = "litmus/mail-race.litmus";
  const { page, find, card } = await open(file, ["linux", "cow"]);
  await find.click();
  await card("linux").getByText("complete", { exact: true }).waitFor();
  await card("cow").getByText("complete", { exact: true }).waitFor();
  const { out } = await runCli(["explore", file, "--json", "--witness", "none"]);
  const printed = JSON.parse(out[0]!) as {
    hash: string;
    positive: number;
    negative: number;
    observation: string;
    search: { states: number };
  };
  const said = await card("linux").textContent();
  expect(said).toContain(`Positive: ${printed.positive} Negative: ${printed.negative}`);
  expect(said).toContain(`${printed.search.states} states`);
  expect(said).toContain(printed.observation);
  expect(said).toContain(`Hash=${printed.hash}`);
  expect(await page.getByText("only linux").count()).toBe(3);
  const sometimes = page.getByRole("definition").filter({ hasText: "in all, in some, in none" });
  expect(await sometimes.isVisible()).toBe(false);
  await page.getByText("What these words mean").click();
  expect(await sometimes.isVisible()).toBe(true);
  const table = page.getByRole("table", { name: "outcomes" });
  await table
    .getByRole("button", { name: /under linux/ })
    .first()
    .focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const played = page.locator("tr.playing");
  expect(await played.textContent()).toContain("does not hold");
  await page.getByRole("button", { name: "to the end" }).click();
  const linux = page.getByRole("region", { name: "policy linux" });
  await linux
    .getByRole("group", { name: /b = read\(p\.r, 4096\) got 0xf0 instead of 0x1f/ })
    .waitFor();
  const last = table.getByRole("row").last();
  await last.getByRole("cell").nth(1).click();
  await expect.poll(() => last.evaluate((row) => row.classList.contains("playing"))).toBe(true);
});

test("a large search shows how far it is and stops when it is told to", async () => {
  const { page, find, card } = await open("litmus/spin/B-3-2-3.litmus", ["linux"]);
  await find.click();
  await page.getByText(/states a second/).waitFor();
  const states = async () =>
    Number(/states\s*([\d,]+)/.exec((await card("linux").textContent())!)![1]!.replaceAll(",", ""));
  await expect.poll(states).toBeGreaterThan(100);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await card("linux").getByText("bounded", { exact: true }).waitFor({ timeout: 1000 });
  expect(await card("linux").textContent()).toContain("you stopped it");
  await find.waitFor();
});

test("with copies that tear the counts say how they come to more than there are lines", async () => {
  const { page, find, card } = await open("litmus/mail-race.litmus", ["linux"]);
  await page.getByLabel("copies may tear").check();
  await find.click();
  await card("linux").getByText("complete", { exact: true }).waitFor();
  const said = await card("linux").textContent();
  expect(said).toContain("Positive: 9 Negative: 9");
  expect(said).toContain("4 outcomes count as Positive and as Negative");
  const rows = page.getByRole("table", { name: "outcomes" }).locator("tbody tr");
  expect(await rows.count()).toBe(9 + 9 - 4);
});
