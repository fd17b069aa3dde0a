// Links: src/viz/link.ts, and the lengths that they have.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseProgram } from "../../src/language/parse-program.js";
import { fragmentOf, readFragment } from "../../src/viz/link.js";
import { Runner } from "../../src/viz/runner.js";
import { FIRST } from "../../src/viz/scenario.js";

const runner = new Runner();
const MODEL = { profile: "6.18/ext4", policy: "linux" };

/** The link of a scenario in program order. */
function linkOf(text: string): string {
  const { program } = parseProgram(text);
  const [trace] = runner.run(program!, [MODEL], { picks: [] }).traces;
  return fragmentOf({ text, ...MODEL, schedule: trace!.schedule, cursor: 0 });
}

test("the mail's link stays under 400 characters, 95 % of the corpus under 1,500", () => {
  const lengths = readdirSync("litmus", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".litmus"))
    .map((file) => linkOf(readFileSync(`litmus/${file}`, "utf8")).length);
  expect(linkOf(readFileSync("litmus/mail.litmus", "utf8")).length).toBeLessThan(400);
  const short = lengths.filter((length) => length < 1_500);
  expect(short.length / lengths.length).toBeGreaterThanOrEqual(0.95);
});

test("a link comes back whole, escaped or not, with or without its sign", () => {
  const witness = { text: FIRST.text, ...MODEL, schedule: [0, 1], cursor: 1 };
  const link = fragmentOf(witness);
  for (const text of [link, `#${link}`, `#${encodeURIComponent(link)}`, `${link}).`])
    expect(readFragment(text)).toEqual({ witness });
});

test("a damaged link opens what it can and says what is wrong", () => {
  const link = linkOf(readFileSync("litmus/mail.litmus", "utf8"));
  const cut = readFragment(link.slice(0, -12));
  expect(cut.problem).toMatch(/damaged \(the token was changed/);
  expect(cut.witness.text.startsWith("litmus mail\n")).toBe(true);
  expect(() => readFragment(link.slice(0, 12))).toThrow(/(cut short|changed).*\. Copy the whole/);
});

test("a fragment that is no link says what it is and what to do", () => {
  expect(() => readFragment("#hello")).toThrow('"hello" is no token (sl1:…). Copy');
  expect(() => readFragment("#sl9:AbC")).toThrow(/another version; .*\. Open it with/);
});
