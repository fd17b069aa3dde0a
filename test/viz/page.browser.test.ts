// The page in a real browser: the mail's story, by keyboard, slider and play, read from the DOM.

import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { BEAT_MS } from "../../src/viz/first/beats.js";
import { readFragment } from "../../src/viz/link.js";
import { RACE } from "../../src/viz/scenario.js";
import { RACE_LINK, witnessOf } from "./links.js";
import { forgive, openSite } from "./site.js";

let page: Page;

beforeEach(async () => {
  page = await openSite(RACE_LINK);
});

async function press(key: string, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
}

const side = (policy: string) => page.getByRole("region", { name: `policy ${policy}` });
const position = () => page.getByRole("toolbar", { name: "playback" }).getByText(/ of \d+$/);

/** What a read has got, as the page names and shows it. */
async function got(policy: string, register: string): Promise<string> {
  const reader = side(policy).getByRole("group", { name: `client: ${register} = read(p.r, 4096)` });
  const name = (await reader.getAttribute("aria-label")) ?? "";
  const shown = await reader.locator("text", { hasText: /^0x/ }).allTextContents();
  return `${name.replace(/^.*\) ?/, "")} [${shown.join(" ")}]`;
}

test("steps to the race: the bytes differ on the left and stay on the right", async () => {
  await press("ArrowRight", 3);
  expect(await got("linux", "a")).toBe(" []");
  await press("ArrowRight");
  expect(await got("linux", "a")).toBe("got 0xf0 instead of 0x00 [0xf0]");
  expect(await got("cow", "a")).toBe("got 0x00 [0x00]");
  await press("ArrowRight");
  expect(await got("linux", "b")).toBe("got 0xf0 instead of 0x1f [0xf0]");
  expect(await got("cow", "b")).toBe("got 0x1f [0x1f]");
});

test("shows references, the flag and the copies", async () => {
  const shows = async (policy: string, name: string): Promise<number> =>
    side(policy).getByRole("group", { name }).count();
  await press("ArrowRight");
  expect(await shows("linux", "frame 2: 0x00; 2 references")).toBe(1);
  expect(await shows("cow", "frame 2: 0x00; 2 references, 1 from outside the page cache")).toBe(1);
  expect(await side("cow").getByRole("img", { name: "marked: 1 outside" }).count()).toBe(2);
  await press("ArrowRight");
  expect(await shows("linux", "page 0 of f: frame 2")).toBe(1);
  expect(await shows("cow", "page 0 of f: frame 3")).toBe(1);
});

test("goes back, to the ends and by every step with the keyboard", async () => {
  expect(await position().textContent()).toBe("stop 0 of 5");
  await press("End");
  expect(await position().textContent()).toBe("stop 5 of 5");
  await press("ArrowLeft");
  expect(await position().textContent()).toBe("stop 4 of 5");
  expect(await page.locator("[aria-live]").textContent()).toContain("not the 0x00");
  await press("Home");
  await page.getByRole("button", { name: "every step" }).click();
  await press("ArrowRight", 2);
  expect(await position().textContent()).toMatch(/^step 2 of \d+$/);
  expect(await page.locator("[aria-live]").textContent()).toContain("takes the mutex of p");
});

test("scrubs and plays", async () => {
  const slider = page.getByRole("slider", { name: "position" });
  await slider.fill("5");
  expect(await slider.getAttribute("aria-valuetext")).toBe("stop 1 of 5");
  await press("End");
  await press(" ");
  expect(await position().textContent()).toBe("stop 0 of 5");
  await expect.poll(() => position().textContent(), { timeout: 10_000 }).toBe("stop 1 of 5");
  await press(" ");
  expect(await page.getByRole("button", { name: "play" }).count()).toBe(1);
});

