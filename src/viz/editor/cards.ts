// What describe.ts tells, as elements of the page: no text is ever read as HTML.
//
// Interface: cardElement, cardText, proseElement.

import type { CallCard, Card } from "./describe.js";
import { paramDoc } from "./describe.js";

function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** A sentence; what stands in backticks is code. */
export function proseElement(text: string, className = ""): HTMLElement {
  const parts = text.split("`");
  const nodes = parts.map((part, i) => (i % 2 === 1 ? element("code", "", part) : part));
  return element("p", className, ...nodes);
}

/** `tee(fd_in, fd_out, len, flags)`, the argument in question set off. */
function prototype({ name, params }: CallCard, index: number | undefined): HTMLElement {
  const parts = params.flatMap((param, i) => {
    const shown = param.optional ? `[${param.name}]` : param.name;
    const node = i === index ? element("mark", "", shown) : shown;
    return i === 0 ? [node] : [", ", node];
  });
  return element("p", "card-title", element("b", "", name), "(", ...parts, ")");
}

/** A card; while an argument is typed only the prototype, and what that argument may be. */
export function cardElement(card: Card, index?: number): HTMLElement {
  const box = element("div", "card");
  if (card.kind === "word") {
    box.append(element("p", "card-title", card.title), proseElement(card.doc));
    return box;
  }
  const { params, doc, register } = card;
  box.append(prototype(card, index));
  if (index !== undefined) {
    const param = params[index];
    box.append(proseElement(param === undefined ? "No more arguments." : paramDoc(param)));
    return box;
  }
  const errnos = card.errnos.length === 0 ? "It does not fail." : `Fails with ${list(card)}.`;
  box.append(proseElement(`${doc}.`), proseElement(`A register gets ${register}.`));
  box.append(element("p", "card-errnos", errnos));
  return box;
}

const list = ({ errnos }: CallCard): string => errnos.join(", ");

/** The same as plain text, for a screen reader. */
export const cardText = (card: Card, index?: number): string =>
  [...cardElement(card, index).children].map((each) => each.textContent).join(" ");
