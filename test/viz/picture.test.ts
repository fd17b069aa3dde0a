// The README's picture: it is the one that the model gives now, and a browser shows it whole.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { inRoot } from "../../tools/paths.js";
import { PICTURE, drawPicture } from "../../tools/picture.js";
import { launchChromium } from "../../tools/site/chromium.js";

test("the picture is not stale", async () => {
  const fresh = await drawPicture();
  const kept = readFileSync(inRoot(PICTURE), "utf8");
  expect(kept === fresh, `${PICTURE} is stale: bring it up to date with "npm run picture"`).toBe(
    true,
  );
  expect(kept).toMatch(/^<!-- sha256 of what made it: [0-9a-f]{64}\. /);
}, 60_000);

test("the picture shows the race, in light and dark, and no text leaves its place", async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ colorScheme: "light" });
    await page.goto(pathToFileURL(inRoot(PICTURE)).href);
    expect(await page.evaluate(textsOf)).toEqual(expect.arrayContaining(RACE));
    expect(await page.evaluate(misplaced)).toEqual([]);
    const paper = () =>
      page.evaluate(() => getComputedStyle(document.querySelector(".paper")!).fill);
    expect(await paper()).toBe("rgb(247, 247, 245)");
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await paper()).toBe("rgb(18, 20, 23)");
  } finally {
    await browser.close();
  }
}, 60_000);

/** What tells the two sides apart. */
const RACE = ["linux", "was 0x00 at splice", "cow", "as it was at splice"];

/** Runs in the page: the texts of the picture, none if it is not an SVG that the browser can read. */
function textsOf(): string[] {
  return [...document.querySelectorAll("svg text")].map((t) => t.textContent.trim());
}

/** Runs in the page: texts that hang over the picture, out of their card or over another text. */
function misplaced(): string[] {
  const found: string[] = [];
  const texts = [...document.querySelectorAll("text")].filter((t) => t.textContent.trim() !== "");
  const boxes = texts.map((t) => t.getBoundingClientRect());
  for (const [i, a] of boxes.entries()) {
    const home = texts[i]!.parentElement?.querySelector(":scope > rect");
    const place = (home ?? document.documentElement).getBoundingClientRect();
    if (a.left < place.left || a.right > place.right) found.push(texts[i]!.textContent);
    for (const [j, b] of boxes.entries()) {
      const beside = a.right <= b.left || b.right <= a.left;
      const apart = a.bottom <= b.top + 3 || b.bottom <= a.top + 3;
      if (i < j && !beside && !apart)
        found.push(`${texts[i]!.textContent} / ${texts[j]!.textContent}`);
    }
  }
  return found;
}
