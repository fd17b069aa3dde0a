// The core with a counter in front of each statement, compiled in this process.
//
// Interface: coveredCore: the wasm bytes, and where each counter stands.
// AssemblyScript's syntax is TypeScript's, so TypeScript's parser finds the statements; the compiler reads the changed
// texts. Left out are statements that no build but a test's runs: behind MUTANT and CHECKED.

import asc from "assemblyscript/asc";
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import ts from "typescript";
import { inRoot } from "../paths.js";

/** A statement of the core. */
export interface Place {
  /** From the root. */
  readonly file: string;
  readonly line: number;
}

/** The file that only the changed core has. */
const COUNTERS = "assembly/counters.ts";
const INDEX = "assembly/index.ts";
/** Room for all statements of the core. */
const COUNTERS_MAX = 16384;
const COUNTERS_TEXT = `const hits: usize = memory.data(${COUNTERS_MAX});
export function cover(id: u32): void {
  store<u8>(hits + id, 1);
}
/** Address of a byte for each statement: 1 if it ran. */
export function countersAt(): usize {
  return hits;
}
`;

/** Compiles the core. Throws where the compiler refuses it. */
export async function coveredCore(): Promise<{ wasm: Uint8Array; places: readonly Place[] }> {
  const places: Place[] = [];
  let wasm: Uint8Array | undefined;
  let messages = "";
  const texts = new Map<string, string>();
  const read = (name: string): string | null => {
    if (name === COUNTERS) return COUNTERS_TEXT;
    if (!name.startsWith("assembly/") || !existsSync(inRoot(name))) return onDisk(name);
    const known = texts.get(name) ?? instrument(name, readFileSync(inRoot(name), "utf8"), places);
    texts.set(name, known);
    return known;
  };
  const options = [
    ...["assembly/index.ts", "--config", "asconfig.json", "--baseDir", inRoot()],
    ...["--target", "release", "--optimizeLevel", "0", "--shrinkLevel", "0"],
    ...["--use", "CHECKED=0", "--use", "MUTANT=0", "--use", "MACHINE=0", "--outFile", "core.wasm"],
  ];
  const { error } = await asc.main(options, {
    stderr: { write: (chunk) => void (messages += chunk.toString()) },
    readFile: read,
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) wasm = contents as Uint8Array;
    },
  });
  if (error !== null || wasm === undefined)
    throw new Error(`the core with counters does not compile\n${messages}`);
  return { wasm, places };
}

const onDisk = (name: string): string | null =>
  existsSync(inRoot(name)) ? readFileSync(inRoot(name), "utf8") : null;

/** The text with `__cover(id);` in front of each statement inside a function. */
function instrument(file: string, text: string, places: Place[]): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const inserts: [at: number, text: string][] = [];
  const count = (node: ts.Node): string => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    return `__cover(${places.push({ file, line: line + 1 }) - 1}); `;
  };
  const isForTests = (node: ts.IfStatement): boolean =>
    /\b(MUTANT|CHECKED)\b/.test(node.expression.getText());
  const visit = (node: ts.Node): void => {
    if (ts.isIfStatement(node) && isForTests(node)) {
      if (node.elseStatement) branch(node.elseStatement);
      return;
    }
    if (ts.isBlock(node) || ts.isCaseClause(node) || ts.isDefaultClause(node)) {
      for (const each of node.statements) {
        if (isTestOnly(each)) continue;
        inserts.push([each.getStart(), count(each)]);
      }
    }
    if (ts.isIfStatement(node)) {
      branch(node.thenStatement);
      if (node.elseStatement) branch(node.elseStatement);
    } else if (ts.isIterationStatement(node, false)) branch(node.statement);
    else ts.forEachChild(node, visit);
  };
  /** A branch without braces gets some. */
  const branch = (node: ts.Statement): void => {
    if (!ts.isBlock(node) && !ts.isIfStatement(node)) {
      inserts.push([node.getStart(), `{ ${count(node)}`]);
      visit(node);
      inserts.push([node.getEnd(), " }"]);
    } else visit(node);
  };
  const isTestOnly = (node: ts.Statement): boolean => ts.isIfStatement(node) && isForTests(node);
  ts.forEachChild(source, visit);
  if (inserts.length === 0 && file !== INDEX) return text;
  const from = relative(dirname(file), COUNTERS.replace(/\.ts$/, ""));
  const path = from.startsWith(".") ? from : `./${from}`;
  const door = file === INDEX ? `export { countersAt } from "./counters";` : "";
  return `import { cover as __cover } from "${path}"; ${door}${withInserts(text, inserts)}`;
}

function withInserts(text: string, inserts: readonly (readonly [number, string])[]): string {
  let out = "";
  let last = 0;
  const sorted = inserts.map((each, order) => ({ each, order }));
  sorted.sort((a, b) => a.each[0] - b.each[0] || a.order - b.order);
  for (const { each } of sorted) {
    out += text.slice(last, each[0]) + each[1];
    last = each[0];
  }
  return out + text.slice(last);
}
