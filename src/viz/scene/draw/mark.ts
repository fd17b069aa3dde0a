// A drawing as data: the marks of an SVG, which the page keeps up to date and the command line prints.
//
// Interface: Mark, g, svg, shape, text, tspan, at, moved; Pen, once.

import type { Lit } from "../origin.js";

/** An element of an SVG. */
export interface Mark {
  readonly tag: string;
  /** Who it is among its siblings, for as long as it is there. */
  readonly key: string;
  readonly attrs: Attrs;
  readonly text?: string;
  readonly marks?: readonly Mark[];
}

/** Attributes; undefined ones are left out. */
export type Attrs = Readonly<Record<string, string | number | undefined>>;

/** How a stage is drawn. */
export interface Pen {
  /** Makes the ids of its patterns unique in the document. */
  readonly stage: string;
  /** Whether elements can be focused and pressed; a still picture has no use for it. */
  readonly isLive: boolean;
  /** What a selection lights up. */
  readonly lit: Lit;
  /** The key of the element that Tab leads to. */
  readonly active?: string;
}

export const g = (key: string, attrs: Attrs, marks: readonly Mark[]): Mark => ({
  tag: "g",
  key,
  attrs,
  marks,
});

/** A drawing of its own: a browser lays it out and paints it without the others. */
export const svg = (key: string, attrs: Attrs, marks: readonly Mark[]): Mark => ({
  tag: "svg",
  key,
  attrs,
  marks,
});

export const text = (
  key: string,
  x: number,
  y: number,
  className: string,
  content: string,
): Mark => ({ tag: "text", key, attrs: { class: className, x, y }, text: content });

export const tspan = (key: string, className: string, content: string): Mark => ({
  tag: "tspan",
  key,
  attrs: { class: className },
  text: content,
});

export const shape = (tag: string, key: string, attrs: Attrs): Mark => ({ tag, key, attrs });

/** A group that stands at a place. */
export const at = (x: number, y: number): string => `translate(${x} ${y})`;

/** Rectangles and texts at another place: cheaper to draw than a group that stands there. */
export const moved = (marks: readonly Mark[], dx: number, dy: number): Mark[] =>
  marks.map((mark) => {
    const { x = 0, y = 0 } = mark.attrs;
    return { ...mark, attrs: { ...mark.attrs, x: Number(x) + dx, y: Number(y) + dy } };
  });

interface Kept {
  readonly mark: Mark;
  readonly pen: Pen;
}

/** Marks by what they show, in one layout: most of it looks as at the moment before (scene/keep.ts). */
const drawn = new WeakMap<object, Kept>();

/** The mark of what `shown` is, drawn once unless something lights it up or Tab leads to it. */
export function once(shown: object & { readonly key?: string }, pen: Pen, draw: () => Mark): Mark {
  const isActive = shown.key !== undefined && pen.active?.split("/")[0] === shown.key;
  if (pen.lit.size > 0 || isActive) return draw();
  const known = drawn.get(shown);
  if (known?.pen.stage === pen.stage && known.pen.isLive === pen.isLive) return known.mark;
  const mark = draw();
  drawn.set(shown, { mark, pen });
  return mark;
}
