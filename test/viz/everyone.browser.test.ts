// The page for everyone: what axe finds in each view, sizes, widths, reduced motion, forced colours, keys,
// and what is spoken.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { RACE_LINK } from "./links.js";
import { openSite } from "./site.js";
import { VIEWS, openView, type ViewName } from "./views.js";

/** What axe finds, one line each. */
async function found(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ rules: { "target-size": { enabled: true } } })
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
  );
}

/** Everything that is pressed and is smaller than 24 pixels one way. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>(
      "button, summary, select, input, textarea, a[href], [role=button], [role=tab]",
    );
    const seen = [...all].filter((each) => each.checkVisibility({ visibilityProperty: true }));
    const small = seen.filter((each) => {
      const target = each.closest("label") ?? each;
      const { width, height } = target.getBoundingClientRect();
      return width > 1 && Math.min(width, height) < 23.9;
    });
    return small.map((each) => each.outerHTML.slice(0, 120));
  });

/** What is pressed and has no edge: with forced colours nothing else tells it. */
const flat = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("button, select, .button")]
      .filter((each) => each.checkVisibility({ visibilityProperty: true }))
      .filter((each) => {
        const { borderTopWidth, outlineStyle } = getComputedStyle(each);
        return borderTopWidth === "0px" && outlineStyle === "none";
      })
      .map((each) => each.outerHTML.slice(0, 100)),
  );

const overhang = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** What would still move. */
const moving = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((each) => {
        const { transitionDuration, animationDuration, animationName } = getComputedStyle(each);
        const isAnimated = animationName !== "none" && /[1-9]/.test(animationDuration);
        return /[1-9]/.test(transitionDuration) || isAnimated;
      })
      .map((each) => (each.cloneNode(false) as Element).outerHTML.slice(0, 100)),
  );

test.each(Object.keys(VIEWS) as ViewName[])(
  "%s: axe finds nothing, targets are large, nothing moves that should not, no width scrolls sideways, edges stay with forced colours",
  // The gallery has hundreds of rows.
  { timeout: 90_000 },
  async (view) => {
    const page = await openView(view, { reduced: true });
    expect(await found(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await found(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
    expect(await moving(page)).toEqual([]);
    // 640 pixels are 1280 at a zoom of 200 %.
    for (const width of [2560, 1280, 900, 640, 360]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overhang(page), `${width} pixels`).toBeLessThanOrEqual(0);
    }
    await page.emulateMedia({ forcedColors: "active" });
    expect(await flat(page)).toEqual([]);
  },
);

test("axe is looking", async () => {
  const page = await openSite();
  await page.locator("h1").evaluate((heading) => (heading.style.color = "#ddd"));
  expect(await found(page)).toEqual([expect.stringContaining("color-contrast")]);
});

test.each([360, 1280])("the first view shows its picture, %i pixels wide", async (width) => {
  const page = await openSite("", { width });
  const frame = page.getByRole("group", { name: "frame 1: 0x1f; 1 reference" });
  await frame.scrollIntoViewIfNeeded();
  const isSeen = await frame.evaluate((card) => {
    const { x, y, width: w, height: h } = card.getBoundingClientRect();
    return card.contains(document.elementFromPoint(x + w / 2, y + h / 2));
  });
  expect(isSeen).toBe(true);
});

test("in one column the pictures are as high as what they show", async () => {
  const page = await openSite(RACE_LINK, { width: 360, height: 740 });
  const hidden = await page
    .locator(".picture")
    .evaluateAll((all) => all.map((each) => each.scrollHeight - each.clientHeight));
  expect(hidden).toEqual([0, 0]);
});

test("on a phone what moves in time stays at hand, and hides nothing at the page's end", async () => {
  const page = await openSite(RACE_LINK, { width: 360, height: 740 });
  const step = page.getByRole("button", { name: "step", exact: true });
  // What unfolds below the pictures comes last.
  await page.getByRole("button", { name: "Gallery…" }).waitFor();
  for (const to of [0, 600, 1e6]) {
    await page.evaluate((top) => scrollTo(0, top), to);
    const { y, height } = (await step.boundingBox())!;
    expect(y + height).toBeLessThanOrEqual(740);
    expect(y).toBeGreaterThan(0);
  }
  const last = (await page.locator("summary").last().boundingBox())!;
  expect(last.y + last.height).toBeLessThanOrEqual((await step.boundingBox())!.y);
});

test("with forced colours the axis keeps its marks and its playhead", async () => {
  const page = await openSite(RACE_LINK, { forced: true });
  const drawn = await page.evaluate(() => {
    const [mark, thumb] = [".stops b.share", "input[type=range]"].map((selector) =>
      getComputedStyle(document.querySelector(selector)!),
    );
    const paper = getComputedStyle(document.body).backgroundColor;
    return [mark!.backgroundColor === paper, thumb!.forcedColorAdjust];
  });
  expect(drawn).toEqual([false, "none"]);
});

test("? lists the keys, but not while typing; Escape closes the list", async () => {
  const page = await openSite(RACE_LINK);
  const list = page.getByRole("dialog", { name: "Keys" });
  await page.keyboard.press("?");
  expect(await list.getByText("to the next event of interest").isVisible()).toBe(true);
  await page.keyboard.press("Escape");
  expect(await list.count()).toBe(0);
  await page.getByRole("button", { name: "Keys", exact: true }).click();
  expect(await list.count()).toBe(1);
  await page.keyboard.press("Escape");
  for (const place of [page.locator("summary").first(), page.getByLabel("speed")]) {
    await place.press("?");
    expect(await list.count()).toBe(1);
    await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: "Gallery…" }).click();
  await page.getByRole("combobox", { name: "search the gallery" }).press("?");
  expect(await list.count()).toBe(0);
});

test("each step is one sentence per side, spoken when it is not playing", async () => {
  const page = await openSite(RACE_LINK);
  const spoken = page.locator(".spoken[aria-live=polite]");
  await page.getByRole("button", { name: "every step" }).click();
  for (let step = 0; step < 6; step++) {
    await page.keyboard.press("ArrowRight");
    expect(await spoken.textContent()).toMatch(
      /^linux: [^.]+(\.\w[^.]*)*\. cow: [^.]+(\.\w[^.]*)*\.$/,
    );
  }
  await page.getByRole("button", { name: "play", exact: true }).click();
  expect(await spoken.textContent()).toBe("");
  await page.getByRole("button", { name: "pause" }).click();
  expect(await spoken.textContent()).not.toBe("");
});
