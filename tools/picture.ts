// `npm run picture`: draws docs/race.svg, the picture of the README, from a run of the model.
//
// Interface: PICTURE, drawPicture; run directly it writes the file. A test fails while it is stale.
// The file opens with the hash of what made it: the drawing's own sources, and what the run gave.
// The page's own components draw it, on the server. As an <img> sees no style but its own, the looks
// and the tokens of src/viz/app.css go into the file, once for light and once for dark.

import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Component } from "svelte";
import { render } from "svelte/server";
import { runnerImport } from "vite";
import { buildSources } from "./build-sources.js";
import { generated } from "./generated.js";
import { ROOT, inRoot, isMain } from "./paths.js";

/** Where the picture is kept, from the root. */
export const PICTURE = "docs/race.svg";

const HOW = `"npm run picture" draws it from a run of the model.`;

/** Draws the picture anew and returns the text of the file. */
export async function drawPicture(): Promise<string> {
  const compilerOptions = {
    dev: false,
    hmr: false,
    cssHash: ({ name }: { name: string }) => `in-${name.toLowerCase()}`,
  };
  const { module, dependencies } = await runnerImport<{ default: Component }>(
    inRoot("src/viz/Picture.svelte"),
    {
      root: ROOT,
      logLevel: "error",
      plugins: [svelte({ configFile: false, emitCss: false, compilerOptions })],
    },
  );
  const { head, body } = render(module.default);
  const style = `<style>\n${tokens()}\n${looks(head)}\n</style>\n`;
  const drawing = body
    .replace(/<!--.*?-->/gs, "")
    .replace(/ style="d: [^"]*"/g, "")
    .replace(/<g[ >]/g, "\n$&")
    .replace(/(?<=<svg[^>]*>)/, `\n${style}`);
  return generated(sourcesAmong(dependencies), drawing, HOW);
}

/** The files that only draw. The model, the language and the scenario tell in what the run gave. */
function sourcesAmong(dependencies: readonly string[]): string[] {
  const own = dependencies.map((file) => relative(ROOT, file.split("?")[0]!));
  const drawing = own.filter((file) => file.startsWith("src/viz/"));
  return [
    ...new Set(["src/viz/app.css", "src/viz/Picture.svelte", "tools/picture.ts", ...drawing]),
  ].sort();
}

/** The tokens of the page: colours for light and dark, and the fonts. */
function tokens(): string {
  const css = readFileSync(inRoot("src/viz/app.css"), "utf8");
  const colours = [...css.matchAll(/(--[\w-]+): light-dark\((.+), (.+)\);/g)];
  const fonts = [...css.matchAll(/--(?:sans|mono):[^;]+;/g)].map(([font]) =>
    font.replace(/\s+/g, " "),
  );
  const set = (shade: 2 | 3): string =>
    colours.map((match) => `${match[1]!}: ${match[shade]!};`).join(" ");
  const dark = `@media (prefers-color-scheme: dark) { svg { ${set(3)} } }`;
  return `svg { ${fonts.join(" ")} ${set(2)} }\n${dark}`;
}

/** The rules of the components; a still picture needs no motion. */
function looks(head: string): string {
  const sheets = [...head.matchAll(/<style[^>]*>(.*?)<\/style>/gs)].map((match) => match[1]!);
  return sheets
    .join("\n")
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/@starting-style \{[^}]*\}/g, "")
    .replace(/transition:[^;]*;/g, "")
    .replace(/[^{}]+\{\s*\}/g, "")
    .replace(/\s+/g, " ")
    .replace(/\} /g, "}\n")
    .trim();
}

if (isMain(import.meta.url)) {
  await buildSources();
  writeFileSync(inRoot(PICTURE), await drawPicture());
}
