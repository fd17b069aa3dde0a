// What cards, rows and headings have in common as marks.
//
// Interface: cardMark, titleMark, headMark, LETTER.

import type { Term } from "../terms.js";
import { fitText } from "../moment.js";
import { HEADER_HEIGHT, type Box, type Title } from "../layout.js";
import { at, g, shape, svg, text, tspan, type Mark, type Pen } from "./mark.js";

/** Widths of letters, in pixels: of names and of words. */
export const LETTER = { mono: 7.3, small: 6.7, sans: 6 };

/** Who a card is, for eyes, keys and screen readers. */
export interface Identity {
  readonly key: string;
  readonly term: Term;
  readonly label: string;
  /** Its kind and its states, as classes. */
  readonly looks: readonly string[];
  readonly style?: string;
}

/** What can be focused and what a selection lights up. */
export function cardMark(
  { key, term, label, looks, style = "" }: Identity,
  box: Box,
  pen: Pen,
  marks: readonly Mark[],
): Mark {
  const lit = pen.lit.has(key) ? ["lit"] : [];
  const attrs = { class: ["card", ...looks, ...lit].join(" "), role: "group", "aria-label": label };
  const { x, y, width, height } = box;
  if (!pen.isLive) return g(key, { ...attrs, transform: at(x, y) }, marks);
  const keys = { tabindex: pen.active === key ? 0 : -1, "data-key": key, "data-term": term };
  const place = { width, height, style: `left: ${x}px; top: ${y}px; ${style}` };
  return svg(key, { ...attrs, ...keys, ...place }, [plate(box), ...marks]);
}

/** What is behind a card, dots on its edges included. A browser puts the layers of a page together anew when what one
 *  covers has changed, which takes as long as drawing it: with a plate a card covers the same whatever is on it. */
const plate = ({ width, height }: Box): Mark =>
  shape("rect", "plate", { class: "plate", x: -3, width: width + 6, height });

/** The outline of a card. */
export const outline = ({ width, height }: Box): Mark =>
  shape("rect", "outline", { class: "outline", width, height, rx: 6 });

/** A heading over a part of the stage. */
export function titleMark({ text: words, box, ruled }: Title): Mark[] {
  const y = box.y + (ruled ? 22 : 16);
  const title = text(`title ${words}`, box.x, y, "title", words);
  if (!ruled) return [title];
  const rule = { class: "rule", x1: box.x, x2: box.x + box.width, y1: box.y, y2: box.y };
  return [shape("line", `rule ${words}`, rule), title];
}

/** The heading of a file, a mapping, a pipe or a socket: its name, then what it is or who has locked it; `below`: what
 *  stands under it. */
export function headMark(
  identity: Identity,
  box: Box,
  pen: Pen,
  words: { readonly name: string; readonly note: string; readonly lock: string },
  below: readonly Mark[] = [],
): Mark {
  const named = fitText(words.name, box.width, LETTER.mono);
  const room = box.width - named.length * LETTER.mono - 6;
  const isLocked = words.lock !== "";
  const note = fitText(isLocked ? words.lock : words.note, room, LETTER.sans);
  const head = { ...box, height: HEADER_HEIGHT };
  return cardMark(identity, head, pen, [
    ...(pen.isLive ? [shape("rect", "hit", { class: "hit", width: box.width, height: 20 })] : []),
    {
      tag: "text",
      key: "name",
      attrs: { class: "name", y: 14 },
      marks: [
        tspan("name", "name", named),
        ...(note.length < 3 ? [] : [tspan("note", isLocked ? "lock" : "note", ` ${note}`)]),
      ],
    },
    ...below,
  ]);
}
