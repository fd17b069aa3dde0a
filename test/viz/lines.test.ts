// How a caption of a picture is cut into lines: src/viz/scene/picture.ts.

import { expect, test } from "vitest";
import { linesOf } from "../../src/viz/scene/picture.js";

const SENTENCE =
  "client's read gets 0xf0 from slot 0, not the 0x00 that the slot was filled with: pwrite() changed it";

test.each([40, 55, 99, 200])("lines of at most %i letters are few, and about as long", (max) => {
  const lines = linesOf(SENTENCE, max);
  expect(lines.join(" ")).toBe(SENTENCE);
  expect(lines.length).toBe(Math.ceil(SENTENCE.length / max));
  const lengths = lines.map((line) => line.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(max);
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(16);
});

test("a word that is longer than a line is cut", () => {
  expect(linesOf("a".repeat(25), 10)).toEqual(["a".repeat(9), "a".repeat(9), "a".repeat(7)]);
});
