// The page: src/viz, built into dist/site with relative addresses, so that any folder can serve it.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  root: "src/viz",
  base: "./",
  plugins: [svelte({ configFile: false })],
  server: { host: "127.0.0.1" },
  build: { outDir: "../../dist/site", emptyOutDir: true },
  worker: { format: "es" },
});
