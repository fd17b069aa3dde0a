// The stage in a real browser: focus, explanation, selection; what it costs to draw.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Laboratory } from "../../src/viz/laboratory.svelte.js";
import { fragmentOf } from "../../src/viz/link.js";
import { RACE } from "../../src/viz/scenario.js";
import { openSite } from "./site.js";

const lab = new Laboratory(RACE.text, RACE.models, RACE.order);
/** Both policies, at the start. */
const RACE_LINK = `#${fragmentOf({ ...lab.witness(), cursor: 0 })}`;

const stage = (page: Page, policy: string) =>
  page.getByRole("group", { name: `picture: ${policy} on` });
const tip = (page: Page) => page.getByRole("tooltip");
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement!.getAttribute("aria-label"));

test("one Tab stop, arrows move, and each element explains itself", async () => {
  const page = await openSite(RACE_LINK);
  await page.keyboard.press("ArrowRight");
  const first = stage(page, "linux").locator("[tabindex='0']");
  expect(await first.count()).toBe(1);
  await first.focus();
  await page.keyboard.press("ArrowDown");
  expect(await focused(page)).toBe("page 0 of f: frame 2");
  await page.keyboard.press("ArrowRight");
  expect(await focused(page)).toContain("frame 2: 0x00; 2 references");
  expect(await tip(page).innerText()).toMatch(
    /Held by the page cache, slot 0 of p\.[^]*a folio[^]*folio->_refcount/,
  );
  const box = (await tip(page).boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.y + box.height).toBeLessThanOrEqual(900);
  expect(await stage(page, "linux").locator("[tabindex='0']").count()).toBe(1);
  await page.keyboard.press("Tab");
  expect(await focused(page)).not.toContain("frame");
  expect(await page.getByText("stop 1 of 5").count()).toBe(1);
});

test("Enter on bytes lights the slot, the folio and the write; Escape ends it", async () => {
  const page = await openSite(RACE_LINK, { reduced: true });
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  const slot = stage(page, "linux").locator("[data-key='slot 0:0']");
  await slot.focus();
  await page.keyboard.press("Enter");
  expect(await focused(page)).toBe("0xf0 instead of 0x00, written by pwrite(), call 1 of writer");
  await page.keyboard.press("Enter");
  const lit = stage(page, "linux").locator(".lit[data-key]");
  expect(await lit.evaluateAll((all) => all.map((each) => each.getAttribute("data-key")))).toEqual([
    "folio 2",
    "slot 0:0",
  ]);
  expect(await stage(page, "linux").locator(".reference.lit").count()).toBe(1);
  expect(await tip(page).innerText()).toContain(
    "was written by pwrite(), call 1 of writer at step",
  );
  await page.keyboard.press("Escape");
  expect(await lit.count()).toBe(0);
  expect(await focused(page)).toContain("0xf0 instead");
  await page.keyboard.press("Escape");
  expect(await focused(page)).toMatch(/^slot 0/);
  await slot.locator(".hit").first().click();
  expect(await lit.count()).toBe(2);
});

test("hovering explains too, and a card is never clipped", async () => {
  const page = await openSite(RACE_LINK, { width: 800, height: 600 });
  await page.keyboard.press("ArrowRight");
  const card = stage(page, "cow").locator("[data-key='pipe 0']");
  await card.hover();
  await expect.poll(() => tip(page).count()).toBe(1);
  expect(await tip(page).innerText()).toContain("struct pipe_inode_info");
  const box = (await tip(page).boundingBox())!;
  expect(box.x + box.width).toBeLessThanOrEqual(800);
});

test("a step writes what differs and nothing else, and what was drawn stays the same element", async () => {
  const page = await openSite(RACE_LINK);
  await page.evaluate(() => {
    const all = [...document.querySelectorAll("svg[aria-label^='picture: linux'] .card")];
    const idle: string[] = [];
    const valueOf = ({ target, attributeName }: MutationRecord): string | null =>
      target instanceof Element ? target.getAttribute(attributeName!) : target.textContent;
    new MutationObserver((records) => {
      const same = records.filter((each) => valueOf(each) === each.oldValue);
      idle.push(...same.map(({ target }) => target.nodeName));
    }).observe(document.querySelector(".sides")!, {
      ...{ subtree: true, attributeOldValue: true, characterDataOldValue: true },
    });
    Object.assign(window, { all, idle });
  });
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Home");
  const [idle, gone] = await page.evaluate(() => {
    const { all, idle } = window as unknown as { all: Element[]; idle: string[] };
    return [idle, all.filter((each) => !each.isConnected).length];
  });
  expect(idle).toEqual([]);
  expect(gone).toBe(0);
});

test("what a step changes glides, what a jump changes is there at once", async () => {
  const page = await openSite(RACE_LINK);
  const gliding = (key: string): Promise<number> =>
    page.evaluate(async (pressed) => {
      const press = { key: pressed, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new KeyboardEvent("keydown", press));
      await new Promise(requestAnimationFrame);
      return document.getAnimations().filter((each) => each instanceof CSSTransition).length;
    }, key);
  await page.keyboard.press("ArrowRight");
  expect(await gliding("ArrowRight")).toBeGreaterThan(0);
  expect(await gliding("Home")).toBe(0);
  expect(await gliding("End")).toBe(0);
});
