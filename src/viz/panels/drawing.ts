// Marks on the page: what is drawn is brought from one drawing to the next, and only what differs is written.
//
// Interface: drawing. An element that is drawn again under its key stays the same one.

import type { Attrs, Mark } from "../scene/draw/mark.js";

/** A mark that is drawn, and where. */
interface Drawn {
  mark: Mark;
  readonly element: Element;
  /** Its own text; made when it first has one. */
  text?: Text;
  parts: readonly Drawn[];
}

/** What keeps the marks drawn inside an element: given others, it draws those. */
export function drawing(): (root: Element, marks: readonly Mark[]) => void {
  let drawn: readonly Drawn[] = [];
  return (root, marks) => {
    drawn = drawAll(root, drawn, marks);
  };
}

const SVG = "http://www.w3.org/2000/svg";
const NO_ATTRS: Attrs = {};

const isOf = ({ mark }: Drawn, { key, tag }: Mark): boolean => mark.key === key && mark.tag === tag;

/** Draws marks as the elements of `parent`, behind its text. */
function drawAll(
  parent: Element,
  before: readonly Drawn[],
  marks: readonly Mark[],
): readonly Drawn[] {
  if (before.length === marks.length && before.every((old, i) => isOf(old, marks[i]!))) {
    for (let i = 0; i < marks.length; i++) update(before[i]!, marks[i]!);
    return before;
  }
  const known = new Map(before.map((each) => [each.mark.key, each]));
  const after = marks.map((mark) => {
    const old = known.get(mark.key);
    if (old === undefined || !isOf(old, mark)) return create(mark);
    known.delete(mark.key);
    update(old, mark);
    return old;
  });
  for (const { element } of known.values()) element.remove();
  let next: Element | null = null;
  for (const { element } of after.toReversed()) {
    if (element.parentNode !== parent || element.nextSibling !== next)
      parent.insertBefore(element, next);
    next = element;
  }
  return after;
}

function create(mark: Mark): Drawn {
  const element = document.createElementNS(SVG, mark.tag);
  const drawn: Drawn = { mark: { ...mark, attrs: NO_ATTRS }, element, parts: [] };
  update(drawn, mark);
  return drawn;
}

function update(drawn: Drawn, mark: Mark): void {
  const { mark: old, element } = drawn;
  if (old === mark) return;
  drawn.mark = mark;
  writeAttrs(element, old.attrs, mark.attrs);
  if (mark.text !== drawn.text?.data) writeText(drawn, mark.text ?? "");
  if (drawn.parts.length > 0 || mark.marks !== undefined)
    drawn.parts = drawAll(element, drawn.parts, mark.marks ?? []);
}

function writeAttrs(element: Element, before: Attrs, after: Attrs): void {
  for (const name in after) {
    const value = after[name];
    if (value !== undefined && value !== before[name]) element.setAttribute(name, `${value}`);
  }
  for (const name in before) if (after[name] === undefined) element.removeAttribute(name);
}

function writeText(drawn: Drawn, words: string): void {
  if (drawn.text !== undefined) drawn.text.data = words;
  else {
    drawn.text = document.createTextNode(words);
    drawn.element.prepend(drawn.text);
  }
}
