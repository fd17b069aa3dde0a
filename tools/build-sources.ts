// The generated sources that everything else imports: build/grammar, build/first and build/core.
//
// Interface: buildSources. Each part is skipped while their inputs are unchanged.

import { buildCores } from "./build-core.js";
import { hashOf, isFresh, isMain, markFresh, versionOf } from "./paths.js";

/** Builds what is stale; returns a line for people about each part. */
export async function buildSources(force = false): Promise<string[]> {
  const grammar = await buildGrammarIfStale(force);
  const first = await buildFirstIfStale(force);
  const core = await buildCores(force);
  return [`grammar: ${built(grammar)}`, `first: ${built(first)}`, `core: ${built(core)}`];
}

const built = (did: boolean): string => (did ? "built" : "fresh");

async function buildGrammarIfStale(force: boolean): Promise<boolean> {
  const hash = hashOf(
    ["src/language/litmus.grammar", "tools/build-grammar.ts"],
    [versionOf("@lezer/generator")],
  );
  if (!force && isFresh("grammar", hash, ["build/grammar"])) return false;
  const { buildGrammar } = await import("./build-grammar.js");
  buildGrammar();
  markFresh("grammar", hash);
  return true;
}

const FIRST = "litmus/mail-page.litmus";

async function buildFirstIfStale(force: boolean): Promise<boolean> {
  const hash = hashOf([FIRST, "src/language", "tools/build-first.ts"]);
  if (!force && isFresh("first", hash, ["build/first/program.js"])) return false;
  const { buildFirst } = await import("./build-first.js");
  await buildFirst(FIRST);
  markFresh("first", hash);
  return true;
}

if (isMain(import.meta.url)) for (const line of await buildSources()) console.log(line);
