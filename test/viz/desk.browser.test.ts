// The laboratory in a real browser: two models, speed, leaps, links that are damaged or come later.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { embedHeight } from "../../src/viz/files/embed-height.js";
import { fragmentOf } from "../../src/viz/link.js";
import { Runner } from "../../src/viz/runner.js";
import { FIRST, RACE } from "../../src/viz/scenario.js";
import { RACE_LINK } from "./links.js";
import { openSite } from "./site.js";

const steps = { text: FIRST.text, profile: "6.18/xfs", policy: "linux", cursor: 0 };
const { program, models, order } = FIRST;
const SCHEDULE = new Runner().run(program, models, order).traces[0]!.schedule;
/** The write comes between the splice and the read. */
const LATE = `#${fragmentOf({ ...steps, schedule: SCHEDULE })}`;

const regions = (page: Page) =>
  page
    .getByRole("region", { name: /^policy / })
    .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
const position = async (page: Page) =>
  page
    .getByRole("toolbar", { name: "playback" })
    .getByText(/ of \d+$/)
    .textContent();

test("a second model, word by word: the price, the first difference, and away again", async () => {
  const page = await openSite(LATE);
  expect(await regions(page)).toEqual(["policy linux"]);
  await page.getByRole("button", { name: "add a second model" }).click();
  expect(await regions(page)).toEqual(["policy linux", "policy cow"]);
  await page.getByText("word by word:").last().click();
  const words = page.getByRole("group", { name: "policy of the second model, word by word" });
  await words.getByLabel("write").selectOption("in-place");
  expect(await regions(page)).toEqual(["policy linux", "policy cow,write=in-place"]);
  await page.getByLabel("policy of the second model", { exact: true }).selectOption("copy");
  const price = page.getByText("1 page copied");
  expect([await price.count(), await price.isVisible()]).toEqual([1, false]);
  await page.getByRole("button", { name: "to the first difference" }).click();
  expect(await position(page)).toMatch(/^step \d of \d+$/);
  expect(await price.isVisible()).toBe(true);
  await page.getByLabel("profile of the second model", { exact: true }).selectOption("6.18/tmpfs");
  await page.getByRole("button", { name: "remove the first model" }).click();
  expect(await regions(page)).toEqual(["policy copy"]);
});

test("leaps stop where a page is shared, written to, and read changed", async () => {
  const page = await openSite(LATE);
  const said: string[] = [];
  for (let leap = 0; leap < 3; leap++) {
    await page.keyboard.press("Shift+ArrowRight");
    said.push((await page.locator("p.spoken[aria-live]").textContent()) ?? "");
  }
  expect(said[0]).toContain("now holds 4096 bytes of frame 1");
  expect(said[1]).toContain("stores 0xf0");
  expect(said[2]).toContain("not the 0x1f");
  await page.keyboard.press("Shift+ArrowLeft");
  expect(await page.locator("p.spoken[aria-live]").textContent()).toBe(said[1]);
});

test("the condition is asked beneath the stages, and answered at the end of the run", async () => {
  const page = await openSite(LATE);
  const condition = page.getByRole("region", { name: "condition" });
  await condition.getByText(/^exists client:a = 0xf0/).waitFor();
  const answer = condition.getByText("holds: this run is an example");
  expect(await answer.isVisible()).toBe(false);
  await page.keyboard.press("End");
  expect(await answer.isVisible()).toBe(true);
  expect(await condition.textContent()).toMatch(/got 0xf0 where .* changed that frame in place/);
});

test("plays as fast as it is told, and says nothing meanwhile", async () => {
  const page = await openSite(LATE);
  await page.clock.install();
  await page.getByLabel("speed").selectOption("× 4");
  await page.getByRole("button", { name: "play" }).click();
  expect(await page.locator("p.spoken[aria-live]").textContent()).toBe("");
  await page.clock.runFor(450);
  expect(await position(page)).toBe("stop 1 of 3");
  await page.clock.runFor(1_200);
  expect(await position(page)).toBe("stop 3 of 3");
  expect(await page.locator("p.spoken[aria-live]").textContent()).toContain("not the 0x1f");
});

