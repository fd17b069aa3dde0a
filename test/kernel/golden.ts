// The golden bytes of the wire format, as text: hex with comments, in test/fixtures/wire/.
//
// Interface: golden, GOLDEN_JOBS.

import { readFileSync } from "node:fs";
import { encode } from "../../src/language/encode.js";
import type { WireJob } from "../../src/kernel/wire.js";
import { NULL, data, file, pointer, program, readEnd, writeEnd } from "./programs.js";

/** Reads a fixture: pairs of hex digits; `#` begins a comment. */
export function golden(name: string): Uint8Array {
  const path = new URL(`../fixtures/wire/${name}.hex`, import.meta.url);
  const text = readFileSync(path, "utf8").replace(/#.*/g, "");
  const pairs = text.match(/[0-9a-f]{2}/g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

/** A batch of two: a program with every kind of record, and an empty one with a limit. */
export const GOLDEN_JOBS: readonly WireJob[] = [
  {
    words: encode({
      ...program(
        [
          [
            { byte: "hole", lenBytes: 4096 },
            { byte: 0x1f, lenBytes: 4096 },
          ],
        ],
        1,
        [
          [
            ["splice", file(0), pointer(0), writeEnd(), NULL, 8192, 0],
            ["read", readEnd(), 4096],
          ],
          [["pwrite", file(0), data(0xf0, 4096), -1]],
        ],
        { sockets: [{ name: "s0", kind: "tcp", flags: 0x800 }] },
      ),
      background: ["reclaim"],
    }),
    picks: [0, 1, 0],
    fresh: false,
    timeoutMs: 5000,
  },
  {
    words: encode(program([], 0, [])),
    picks: [],
    fresh: true,
    timeoutMs: 100,
    fileSizeLimitBytes: 0x100000001,
  },
];
