// A bar of content as marks: one rectangle per run, its value where there is room for it.
//
// Interface: stripMarks, patternDefs, swatchMarks.

import type { Range } from "../origin.js";
import { HOLE_PATTERN, lookOf, runText, type Run, type Strip, type WriterKey } from "../content.js";
import { STRIP_HEIGHT } from "../layout.js";
import { g, moved, shape, text, type Mark, type Pen } from "./mark.js";

/** Where a strip stands, and whose it is. */
export interface StripPlace {
  /** The key of the card that has it. */
  readonly card: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Only seen through a reference: drawn lighter. */
  readonly isGhost?: boolean;
}

/** Runs that are drawn; what is behind them is too fine to be seen. */
export const RUNS_MAX = 48;
/** Width of a letter of a value. */
const LETTER = 7.6;
const height = STRIP_HEIGHT;

/** The bar. */
export function stripMarks(strip: Strip, place: StripPlace, pen: Pen): Mark[] {
  const { card, x, y, width } = place;
  const runs = strip.runs.slice(0, RUNS_MAX);
  const lit = pen.lit.get(card);
  const filled = runs.flatMap((run, i) => runMarks(run, i, place, pen));
  const above = [
    shape("rect", "frame", { class: "frame", width, height, rx: 3 }),
    ...runs.flatMap((run, i) => valueMarks(run, i, width)),
    ...(typeof lit === "object" ? [litMark(lit, width)] : []),
    ...(pen.isLive ? runs.map((run, i) => hitMark(run, `${card}/${i}`, width, pen)) : []),
  ];
  return [g("runs", {}, moved(filled, x, y)), ...moved(above, x, y)];
}

/** No opacity of the whole: a browser would paint it as a layer of its own. */
function runMarks(run: Run, i: number, { width, isGhost }: StripPlace, pen: Pen): Mark[] {
  const [x, size] = [run.from * width, run.size * width];
  const { hue, pattern } = lookOf(run.writer);
  const place = { x, width: size, height };
  const colour = isGhost
    ? `color-mix(in srgb, var(--${hue}) 60%, var(--surface))`
    : `var(--${hue})`;
  const fill = { class: "run", style: `fill: ${colour}` };
  const base = shape("rect", `fill ${i}`, { ...place, ...fill });
  if (pattern === undefined) return [base];
  const tile = {
    fill: `url(#${pen.stage}-tile-${pattern})`,
    ...(isGhost && { "fill-opacity": 0.6 }),
  };
  const over = shape("rect", `tile ${i}`, { ...place, ...tile });
  const plate = run.text.length * LETTER + 14;
  if (size <= plate) return [base, over];
  const middle = { x: x + (size - plate) / 2, width: plate, height };
  return [base, over, shape("rect", `plate ${i}`, { ...middle, ...fill })];
}

function valueMarks(run: Run, i: number, width: number): Mark[] {
  const [x, size] = [run.from * width, run.size * width];
  const marks: Mark[] = [];
  if (size >= run.text.length * LETTER + 4)
    marks.push(text(`value ${i}`, x + size / 2, height / 2 + 4.5, "value", run.text));
  if (run.differs) {
    const inner = { x: x + 1, y: 1, width: Math.max(0, size - 2), height: height - 2, rx: 2 };
    marks.push(shape("rect", `differs ${i}`, { class: "differs", ...inner }));
  }
  return marks;
}

const litMark = ({ from, size }: Range, width: number): Mark =>
  shape("rect", "lit", {
    class: "lit-cells",
    x: from * width - 1,
    y: -3,
    width: Math.max(4, size * width + 2),
    height: height + 6,
    rx: 4,
  });

/** What is pressed: a run of its own. */
function hitMark(run: Run, key: string, width: number, pen: Pen): Mark {
  return shape("rect", `hit ${key}`, {
    class: "hit",
    x: run.from * width,
    width: run.size * width,
    height,
    role: "button",
    tabindex: pen.active === key ? 0 : -1,
    "aria-label": `${runText(run)}, written by ${run.who}`,
    "data-key": key,
    "data-term": "run",
  });
}

/** The tiles of the patterns: those of the calls, then that of holes. */
const TILES = [
  "M-1 1 l2 -2 M0 6 l6 -6 M5 7 l2 -2",
  "M3 0 v6",
  "M-1 5 l2 2 M0 0 l6 6 M5 -1 l2 2",
  "M0 3 h6",
  "M0 3 h6 M3 0 v6",
  "M1 3 l2 -2 l2 2 l-2 2 z",
  "M0 1.5 h6 M0 4.5 h6",
  "M0 0 l3 6 l3 -6",
  "M3 2.2 a0.8 0.8 0 1 0 0.01 0 z",
];

/** The patterns, so that colour is never alone: all of them, or one. */
export const patternDefs = (stage: string, only?: number): Mark => ({
  tag: "defs",
  key: "patterns",
  attrs: {},
  marks: TILES.map((d, i) => tile(`${stage}-tile-${i}`, i, d)).filter(
    (_, i) => only === undefined || only === i,
  ),
});

const tile = (id: string, i: number, d: string): Mark => ({
  tag: "pattern",
  key: id,
  attrs: { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
  marks: [shape("path", "tile", { class: i === HOLE_PATTERN ? "tile hole" : "tile", d })],
});

/** A small square in the look of a writer. */
export function swatchMarks(look: WriterKey, id: string): Mark[] {
  const { hue, pattern } = lookOf(look);
  const size = { width: 12, height: 12, rx: 2 };
  return [
    ...(pattern === undefined ? [] : [patternDefs(id, pattern)]),
    shape("rect", "fill", { ...size, style: `fill: var(--${hue})` }),
    ...(pattern === undefined
      ? []
      : [shape("rect", "tile", { ...size, fill: `url(#${id}-tile-${pattern})` })]),
    shape("rect", "edge", { class: "frame", x: 0.5, y: 0.5, width: 11, height: 11, rx: 2 }),
  ];
}
