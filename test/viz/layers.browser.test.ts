// A step draws what has changed, and the browser does not put the layers of the page together anew for it: that takes
// as long as drawing does. Layers are as before where each covers what it covered, opaque or not.

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { encodeToken } from "../../src/trace/token.js";
import { openSite } from "./site.js";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
}

const COMPLETE = "X";
const STEPS = 12;

/** How often the browser did each thing while something happened. */
async function countsOf(page: Page, happens: () => Promise<void>): Promise<Map<string, number>> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const counts = new Map<string, number>();
  session.on("Tracing.dataCollected", ({ value }) => {
    for (const { name, ph } of value as unknown as TraceEvent[])
      if (ph === COMPLETE) counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  const traceConfig = { includedCategories: ["blink", "cc", "devtools.timeline"] };
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig });
  await happens();
  const complete = new Promise<void>((done) =>
    session.once("Tracing.tracingComplete", () => done()),
  );
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  return counts;
}

test("a step leaves the layers of the page as they are", async () => {
  const text = readFileSync("litmus/splice/sixteen-pages-fill-a-pipe.litmus", "utf8");
  const model = { profile: "6.18/ext4", policy: "linux" };
  const page = await openSite(`#${encodeToken({ text, ...model, schedule: [], cursor: 3 })}`);
  await page.getByRole("button", { name: "every step" }).click();
  await page.mouse.move(0, 0);
  const counts = await countsOf(page, async () => {
    for (let i = 0; i < STEPS; i++) {
      await page.keyboard.press("ArrowRight");
      await page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );
    }
  });
  expect(counts.get("Paint") ?? 0).toBeGreaterThanOrEqual(STEPS);
  expect(counts.get("PaintArtifactCompositor::Update") ?? 0).toBeLessThan(STEPS / 3);
});
