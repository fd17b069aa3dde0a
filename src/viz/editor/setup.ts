// The editor's parts put together.
//
// Interface: editorState, Setup; replaceText, isOurs.
// Escape closes what is open; once more, and Tab leaves the editor until something is typed.

import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionStatus,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, Prec } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { Command, ViewUpdate } from "@codemirror/view";
import { litmusCompletions } from "./complete.js";
import { litmusLanguage } from "./grammar.js";
import { closeHelp, help } from "./help.js";
import { theme } from "./theme.js";
import { format } from "./tidy.js";

/** What the editor's owner gets to know. */
export interface Setup {
  readonly label: string;
  readonly onupdate: (update: ViewUpdate) => void;
  /** Whether Tab leaves the editor now. */
  readonly onleaving: (leaving: boolean) => void;
}

/** Marks a change that came from outside: it is no news to the owner. */
const fromOutside = Annotation.define<boolean>();

/** Whether a change of the text was made in the editor. */
export const isOurs = ({ docChanged, transactions }: ViewUpdate): boolean =>
  docChanged && !transactions.some((each) => each.annotation(fromOutside));

/** Puts another text into the editor; undo brings the old one back. */
export function replaceText(view: EditorView, text: string): void {
  const before = view.state.doc;
  if (text === before.toString()) return;
  view.dispatch({
    changes: { from: 0, to: before.length, insert: text },
    selection: { anchor: 0 },
    annotations: fromOutside.of(true),
    scrollIntoView: true,
  });
}

/** Lets Tab leave the editor, and says so. */
function leaveWithTab(onleaving: Setup["onleaving"]): Command {
  return (view) => {
    view.setTabFocusMode(true);
    onleaving(true);
    view.dispatch({ effects: EditorView.announce.of("Tab leaves the editor now.") });
    return true;
  };
}

/** Takes that back. */
function stay(view: EditorView, onleaving: Setup["onleaving"]): void {
  view.setTabFocusMode(false);
  onleaving(false);
}

/** A list that is not shown yet takes no Escape. */
const forgetPending: Command = (view) => {
  if (completionStatus(view.state) === "pending") closeCompletion(view);
  return false;
};

const KEYS = [
  { key: "Tab", run: acceptCompletion },
  { key: "Shift-Alt-f", run: format },
  ...closeBracketsKeymap,
  ...defaultKeymap,
  ...searchKeymap,
  ...historyKeymap,
  ...foldKeymap,
  ...lintKeymap,
  indentWithTab,
];

/** A state with everything that the editor has. */
export function editorState(text: string, { label, onupdate, onleaving }: Setup): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      [lineNumbers(), foldGutter(), highlightActiveLine(), highlightActiveLineGutter()],
      [history(), EditorView.lineWrapping, indentUnit.of("  "), EditorState.tabSize.of(2)],
      [litmusLanguage, bracketMatching(), closeBrackets(), indentOnInput()],
      Prec.highest(keymap.of([{ key: "Escape", run: forgetPending }])),
      autocompletion({ override: [litmusCompletions], icons: false }),
      [highlightSelectionMatches(), help, theme],
      keymap.of([
        ...KEYS,
        { key: "Escape", run: closeHelp },
        { key: "Escape", run: leaveWithTab(onleaving) },
      ]),
      // The scrolling part has to have something in it that the keyboard reaches.
      EditorView.contentAttributes.of({
        "aria-label": label,
        "aria-multiline": "true",
        tabindex: "0",
      }),
      EditorView.domEventHandlers({ blur: (_, view) => stay(view, onleaving) }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) stay(update.view, onleaving);
        onupdate(update);
      }),
    ],
  });
}
