// The page by keyboard alone: from the question to the race, another order, the picture, the editor and out of it.

import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { openSite } from "./site.js";

let page: Page;

beforeEach(async () => {
  page = await openSite();
});

/** How what has the focus is called. */
const focused = (): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: found } = document;
    return (found?.getAttribute("aria-label") ?? found?.textContent ?? "").trim();
  });

const press = async (key: string, times = 1): Promise<void> => {
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
};

/** Presses Tab until something of that name has the focus. */
async function tabTo(name: RegExp, key = "Tab"): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await press(key);
    if (name.test(await focused())) return;
  }
  throw new Error(`${key} does not reach ${String(name)}`);
}

const position = () => page.getByRole("toolbar", { name: "playback" }).getByText(/ of \d+$/);
const got = (what: string) => page.getByRole("group", { name: new RegExp(`\\) got ${what}`) });

/** Into the laboratory. */
async function enter(): Promise<void> {
  await tabTo(/^Open the laboratory$/);
  await press("Enter");
}

test("steps, plays, scrubs, and lets another thread go next", async () => {
  await enter();
  await press("ArrowRight");
  expect(await position().textContent()).toBe("stop 1 of 3");
  await press(" ");
  expect(await page.getByRole("button", { name: "pause" }).count()).toBe(1);
  await press(" ");
  await press("End");
  expect(await got("0xf0 instead of 0x1f").count()).toBe(1);
  await tabTo(/^position$/);
  await press("Home");
  expect(await got("0x").count()).toBe(0);
  await press("ArrowRight");
  expect(await position().textContent()).toBe("stop 1 of 3");
  await tabTo(/^let client go next$/, "Shift+Tab");
  await press("Enter");
  expect(await got("0x1f").count()).toBe(1);
  await tabTo(/^Timelines/);
  await press("Enter");
  await page.getByRole("button", { name: /^timeline 2/ }).waitFor();
  await tabTo(/^timeline 2, forked/);
  await press("ArrowUp");
  expect(await focused()).toMatch(/^timeline 1, from the start/);
  await press("Enter");
  expect(await page.getByRole("button", { name: /^timeline 1/ }).getAttribute("aria-current")).toBe(
    "true",
  );
});

test("goes through the picture, into a card and out", async () => {
  await enter();
  await press("ArrowRight");
  await tabTo(/^file f, 4096 bytes/);
  await press("ArrowDown");
  expect(await focused()).toMatch(/^page 0 of f/);
  await press("ArrowRight");
  expect(await focused()).toMatch(/^frame 1: 0x1f; 2 references/);
  await press("Enter");
  expect(await focused()).toBe("0x1f, written by the scenario");
  await press("Escape");
  expect(await focused()).toMatch(/^frame 1/);
  expect(await position().textContent(), "the arrows are the picture's").toBe("stop 1 of 3");
  await tabTo(/^Text/);
});

test("writes in the editor, and leaves it", async () => {
  await enter();
  await tabTo(/^Text/);
  await press("Enter");
  const editor = page.getByRole("textbox", { name: "scenario" });
  await editor.waitFor();
  await tabTo(/^scenario$/);
  await press("Control+End");
  await page.keyboard.type("# ? a note");
  expect(await page.getByRole("dialog", { name: "Keys" }).count()).toBe(0);
  await press("Tab");
  expect(await focused(), "Tab indents").toBe("scenario");
  await press("Escape");
  await press("Tab");
  expect(await focused()).not.toBe("scenario");
  await tabTo(/^Share and export/);
});
