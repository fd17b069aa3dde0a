// The outcome table: herd's lines of `States`, side by side for the models that were asked.
//
// Interface: tableOf, OutcomeTable, Row, Cell, Side.
// A place that shows the same in every line is no column; it is told once, above.

import type { Observed } from "../../compare/observe.js";
import { statesOf } from "../../compare/states.js";
import type { Sign, StatesLine } from "../../compare/states.js";
import type { Finding } from "./protocol.js";

/** What one model allows. */
export interface Side {
  readonly findings: readonly Finding[];
  /** Whether what is not there cannot be: the search was complete. */
  readonly complete: boolean;
}

/** A line under one model. */
export interface Cell {
  /** The one with the cheapest witness. */
  readonly best: Finding;
  /** Outcomes that show the same, and the runs of a sample that had one of them. */
  readonly outcomes: number;
  readonly drawn: number;
}

/** A line of the table. */
export interface Row {
  readonly shows: string;
  /** One value per column; undefined where the outcome shows none. */
  readonly values: readonly (string | undefined)[];
  /** What it shows of the whole. */
  readonly remarks: readonly string[];
  readonly sign: Sign;
  /** One per side; undefined where the model does not allow it, or was not seen to. */
  readonly cells: readonly (Cell | undefined)[];
  /** The side that alone allows it, and whether that is proven; where there are several sides. */
  readonly only?: { readonly side: number; readonly proven: boolean };
}

/** The whole table. */
export interface OutcomeTable {
  readonly constant: readonly Observed[];
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** The table of one model or several. */
export function tableOf(sides: readonly Side[]): OutcomeTable {
  const all = sides.flatMap(({ findings }) => findings);
  const { constant, columns } = placesOf(all);
  const lines = sides.map(
    ({ findings }) =>
      new Map(statesOf(findings, ({ counts }) => counts).map((line) => [line.shows, line])),
  );
  const rows = statesOf(all, ({ counts }) => counts).map(({ shows, members, sign }): Row => {
    const { parts } = members[0]!;
    const cells = lines.map((each) => cellOf(each.get(shows)));
    return { shows, ...partsIn(parts, columns), sign, cells, ...onlyOf(sides, cells) };
  });
  return { constant, columns, rows };
}

/** Places in the order of the text: those that always show the same, and the others. */
function placesOf(all: readonly Finding[]): Pick<OutcomeTable, "constant" | "columns"> {
  const values = new Map<string, Set<string>>();
  const times = new Map<string, number>();
  for (const { parts } of all)
    for (const { place, value } of parts) {
      if (place === undefined) continue;
      values.set(place, (values.get(place) ?? new Set()).add(value));
      times.set(place, (times.get(place) ?? 0) + 1);
    }
  const places = [...values];
  const isConstant = ([place, shown]: (typeof places)[number]): boolean =>
    all.length > 1 && shown.size === 1 && times.get(place) === all.length;
  return {
    constant: places.filter(isConstant).map(([place, [value]]) => ({ place, value: value! })),
    columns: places.filter((each) => !isConstant(each)).map(([place]) => place),
  };
}

const partsIn = (parts: readonly Observed[], columns: readonly string[]) => ({
  values: columns.map((column) => parts.find(({ place }) => place === column)?.value),
  remarks: parts.flatMap(({ place, value }) => (place === undefined ? [value] : [])),
});

function cellOf(line: StatesLine<Finding> | undefined): Cell | undefined {
  if (line === undefined) return undefined;
  return {
    best: [...line.members].sort(byPrice)[0]!,
    outcomes: line.members.length,
    drawn: line.members.reduce((sum, { drawn }) => sum + (drawn ?? 0), 0),
  };
}

/** Fewer preemptions first, then fewer steps; what has no witness last. */
function byPrice({ witness: a }: Finding, { witness: b }: Finding): number {
  if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
  return a.preemptions - b.preemptions || a.schedule.length - b.schedule.length;
}

function onlyOf(sides: readonly Side[], cells: readonly (Cell | undefined)[]): Pick<Row, "only"> {
  const having = cells.flatMap((cell, side) => (cell === undefined ? [] : [side]));
  const [side] = having;
  if (sides.length < 2 || side === undefined || having.length > 1) return {};
  return { only: { side, proven: sides.every(({ complete }, nth) => complete || nth === side) } };
}
