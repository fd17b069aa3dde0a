// Builds the parser of the litmus language from src/language/litmus.grammar.
//
// Interface: buildGrammar. As a command: `tsx tools/build-grammar.ts`.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildParserFile } from "@lezer/generator";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const GRAMMAR = join(ROOT, "src/language/litmus.grammar");
const OUT = join(ROOT, "build/grammar");

const PARSER_TYPES = `import type { LRParser } from "@lezer/lr";
export declare const parser: LRParser;
`;

/** Writes build/grammar/{parser,terms}.{js,d.ts}. Throws on a warning: a grammar has none. */
export function buildGrammar(): void {
  const { parser, terms } = buildParserFile(readFileSync(GRAMMAR, "utf8"), {
    fileName: GRAMMAR,
    moduleStyle: "es",
    warn: (message) => {
      throw new Error(message);
    },
  });
  const names = [...terms.matchAll(/(\w+) = \d+/g)].map(([, name]) => name);
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, "parser.js"), parser);
  writeFileSync(join(OUT, "parser.d.ts"), PARSER_TYPES);
  writeFileSync(join(OUT, "terms.js"), terms);
  writeFileSync(
    join(OUT, "terms.d.ts"),
    names.map((name) => `export declare const ${name}: number;\n`).join(""),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildGrammar();
