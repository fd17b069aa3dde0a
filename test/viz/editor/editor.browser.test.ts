// The editor, the gallery and drafts on the page, by keyboard where a person would use it.

import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { Laboratory } from "../../../src/viz/laboratory.svelte.js";
import { fragmentOf } from "../../../src/viz/link.js";
import { RACE } from "../../../src/viz/scenario.js";
import { openSite } from "../site.js";

const witness = new Laboratory(RACE.text, RACE.models, RACE.order).witness();
const LINK = `#${fragmentOf(witness)}`;

let page: Page;

beforeEach(async () => {
  page = await openSite(LINK);
});

const editor = () => page.getByRole("textbox", { name: "scenario" });
const button = (name: string) => page.getByRole("button", { name });
const rows = (options = {}) =>
  page.getByRole("listbox", { name: "scenarios" }).getByRole("option", options);
const doc = async (): Promise<string> =>
  (await editor().locator(".cm-line").allTextContents()).join("\n");
const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const hasFocus = () => editor().evaluate((node) => node.contains(document.activeElement));

/** Waits as long as a busy machine needs. */
const eventually = <T>(what: () => Promise<T>) => expect.poll(what, { timeout: 20_000 });

/** What the editor has said to a screen reader: it takes its words back soon. */
const said = (): Promise<string> => page.evaluate(() => document.body.dataset["said"] ?? "");

async function listen(): Promise<void> {
  await page.locator(".cm-announced").evaluate((region) => {
    const note = (): void => {
      document.body.dataset["said"] = (document.body.dataset["said"] ?? "") + region.textContent;
    };
    new MutationObserver(note).observe(region, { childList: true, subtree: true });
  });
}

/** Unfolds the text, with the cursor at its end. */
async function edit(): Promise<void> {
  await page.locator("summary", { hasText: "Text" }).click();
  await editor().click();
  await press("Control+End");
}

/** Puts a text in place of all there is. */
async function write(text: string): Promise<void> {
  await press("Control+a", "Delete");
  await page.keyboard.insertText(text);
}

test("completes a call with its arguments, shows which one is typed, and what an end is", async () => {
  await edit();
  await write("litmus x\npipe p\nthread a {\n  ");
  await page.keyboard.type("vmsp");
  const offered = page.getByRole("option", { name: "vmsplice" });
  await offered.waitFor();
  await offered.click();
  expect(await doc()).toContain("vmsplice(fd, m, count, offset, flags)");
  await page.keyboard.type("p.");
  const end = page.getByRole("option", { name: "p.w" });
  await end.waitFor();
  await eventually(() => page.locator(".cm-tooltip.card mark").textContent()).toBe("fd");
  await end.click();
  await press("Escape", "Escape", "F2");
  await eventually(() => page.locator(".cm-tooltip.card").textContent()).toContain(
    "a pipe, line 2; p.r, p.w",
  );
});

test("marks mistakes, mends one, formats; the picture keeps the last good text meanwhile", async () => {
  await edit();
  await write("litmus x\nfile f = 0x11 * 4096\nthread a { pwirte(f, 0x22 * 4096, 0) }");
  await button("1 error: next").waitFor();
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("mail-ordered");
  await page.getByText("The picture shows the last text without errors.").waitFor();
  await press("F8");
  await page.getByText("there is no call pwirte()").first().waitFor();
  await button("write pwrite").click();
  await eventually(() => page.getByRole("heading", { level: 1 }).textContent()).toBe("x");
  expect(await button("error").count()).toBe(0);
  await editor().focus();
  await press("Shift+Alt+f");
  expect(await doc()).toBe(
    "litmus x\n\nfile f = 0x11 * 4096\n\nthread a {\n  pwrite(f, 0x22 * 4096, 0)\n}\n",
  );
  await press("Control+z");
  expect(await doc()).toContain("thread a { pwrite");
});

test("Tab indents until Escape was pressed; keys of the page are letters here", async () => {
  await edit();
  expect(await editor().getAttribute("tabindex"), "axe: scrollable-region-focusable").toBe("0");
  await listen();
  await press("Control+Home", "Tab");
  expect(await doc()).toMatch(/^ {2}litmus/);
  await page.keyboard.type(" ");
  expect(await hasFocus()).toBe(true);
  await press("Escape");
  await page.locator(".hint", { hasText: "Tab leaves the editor now." }).waitFor();
  expect(await said()).toContain("Tab leaves the editor now.");
  await press("Tab");
  expect(await hasFocus()).toBe(false);
  await editor().focus();
  await press("Tab");
  expect(await hasFocus()).toBe(true);
});

test("a call's card has its prototype, what it does, and its errors", async () => {
  await edit();
  await editor().getByText("splice", { exact: true }).first().hover();
  const card = page.locator(".cm-tooltip-hover .card");
  await card.waitFor();
  expect(await card.textContent()).toContain("splice(fd_in, off_in, fd_out, off_out, len, flags)");
  expect(await card.textContent()).toContain("by reference where it can");
  expect(await card.textContent()).toContain("EPIPE, ESPIPE");
});

test("the gallery opens a scenario by keyboard alone", async () => {
  await button("Gallery").focus();
  await press("Enter");
  const field = page.getByRole("combobox", { name: "search the gallery" });
  await field.waitFor();
  await page.getByText(/^(\d+) of \1 scenarios$/).waitFor();
  await page.keyboard.type("mail");
  await eventually(() => rows().count()).toBeLessThan(10);
  const selected = rows({ selected: true });
  expect(await selected.textContent()).toContain("mail-ordered");
  expect(await selected.textContent()).toContain("sometimes broken");
  await press("ArrowDown");
  expect(await field.getAttribute("aria-activedescendant")).toBe(await selected.getAttribute("id"));
  await press("Enter");
  await eventually(() => page.getByRole("heading", { level: 1 }).textContent()).toBe("mail-race");
  expect(await field.count()).toBe(0);
});

test("a draft survives a reload, and the link that is opened over it", async () => {
  await edit();
  await page.keyboard.insertText("# mine, and half a lin\nthread");
  await button("1 error: next").waitFor();
  await page.reload();
  await page.getByText(/You have a draft mail-ordered from/).waitFor();
  await page.locator("summary", { hasText: "Text" }).click();
  expect(await doc()).not.toContain("# mine");
  await button("Restore").click();
  await eventually(doc).toContain("# mine, and half a lin\nthread");
  expect(await button("Restore").count()).toBe(0);
  await button("Gallery").click();
  await rows({ name: "mail-ordered" }).first().click();
  await button("Discard").click();
  await page.reload();
  await page.locator("summary", { hasText: "Text" }).waitFor();
  expect(await button("Restore").count()).toBe(0);
});
