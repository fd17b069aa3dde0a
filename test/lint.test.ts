// What the linter refuses on the page.

import { ESLint } from "eslint";
import { expect, test } from "vitest";
import { ROOT } from "../tools/paths.js";

test("nothing of a text becomes markup: {@html} is refused", async () => {
  const eslint = new ESLint({ cwd: ROOT });
  const lint = async (markup: string): Promise<string[]> => {
    const [result] = await eslint.lintText(markup, { filePath: "src/viz/Fold.svelte" });
    return result!.messages.map(({ ruleId }) => ruleId ?? "");
  };
  expect(await lint("<p>{@html location.hash}</p>\n")).toEqual(["svelte/no-at-html-tags"]);
  expect(await lint("<p>{location.hash}</p>\n")).toEqual([]);
}, 30_000);
