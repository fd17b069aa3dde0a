// Help where one is: a card on hover, the call's signature while its arguments are typed, and with F2
// the card for what stands at the cursor, also spoken.
//
// Interface: help, an extension; closeHelp, a command.

import { StateEffect, StateField } from "@codemirror/state";
import type { EditorState, Extension, Transaction } from "@codemirror/state";
import { syntaxTree } from "@codemirror/language";
import { EditorView, hoverTooltip, keymap, showTooltip } from "@codemirror/view";
import type { Command, Tooltip } from "@codemirror/view";
import { SYSCALLS } from "../../language/syscalls.js";
import type { SyscallName } from "../../language/syscalls.js";
import { cardElement, cardText } from "./cards.js";
import { callCard, cardAt } from "./describe.js";
import type { Card } from "./describe.js";
import { callSiteAt } from "./site.js";

/** A card that is shown, where, and for which argument of its call. */
interface Shown {
  readonly card: Card;
  readonly at: number;
  readonly index?: number;
  /** It was asked for: it goes when the cursor moves. */
  readonly asked: boolean;
}

const show = StateEffect.define<Shown | undefined>();

/** The signature of the call whose parentheses the cursor is in. */
function signatureAt(state: EditorState): Shown | undefined {
  const { head } = state.selection.main;
  const site = callSiteAt(syntaxTree(state), state.doc.toString(), head);
  if (site === undefined || !Object.hasOwn(SYSCALLS, site.callee)) return undefined;
  const card = callCard(site.callee as SyscallName);
  return { card, at: site.from, index: site.index, asked: false };
}

function next(shown: Shown | undefined, transaction: Transaction): Shown | undefined {
  for (const effect of transaction.effects) if (effect.is(show)) return effect.value;
  const { state, docChanged, selection } = transaction;
  if (docChanged) {
    const typed = transaction.isUserEvent("input") || transaction.isUserEvent("delete");
    return typed ? signatureAt(state) : undefined;
  }
  if (selection === undefined || shown === undefined) return shown;
  return shown.asked ? undefined : signatureAt(state);
}

const tooltipOf = (shown: Shown | undefined): Tooltip | null =>
  shown === undefined
    ? null
    : {
        pos: shown.at,
        above: true,
        create: () => ({ dom: cardElement(shown.card, shown.index) }),
      };

const field = StateField.define<Shown | undefined>({
  create: () => undefined,
  update: next,
  provide: (self) => showTooltip.from(self, tooltipOf),
});

/** Shows and says what stands at the cursor. */
const explain: Command = (view) => {
  const { state } = view;
  const { head } = state.selection.main;
  const tree = syntaxTree(state);
  const text = state.doc.toString();
  const found = cardAt(tree, text, head) ?? cardAt(tree, text, head, -1);
  const signature = signatureAt(state);
  const shown = found ? { card: found.card, at: found.from, asked: true } : signature;
  const said = shown === undefined ? "Nothing to explain here." : cardText(shown.card, shown.index);
  view.dispatch({ effects: [show.of(shown), EditorView.announce.of(said)] });
  return true;
};

/** Closes the card, if one is open. */
export const closeHelp: Command = (view) => {
  if (view.state.field(field) === undefined) return false;
  view.dispatch({ effects: show.of(undefined) });
  return true;
};

const onHover = hoverTooltip((view, pos, side) => {
  const found = cardAt(syntaxTree(view.state), view.state.doc.toString(), pos, side < 0 ? -1 : 1);
  if (found === undefined) return null;
  const { from, to, card } = found;
  return { pos: from, end: to, above: true, create: () => ({ dom: cardElement(card) }) };
});

/** Cards on hover, while typing, and with F2; Escape closes them. */
export const help: Extension = [
  field,
  onHover,
  EditorView.focusChangeEffect.of((_, focusing) => (focusing ? null : show.of(undefined))),
  keymap.of([{ key: "F2", run: explain }]),
];
