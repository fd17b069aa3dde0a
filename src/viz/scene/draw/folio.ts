// A folio's card as marks: content, reference count with its holders, flags, the mark, the lock.
//
// Interface: folioMarks, copyMarks.

import type { FolioShape, HolderKind } from "../folios.js";
import type { Layout } from "../layout.js";
import { STRIP_TOP } from "../layout.js";
import { fitText } from "../moment.js";
import { cardMark, LETTER, outline } from "./card.js";
import { at, g, shape, text, tspan, type Mark, type Pen } from "./mark.js";
import { stripMarks } from "./strip.js";

/** Room for "refs 12" at the right of the heading. */
const REFS_ROOM = 50;
/** Room for the mark and its count. */
const FLAG_ROOM = 36;
const PIP = 8;
const PIPS_MAX = 8;

/** The card. */
export function folioMarks(folio: FolioShape, layout: Layout, pen: Pen): Mark {
  const { box, key, label, strip } = folio;
  const { width } = box;
  const { hasFoot } = layout.card;
  const looks = [
    "folio",
    ...(folio.detached ? ["detached"] : []),
    ...(folio.lock === "" ? [] : ["locked"]),
    ...(folio.copyOf === undefined ? [] : ["copied"]),
  ];
  const style = growsFrom(folio, layout);
  const identity = { key, term: "folio" as const, label: fullLabel(folio, label), looks };
  return cardMark(style === undefined ? identity : { ...identity, style }, box, pen, [
    outline(box),
    text("title", 10, 18, "name", folio.title),
    {
      tag: "text",
      key: "refs",
      attrs: { class: "name end", x: width - 10, y: 18 },
      marks: [tspan("word", "note", "refs "), tspan("count", "name", `${folio.refs}`)],
    },
    pips(folio, width - (folio.marked && !hasFoot ? FLAG_ROOM : 0)),
    stripMarks(strip, { card: key, x: 10, y: STRIP_TOP, width: width - 20 }, pen),
    ...(hasFoot ? [noteMark(folio, width)] : []),
    ...(folio.marked ? [flagMark(folio, hasFoot ? at(width - 10, 62) : at(width - 54, 14))] : []),
  ]);
}

const fullLabel = ({ note, lock, marked }: FolioShape, label: string): string =>
  [label, note, ...(marked ? ["marked"] : []), ...(lock === "" ? [] : [`locked by ${lock}`])].join(
    "; ",
  );

/** A dot for each reference, as long as there is room. */
function pips({ holders, title }: FolioShape, width: number): Mark {
  const room = width - REFS_ROOM - 14 - title.length * LETTER.mono;
  const kinds = holders.flatMap(({ kind, refs }) => new Array<HolderKind>(refs).fill(kind));
  const shown = kinds.slice(0, Math.max(0, Math.min(PIPS_MAX, Math.floor(room / PIP))));
  return g(
    "pips",
    { transform: at(width - REFS_ROOM, 13.5), "aria-hidden": "true" },
    shown.map((kind, i) =>
      shape("circle", `pip ${i}`, { class: `pip ${kind}`, cx: -PIP * i - 4, r: 2.75 }),
    ),
  );
}

function noteMark({ lock, note, marked, copyOf }: FolioShape, width: number): Mark {
  const words = lock === "" ? note : `locked by ${lock}`;
  const room = width - 20 - (marked ? FLAG_ROOM : 0);
  const look = lock === "" && copyOf === undefined ? "note" : "lock";
  return text("note", 10, 66, look, fitText(words, room, LETTER.sans));
}

/** The policy's mark, with the count where there is one. */
function flagMark({ outside }: FolioShape, transform: string): Mark {
  const label = outside > 0 ? `marked: ${outside} outside` : "marked";
  const flag = shape("path", "flag", { class: "flag", d: "M-22 6 v-11 l10 3.2 l-10 3.6" });
  const count = outside > 0 ? [text("count", 0, 4, "flag end", `${outside}`)] : [];
  return g("mark", { role: "img", "aria-label": label, transform }, [flag, ...count]);
}

/** A copy grows out of the place of what it was copied from. */
function growsFrom({ copyOf, box }: FolioShape, layout: Layout): string | undefined {
  const from = copyOf === undefined ? undefined : layout.folios.get(copyOf);
  if (from === undefined) return undefined;
  return `--from-x: ${from.x - box.x}px; --from-y: ${from.y - box.y}px`;
}

/** A short line from a folio to the copy that has just been made of it. */
export function copyMarks(folio: FolioShape, layout: Layout): Mark[] {
  const from = folio.copyOf === undefined ? undefined : layout.folios.get(folio.copyOf);
  if (from === undefined) return [];
  const { box } = folio;
  const [x, isBelow] = [box.x + 24, from.y < box.y];
  const [start, end] = isBelow ? [from.y + from.height, box.y] : [from.y, box.y + box.height];
  const d = `M ${x} ${start} V ${end}`;
  const tip = isBelow ? -5 : 5;
  return [
    g(`copied ${folio.key}`, { class: "copy-line", "aria-hidden": "true" }, [
      shape("path", "line", { d }),
      shape("path", "tip", { d: `M ${x - 4} ${end + tip} L ${x} ${end} L ${x + 4} ${end + tip}` }),
    ]),
  ];
}
