// `npm run bench -- page`: how fast the built page is, in headless Chromium, beside its limits.
//
// Interface: benchPage. Each load is cold: a fresh profile, from a server on loopback. The time of a step is what the
// main thread is at work for it, style, layout and paint with it. Decides nothing.

import Table from "cli-table3";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { encodeToken } from "../../src/trace/token.js";
import { builtSite } from "../site/build.js";
import { launchChromium } from "../site/chromium.js";
import { serveSite } from "../site/serve.js";
import { largestScenario, longScenario, type Scenario } from "./page-scenarios.js";

/** A number and how much it may be. */
interface Row {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  readonly note: string;
}

const SEEKS = 60;

/** The value below which a share of all values lie. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** A cold load: when it first paints and when it can be stepped, in ms since the navigation; what it fetched till then. */
interface Load {
  readonly paint: number;
  readonly ready: number;
  readonly files: readonly string[];
}

async function coldLoad(browser: Browser, address: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector("[data-alive]") === null) return;
      observer.disconnect();
      performance.mark("alive");
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-alive"] });
  });
  await page.goto(address);
  await page.locator("#app[data-alive]").waitFor();
  await page.waitForFunction(
    () => performance.getEntriesByName("first-contentful-paint").length > 0,
  );
  const load = await page.evaluate(() => {
    const [paint, ready] = ["first-contentful-paint", "alive"].map(
      (name) => performance.getEntriesByName(name)[0]!.startTime,
    );
    const fetched = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const files = fetched.filter((each) => each.responseEnd <= ready!).map(({ name }) => name);
    return { paint: paint!, ready: ready!, files };
  });
  await context.close();
  return load;
}

/** A link to the start of a scenario. */
const linkTo = (address: string, { text, model }: Scenario): string =>
  `${address}#${encodeToken({ text, ...model, schedule: [], cursor: 0 })}`;

async function open(browser: Browser, address: string, scenario: Scenario): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(linkTo(address, scenario));
  await page.locator("#app[data-alive]").waitFor();
  await page.getByRole("button", { name: "every step" }).click();
  return page;
}

/** Acts, and waits until the page has drawn what came of it. `place`: where on the slider; the right arrow without it. */
const act = (page: Page, place: number): Promise<void> =>
  page.evaluate(async (to) => {
    if (to < 0) {
      const right = { key: "ArrowRight", bubbles: true, cancelable: true };
      document.body.dispatchEvent(new KeyboardEvent("keydown", right));
    } else if (to >= 0) {
      const slider = document.querySelector<HTMLInputElement>("input[type=range]")!;
      slider.value = String(Math.floor(to * Number(slider.max)));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  }, place);

/** Neither a step nor a place: what waiting for two frames itself costs. */
const NOTHING = Number.NaN;

/** How long the main thread is at work for each act, in ms of its own clock: other programs do not count, nor does what
 *  the measurement itself costs. */
async function busy(page: Page, places: readonly number[]): Promise<number[]> {
  const own = await idle(page);
  return (await tasks(page, places)).map((time) => Math.max(0, time - own));
}

/** What two frames in which nothing happens cost, in ms: it tells how fast the machine is. */
const idle = async (page: Page): Promise<number> =>
  quantile(await tasks(page, Array<number>(15).fill(NOTHING)), 0.5);

async function tasks(page: Page, places: readonly number[]): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const now = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
  };
  const times: number[] = [];
  for (const place of places) {
    const before = await now();
    await act(page, place);
    times.push((await now()) - before);
  }
  return times;
}

/** The bytes of gzip that a load fetches before it can be stepped: scripts, styles, core. */
function gzipBytes(folder: string, address: string, { files }: Load): number {
  const named = files.map((file) => file.replace(address, "")).filter((f) => CODE.test(f));
  const sizes = named.map((file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }));
  return sizes.reduce((sum, { length }) => sum + length, 0);
}

const CODE = /\.(js|css|wasm)$/;

/** Numbers that are spread evenly and look random: the same in each run. */
const spread = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => ((i + 1) * 0.618_033_988_75) % 1);

async function measure(repeats: number): Promise<Row[]> {
  const folder = await builtSite();
  const [site, browser] = await Promise.all([serveSite(folder), launchChromium()]);
  try {
    const large = largestScenario();
    const cold = async (address: string): Promise<Load[]> => {
      await coldLoad(browser, address);
      const loads: Load[] = [];
      for (let i = 0; i < repeats; i++) loads.push(await coldLoad(browser, address));
      return loads;
    };
    const [plain, linked] = [await cold(site.address), await cold(linkTo(site.address, large))];
    const stepped = await open(browser, site.address, large);
    const steps: number[] = [];
    for (let walk = 0; walk < repeats; walk++) {
      await act(stepped, 0);
      steps.push(...(await busy(stepped, Array<number>(large.steps - 1).fill(-1))));
    }
    const long = longScenario();
    const sought = await open(browser, site.address, long);
    const seeks = await busy(sought, spread(SEEKS));
    const row = (name: string, value: number, limit: number, unit: string, note = ""): Row => ({
      ...{ name, value, limit, unit, note },
    });
    const nothing = `two frames of nothing: ${(await idle(stepped)).toFixed(1)} ms`;
    const [of, to] = [
      `${large.name}, ${large.steps} steps, ${repeats} walks; ${nothing}`,
      `${long.name}, ${long.steps} steps`,
    ];
    const loading = (loads: readonly Load[], how: string): Row[] => {
      const middle = (what: "paint" | "ready"): number =>
        quantile(
          loads.map((load) => load[what]),
          0.5,
        );
      const median = `median of ${repeats} cold loads`;
      const size = gzipBytes(folder, site.address, loads[0]!) / 1000;
      return [
        row(`first paint${how}`, middle("paint"), 300, "ms", median),
        row(`ready to step${how}`, middle("ready"), 1000, "ms", median),
        row(`first load${how}`, size, 150, "KB", "gzip: scripts, styles, core, till ready"),
      ];
    };
    return [
      ...loading(plain, ""),
      ...loading(linked, ", by a link"),
      row("a step, median", quantile(steps, 0.5), 4, "ms", of),
      row("a step, p95", quantile(steps, 0.95), 8, "ms", of),
      row("a seek, p95", quantile(seeks, 0.95), 16, "ms", to),
    ];
  } finally {
    await browser.close();
    site.close();
  }
}

/** Measures and prints. */
export async function benchPage(
  machine: Readonly<Record<string, string | number>>,
  { repeats, json }: { readonly repeats: number; readonly json: boolean },
): Promise<void> {
  const rows = await measure(repeats);
  if (json) {
    console.log(JSON.stringify({ kind: "bench-page", machine, repeats, rows }));
    return;
  }
  const head = ["what", "measured", "limit", "", "of what"];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const { name, value, limit, unit, note } of rows)
    table.push([
      name,
      `${value.toFixed(1)} ${unit}`,
      `${limit} ${unit}`,
      value <= limit ? "within" : "over",
      note,
    ]);
  console.log(Object.values(machine).join(", "));
  console.log(table.toString());
}
