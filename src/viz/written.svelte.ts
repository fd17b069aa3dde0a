// The text as somebody writes it, and what reading it says.
//
// Interface: Written, WAIT_MS.
// Reading, and the run that follows, take too long between two keys where a text or its run is large: they wait until
// nothing has been typed for a moment. What is shown stays the last text without errors.

import { hasErrors, type Diagnostic } from "../language/diagnostic.js";
import type { Program } from "../language/program.js";
import { reader, whenRead } from "./reader.js";

/** A pause in typing. */
export const WAIT_MS = 250;

/** What becomes of a text. */
export interface Reading {
  /** It has no errors. */
  readonly show: (program: Program) => void;
  readonly otherwise?: () => void;
  /** What reads texts did not come. */
  readonly failed: (error: Error) => void;
}

export class Written {
  text = $state("");
  diagnostics: readonly Diagnostic[] = $state.raw([]);
  /** The text that is shown: the last one without errors. */
  shown = $state("");
  /** Whether the text has errors, so that what is shown is older. As it was while reading waits. */
  isStale = $state(false);
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** A text that has no errors. */
  begin(text: string): void {
    [this.text, this.shown] = [text, text];
  }

  /** Reads a text at once. */
  read(text: string, { show, otherwise, failed }: Reading): void {
    clearTimeout(this.#waiting);
    this.text = text;
    whenRead(() => {
      const { program, diagnostics } = reader().parseProgram(text);
      this.diagnostics = diagnostics;
      if (program === undefined || hasErrors(diagnostics)) otherwise?.();
      else show(program);
      this.isStale = this.text !== this.shown;
    }, failed);
  }

  /** Reads a text when nothing has come after it for a moment. */
  readSoon(text: string, reading: Reading): void {
    clearTimeout(this.#waiting);
    this.text = text;
    this.#waiting = setTimeout(() => this.read(text, reading), WAIT_MS);
  }
}
