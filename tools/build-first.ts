// The program that the page opens with, read while it is built, so that the first view needs no parser.
//
// Interface: buildFirst. Writes build/first/program.js.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { inRoot } from "./paths.js";

const TYPES = `import type { Program } from "../../src/language/program.js";
declare const program: Program;
export default program;
`;

/** Needs the grammar. Throws if the scenario does not parse: it is part of the project. */
export async function buildFirst(scenario: string): Promise<void> {
  const { parseProgram } = await import("../src/language/parse-program.js");
  const { program, diagnostics } = parseProgram(readFileSync(inRoot(scenario), "utf8"));
  if (program === undefined) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  mkdirSync(inRoot("build/first"), { recursive: true });
  writeFileSync(inRoot("build/first/program.js"), `export default ${literal(program)};\n`);
  writeFileSync(inRoot("build/first/program.d.ts"), TYPES);
}

/** A value as JavaScript: as JSON, and numbers of 64 bits. */
function literal(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(literal).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${literal(member)}`).join(",")}}`;
}
