// `npm run build`: generated sources, the library and command in dist/, the page in dist/site.
//
// Interface: run directly. --force rebuilds the generated sources too. Declarations are emitted by
// tsc into dist/types with the tree's own shape; the JavaScript is bundled, the wasm bytes inside.

import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { build } from "vite";
import { buildSources } from "./build-sources.js";
import { filesUnder, inRoot } from "./paths.js";
import { runTool } from "./run-tool.js";

const ENTRIES = {
  index: "src/index.ts",
  arbitraries: "src/arbitraries/index.ts",
  cli: "src/cli/main.ts",
  "search-worker": "src/cli/explore/worker.ts",
} as const;

async function buildLibrary(): Promise<void> {
  const input = Object.fromEntries(Object.entries(ENTRIES).map(([k, path]) => [k, inRoot(path)]));
  await build({
    configFile: false,
    root: inRoot("."),
    logLevel: "warn",
    build: {
      ssr: true,
      target: "node20",
      outDir: inRoot("dist"),
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input,
        output: {
          entryFileNames: "[name].js",
          chunkFileNames: "chunks/[name].js",
          comments: { jsdoc: false },
        },
      },
    },
  });
  chmodSync(inRoot("dist/cli.js"), 0o755);
}

/** The declarations of the public entries, and of what they import. */
async function emitTypes(): Promise<void> {
  await runTool("tsc", ["-b", "tsconfig.shared.json"]);
  cpSync(inRoot("build/types/shared"), inRoot("dist/types"), { recursive: true });
  const copied = filesUnder("build/core").filter((file) => file.endsWith(".d.ts"));
  for (const file of [...copied, ...filesUnder("src/wasm.d.ts")]) copyType(file);
  writeFileSync(inRoot("dist/index.d.ts"), `export * from "./types/src/index.js";\n`);
  writeFileSync(
    inRoot("dist/arbitraries.d.ts"),
    `export * from "./types/src/arbitraries/index.js";\n`,
  );
  const reached = new Set<string>();
  for (const entry of ["dist/index.d.ts", "dist/arbitraries.d.ts"]) reach(entry, reached);
  for (const file of filesUnder("dist/types")) if (!reached.has(file)) rmSync(inRoot(file));
}

/** A declaration file and what it imports, from the root. */
function reach(file: string, reached: Set<string>): void {
  if (reached.has(file)) return;
  reached.add(file);
  const text = readFileSync(inRoot(file), "utf8");
  for (const [, path] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)\.js"/g))
    reach(`${posix.join(posix.dirname(file), path!)}.d.ts`, reached);
}

function copyType(file: string): void {
  const target = inRoot("dist/types", file);
  mkdirSync(inRoot("dist/types", file, ".."), { recursive: true });
  cpSync(inRoot(file), target);
}

const started = performance.now();
for (const line of await buildSources(process.argv.includes("--force"))) console.log(line);
rmSync(inRoot("dist"), { recursive: true, force: true });
await buildLibrary();
await emitTypes();
await build({ configFile: inRoot("vite.config.ts"), logLevel: "warn" });
console.log(`dist: built (${((performance.now() - started) / 1000).toFixed(1)} s)`);
