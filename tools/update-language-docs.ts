// Brings the table of calls in docs/language.md up to date with src/language/syscalls.ts.
//
// Interface: run directly. A test fails while the table is stale.

import { readFileSync, writeFileSync } from "node:fs";
import { callTable } from "../src/language/call-table.js";

const DOCS = new URL("../docs/language.md", import.meta.url);
const PLACE = /(<!-- calls:.*-->\n)[^]*(<!-- end of calls -->)/;

const text = readFileSync(DOCS, "utf8");
writeFileSync(
  DOCS,
  text.replace(PLACE, (_, begin: string, end: string) => `${begin}\n${callTable()}\n\n${end}`),
);
