// Any text gives diagnostics or a program, never a throw, in little time.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  boundsOf,
  emptySession,
  formatText,
  gridOf,
  parseCall,
  parseProgram,
  printProgram,
  renderDiagnostic,
} from "../../../src/language/index.js";
import { WORDS, damageText } from "../../helpers/damage.js";
import { numbersBelow } from "../../helpers/numbers.js";
import { RUNS_FACTOR, SEED } from "../../seed.js";

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const TEXTS = [
  read("litmus/mail.litmus"),
  read("litmus/mail-ordered.litmus"),
  read("litmus/mail-race.litmus"),
  ...[...read("docs/language.md").matchAll(/```litmus\n([^]*?)```/g)].map((match) => match[1]!),
];
/** Everything that the language does with a text. */
function exercise(text: string): void {
  const { program, diagnostics } = parseProgram(text);
  for (const diagnostic of diagnostics) {
    expect(diagnostic.from).toBeLessThanOrEqual(diagnostic.to);
    expect(diagnostic.to).toBeLessThanOrEqual(text.length);
    renderDiagnostic(diagnostic, text, "x");
  }
  expect(diagnostics.some((each) => each.severity === "error")).toBe(program === undefined);
  const formatted = formatText(text).text;
  if (formatted !== undefined) expect(formatText(formatted).text).toBe(formatted);
  parseCall(text, emptySession);
  if (program === undefined) return;
  gridOf(program);
  boundsOf(program);
  expect(parseProgram(printProgram(program)).program).toStrictEqual(program);
  if (formatted !== undefined) expect(parseProgram(formatted).program).toStrictEqual(program);
}

test(`mutated scenarios, seed ${SEED}`, () => {
  const random = numbersBelow(SEED);
  let usable = 0;
  const cases = 1500 * RUNS_FACTOR;
  for (let i = 0; i < cases; i++) {
    const text = damageText(TEXTS[random(TEXTS.length)]!, random);
    try {
      exercise(text);
    } catch (error) {
      throw new Error(`case ${i} of seed ${SEED}:\n${text}`, { cause: error });
    }
    if (parseProgram(text).program !== undefined) usable++;
  }
  // Both sides of the line are tried.
  expect(usable).toBeGreaterThan(cases / 50);
  expect(usable).toBeLessThan(cases);
});

test(`texts of random words, seed ${SEED}`, () => {
  const random = numbersBelow(SEED + 1);
  for (let i = 0; i < 500 * RUNS_FACTOR; i++)
    exercise(Array.from({ length: random(60) }, () => WORDS[random(WORDS.length)]!).join(" "));
});

describe("the same few characters, 64 KiB of them", () => {
  const PATTERNS = [
    "(",
    "{",
    "thread a {",
    "read(",
    "not ",
    "$",
    "a",
    '"',
    '"\\',
    "3<",
    "-1 EA (",
    "p q ",
    "0x",
    "9",
  ];
  for (const pattern of PATTERNS)
    test(JSON.stringify(pattern), () => {
      const text = `litmus x\nfile f = ${pattern.repeat(65536)}`.slice(0, 65536);
      expect(parseProgram(text).diagnostics.length).toBeGreaterThan(0);
      expect(parseProgram(`litmus x\nforall ${text.slice(18)}`).diagnostics.length).toBeGreaterThan(
        0,
      );
    });
});
