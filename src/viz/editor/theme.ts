// How the editor looks: the page's tokens, and four colours of its own for words of the language.
//
// Interface: theme, an extension; SYNTAX, the colours, light and dark.
// The pictures that CodeMirror keeps in its style sheets are not used: the page loads no data: URL.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

/** Colours that app.css does not have: light, dark. */
export const SYNTAX = {
  call: ["#7a3e9d", "#d3a6f0"],
  number: ["#8a4a06", "#efb877"],
  label: ["#0b6572", "#74cfdc"],
} as const;

const pair = ([light, dark]: readonly [string, string]): string => `light-dark(${light}, ${dark})`;

const HIGHLIGHT = HighlightStyle.define([
  { tag: [t.controlKeyword, t.modifier], color: "var(--accent)" },
  { tag: t.definitionKeyword, color: "var(--accent)", fontWeight: "600" },
  { tag: t.function(t.variableName), color: pair(SYNTAX.call) },
  { tag: t.definition(t.variableName), fontWeight: "600" },
  { tag: [t.number, t.atom], color: pair(SYNTAX.number) },
  { tag: t.labelName, color: pair(SYNTAX.label) },
  { tag: t.string, color: "var(--kept)" },
  { tag: t.meta, color: "var(--muted)" },
  { tag: t.lineComment, color: "var(--muted)", fontStyle: "italic" },
]);

const wavy = (colour: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour} 1px`,
  textUnderlineOffset: "3px",
});

const TEXT = {
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "14px/24px var(--mono)" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 12px 0 4px" },
  ".cm-gutters": {
    color: "var(--muted)",
    backgroundColor: "var(--surface)",
    border: "none",
  },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 2px 0 10px", minWidth: "30px" },
  ".cm-foldGutter .cm-gutterElement span": {
    display: "inline-block",
    width: "24px",
    textAlign: "center",
  },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": {
    backgroundColor: "var(--sunken)",
  },
  ".cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-content ::selection, & .cm-line::selection": { backgroundColor: "var(--accent-soft)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    outline: "1px solid var(--accent)",
  },
  "&.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "var(--alarm-soft)",
    outline: "1px dashed var(--alarm)",
  },
  ".cm-foldPlaceholder": {
    color: "var(--muted)",
    backgroundColor: "var(--sunken)",
    border: "1px solid var(--rule)",
    padding: "0 8px",
  },
  ".cm-snippetField": { backgroundColor: "var(--accent-soft)" },
};

const MARKS = {
  ".cm-lintRange-error": wavy("var(--alarm)"),
  ".cm-lintRange-warning": wavy("var(--muted)"),
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--alarm)" },
  ".cm-lintPoint-warning:after": { borderBottomColor: "var(--muted)" },
  ".cm-diagnostic": { padding: "8px 12px", maxWidth: "60ch" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--alarm)" },
  ".cm-diagnostic-warning": { borderLeft: "3px dashed var(--muted)" },
  ".cm-diagnosticAction": {
    minHeight: "28px",
    margin: "6px 8px 0 0",
    padding: "2px 10px",
    color: "var(--paper)",
    backgroundColor: "var(--accent)",
    borderRadius: "5px",
    font: "13px var(--sans)",
  },
  ".remedy": { color: "var(--muted)" },
};

const BOXES = {
  ".cm-tooltip": {
    maxWidth: "min(64ch, 92vw)",
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--rule)",
    borderRadius: "6px",
    boxShadow: "0 4px 16px rgb(0 0 0 / 0.16)",
    font: "13px/1.5 var(--sans)",
  },
  ".cm-tooltip code": { font: "12.5px var(--mono)" },
  ".card": { padding: "8px 12px" },
  ".cm-tooltip p": { margin: "0" },
  ".card-title": { font: "13px/1.6 var(--mono)" },
  ".card-title mark": {
    color: "inherit",
    backgroundColor: "var(--accent-soft)",
    textDecoration: "underline",
    fontWeight: "600",
  },
  ".card-errnos": { color: "var(--muted)", font: "12px/1.6 var(--mono)", paddingTop: "4px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { font: "13px var(--mono)", maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 10px", lineHeight: "22px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--ink)",
    backgroundColor: "var(--accent-soft)",
    boxShadow: "inset 3px 0 var(--accent)",
  },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal", marginLeft: "1em" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-tooltip.cm-completionInfo": { padding: "6px 10px", maxWidth: "40ch" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--sunken)" },
  ".cm-panel.cm-search": { font: "13px var(--sans)", padding: "8px 12px" },
  ".cm-panel.cm-search :is(input, button)": { minHeight: "26px", font: "13px var(--sans)" },
  ".cm-button": {
    color: "var(--ink)",
    backgroundImage: "none",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--rule)",
  },
  ".cm-textfield": { color: "var(--ink)", backgroundColor: "var(--surface)" },
  ".cm-searchMatch": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--rule)" },
  ".cm-searchMatch-selected": { outline: "2px solid var(--accent)" },
};

/** Where backgrounds are not shown, a line around what is selected. */
const FORCED = {
  "@media (forced-colors: active)": {
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
      outline: "2px solid Highlight",
      outlineOffset: "-2px",
    },
  },
};

/** Colours, marks and boxes of the editor. */
export const theme = [
  syntaxHighlighting(HIGHLIGHT),
  EditorView.theme({ ...TEXT, ...MARKS, ...BOXES, ...FORCED }),
];
