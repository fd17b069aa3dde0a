// What the editor knows of a text, without a browser: cards, mistakes and their repair, indentation,
// folds, the cursor after formatting, colours.

import { foldable, getIndentation } from "@codemirror/language";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatText } from "../../../src/language/format.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { SYSCALL_NAMES, syscallRow } from "../../../src/language/syscalls.js";
import { callCard, cardAt, paramDoc } from "../../../src/viz/editor/describe.js";
import { fixOf } from "../../../src/viz/editor/mistakes.js";
import { callSiteAt } from "../../../src/viz/editor/site.js";
import { SYNTAX } from "../../../src/viz/editor/theme.js";
import { caretIn } from "../../../src/viz/editor/tidy.js";
import { stateAt, treeOf, withCursor } from "./cursor.js";

const MAIL = readFileSync("litmus/mail-ordered.litmus", "utf8");

/** The card at `|`, in one line. */
function told(marked: string): string | undefined {
  const state = stateAt(marked);
  const found = cardAt(treeOf(state), state.doc.toString(), state.selection.main.head);
  if (found === undefined) return undefined;
  const { card } = found;
  return card.kind === "call" ? `call ${card.name}` : `${card.title}: ${card.doc}`;
}

describe("cards", () => {
  test.each([
    [MAIL.replace("splice(f", "spl|ice(f"), "call splice"],
    [MAIL.replace("p.w", "|p.w"), "p: a pipe, line 5; p.r, p.w"],
    [MAIL.replace("p.w", "p.|w"), "p: a pipe, line 5; p.r, p.w"],
    [MAIL.replace("pwrite(f", "pwrite(|f"), "f: a file, line 4"],
    [MAIL.replace("after client:s", "after client:|s"), "s: a label of splice(), line 8"],
    [MAIL.replace("after client", "after |client"), "client: a thread, line 7"],
    [MAIL.replace("client:b", "client:|b"), "b: a register of read(), line 10"],
    [
      MAIL.replace("NULL", "NU|LL"),
      "NULL: no pointer: the file position counts, or the kernel chooses",
    ],
    [MAIL.replace("hole", "|hole"), "hole: bytes that were never written"],
    [MAIL.replace("8192, 0)", "8192, |SPLICE_F_GIFT)"), "SPLICE_F_GIFT: 8, flags of splice()"],
    [MAIL.replace("= 8192", "= -1 |EAGAIN"), "EAGAIN: it would have to wait, and must not"],
    [MAIL.replace("splice(f", "spl|ize(f"), undefined],
    [MAIL.replace("A write", "A |write"), undefined],
  ])("case %#", (marked, card) => {
    expect(told(marked)).toBe(card);
  });

  test("a call has its prototype, its meaning and its errors", () => {
    const { params, doc, register, errnos } = callCard("tee");
    expect(params.map(({ name }) => name)).toEqual(["fd_in", "fd_out", "len", "flags"]);
    expect(doc).toContain("without consuming it");
    expect(register).toBe("the return value");
    expect(errnos).toEqual(["EAGAIN", "EBADF", "ECANCELED", "EINVAL", "EPIPE"]);
  });

  test("every argument of every call is told", () => {
    for (const name of SYSCALL_NAMES)
      for (const param of syscallRow(name).params)
        expect(paramDoc(param)).toMatch(new RegExp(`^${param.name}: \\S`));
  });
});

test.each([
  ["splice(|f, 0", 0],
  ["splice(f, |0", 1],
  ["splice(f, 0, p.w, NULL|, 1, 0)", 3],
  ['write(f, {0x11 * 2, "a, b|"', 1],
  ["writev(f, [1, 2, |3", 1],
  ["writev(f, [1, 2], |0", 2],
  ["tee(p.r, p.w, 1, 0)|", undefined],
])("signature help counts arguments: %s", (line, index) => {
  const state = stateAt(`litmus x\nthread a {\n  ${line}\n}`);
  const site = callSiteAt(treeOf(state), state.doc.toString(), state.selection.main.head);
  expect(site?.index).toBe(index);
});

test.each([
  ["litmus x\nthread a {\n  spilce(3)\n}", "litmus x\nthread a {\n  splice(3)\n}"],
  ["litmus x\nthraed a {\n}", "litmus x\nthread a {\n}"],
  ["litmus x\nthread a {\n  close(3\n}", "litmus x\nthread a {\n  close(3)\n}"],
  ["litmus x\nthread a {\n  close(3)\n", "litmus x\nthread a {\n  close(3)}\n"],
  ["litmus x\npipe p\nthread a {\n  lseek(3, 0, SEEK_STE)\n}", undefined],
])("a mistake is mended where it is plain how: %#", (text, mended) => {
  const [first] = parseProgram(text).diagnostics;
  const fix = fixOf(first!, text);
  const { from, to, insert } = fix ?? { from: 0, to: 0, insert: "" };
  const after = text.slice(0, from) + insert + text.slice(to);
  expect(after).toBe(mended ?? text.replace("SEEK_STE", "SEEK_SET"));
});

test("threads are indented and fold", () => {
  const state = stateAt("litmus x\nthread a {\nclose(3)\n}|");
  const indents = [2, 3, 4].map((line) => getIndentation(state, state.doc.line(line).from));
  expect(indents).toEqual([0, 2, 0]);
  const { from, to } = state.doc.line(2);
  const fold = foldable(state, from, to)!;
  expect(state.sliceDoc(fold.from, fold.to)).toBe("\nclose(3)\n");
});

test("formatting leaves the cursor at its word", () => {
  const { text, at } = withCursor("litmus x\nthread a{ close( 3 )\n   clo|se(4)}");
  const after = formatText(text).text!;
  expect(after.slice(0, caretIn(text, after, at))).toMatch(/ {2}close\(3\)\n {2}clo$/);
});

/** WCAG's contrast of two colours. */
function contrast(a: string, b: string): number {
  const light = (colour: string): number => {
    const [r, g, bl] = [1, 3, 5].map((i) => {
      const part = parseInt(colour.slice(i, i + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * bl!;
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

test("every colour of the text can be read on every ground, light and dark", () => {
  const css = readFileSync("src/viz/app.css", "utf8");
  const tokens = new Map(
    [...css.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map(
      ([, name, light, dark]) => [name!, [light!, dark!] as const] as const,
    ),
  );
  const inks = ["ink", "accent", "kept", "muted"].map((name) => tokens.get(name)!);
  const grounds = ["surface", "sunken", "accent-soft"].map((name) => tokens.get(name)!);
  const poor = [0, 1].flatMap((theme) =>
    [...inks, ...Object.values(SYNTAX)].flatMap((ink) =>
      grounds
        .map((ground) => [ink[theme]!, ground[theme]!] as const)
        .filter(([a, b]) => contrast(a, b) < 4.5),
    ),
  );
  expect(poor).toEqual([]);
});
