// How much the page fetches before it can be stepped: scripts, styles and the core, as gzip sends them.
// What the first view does without (the reader of texts and links, the editor, …) is imported when it is
// asked for, never from a module that main.ts reaches by plain imports.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { builtSite } from "../../tools/site/build.js";
import { RACE_LINK } from "./links.js";
import { forgive, openSite } from "./site.js";

const LIMIT = 150_000;

/** The files that index.html names: what it begins to fetch before any script has run. */
function namedFiles(folder: string): string[] {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  return [...html.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css|wasm))"/g)].map(
    ([, file]) => file!,
  );
}

const gzipBytes = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;

test(`scripts, styles and core of the first load are at most ${LIMIT} bytes of gzip`, async () => {
  const folder = await builtSite();
  const named = namedFiles(folder);
  const page = await openSite("", { comes: (file) => file === "" || named.includes(file) });
  await page.getByRole("button", { name: "Open the laboratory" }).click();
  await page.getByRole("button", { name: "step", exact: true }).click();
  expect(await page.getByText(/^stop 1 of \d+$/).count()).toBeGreaterThan(0);
  forgive(page, /Failed to load resource: net::ERR_FAILED/);
  for (const kind of [/\.js$/, /\.css$/, /\.wasm$/])
    expect(named.filter((file) => kind.test(file))).not.toEqual([]);
  const sizes = named.map((file) => [file, gzipBytes(join(folder, file))] as const);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  const told = JSON.stringify(Object.fromEntries(sizes));
  expect(total, told).toBeLessThanOrEqual(LIMIT);
});

/** A link brings the reader of tokens and texts with its grammar besides, and what judges the run. The folds come when the
 *  stage is there. */
const LINK_LIMIT = 200_000;
const FOLDS = /\/Folds-[^/]+$/;

test(`a link is at work after at most ${LINK_LIMIT} bytes of gzip`, async () => {
  const folder = await builtSite();
  const named = namedFiles(folder);
  const page = await openSite(RACE_LINK);
  expect(await page.getByText(/^(stop|step) \d+ of \d+$/).count()).toBeGreaterThan(0);
  const { href } = new URL(".", page.url());
  const fetched = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name),
  );
  const files = fetched.map((name) => name.replace(href, ""));
  const code = files.filter((file) => /\.(js|css|wasm)$/.test(file) && !FOLDS.test(file));
  const sizes = code.map((file) => [file, gzipBytes(join(folder, file))] as const);
  const told = JSON.stringify(Object.fromEntries(sizes));
  expect(named.filter((file) => FOLDS.test(file))).toEqual([]);
  expect(sizes.length, told).toBeGreaterThan(named.length);
  expect(
    sizes.reduce((sum, [, bytes]) => sum + bytes, 0),
    told,
  ).toBeLessThanOrEqual(LINK_LIMIT);
});

test("the core comes once, as a file of its own", async () => {
  const page = await openSite();
  const files = await page.evaluate(() =>
    performance.getEntriesByType("resource").map((entry) => entry.name),
  );
  expect(files.filter((file) => file.endsWith(".wasm"))).toHaveLength(1);
  const assets = join(await builtSite(), "assets");
  for (const file of readdirSync(assets).filter((name) => name.endsWith(".js")))
    expect(readFileSync(join(assets, file), "utf8")).not.toContain("AGFzbQEAAAA");
});
