// What the page may do, and what it does when something goes wrong.

import { expect, test } from "vitest";
import { decodeToken } from "../../src/trace/token.js";
import { fragmentOf } from "../../src/viz/link.js";
import { mutantCores } from "../../tools/mutants/build.js";
import { RACE_LINK } from "./links.js";
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

test("a trap of the core is told with a token, and the page lives on", async () => {
  const calls = [`write(p.w, "hello")`, "tee(p.r, q.w, 5, 0)", "read(p.r, 5)", "read(q.r, 5)"];
  const text = `litmus tee\npipe p\npipe q\nthread t {\n${calls.join("\n")}\n}\n`;
  const model = { profile: "6.18/ext4", policy: "linux" };
  const link = `#${fragmentOf({ text, ...model, schedule: [], cursor: 0 })}`;
  // TEE_WITHOUT_REFERENCE: whoever drops the second reference finds none.
  const [core] = await mutantCores([1]);
  const page = await openSite(link, { core: core! });
  const notice = page.getByRole("alert", { name: "defect" });
  await notice.getByText("That is a defect of splicelab, not of your scenario").waitFor();
  const report = (await notice.getByLabel("report").textContent()) ?? "";
  expect(report).toMatch(/^splicelab \d+\.\d+\.\d+, the page, in Mozilla/);
  expect(report).toContain("a reference is dropped");
  expect(decodeToken(/sl1:[\w-]+/.exec(report)![0]).text).toContain("tee(p.r, q.w, 5, 0)");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await notice.getByRole("button", { name: "copy report" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(report);
  await notice.getByRole("button", { name: "close" }).click();
  await page.evaluate((hash) => (location.hash = hash), RACE_LINK);
  await page.getByRole("button", { name: "step", exact: true }).click();
  expect(await page.getByText("stop 1 of 5").count()).toBeGreaterThan(0);
});
