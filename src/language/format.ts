// A text in the usual form: its author's words, numbers and comments, one way of spacing.
//
// Interface: formatText, FormatResult.
// It works on the leaves of the tree: each token gets a place on a line, comments stay where they are.
// What strace prints is rewritten on the way: `<path>` and error texts go, `[0]` becomes `0`.
// Line breaks after a comma and before `/\` and `\/` are the author's; all others are made here.

import { Reporter } from "./diagnostic.js";
import type { Diagnostic } from "./diagnostic.js";
import { tokensOf } from "./format-tokens.js";
import type { Token } from "./format-tokens.js";
import { treeOf } from "./parse.js";

/** The formatted text, or why there is none. */
export interface FormatResult {
  readonly text?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Formats a text; a text with syntax errors is left alone. Formatting twice changes nothing more. */
export function formatText(text: string): FormatResult {
  const reporter = new Reporter(text);
  const tree = treeOf(text, reporter);
  const { diagnostics } = reporter;
  if (tree === undefined) return { diagnostics };
  const tokens = tokensOf(tree, text);
  separateGroups(tokens);
  return { text: layOut(tokens), diagnostics };
}

/** Puts one empty line between the header, the declarations, the threads and the questions. */
function separateGroups(tokens: Token[]): void {
  let group: string | undefined;
  tokens.forEach((token, i) => {
    if (token.group === undefined) return;
    if (group !== undefined && token.group !== group) tokens[firstOfBlock(tokens, i)]!.blank = true;
    group = token.group;
  });
}

/** The first of the comments that stand on the lines just above a token, or the token itself. */
function firstOfBlock(tokens: readonly Token[], at: number): number {
  while (at > 0 && !tokens[at]!.blank && tokens[at - 1]!.place === "own-line comment") at--;
  return at;
}

function layOut(tokens: readonly Token[]): string {
  let text = "";
  let before: Token | undefined;
  for (const token of tokens) {
    text += `${gap(before, token)}${token.text}`;
    before = token;
  }
  return text === "" ? "" : `${text}\n`;
}

/** What stands between two tokens. */
function gap(before: Token | undefined, token: Token): string {
  if (before === undefined) return "";
  if (token.place === "end-of-line comment") return " ";
  const starts = token.place === "line start" || token.place === "own-line comment";
  if (starts || token.place === "continuation" || isComment(before))
    return `${token.blank ? "\n\n" : "\n"}${" ".repeat(token.indent)}`;
  return isTight(before, token) ? "" : " ";
}

const isComment = ({ name }: Token): boolean => name === "Comment";

const TIGHT_AFTER: ReadonlySet<string> = new Set(["(", "[", ".", "Dots", "~"]);
const TIGHT_BEFORE: ReadonlySet<string> = new Set([")", "]", ",", ";", ":", ".", "Dots"]);

/** Whether two neighbours touch. */
function isTight(before: Token, token: Token): boolean {
  if (TIGHT_AFTER.has(before.name) || TIGHT_BEFORE.has(token.name)) return true;
  if (before.name === ":") return before.parent === "Qualified";
  if (before.name === "{") return before.parent === "Group";
  if (token.name === "}") return token.parent === "Group";
  return token.name === "(" && token.parent === "Args";
}
