// Tokens as they come out of mails and addresses: src/trace/token-found.ts.

import { expect, test } from "vitest";
import { tokenOf, whyNoToken } from "../../../src/trace/token-found.js";

const TOKEN = "sl1:AbC-_9";

test.each([
  TOKEN,
  ` ${TOKEN}\n`,
  `https://example.org/lab/?embed#${TOKEN}`,
  "sl1%3AAbC-_9",
  `<https://example.org/#${TOKEN}>`,
  `(${TOKEN}).`,
  `"${TOKEN}",`,
  `#${TOKEN}>;`,
])("%s is a token with something around it", (text) => {
  expect(tokenOf(text)).toBe(TOKEN);
});

test("what is inside of a token stays, so that damage is found", () => {
  expect(tokenOf("sl1t:Ab)C")).toBe("sl1t:Ab)C");
  expect(tokenOf("sl1:")).toBe("sl1:");
  expect(tokenOf("sl1:%zz")).toBe("sl1:%zz");
});

test.each(["mail.litmus", "-", "", "sl9:AbC", "see sl1:AbC", "#hello"])(
  "%s is no token",
  (text) => {
    expect(tokenOf(text)).toBeUndefined();
  },
);

test("what is no token is told, with what to do", () => {
  expect(whyNoToken("sl9%3AAbC").what).toMatch(/^sl9: begins a token of another version/);
  expect(whyNoToken("sl9:AbC").remedy).toContain("newer");
  expect(whyNoToken("hello").what).toBe('"hello" is no token (sl1:…)');
  expect(whyNoToken("x".repeat(99)).what.length).toBeLessThan(70);
});
