// The views of the page, for tests and pictures that go through all of them.
//
// Interface: VIEWS, ViewName, openView.

import type { Page } from "playwright-core";
import { RACE_LINK } from "./links.js";
import { openSite, type View } from "./site.js";

const unfold = async (page: Page, title: RegExp): Promise<void> => {
  await page.locator("summary").filter({ hasText: title }).click();
};

/** How each is reached from the laboratory; the first view is what opens without a link. */
export const VIEWS = {
  first: undefined,
  stage: async (page: Page) => page.keyboard.press("End"),
  keys: async (page: Page) => page.keyboard.press("?"),
  editor: async (page: Page) => {
    await unfold(page, /^Text/);
    await page.getByRole("textbox", { name: "scenario" }).waitFor();
  },
  gallery: async (page: Page) => {
    await page.getByRole("button", { name: "Gallery…" }).click();
    await page.getByRole("listbox", { name: "scenarios" }).getByRole("option").first().waitFor();
  },
  outcomes: async (page: Page) => {
    await unfold(page, /Every outcome/);
    await page.getByRole("button", { name: "Find every outcome" }).click();
    await page.getByRole("table", { name: "outcomes" }).waitFor();
  },
  kernels: async (page: Page) => {
    await unfold(page, /On real kernels/);
    await page.getByRole("button", { name: /^Show the recorded run/ }).click();
    await page.getByRole("button", { name: "remove ext4" }).waitFor();
  },
  tables: async (page: Page) => {
    await page.keyboard.press("End");
    await unfold(page, /^As tables/);
    await page.getByRole("table").first().waitFor();
  },
  timelines: async (page: Page) => {
    await unfold(page, /^Timelines/);
  },
  marks: async (page: Page) => {
    await unfold(page, /^What the marks mean/);
  },
  share: async (page: Page) => {
    await unfold(page, /Share and export/);
    await page.getByRole("button", { name: "PNG" }).waitFor();
  },
} satisfies Record<string, ((page: Page) => Promise<unknown>) | undefined>;

export type ViewName = keyof typeof VIEWS;

/** Opens a view. */
export async function openView(name: ViewName, view: View = {}): Promise<Page> {
  const reach = VIEWS[name];
  const page = await openSite(reach === undefined ? "" : RACE_LINK, view);
  await reach?.(page);
  return page;
}
