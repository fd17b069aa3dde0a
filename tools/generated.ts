// Documents that a tool writes and the repository keeps: each opens with the hash of what made it.
//
// Interface: generated. A test fails while the kept file differs from what is generated now.

import { hashOf } from "./paths.js";

/** The text with its first line. `sources`: the files that say how it looks, from the root; what it tells goes into the
 *  hash as it is. `how`: the command that writes it. */
export function generated(sources: readonly string[], text: string, how: string): string {
  const hash = hashOf(["tools/generated.ts", ...sources], [text]);
  return `<!-- sha256 of what made it: ${hash}. ${how} -->\n${text.trim()}\n`;
}
