// A folio's card as marks: content, reference count with its holders, flags, the mark, the lock.
//
// Interface: folioMarks, copyMarks.

import type { FolioShape, HolderKind } from "../folios.js";
import type { Layout } from "../layout.js";
import { STRIP_TOP } from "../layout.js";
import { fitText } from "../moment.js";
import { cardMark, LETTER, outline } from "./card.js";
import { g, shape, text, tspan, type Mark, type Pen } from "./mark.js";
import { stripMarks } from "./strip.js";

/** Room for the mark and its count in the foot. */
const FLAG_ROOM = 40;
/** The word in front of the count of references, where there is room for it. */
const WORD_ROOM = 28;
const WORD_WIDTH_MIN = 150;
const FLAG = 10;
const SPACE = 6;
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
    ...headMarks(folio, width, hasFoot),
    ...stripMarks(strip, { card: key, x: 10, y: STRIP_TOP, width: width - 20 }, pen),
    ...(hasFoot ? [noteMark(folio, width)] : []),
    ...(hasFoot && folio.marked ? [flagMark(folio, width - 10, 62, true)] : []),
  ]);
}

const fullLabel = ({ note, lock, marked }: FolioShape, label: string): string =>
  [label, note, ...(marked ? ["marked"] : []), ...(lock === "" ? [] : [`locked by ${lock}`])].join(
    "; ",
  );

/** From the right: the count of references, the mark where there is no foot, dots; the title gets the rest. */
function headMarks(folio: FolioShape, width: number, hasFoot: boolean): Mark[] {
  const { refs, outside, marked, title } = folio;
  const hasWord = width >= WORD_WIDTH_MIN;
  const refsMark: Mark = {
    tag: "text",
    key: "refs",
    attrs: { class: "name end", x: width - 10, y: 18 },
    marks: [
      ...(hasWord ? [tspan("word", "note", "refs ")] : []),
      tspan("count", "name", `${refs}`),
    ],
  };
  const titleEnd = 10 + title.length * LETTER.mono + SPACE;
  let right = width - 10 - `${refs}`.length * LETTER.mono - (hasWord ? WORD_ROOM : 0) - SPACE;
  const flags: Mark[] = [];
  if (marked && !hasFoot) {
    const count = outside > 0 ? `${outside}`.length * LETTER.mono + 2 : 0;
    const hasCount = right - FLAG - count > titleEnd;
    flags.push(flagMark(folio, right, 14, hasCount));
    right -= FLAG + (hasCount ? count : 0) + SPACE;
  }
  const named = fitText(title, right - 10, LETTER.mono);
  return [text("title", 10, 18, "name", named), refsMark, ...flags, pips(folio, right, titleEnd)];
}

/** A dot for each reference, as long as there is room. */
function pips({ holders }: FolioShape, right: number, titleEnd: number): Mark {
  const room = Math.min(PIPS_MAX, Math.floor((right - titleEnd) / PIP));
  const shown: HolderKind[] = [];
  for (const { kind, refs } of holders)
    for (let i = 0; i < refs && shown.length < room; i++) shown.push(kind);
  return g(
    "pips",
    { "aria-hidden": "true" },
    shown.map((kind, i) =>
      shape("circle", `pip ${i}`, {
        class: `pip ${kind}`,
        cx: right - PIP * i - 4,
        cy: 13.5,
        r: 2.75,
      }),
    ),
  );
}

function noteMark({ lock, note, marked, copyOf }: FolioShape, width: number): Mark {
  const words = lock === "" ? note : `locked by ${lock}`;
  const room = width - 20 - (marked ? FLAG_ROOM : 0);
  const look = lock === "" && copyOf === undefined ? "note" : "lock";
  return text("note", 10, 66, look, fitText(words, room, LETTER.sans));
}

/** The policy's mark, with the count where there is one and room for it; it ends at a place. */
function flagMark({ outside }: FolioShape, right: number, y: number, hasCount: boolean): Mark {
  const label = outside > 0 ? `marked: ${outside} outside` : "marked";
  const isCounted = hasCount && outside > 0;
  const left = right - FLAG - (isCounted ? `${outside}`.length * LETTER.mono + 2 : 0);
  const d = `M${left} ${y + 6} v-11 l10 3.2 l-10 3.6`;
  return g("mark", { role: "img", "aria-label": label }, [
    shape("path", "flag", { class: "flag", d }),
    ...(isCounted ? [text("count", right, y + 4, "flag end", `${outside}`)] : []),
  ]);
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
