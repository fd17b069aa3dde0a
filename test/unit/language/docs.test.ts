// docs/language.md: its scenarios are right, and its table of calls is the one of the code.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { callTable, formatText, parseProgram } from "../../../src/language/index.js";

const DOCS = readFileSync(new URL("../../../docs/language.md", import.meta.url), "utf8");
const BLOCKS = [...DOCS.matchAll(/```litmus\n([^]*?)```/g)].map((match) => match[1]!);
const TABLE = /<!-- calls:.*-->\n([^]*)<!-- end of calls -->/.exec(DOCS)?.[1];

describe("docs/language.md", () => {
  test("has its scenarios", () => {
    expect(BLOCKS).toHaveLength(20);
  });

  for (const block of BLOCKS)
    test(/litmus \S+/.exec(block)![0], () => {
      const { program, diagnostics } = parseProgram(block);
      expect(diagnostics).toEqual([]);
      const formatted = formatText(block).text!;
      expect(parseProgram(formatted).program).toStrictEqual(program);
      // Only what strace printed is not in the usual form.
      if (program!.name === "strace")
        expect(formatted).toContain("  splice(3, 0, 5, NULL, 8192, 0) = -1 EAGAIN\n");
      else expect(formatted).toBe(block);
    });

  test("lists the calls as they are (npx tsx tools/update-language-docs.ts brings it up to date)", () => {
    expect(TABLE).toBe(`\n${callTable()}\n\n`);
  });
});
