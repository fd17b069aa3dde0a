// The first frame of the page, drawn while it is built, so that it shows before any script has come.
//
// Interface: firstFrame. The page's own App draws it on the server; main.ts draws it again, alive.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Component } from "svelte";
import { render } from "svelte/server";
import { runnerImport, type Plugin } from "vite";
import { ROOT, inRoot } from "../paths.js";

const PLACE = `<div id="app"></div>`;

/** Puts what App shows without a link into #app of the built index.html. */
export function firstFrame(): Plugin {
  return {
    name: "splicelab-first-frame",
    apply: "build",
    async transformIndexHtml(html) {
      if (!html.includes(PLACE)) throw new Error(`index.html has no ${PLACE}`);
      const frame = await drawFrame();
      return html.replace(PLACE, () => PLACE.replace("><", `>${frame}<`));
    },
  };
}

async function drawFrame(): Promise<string> {
  const { module } = await runnerImport<{ default: Component<{ fragment: string }> }>(
    inRoot("src/viz/App.svelte"),
    {
      root: ROOT,
      logLevel: "error",
      plugins: [
        svelte({ configFile: false, emitCss: false, compilerOptions: { dev: false, hmr: false } }),
      ],
    },
  );
  const { body } = render(module.default, { props: { fragment: "" } });
  // The width of the column is not known here: the drawing shrinks to it.
  return body
    .replace(/<!--.*?-->/gs, "")
    .replaceAll(/(<svg[^>]* role="group")/g, `$1 style="max-width:100%;height:auto"`);
}
