// The parser's diagnostics in the editor: under the text, in a list, and mended where it is plain how.
//
// Interface: mistakesOf, fixOf, Fix.

import type { Action, Diagnostic as Marked } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";
import type { Diagnostic } from "../../language/diagnostic.js";
import { proseElement } from "./cards.js";

/** A change of the text that a remedy asks for. */
export interface Fix {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** What a remedy asks for, where it names one word to write: "did you mean `splice`?", "put `)` here". */
export function fixOf({ remedy, from, to }: Diagnostic, text: string): Fix | undefined {
  const meant = /^did you mean `(.+)`\?$/.exec(remedy ?? "")?.[1];
  if (meant !== undefined) {
    const word = /^[A-Za-z_][\w.-]*/.exec(text.slice(from, to))?.[0] ?? "";
    if (word === "") return undefined;
    return { label: `write ${meant}`, from, to: from + word.length, insert: meant };
  }
  const missing = /^put `(.+)` here/.exec(remedy ?? "")?.[1];
  if (missing === undefined) return undefined;
  return { label: `put ${missing} here`, from, to: from, insert: missing };
}

function actionOf({ label, from, to, insert }: Fix): Action {
  return {
    name: label,
    apply: (view) => {
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from + insert.length },
        userEvent: "input.fix",
      });
    },
  };
}

function messageElement({ message, remedy }: Diagnostic): HTMLElement {
  const box = document.createElement("div");
  box.append(proseElement(message, "mistake"));
  if (remedy !== undefined && remedy !== "") box.append(proseElement(remedy, "remedy"));
  return box;
}

/** Diagnostics of the text that stands in the editor, as CodeMirror marks them. */
export function mistakesOf(view: EditorView, diagnostics: readonly Diagnostic[]): Marked[] {
  const text = view.state.doc.toString();
  return diagnostics.map((each) => {
    const { severity, message, remedy } = each;
    const fix = fixOf(each, text);
    return {
      from: Math.min(each.from, text.length),
      to: Math.min(each.to, text.length),
      severity,
      message: remedy === undefined ? message : `${message}: ${remedy}`,
      renderMessage: () => messageElement(each),
      ...(fix === undefined ? {} : { actions: [actionOf(fix)] }),
    };
  });
}
