// The built page in a real browser, for every browser test: one build, one server and one browser per
// test file, a fresh profile per page.
//
// Interface: openSite, View, forgive. A test fails on what its pages complained about: errors and
// warnings of the console, exceptions, the content security policy, requests to anywhere else.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { builtSite } from "../../tools/site/build.js";
import { launchChromium } from "../../tools/site/chromium.js";
import { serveSite, type ServedSite } from "../../tools/site/serve.js";

/** How the reader looks at the page. */
export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** Prefers reduced motion. */
  readonly reduced?: boolean;
  /** Forced colours. */
  readonly forced?: boolean;
  /** Without any script. */
  readonly scriptless?: boolean;
  /** The browser keeps the page's files: without it, no service worker is about. */
  readonly kept?: boolean;
  /** Where the page is served; the test file's own server if absent. */
  readonly address?: string;
  /** Whether a file of the page comes; all do if absent. */
  readonly comes?: (file: string) => boolean;
  /** Another core than the page's own. */
  readonly core?: Uint8Array;
}

let site: ServedSite;
let browser: Browser;
/** The pages of the running test, with their complaints. */
const pages = new Map<Page, string[]>();

beforeAll(async () => {
  [site, browser] = await Promise.all([builtSite().then(serveSite), launchChromium()]);
}, 120_000);

afterAll(async () => {
  await browser.close();
  site.close();
});

afterEach(async () => {
  const complaints = [...pages.values()].flat();
  for (const page of pages.keys()) await page.context().close();
  pages.clear();
  expect(complaints, "complaints of the page").toEqual([]);
});

/** Opens the page in a fresh profile, with a fragment if one is given ("#…"), and waits until it answers. */
export async function openSite(hash = "", view: View = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: view.width ?? 1280, height: view.height ?? 900 },
    colorScheme: view.dark === true ? "dark" : "light",
    reducedMotion: view.reduced === true ? "reduce" : "no-preference",
    javaScriptEnabled: view.scriptless !== true,
    forcedColors: view.forced === true ? "active" : "none",
  });
  const page = await context.newPage();
  const address = view.address ?? site.address;
  await listen(page, address);
  if (view.kept !== true)
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "serviceWorker"));
  const { comes, core } = view;
  if (core !== undefined)
    await page.route("**/*.wasm", (route) =>
      route.fulfill({ contentType: "application/wasm", body: Buffer.from(core) }),
    );
  if (comes !== undefined)
    await page.route("**/*", (route) =>
      comes(route.request().url().replace(address, "")) ? route.continue() : route.abort(),
    );
  await page.goto(address + hash);
  if (view.scriptless !== true) await page.locator("#app[data-alive]").waitFor();
  return page;
}

/** Takes back the complaints of a page that match: those that the test is about. Returns how many. */
export function forgive(page: Page, pattern: RegExp): number {
  const complaints = pages.get(page) ?? [];
  const kept = complaints.filter((text) => !pattern.test(text));
  pages.set(page, kept);
  return complaints.length - kept.length;
}

/** What a browser says of the core that was asked for early, where this machine is slow or there are no scripts. */
const LATE = /was preloaded using link preload but not used within a few seconds/;

async function listen(page: Page, address: string): Promise<void> {
  pages.set(page, []);
  const complain = (text: string): void => void pages.get(page)?.push(text);
  page.on("pageerror", (error) => complain(error.stack ?? error.message));
  page.on("console", (message) => {
    const isBad = message.type() === "error" || message.type() === "warning";
    if (isBad && !LATE.test(message.text())) complain(message.text());
  });
  page.context().on("request", (request) => {
    const { protocol, href } = new URL(request.url());
    if (protocol.startsWith("http") && !href.startsWith(address))
      complain(`asked for ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI}`);
    });
  });
}
