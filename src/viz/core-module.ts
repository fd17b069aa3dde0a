// The core as a file of its own, compiled while it arrives.
//
// Interface: loadCore. The page and each of its workers wait for it before they make a Core. The page's own has no search.

import { useCore } from "../model/core.js";

/** Fetches and compiles the core, and makes it the one of this thread. Throws where the file does not come. */
export async function loadCore(address: URL): Promise<void> {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok)
    throw new Error(`the core did not come: ${response.status} for ${address.href}`);
  useCore(await compile(response));
}

/** Some servers do not say that a wasm file is one: then it is compiled when it has come whole. */
async function compile(response: Response): Promise<WebAssembly.Module> {
  const isNamed = response.headers.get("content-type")?.startsWith("application/wasm") === true;
  return isNamed
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
