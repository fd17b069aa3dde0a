// A short name for a text: the same for the same text, another for another.
//
// Interface: shortHash.

import { sha256 } from "@noble/hashes/sha2.js";
import { strToU8 } from "fflate";

/** The first half of the text's SHA-256, in hexadecimal. */
export const shortHash = (text: string): string =>
  [...sha256(strToU8(text)).subarray(0, 16)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
