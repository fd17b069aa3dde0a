// The names of steps: src/model/views/world.ts has one for each line of assembly/sched/line.ts.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PHASES } from "../../../src/model/views/world.js";

test("every line has a name", () => {
  const text = readFileSync("assembly/sched/line.ts", "utf8");
  const lines = [...text.matchAll(/^export const (LINE_\w+): u8 = (\d+);/gm)];
  expect(lines.length).toBeGreaterThan(30);
  const unnamed = lines.filter(([, , line]) => (PHASES[Number(line)] ?? "") === "");
  expect(unnamed.map(([, name]) => name)).toEqual([]);
});
