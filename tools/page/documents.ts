// The project's documents beside the built page, as plain text: no server has to know what Markdown is.
//
// Interface: documents, a plugin for vite.

import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { DOCUMENTS, placeOf } from "../../src/viz/documents.js";
import { inRoot } from "../paths.js";

/** Says that what follows is UTF-8, where a server does not. */
const BYTE_ORDER_MARK = "\ufeff";
/** What tells whether a generated document is stale is of no use to who reads it. */
const STAMP = /^<!-- sha256 .*-->\n/;

/** Emits each document where the page names it. */
export function documents(): Plugin {
  return {
    name: "documents",
    apply: "build",
    generateBundle() {
      for (const document of DOCUMENTS) {
        const text = readFileSync(inRoot(document.source), "utf8").replace(STAMP, "");
        const fileName = placeOf(document);
        this.emitFile({ type: "asset", fileName, source: BYTE_ORDER_MARK + text });
      }
    },
  };
}
