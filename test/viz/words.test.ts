// A model's words as toggles: src/viz/models/words.ts.

import { expect, test } from "vitest";
import { changed, TABLES, wordsOf, type Kind } from "../../src/viz/models/words.js";

test("a changed word is spelled the shortest way, and a named row by its name", () => {
  expect(changed("policy", "cow", "truncate", "zero")).toBe("cow,truncate=zero");
  expect(changed("policy", "cow", "lock", "no")).toBe("cow-nolock");
  expect(changed("policy", "cow,truncate=zero", "truncate", "replace")).toBe("cow");
});

test.each(["profile", "policy"] as const)(
  "every %s can be spelled from its words",
  (kind: Kind) => {
    for (const { name, word } of TABLES[kind].rows)
      for (const { name: option, value } of wordsOf(kind, name))
        expect(TABLES[kind].parse(changed(kind, name, option, value)).word).toBe(word);
  },
);
