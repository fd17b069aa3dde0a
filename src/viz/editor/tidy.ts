// Formatting in the editor: the formatter's text, with the cursor where it was among the words.
//
// Interface: format, a command; caretIn.

import { EditorView } from "@codemirror/view";
import type { Command } from "@codemirror/view";
import { formatText } from "../../language/format.js";

/** Where a position of one text is in another that differs in its blanks: behind as many characters. */
export function caretIn(before: string, after: string, at: number): number {
  let passed = before.slice(0, at).replaceAll(/\s/g, "").length;
  let caret = 0;
  while (passed > 0 && caret < after.length) if (!/\s/.test(after[caret++]!)) passed--;
  return caret;
}

/** Puts the text into the usual form, and says so; a text that cannot be read stays as it is. */
export const format: Command = (view) => {
  const before = view.state.doc.toString();
  const { text, diagnostics } = formatText(before);
  const [first] = diagnostics;
  if (text === undefined || text === before) {
    const why = first === undefined ? "" : `: line ${first.line}, ${first.message}`;
    const said = text === undefined ? `Not formatted${why}.` : "It is in the usual form already.";
    view.dispatch({ effects: EditorView.announce.of(said) });
    return true;
  }
  const { head } = view.state.selection.main;
  view.dispatch({
    changes: { from: 0, to: before.length, insert: text },
    selection: { anchor: caretIn(before, text, head) },
    effects: EditorView.announce.of("Formatted."),
    userEvent: "format",
  });
  return true;
};