test("a damaged link says so and shows what can be read; one that comes later is opened", async () => {
  const page = await openSite(LATE.slice(0, -6));
  expect(await page.getByRole("alert").textContent()).toContain("This link is damaged");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("mail-page");
  expect(page.url()).toContain(LATE.slice(0, -6));
  await page.getByRole("button", { name: "close" }).click();
  await page.evaluate((hash) => (location.hash = hash), LATE.slice(0, 12));
  expect(await page.getByRole("alert").textContent()).toContain("cannot be read");
  await page.evaluate(() => (location.hash = "#hello"));
  await page.getByText('"hello" is no token (sl1:…)').waitFor();
  await page.evaluate((hash) => (location.hash = hash), LATE);
  await expect.poll(() => page.getByRole("alert").count()).toBe(0);
  expect(await position(page)).toBe("stop 0 of 3");
});

test("embedded in another page: stages and transport alone, with a way to the whole", async () => {
  const page = await openSite(`?embed${LATE}`);
  expect(await regions(page)).toEqual(["policy linux"]);
  expect(await page.getByRole("toolbar", { name: "playback" }).count()).toBe(1);
  expect(await page.getByLabel(/^policy of/).count()).toBe(0);
  expect(await page.locator("details summary h2").count()).toBe(0);
  const whole = page.getByRole("link", { name: "splicelab" });
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.url()).not.toContain(LATE);
  const [opened] = await Promise.all([page.context().waitForEvent("page"), whole.click()]);
  await opened.getByText("stop 1 of 3").first().waitFor();
  expect(new URL(opened.url()).search).toBe("");
});

test.each([
  ["one model", LATE, FIRST],
  ["two models", RACE_LINK, RACE],
])("the height of its embed form shows the picture of %s at once", async (_, link, opening) => {
  const { traces } = new Runner().run(opening.program, opening.models, opening.order);
  const height = embedHeight(traces);
  const page = await openSite(`?embed${link}`, { width: 800, height });
  await page.keyboard.press("End");
  const { y, height: drawn } = (await page.locator(".picture").first().boundingBox())!;
  expect(y + Math.min(drawn, 420)).toBeLessThanOrEqual(height);
  expect(y + drawn, "no empty space").toBeGreaterThan(height - 200);
});

test("a run that leaves the model says so", async () => {
  const text = `litmus left
"."
thread t { f = open("f", O_RDWR|O_CREAT|O_DIRECT, 0600)  a = preadv2(f, [4096], 0, RWF_NOWAIT) }
exists (t:a = 0x00 * 1)
`;
  const witness = { text, profile: "6.18/xfs", policy: "linux", schedule: [], cursor: 0 };
  const page = await openSite(`#${fragmentOf(witness)}`);
  expect(await page.getByRole("note").textContent()).toContain("leaves the model");
});

test("the mail's story in the tables, by role and name alone", async () => {
  const page = await openSite(LATE);
  await page.getByText("As tables").click();
  const tables = page.getByRole("group", { name: "tables: linux on 6.18/xfs" });
  const row = async (table: string, name: string): Promise<string[]> =>
    tables
      .getByRole("table", { name: table })
      .getByRole("row", { name })
      .getByRole("cell")
      .allTextContents();
  const step = page.getByRole("button", { name: "step", exact: true });
  await tables.waitFor();
  expect(await row("folios", "frame 1")).toContain("1");
  await step.click();
  expect(await row("folios", "frame 1")).toEqual(
    expect.arrayContaining(["2", "the page cache, slot 0 of p"]),
  );
  await step.click();
  expect(await row("pipes", "slot 0")).toContain(
    "0xf0 instead of 0x1f by pwrite(), call 1 of writer",
  );
  await step.click();
  expect(await row("what the readers got", "client: a = read(p.r, 4096)")).toEqual(
    expect.arrayContaining(["returned", "was 0x1f at splice"]),
  );
});
