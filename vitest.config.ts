// How the tests run: what is stale is built first, the seed is fixed, the slowest ten are named.
// `--mode long` adds those of *.long.ts and takes large random samples whole, as continuous integration does;
// `--mode screens` is for `npm run screens` alone.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import LongFirst from "./tools/long-first.js";
import SlowestReporter from "./tools/slowest-reporter.js";

const SHORT = ["test/**/*.test.ts"];
const INCLUDED: Readonly<Record<string, string[]>> = {
  long: [...SHORT, "test/**/*.long.ts"],
  screens: ["test/**/*.shots.ts"],
};

export default defineConfig(({ mode }) => ({
  plugins: [svelte({ configFile: false })],
  test: {
    include: INCLUDED[mode] ?? SHORT,
    env: mode === "long" ? { SPLICELAB_LONG: "1" } : {},
    globalSetup: ["tools/test-setup.ts"],
    setupFiles: ["test/setup.ts"],
    reporters: ["default", new SlowestReporter()],
    testTimeout: 30_000,
    // A browser on a busy machine takes its time; what never comes fails all the same.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
  },
}));
