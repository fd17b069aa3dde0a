// Without the server after the first load, and the notice about a newer version.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { builtSite } from "../../tools/site/build.js";
import { serveSite, type ServedSite } from "../../tools/site/serve.js";
import { RACE_LINK } from "./links.js";
import { openSite } from "./site.js";

const folder = mkdtempSync(join(tmpdir(), "splicelab-newer-"));
let server: ServedSite;

beforeEach(async () => {
  server = await serveSite(await builtSite());
});
afterEach(() => server.close());
afterAll(() => rmSync(folder, { recursive: true }));

const step = (page: Page) => page.getByRole("button", { name: "step", exact: true });
const notice = (page: Page) => page.getByRole("status", { name: "newer version" });

/** Opens the page, and waits until the browser has all of its files. */
async function openKept(): Promise<Page> {
  const page = await openSite(RACE_LINK, { kept: true, address: server.address });
  await page.evaluate(() => navigator.serviceWorker.ready);
  return page;
}

/** The page as a later build would be: another title, another version. */
async function newerBuild(): Promise<string> {
  cpSync(await builtSite(), folder, { recursive: true });
  for (const [file, from, to] of [
    ["index.html", "<title>splicelab", "<title>splicelab, newer"],
    ["sw.js", /VERSION=`\w+`/, "VERSION=`newer`"],
    ["sw.js", /(OURS\+`)\w+`/, "$1newer`"],
  ] as const) {
    const text = readFileSync(join(folder, file), "utf8");
    expect(text).toMatch(from);
    writeFileSync(join(folder, file), text.replace(from, to));
  }
  return folder;
}

test("works without its server after the first load", async () => {
  const page = await openKept();
  server.close();
  await page.context().setOffline(true);
  await page.reload();
  await step(page).click();
  expect(await page.getByText("stop 1 of 5").count()).toBeGreaterThan(0);
  expect(await notice(page).count()).toBe(0);
});

test("a newer version is told, and taken when the reader says so", async () => {
  const page = await openKept();
  await page.reload();
  await step(page).click();
  server.change(await newerBuild());
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await notice(page).waitFor();
  expect(await page.getByText("stop 1 of 5").count()).toBeGreaterThan(0);
  await page.reload();
  expect(await page.title()).toBe("splicelab");
  await notice(page).getByRole("button", { name: "reload" }).click();
  await expect.poll(() => page.title()).toBe("splicelab, newer");
  await step(page).waitFor();
  expect(await notice(page).count()).toBe(0);
});
