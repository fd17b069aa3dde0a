// The page: src/viz, built into dist/site with relative addresses, so that any folder can serve it.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { coreApart } from "./tools/page/core-apart.js";
import { firstFrame } from "./tools/page/first-frame.js";

export default defineConfig({
  root: "src/viz",
  base: "./",
  plugins: [svelte({ configFile: false }), coreApart(), firstFrame()],
  server: { host: "127.0.0.1" },
  build: {
    outDir: "../../dist/site",
    emptyOutDir: true,
    // What has top-level await, light-dark() and the transitions that the page is written with.
    target: ["chrome123", "firefox129", "safari17.5"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  worker: { format: "es", plugins: () => [coreApart()] },
});
