// Texts with a mistake each, for the tests of diagnostics.
//
// Interface: Case, inThread, asked, declared, checkCases.

import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/index.js";

/** A text, and line:column, message and remedy of its first diagnostic. */
export type Case = [text: string, place: string, message: string, remedy: string];

/** A scenario whose body of one thread begins in column 3 of line 6, behind f, p and an open file. */
export const inThread = (line: string): string =>
  `litmus x\nfile f = 0x01 * 4096\npipe p\nthread a {\n  fd = open("g", O_RDWR | O_CREAT, 0600)\n  ${line}\n}\n`;
/** A question, in line 9. */
export const asked = (line: string): string =>
  `litmus x\nfile f\npipe p\nthread a {\n  s: r = read(p.r, 8)\n  n = poll(p.r, POLLIN, 0)\n  l: close(f)\n}\n${line}\n`;
/** A declaration, in line 3. */
export const declared = (line: string): string => `litmus x\nfile f\n${line}\nthread a {}\n`;

/** One test for each case. */
export function checkCases(kind: string, cases: readonly Case[]): void {
  describe(kind, () => {
    for (const [text, place, message, remedy] of cases)
      test(`${message.slice(0, 60)}: ${text.slice(0, 400).split("\n")[5] ?? ""}`, () => {
        const { program, diagnostics } = parseProgram(text);
        const [first] = diagnostics;
        expect(program).toBeUndefined();
        expect(first?.severity).toBe("error");
        expect(`${first?.line}:${first?.column}`).toBe(place);
        expect(first?.message).toBe(message);
        expect(first?.remedy).toBe(remedy);
      });
  });
}
