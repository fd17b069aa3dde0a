// How the tests run: what is stale is built first, the seed is fixed, the slowest ten are named.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import SlowestReporter from "./tools/slowest-reporter.js";

export default defineConfig({
  plugins: [svelte({ configFile: false })],
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["tools/test-setup.ts"],
    setupFiles: ["test/setup.ts"],
    reporters: ["default", new SlowestReporter()],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
