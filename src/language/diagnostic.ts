// What is wrong with a text, said to its author.
//
// Interface: Diagnostic, Span, Reporter, renderDiagnostic, hasErrors.
// Mistakes in a text are returned, never thrown.

/** A stretch of the text, in UTF-16 units: from <= position < to. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One remark about a text. */
export interface Diagnostic extends Span {
  readonly severity: "error" | "warning";
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** Diagnostics per text: more help nobody. */
const DIAGNOSTICS_MAX = 100;

/** Collects diagnostics about one text. */
export class Reporter {
  readonly #found: Diagnostic[] = [];
  readonly #lineStarts: readonly number[];
  readonly #firstLine: number;

  /** `firstLine`: the number of the text's first line. */
  constructor(text: string, firstLine = 1) {
    this.#lineStarts = [...text.matchAll(/\n/g)].map((match) => match.index + 1);
    this.#firstLine = firstLine;
  }

  error(span: Span, message: string, remedy?: string): void {
    this.#add("error", span, message, remedy);
  }

  warning(span: Span, message: string, remedy?: string): void {
    this.#add("warning", span, message, remedy);
  }

  /** All diagnostics, in the order of the text. */
  get diagnostics(): Diagnostic[] {
    return [...this.#found].sort((a, b) => a.from - b.from);
  }

  /** Whether the text is unusable. */
  failed(): boolean {
    return hasErrors(this.#found);
  }

  #add(severity: Diagnostic["severity"], span: Span, message: string, remedy?: string): void {
    if (this.#found.length >= DIAGNOSTICS_MAX) return;
    const { from, to } = span;
    const line = this.#lineOf(from);
    const column = from - (line === 0 ? 0 : this.#lineStarts[line - 1]!) + 1;
    const place = { from, to, line: line + this.#firstLine, column };
    this.#found.push({ severity, ...place, message, ...(remedy === undefined ? {} : { remedy }) });
  }

  /** The index of the line that holds a position. */
  #lineOf(position: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#lineStarts[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Whether any of them is an error. */
export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some((each) => each.severity === "error");

/** The longest stretch of a source line that is shown. */
const EXCERPT_MAX = 160;

/** `file:line:column: error: message`, the source line, a caret, the remedy. No end of line at the end. */
export function renderDiagnostic(diagnostic: Diagnostic, text: string, file: string): string {
  const { severity, line, column, message, remedy, from } = diagnostic;
  const lineStart = text.lastIndexOf("\n", from - 1) + 1;
  const lineEnd = text.indexOf("\n", lineStart);
  const whole = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const cut = Math.max(0, from - lineStart - EXCERPT_MAX / 2);
  const source = whole.slice(cut, cut + EXCERPT_MAX).replaceAll(/[\t\r]/g, " ");
  const at = from - lineStart - cut;
  const width = Math.max(1, Math.min(diagnostic.to - from, source.length - at));
  const gutter = `${line} | `;
  const lines = [
    `${file}:${line}:${column}: ${severity}: ${message}`,
    `  ${gutter}${source}`,
    `  ${" ".repeat(gutter.length + at)}${"^".repeat(width)}`,
  ];
  if (remedy !== undefined) lines.push(`  remedy: ${remedy}`);
  return lines.join("\n");
}
