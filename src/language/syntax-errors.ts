// Syntax errors in words: what stands where something else should.
//
// Interface: reportSyntaxErrors, isReserved.
// The parser recovers by itself and leaves error nodes. Each is explained from the node it is in and
// from its left neighbour; of each line only the first is reported, for the others follow from it.

import type { SyntaxNodeRef, Tree } from "@lezer/common";
import type { Reporter, Span } from "./diagnostic.js";
import { isClosed, UNCLOSED } from "./literals.js";

/** What a node wants next, by its left neighbour inside it; "" is the begin, "*" anything else. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Header: { "*": "a name for the scenario" },
  Doc: { "*": "a string in double quotes" },
  FileDecl: { file: "a name for the file", Equals: "content", "*": "`=` and content" },
  Content: { "*": "content, as `0x1f * 4096`, `hole 4096` or a string" },
  FolioOrder: { folio: "`order`", "*": "a number" },
  PipeDecl: { pipe: "a name for the pipe", "*": "flags, `size` or the next declaration" },
  Size: { "*": "a number of bytes" },
  ThreadDecl: { thread: "a name for the thread", Name: "`{`", "*": "a call or `}`" },
  Statement: { "*": "a call" },
  After: { "*": "`thread:label`" },
  Qualified: { ":": "a label or register after `:`", "*": "`:` and a label" },
  Call: { "*": "`(` and arguments" },
  Args: { "(": "an argument or `)`", ",": "an argument", "*": "`,` or `)`" },
  Result: { "*": "a number, or -1 and an errno" },
  Question: { "*": "a condition" },
  Filter: { "*": "a condition" },
  Quantifier: { "*": "`exists` after `~`" },
  Not: { "*": "a condition after `not`" },
  And: { "*": "a condition after `/\\`" },
  Or: { "*": "a condition after `\\/`" },
  Paren: { "(": "a condition", "*": "`)`, `/\\` or `\\/`" },
  Compare: { Place: "`=` or `!=`", "*": "a value" },
  Locations: { locations: "`[`", "*": "a place or `]`" },
  Group: { "{": "content", ",": "content", "*": "`,` or `}`" },
  Hole: { "*": "a number of bytes" },
  Hex: { "*": "hex digits in double quotes" },
  Vector: { "*": "a number in brackets" },
  Expr: { "*": "a number or a name" },
  End: { "*": "`r` or `w` after `.`" },
  Scenario: {
    "*": "`litmus`, `file`, `pipe`, `thread`, `forall`, `exists`, `filter` or `locations`",
  },
  Line: { "": "one call", "*": "the end of the line" },
};

/** Habits from other languages, seen in the three characters from just before the error. */
const HABITS: readonly (readonly [near: RegExp, remedy: string])[] = [
  [/==/, "write `=` for equality"],
  [/&/, "write `/\\` for and"],
  [/\|\|/, "write `\\/` for or"],
  [/^[^]?!/, "write `not`, or `!=` between two sides"],
  [/\/[/*]/, "comments begin with `#`"],
  [/^[^]?['`]/, "strings stand in double quotes"],
  [/^[^]?;/, "no `;` is needed here"],
];

const RESERVED =
  /^(litmus|file|pipe|thread|after|exists|forall|filter|locations|not|snapshot|true|NULL)\b/;

/** Whether a word can be no name. */
export const isReserved = (word: string): boolean => RESERVED.exec(word)?.[0] === word;

/** Reports the error nodes of a tree; returns whether there were any. */
export function reportSyntaxErrors(tree: Tree, text: string, reporter: Reporter): boolean {
  const comments = new Map<number, number>();
  let found = false;
  let lineEnd = -1;
  tree.iterate({
    enter(node) {
      if (node.name === "Comment") comments.set(node.to, node.from);
      const unclosed = node.name === "String" && !isClosed(text.slice(node.from, node.to));
      if (!node.type.isError && !unclosed) return;
      found = true;
      const span = spanOf(node, text, comments);
      if (span.from <= lineEnd) return;
      lineEnd = text.indexOf("\n", span.from);
      if (lineEnd < 0) lineEnd = text.length;
      if (unclosed) reporter.error(span, UNCLOSED.problem, UNCLOSED.remedy);
      else explain(node, span, text, reporter);
    },
  });
  return found;
}

/** A missing thing is reported behind the last token, not where the next one begins. */
function spanOf(node: SyntaxNodeRef, text: string, comments: ReadonlyMap<number, number>): Span {
  if (node.to > node.from) return { from: node.from, to: node.to };
  let at = node.from;
  for (;;) {
    while (at > 0 && /\s/.test(text[at - 1]!)) at--;
    const comment = comments.get(at);
    if (comment === undefined) return { from: at, to: at };
    at = comment;
  }
}

const EXCERPT_MAX = 24;

function explain(error: SyntaxNodeRef, span: Span, text: string, reporter: Reporter): void {
  const { node } = error;
  const wanted = EXPECTED[node.parent?.name ?? ""];
  const before = node.prevSibling?.name ?? "";
  const expected = wanted?.[before] ?? wanted?.["*"] ?? "something else";
  const skipped = text.slice(span.from, Math.min(span.to, span.from + EXCERPT_MAX)).trim();
  const near = text.slice(Math.max(0, span.from - 1), span.from + 2);
  const habit = HABITS.find(([pattern]) => pattern.test(near))?.[1];
  if (skipped !== "") {
    reporter.error(span, `unexpected "${skipped}"`, habit ?? `expected ${expected}`);
    return;
  }
  const next = RESERVED.exec(text.slice(span.from).trimStart().slice(0, EXCERPT_MAX))?.[0];
  if (next !== undefined && expected.startsWith("a name"))
    reporter.error(span, `expected ${expected}`, `\`${next}\` is a word of the language`);
  else reporter.error(span, `expected ${expected}`, remedyFor(expected));
}

function remedyFor(expected: string): string {
  const quoted = /^`([^`]+)`/.exec(expected)?.[1];
  return quoted === undefined ? `put ${expected} here` : `put \`${quoted}\` here`;
}
