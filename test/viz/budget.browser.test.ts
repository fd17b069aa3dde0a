// How much the page fetches before it can be stepped: scripts, styles and the core, as gzip sends them.

import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openSite } from "./site.js";

const LIMIT = 150_000;

test(`scripts, styles and core of the first load are at most ${LIMIT} bytes of gzip`, async () => {
  const page = await openSite();
  await page.getByRole("button", { name: "Open the laboratory" }).click();
  await page.getByRole("button", { name: "step", exact: true }).click();
  const files = await page.evaluate(() =>
    performance.getEntriesByType("resource").map((entry) => entry.name),
  );
  expect(files.filter((file) => file.endsWith(".wasm"))).toHaveLength(1);
  const counted = [...new Set(files)].filter((file) => /\.(js|css|wasm)$/.test(file));
  const sizes = await Promise.all(
    counted.map(async (file) => {
      const body = Buffer.from(await (await fetch(file)).arrayBuffer());
      return [file.replace(/.*\//, ""), gzipSync(body, { level: 9 }).length] as const;
    }),
  );
  expect(sizes.map(([file]) => file).sort()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/\.css$/),
      expect.stringMatching(/\.js$/),
      expect.stringMatching(/\.wasm$/),
    ]),
  );
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  expect(total, JSON.stringify(Object.fromEntries(sizes))).toBeLessThanOrEqual(LIMIT);
});
