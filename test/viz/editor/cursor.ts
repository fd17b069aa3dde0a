// A text with `|` where the cursor is, for tests of the editor.
//
// Interface: withCursor, stateAt, treeOf, completionsAt.

import { CompletionContext } from "@codemirror/autocomplete";
import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import type { Tree } from "@lezer/common";
import { litmusCompletions } from "../../../src/viz/editor/complete.js";
import { litmusLanguage } from "../../../src/viz/editor/grammar.js";

/** The text without its `|`, and where that was. A text may have the operator too: it has blanks around it. */
export function withCursor(marked: string): { readonly text: string; readonly at: number } {
  const at = /(?<! )\||\|(?! )/.exec(marked)!.index;
  return { text: marked.slice(0, at) + marked.slice(at + 1), at };
}

/** A state of the editor with the language. */
export function stateAt(marked: string): EditorState {
  const { text, at } = withCursor(marked);
  return EditorState.create({
    doc: text,
    selection: { anchor: at },
    extensions: [litmusLanguage],
  });
}

/** The whole tree, however slow the machine is. */
export const treeOf = (state: EditorState): Tree =>
  ensureSyntaxTree(state, state.doc.length, 10_000)!;

/** What completion offers at the cursor, when it is asked for. */
export function completionsAt(marked: string): string[] {
  const state = stateAt(marked);
  treeOf(state);
  const context = new CompletionContext(state, state.selection.main.head, true);
  return (litmusCompletions(context)?.options ?? []).map(({ label }) => label);
}
