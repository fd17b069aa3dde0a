// The content security policy of the built page, in the page itself, since any static server may hold it.
//
// Interface: POLICY; policy, a plugin for vite. Nothing comes from elsewhere, no script stands in a page or in
// a text, and wasm may be compiled. A PNG is made of an image in memory (blob:). Styles may stand in elements: that is where CodeMirror and the stage put them.

import type { Plugin } from "vite";

export const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob:",
].join("; ");

/** Puts the policy in front of everything that loads something. */
export function policy(): Plugin {
  return {
    name: "policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html) =>
        html.replace(
          /(<meta charset="[^"]*" *\/?>)/,
          `$1\n    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />`,
        ),
    },
  };
}
