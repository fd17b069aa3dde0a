// The core in the page: a file of its own, compiled while it arrives, not bytes inside the script.
//
// Interface: coreApart, a plugin for vite. What src/model/core.ts imports as bytes is empty in the page;
// src/viz/core-module.ts fetches a file of build/core/ instead; the one that the page steps is asked for at once.

import type { Plugin } from "vite";

const BYTES = /\/build\/core\/release\.js$/;
const STEPPED = /\/page-[^/]+\.wasm$/;
const EMPTY = "\0core-apart";

/** Takes the core's bytes out of the scripts, and has the page fetch the wasm beside them. */
export function coreApart(): Plugin {
  return {
    name: "core-apart",
    enforce: "pre",
    async resolveId(id, importer) {
      if (!BYTES.test(id)) return null;
      const resolved = await this.resolve(id, importer, { skipSelf: true });
      return resolved !== null && BYTES.test(resolved.id) ? EMPTY : null;
    },
    load: (id) => (id === EMPTY ? "export default undefined;" : null),
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const wasm = Object.keys(bundle ?? {}).filter((file) => STEPPED.test(file));
        return wasm.map((file) => ({
          tag: "link",
          attrs: { rel: "preload", as: "fetch", crossorigin: true, href: `./${file}` },
          injectTo: "head" as const,
        }));
      },
    },
  };
}
