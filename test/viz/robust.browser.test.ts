// What the page may do, and what it does when something goes wrong.

import { expect, test } from "vitest";
import { forgive, openSite } from "./site.js";

test("keeps the policy of the built page: nothing inline, nothing from elsewhere", async () => {
  const page = await openSite();
  const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
  expect(await policy.getAttribute("content")).toBe(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
      "style-src 'self' 'unsafe-inline'; img-src 'self' blob:",
  );
  const { title, isElsewhere } = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'inline'";
    document.head.append(script);
    const fetched = await fetch("data:text/plain,x").catch(() => undefined);
    return { title: document.title, isElsewhere: fetched !== undefined };
  });
  expect([title, isElsewhere]).toEqual(["splicelab", false]);
  expect(forgive(page, /Content Security Policy|^policy: /)).toBeGreaterThan(1);
});
