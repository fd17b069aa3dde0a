// What people read: tables and counted nouns.
//
// Interface: columns, plural. Calls and their results: src/report/call-text.ts.

export { plural } from "../trace/amounts.js";

/** Rows of cells as lines with aligned columns. */
export function columns(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]! + gap)))
      .join("")
      .trimEnd(),
  );
}
