// What of a stage is out of sight, above or below the stretch of it that is seen: what a step changed there, and its parts.
//
// Interface: Stretch, Beyond, changedIn, beyondOf. Heights are pixels of the stage.

import type { StageElement } from "./elements.js";
import type { Layout } from "./layout.js";
import type { Term } from "./terms.js";

/** The part of a stage's height that is seen. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What to say of a side that is not seen, and the height that shows it. */
export interface Beyond {
  readonly text: string;
  readonly y: number;
  /** Whether something has changed there. */
  readonly changed: boolean;
}

/** What is cut off by less than this is seen well enough. */
const CUT_MAX = 24;

/** Headings change with what stands below them, which tells more. */
const HEADINGS: ReadonlySet<Term> = new Set(["file", "mapping", "pipe", "socket"]);

type Elements = readonly StageElement[];

/** The cards, rows and headings out of sight that are another thing now; those with content first, then by height. */
export function changedIn(before: Elements, after: Elements, seen: Stretch): Elements {
  const isOut = ({ box, card }: StageElement): boolean =>
    card === undefined && (isAbove(box, seen) || isBelow(box, seen));
  const known = new Map(before.filter(isOut).map((each) => [each.key, each]));
  const isOther = ({ key, label, detail }: StageElement): boolean => {
    const old = known.get(key);
    return old?.label !== label || old.detail !== detail;
  };
  const rank = ({ term, box }: StageElement): number => (HEADINGS.has(term) ? 1e9 : 0) + box.y;
  return after.filter((each) => isOut(each) && isOther(each)).sort((a, b) => rank(a) - rank(b));
}

type Box = StageElement["box"];
const isAbove = ({ y, height }: Box, { from }: Stretch): boolean => y + height / 2 < from;
const isBelow = ({ y, height }: Box, { to }: Stretch): boolean => y + height / 2 > to;

/** What is to be said of both sides; of what is above only where something has changed there. */
export function beyondOf(
  layout: Pick<Layout, "height" | "titles">,
  changed: Elements,
  seen: Stretch,
): { readonly above?: Beyond; readonly below?: Beyond } {
  const above = toldOf(changed.filter(({ box }) => isAbove(box, seen)));
  const below =
    toldOf(changed.filter(({ box }) => isBelow(box, seen))) ??
    (layout.height - seen.to > CUT_MAX ? partsBelow(layout, seen) : undefined);
  return { ...(above && { above }), ...(below && { below }) };
}

function toldOf([first, ...others]: Elements): Beyond | undefined {
  if (first === undefined) return undefined;
  const cards = others.filter(({ term }) => !HEADINGS.has(term)).length;
  const more = cards === 0 ? "" : `, and ${cards} more`;
  return { text: `${first.label}${more}`, y: middle(first.box), changed: true };
}

/** The headings below, or that there is more of what is seen. */
function partsBelow(
  { height, titles }: Pick<Layout, "height" | "titles">,
  { to }: Stretch,
): Beyond {
  const hidden = titles.filter(({ box }) => middle(box) > to);
  const names = [...new Set(hidden.map(({ text }) => text))];
  const [first] = hidden;
  const y = first === undefined ? height : first.box.y + first.box.height;
  return { text: names.length === 0 ? "more" : names.join(", "), y, changed: false };
}

const middle = ({ y, height }: Box): number => y + height / 2;
