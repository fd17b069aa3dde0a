// Moving through the outcome table by keys: from one outcome that can be played to the next.
//
// Interface: moved, settled, Spot.

import type { Row } from "./table.js";

/** A line, and the model under which it is played. */
export interface Spot {
  readonly row: number;
  readonly side: number;
}

/** The spot itself, or the first that has an outcome, where it has none. */
export function settled(spot: Spot, rows: readonly Pick<Row, "cells">[]): Spot | undefined {
  if (rows[spot.row]?.cells[spot.side] !== undefined) return spot;
  const row = rows.findIndex(({ cells }) => cells.some((cell) => cell !== undefined));
  const side = rows[row]?.cells.findIndex((cell) => cell !== undefined);
  return side === undefined ? undefined : { row, side };
}

/** Where a key leads; undefined where it is no key of the table, or leads nowhere. */
export function moved(
  key: string,
  { row, side }: Spot,
  rows: readonly Pick<Row, "cells">[],
): Spot | undefined {
  const has = (spot: Spot): boolean => rows[spot.row]?.cells[spot.side] !== undefined;
  const among = (spots: readonly Spot[]): Spot | undefined => spots.find(has);
  const inColumn = rows.map((_, nth) => ({ row: nth, side }));
  const inRow = (rows[row]?.cells ?? []).map((_, nth) => ({ row, side: nth }));
  switch (key) {
    case "ArrowDown":
      return among(inColumn.slice(row + 1));
    case "ArrowUp":
      return among(inColumn.slice(0, row).reverse());
    case "ArrowRight":
      return among(inRow.slice(side + 1));
    case "ArrowLeft":
      return among(inRow.slice(0, side).reverse());
    case "Home":
      return among(inColumn);
    case "End":
      return among([...inColumn].reverse());
    default:
      return undefined;
  }
}
