// `npm run screens`: every view at three widths in both themes, as PNG files in build/screens/, to be looked at.

import { mkdirSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { inRoot } from "../../tools/paths.js";
import { VIEWS, openView, type ViewName } from "./views.js";

const FOLDER = inRoot("build/screens");
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });

test.each(Object.keys(VIEWS) as ViewName[])("%s", async (view) => {
  const page = await openView(view, { reduced: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [360, 1280, 2560]) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 1000 });
      await page.evaluate(() => scrollTo(0, 0));
      const path = `${FOLDER}/${view}-${colorScheme}-${width}.png`;
      const shot = await page.screenshot({ path, fullPage: view !== "keys" && view !== "gallery" });
      expect(shot.length).toBeGreaterThan(0);
    }
  }
});
