// The service worker of the built page: sw.js, with the list of the files that it keeps.
//
// Interface: offline, a plugin for vite. The version is a hash over the names and contents of the files.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { minifySync, transformWithOxc, type Plugin, type Rolldown } from "vite";
import { inRoot } from "../paths.js";

const SOURCE = "src/viz/offline/service-worker.ts";

/** Emits sw.js beside index.html. */
export function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const outputs = [...Object.values(bundle), ...unchanged(this.environment.config.publicDir)];
        const source = await workerOf(outputs);
        this.emitFile({ type: "asset", fileName: "sw.js", source });
      },
    },
  };
}

/** A file of the page, as far as it counts here. */
type Output =
  | Pick<Rolldown.OutputAsset, "type" | "fileName" | "source">
  | Pick<Rolldown.OutputChunk, "type" | "fileName" | "code">;

/** What is copied into the page as it is. */
const unchanged = (folder: string): Output[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({
      type: "asset",
      fileName: name.replaceAll("\\", "/"),
      source: readFileSync(join(folder, name)),
    }));

async function workerOf(outputs: readonly Output[]): Promise<string> {
  const hash = createHash("sha256");
  const sorted = [...outputs].sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  for (const output of sorted)
    hash.update(output.fileName).update(output.type === "chunk" ? output.code : output.source);
  const kept = sorted.map(({ fileName }) => (fileName === "index.html" ? "./" : fileName));
  const { code } = await transformWithOxc(readFileSync(inRoot(SOURCE), "utf8"), SOURCE);
  const constants = { FILES: kept, VERSION: hash.digest("hex").slice(0, 16) };
  const head = Object.entries(constants).map(([k, v]) => `const ${k} = ${JSON.stringify(v)};\n`);
  return minifySync("sw.js", head.join("") + code).code;
}
