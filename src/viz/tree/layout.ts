// The tree of timelines: a row for each, which leaves its parent's row at the step where it was forked.
//
// Interface: treeOf, TimelineView, Tree, Branch; letterOf, nameOf.
// Rows stand in an order in which no line crosses another: below a timeline come those forked from it, the latest fork first,
// each with its own below. A new timeline is put in between; the others keep their order, and those below it go one row down.
// One that was played from the start, or whose parent is forgotten, leaves the one before it with which it has the most
// steps in common.

/** A timeline, as the tree needs it. */
export interface TimelineView {
  readonly id: number;
  readonly parent?: number;
  /** Steps that it has in common with its parent. */
  readonly forkedAt: number;
  readonly schedule: readonly number[];
  readonly outcomeKey: string;
  /** What its outcome is, in a word or two. */
  readonly label: string;
}

/** A timeline in the tree. */
export interface Branch {
  readonly id: number;
  readonly timeline: TimelineView;
  /** The branch that it leaves; undefined for one that begins at the start. */
  readonly from: Branch | undefined;
  readonly row: number;
  /** Steps: where it leaves, and where it ends. */
  readonly forkedAt: number;
  readonly end: number;
  /** The place of its outcome among all, in the order in which they came: its letter, look and shape. */
  readonly outcome: number;
}

/** All timelines. */
export interface Tree {
  /** In the order of their rows. */
  readonly branches: readonly Branch[];
  /** Steps that the widest row has room for. */
  readonly steps: number;
}

/** The scale changes only when a timeline is longer than the next multiple of this. */
const STEPS_GRAIN = 16;

/** The tree of timelines, which are given in the order in which they were made. */
export function treeOf(given: readonly TimelineView[]): Tree {
  const timelines = given.map((each, place) => adopted(each, given.slice(0, place)));
  const outcomes = [...new Set(timelines.map(({ outcomeKey }) => outcomeKey))];
  const byId = new Map(timelines.map((each) => [each.id, each]));
  const children = new Map<number | undefined, TimelineView[]>();
  for (const each of timelines) {
    const parent = parentOf(each, byId)?.id;
    children.set(parent, [...(children.get(parent) ?? []), each]);
  }
  const branches: Branch[] = [];
  const put = (timeline: TimelineView, from: Branch | undefined): void => {
    const branch = {
      id: timeline.id,
      timeline,
      from,
      row: branches.length,
      forkedAt: from === undefined ? 0 : timeline.forkedAt,
      end: timeline.schedule.length,
      outcome: outcomes.indexOf(timeline.outcomeKey),
    };
    branches.push(branch);
    const below = [...(children.get(timeline.id) ?? [])];
    below.sort((a, b) => b.forkedAt - a.forkedAt || a.id - b.id);
    for (const child of below) put(child, branch);
  };
  for (const root of children.get(undefined) ?? []) put(root, undefined);
  const longest = Math.max(1, ...branches.map(({ end }) => end));
  return { branches, steps: Math.ceil(longest / STEPS_GRAIN) * STEPS_GRAIN };
}

/** A timeline with a parent among those that were made before it, as far as one has a step in common with it. */
function adopted(timeline: TimelineView, before: readonly TimelineView[]): TimelineView {
  if (before.some(({ id }) => id === timeline.parent)) return timeline;
  let best = { ...timeline, forkedAt: 0 };
  for (const { id, schedule } of before) {
    const common = commonSteps(timeline.schedule, schedule);
    if (common > best.forkedAt) best = { ...timeline, parent: id, forkedAt: common };
  }
  return best;
}

function commonSteps(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((action, step) => action !== b[step]);
  return differs < 0 ? a.length : differs;
}

/** The timeline that another leaves: where it was forked before its parent left its own, that one. */
function parentOf(
  timeline: TimelineView,
  byId: ReadonlyMap<number, TimelineView>,
): TimelineView | undefined {
  const parentIn = ({ parent }: TimelineView): TimelineView | undefined =>
    parent === undefined ? undefined : byId.get(parent);
  let parent = parentIn(timeline);
  while (parent && parentIn(parent) && timeline.forkedAt < parent.forkedAt)
    parent = parentIn(parent);
  return parent;
}

/** "A", "B", … "Z", "A2", …: an outcome by its place. */
export const letterOf = (outcome: number): string => {
  const turn = Math.floor(outcome / 26);
  return String.fromCharCode(65 + (outcome % 26)) + (turn === 0 ? "" : `${turn + 1}`);
};

/** What a branch is called. */
export function nameOf({ id, from, forkedAt, end, outcome, timeline }: Branch): string {
  const whence =
    from === undefined
      ? "from the start"
      : `forked from timeline ${from.id + 1} after step ${forkedAt}`;
  return `timeline ${id + 1}, ${whence}, ${end} steps, outcome ${letterOf(outcome)}: ${timeline.label}`;
}
