// The litmus language for CodeMirror: the parser's own grammar, with colours, indentation and folds.
//
// Interface: litmusLanguage.

import { continuedIndent, foldNodeProp, indentNodeProp, LRLanguage } from "@codemirror/language";
import type { TreeIndentContext } from "@codemirror/language";
import type { SyntaxNode } from "@lezer/common";
import { styleTags, tags as t } from "@lezer/highlight";
import { parser } from "../../../build/grammar/parser.js";

const COLOURS = styleTags({
  "litmus file pipe socket wire background thread chain forall exists filter locations":
    t.definitionKeyword,
  "after not ~": t.controlKeyword,
  "folio order size loopback queue retransmit tcp dgram seqpacket udp hole fault hex": t.modifier,
  "Callee/Word": t.function(t.variableName),
  "Name/Word Register/Word": t.definition(t.variableName),
  "Label/Word Qualified/Word": t.labelName,
  "Ref/Word End/Word": t.variableName,
  "Null Snapshot True": t.atom,
  "Number Failure": t.number,
  String: t.string,
  Comment: t.lineComment,
  Decoration: t.meta,
  "Op AndOp OrOp Equals NotEquals Arrow Dots": t.operator,
  "( ) [ ] { }": t.bracket,
  ", ; : .": t.punctuation,
});

/** The lines of a thread stand one step in, its `}` does not. */
function bodyIndent(context: TreeIndentContext): number {
  const closes = /^\s*\}/.test(context.textAfter);
  return context.baseIndent + (closes ? 0 : context.unit);
}

/** What is between the braces of a thread. */
function bodyOf(node: SyntaxNode): { from: number; to: number } | null {
  const open = node.getChild("{");
  const close = node.getChild("}");
  return open === null || close === null ? null : { from: open.to, to: close.from };
}

/** The grammar of the parser, as an editor wants it. */
export const litmusLanguage = LRLanguage.define({
  name: "litmus",
  parser: parser.configure({
    props: [
      COLOURS,
      indentNodeProp.add({
        ThreadDecl: bodyIndent,
        Args: continuedIndent(),
        Locations: continuedIndent(),
        Question: continuedIndent(),
        Filter: continuedIndent(),
        FileDecl: continuedIndent(),
      }),
      foldNodeProp.add({ ThreadDecl: bodyOf }),
    ],
  }),
  languageData: {
    commentTokens: { line: "#" },
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
    indentOnInput: /^\s*\}$/,
  },
});