test.each([1280, 800])(
  "no text covers another and nothing hangs over at %i pixels",
  async (width) => {
    page = await openSite("", { width, reduced: true });
    for (let call = 0; call <= 5; call++) {
      expect(await page.evaluate(overlaps), `after ${call} calls`).toEqual([]);
      await press("ArrowRight");
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
  },
);

/** Runs in the page: pairs of texts inside one drawing that cover each other. */
function overlaps(): string[] {
  const found: string[] = [];
  for (const svg of document.querySelectorAll("svg[role=group]")) {
    const texts = [...svg.querySelectorAll("text")].filter((t) => t.textContent.trim() !== "");
    const boxes = texts.map((t) => t.getBoundingClientRect());
    for (const [i, a] of boxes.entries())
      for (const [j, b] of boxes.entries())
        if (
          i < j &&
          a.left < b.right &&
          b.left < a.right &&
          a.top + 3 < b.bottom &&
          b.top + 3 < a.bottom
        )
          found.push(`${texts[i]!.textContent} / ${texts[j]!.textContent}`);
  }
  return found;
}

test("the first ten seconds: five beats, the sentence, and the same schedule under copy on write", async () => {
  page = await openSite();
  await page.clock.install();
  await page.getByRole("button", { name: "Play" }).click();
  const beat = page.getByRole("region", { name: "the question" }).getByRole("paragraph");
  for (const said of ["takes a reference", "one folio", "in place", "returns", "got 0xf0 where"]) {
    expect(await beat.textContent()).toContain(said);
    await page.clock.runFor(BEAT_MS);
  }
  await page.getByRole("button", { name: "Same schedule, copy-on-write" }).click();
  await page.clock.runFor(10_000);
  expect(await position().textContent()).toBe("stop 3 of 3");
  expect(await got("linux", "a")).toBe("got 0xf0 instead of 0x1f [0xf0]");
  expect(await got("cow", "a")).toBe("got 0x1f [0x1f]");
});

test("the thread that is chosen goes next, and the address carries it", async () => {
  await press("ArrowRight");
  await page.getByRole("button", { name: "let client go next" }).click();
  expect(await got("linux", "a")).toBe("got 0x00 [0x00]");
  const schedule = () => readFragment(new URL(page.url()).hash).witness.schedule;
  await expect.poll(schedule).not.toEqual(witnessOf(RACE).schedule);
  await page.reload();
  expect(await got("linux", "a")).toBe("got 0x00 [0x00]");
});

test("before any script: the question, the button and the first frame, as it looks alive", async () => {
  const still = await openSite("", { scriptless: true });
  // Without scripts nobody takes what was fetched for them.
  const wasteful = /preloaded using link preload but not used/;
  const alive = await openSite();
  const look = async (page: Page) => [
    await page.getByRole("heading", { level: 1 }).boundingBox(),
    await page.getByRole("button", { name: "Play" }).boundingBox(),
    await page
      .getByRole("group", { name: "frame 1: 0x1f; 1 reference" })
      .locator(".outline")
      .boundingBox(),
  ];
  expect(await look(still)).toEqual(await look(alive));
  forgive(still, wasteful);
});

test("while a link is being opened, the header is there and the first frame is not", async () => {
  const late = await openSite();
  const address = late.url().replace(/#.*/, "");
  await late.goto("about:blank");
  let come = (): void => undefined;
  const wait = new Promise<void>((resolve) => (come = resolve));
  await late.route(/index-.*\.js$/, (route) => wait.then(() => route.continue()));
  await late.goto(`${address}${RACE_LINK}`, { waitUntil: "commit" });
  await late.getByText("splicelab", { exact: true }).waitFor();
  await late.getByText("You spliced 0x1f.").waitFor({ state: "hidden" });
  expect(await late.getByText("You spliced 0x1f.").count()).toBe(1);
  expect(await late.getByText("splicelab", { exact: true }).isVisible()).toBe(true);
  come();
  await late.locator("#app[data-alive]").waitFor();
  expect(await late.getByText("You spliced 0x1f.").count()).toBe(0);
});
