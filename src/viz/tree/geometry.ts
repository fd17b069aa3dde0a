// Where the tree's lines and leaves are drawn.
//
// Interface: drawnOf, Drawn; ROW_PX, leafPath, LOOKS.

import type { Branch, Tree } from "./layout.js";

/** A row is a target for a finger, too. */
export const ROW_PX = 28;
/** Room for the leaf and its label behind the longest row, and before the start. */
const LABEL_PX = 190;
const START_PX = 12;
const CORNER_PX = 6;
const LEAF_PX = 9;

/** A branch with its lines. */
export interface Drawn {
  readonly branch: Branch;
  readonly y: number;
  /** From where it leaves its parent to its end, as the d of a path. */
  readonly line: string;
  readonly leafX: number;
  /** On the way to the current timeline's end: the part of its line that is, as the d of a path. */
  readonly lit: string | undefined;
}

/** The lines of a tree; `current` is lit from the start to its end. */
export function drawnOf(tree: Tree, width: number, current: number): Drawn[] {
  const room = Math.max(60, width - START_PX - LABEL_PX);
  const xOf = (step: number): number => START_PX + (room * step) / tree.steps;
  const yOf = ({ row }: Branch): number => (row + 0.5) * ROW_PX;
  const way = new Map<Branch, number>();
  let branch = tree.branches.find(({ id }) => id === current);
  for (let end = branch?.end ?? 0; branch; end = branch.forkedAt, branch = branch.from)
    way.set(branch, end);
  return tree.branches.map((each) => {
    const lineTo = (step: number): string => lineOf(each, xOf, yOf, step);
    const litTo = way.get(each);
    return {
      branch: each,
      y: yOf(each),
      line: lineTo(each.end),
      leafX: xOf(each.end) + LEAF_PX,
      lit: litTo === undefined ? undefined : lineTo(litTo),
    };
  });
}

/** Down from the parent's row, around a corner, and on to a step. */
function lineOf(
  branch: Branch,
  xOf: (step: number) => number,
  yOf: (branch: Branch) => number,
  step: number,
): string {
  const [x, y] = [xOf(branch.forkedAt), yOf(branch)];
  const above = branch.from ? yOf(branch.from) : y;
  const end = Math.max(xOf(step), x + CORNER_PX);
  if (!branch.from) return `M${x} ${y}H${end}`;
  return `M${x} ${above}V${y - CORNER_PX}q0 ${CORNER_PX} ${CORNER_PX} ${CORNER_PX}H${end}`;
}

/** Looks of outcomes: hues of app.css, each with a shape of its own. */
export const LOOKS = 6;

/** The leaf of an outcome around the origin. */
export function leafPath(outcome: number): string {
  const r = LEAF_PX;
  const shapes = [
    `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
    `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
    `M0 ${-r - 2}l${r + 2} ${r + 2}l${-r - 2} ${r + 2}l${-r - 2} ${-r - 2}z`,
    `M${-r} ${-r}h${2 * r - 4}l6 ${r}l-6 ${r}h${-2 * r + 4}z`,
    `M${-r + 4} ${-r}h${2 * r - 8}l5 ${r}l-5 ${r}h${-2 * r + 8}l-5 ${-r}z`,
    `M${-r} ${r}v${-r}a${r} ${r} 0 0 1 ${2 * r} 0v${r}z`,
  ];
  return shapes[outcome % LOOKS]!;
}
