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
import { RUNS_FACTOR, SEED } from "../../seed.js";

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const TEXTS = [
  read("litmus/mail.litmus"),
  read("litmus/mail-ordered.litmus"),
  read("litmus/mail-race.litmus"),
  ...[...read("docs/language.md").matchAll(/```litmus\n([^]*?)```/g)].map((match) => match[1]!),
];
const WORDS =
  'litmus file pipe thread after exists ~ forall filter locations [ ] hole hex "00" not snapshot true NULL folio order size { } ( ) , ; : . = != /\\ \\/ | + * # 0x1f -1 4096 9223372036854775807 <x> => "text" " a p p.r p.w f a:s s: n= read( splice( pipe2(q,0) open(".",O_RDWR|O_TMPFILE) \n \u0000 é \ud800'.split(
    " ",
  );

/** A small generator of numbers: mulberry32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) % below;
  };
}

/** Cuts, doubles, swaps and replaces stretches of a text. */
function mutate(text: string, random: (below: number) => number): string {
  for (let edits = 1 + random(4); edits > 0; edits--) {
    const from = random(text.length + 1);
    const to = Math.min(text.length, from + random(12));
    const word = WORDS[random(WORDS.length)]!;
    const middle = ["", word, ` ${word} `, text.slice(from, to).repeat(2)][random(4)]!;
    text = text.slice(0, from) + middle + text.slice(to);
  }
  return text;
}

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
  const random = randomFrom(SEED);
  let usable = 0;
  const cases = 1500 * RUNS_FACTOR;
  for (let i = 0; i < cases; i++) {
    const text = mutate(TEXTS[random(TEXTS.length)]!, random);
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
  const random = randomFrom(SEED + 1);
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
