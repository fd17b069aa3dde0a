// What reads texts and links, fetched when it is needed: the first view runs without a parser.
//
// Interface: loadReader, whenRead, reader, programOf. Outside of the page, in tests and while it is built, it is there at once.

import type { Program } from "../language/program.js";
import type * as Texts from "./texts.js";

type Reader = typeof Texts;

let texts: Reader | undefined = import.meta.env.SSR ? await import("./texts.js") : undefined;

/** Fetches the reader, once. Rejects where it does not come. */
export async function loadReader(): Promise<Reader> {
  return (texts ??= await import("./texts.js"));
}

/** Acts at once if the reader is there, else when it has come. */
export function whenRead(act: () => void, failed: (error: Error) => void): void {
  if (texts !== undefined) act();
  else void loadReader().then(act, failed);
}

/** The reader. Throws before loadReader has come to its end. */
export function reader(): Reader {
  if (texts === undefined) throw new Error("the reader has not been loaded");
  return texts;
}

/** The program of a text without errors. Throws what is wrong with it. */
export function programOf(text: string): Program {
  const { program, diagnostics } = reader().parseProgram(text);
  if (program === undefined) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  return program;
}
