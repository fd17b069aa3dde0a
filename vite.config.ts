// The page: src/viz, built into dist/site with relative addresses, so that any folder can serve it.

import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { coreApart } from "./tools/page/core-apart.js";
import { firstFrame } from "./tools/page/first-frame.js";
import { offline } from "./tools/page/offline.js";
import { policy } from "./tools/page/policy.js";
import { inRoot } from "./tools/paths.js";

const { version } = JSON.parse(readFileSync(inRoot("package.json"), "utf8")) as { version: string };

export default defineConfig({
  root: "src/viz",
  base: "./",
  plugins: [svelte({ configFile: false }), coreApart(), firstFrame(), policy(), offline()],
  define: { SPLICELAB_VERSION: JSON.stringify(version) },
  server: { host: "127.0.0.1" },
  build: {
    outDir: "../../dist/site",
    emptyOutDir: true,
    // What has top-level await, light-dark() and the transitions that the page is written with.
    target: ["chrome123", "firefox129", "safari17.5"],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { bundlerTimings: false },
      // What the first view needs comes as one file.
      output: { codeSplitting: { groups: [{ name: "page", tags: ["$initial"] }] } },
    },
    assetsInlineLimit: 0,
  },
  worker: {
    format: "es",
    plugins: () => [coreApart()],
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
});
