// The grammar, case by case: texts and their trees in scenarios.txt.

import { readFileSync } from "node:fs";
import { fileTests } from "@lezer/generator/test";
import { describe, test } from "vitest";
import { parser } from "../../build/grammar/parser.js";

const FILE = new URL("scenarios.txt", import.meta.url);

describe("grammar", () => {
  for (const each of fileTests(readFileSync(FILE, "utf8"), "scenarios.txt"))
    test(each.name, () => {
      each.run(parser);
    });
});
