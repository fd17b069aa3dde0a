// The browser's history: what opens something else makes an entry, and Back leads to what was shown.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openSite } from "./site.js";

const scenario = (page: Page): Promise<string> =>
  page.getByRole("heading", { level: 1 }).innerText();

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Gallery…" }).click();
  const field = page.getByRole("combobox", { name: "search the gallery" });
  await field.fill(name);
  await field.press("Enter");
  await expect.poll(() => scenario(page)).toBe(name);
}

test("Back leads from one scenario of the gallery to the other, to the laboratory, to the first view", async () => {
  const page = await openSite();
  const question = await scenario(page);
  await page.getByRole("button", { name: "Open the laboratory" }).click();
  expect(await scenario(page)).toBe("mail-page");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.url()).toContain("#sl1:");
  await choose(page, "mail-race");
  await choose(page, "mail-ordered");
  await page.goBack();
  await expect.poll(() => scenario(page)).toBe("mail-race");
  await page.goBack();
  await expect.poll(() => scenario(page)).toBe("mail-page");
  expect(await page.getByText("stop 1 of 3").count()).toBe(1);
  await page.goBack();
  await expect.poll(() => scenario(page)).toBe(question);
  expect(await page.getByRole("button", { name: "Play", exact: true }).count()).toBe(1);
  await page.goForward();
  await expect.poll(() => scenario(page)).toBe("mail-page");
});

test("Back from the second policy leads to the question with one", async () => {
  const page = await openSite("", { reduced: true });
  await page.clock.install();
  await page.getByRole("button", { name: "Play" }).click();
  await page.clock.runFor(20_000);
  await page.getByRole("button", { name: "Same schedule, copy-on-write" }).click();
  await page.clock.runFor(10_000);
  expect(await page.getByRole("region", { name: /^policy / }).count()).toBe(2);
  await page.goBack();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  expect(await page.getByRole("group", { name: /^picture: / }).count()).toBe(1);
});
