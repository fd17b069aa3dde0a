// What a file is, told by its content: everything that splicelab writes, and what it does not.

import { describe, expect, test } from "vitest";
import { recognise } from "../../../src/report/recognise.js";

const TOKEN = "sl1:AbC-_9";
const svg = (metadata: string): string =>
  `<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><metadata>${metadata}</metadata></svg>`;
const run = `{"splicelab":1,"kind":"call","text":"close(3)"}\n{"splicelab":1,"kind":"run","on":"model","token":"${TOKEN}"}`;

test.each([
  ["a picture", "x.svg", svg(`${TOKEN} sl1:other`)],
  ["a link", "link.txt", `https://example.org/lab/#${TOKEN}\n`],
  ["a token in a file", "mail.splicelab", `${TOKEN}\n`],
  ["a link in a mail", "mail.txt", `<https://example.org/lab/#${TOKEN}>.`],
  ["a run of the model", "mail.json", run],
])("%s gives its token", (_, name, text) => {
  expect(recognise(name, text)).toEqual({ kind: "token", token: TOKEN });
});

test.each(["sl1t:AbC", "sl1:AbC"])("%s is a token", (token) => {
  expect(recognise("x", token)).toEqual({ kind: "token", token });
  expect(recognise("x.svg", svg(token))).toEqual({ kind: "token", token });
});

test("a scenario is known by its first word, or by its name", () => {
  const text = "# a comment\nlitmus mail\n\nfile f\n";
  expect(recognise("mail.txt", text)).toEqual({ kind: "scenario", text });
  expect(recognise("empty.litmus", "# nothing yet\n").kind).toBe("scenario");
});

test("a kernel's runs are known in lines and in an array, and without the newest object", () => {
  const line = '{"splicelab":1,"kind":"kernel-run"}';
  expect(recognise("k.json", line).kind).toBe("kernel");
  expect(recognise("k.json", `[\n${line}\n]`).kind).toBe("kernel");
  expect(recognise("k.json", '{"splicelab":1,"kind":"run","on":"kernel"}').kind).toBe("kernel");
});

describe("what is none of these is told why", () => {
  test.each([
    ["x", " \n", "empty"],
    ["x.png", "\uFFFDPNG\r\n", "a PNG carries no run"],
    ["x.zip", "PK\0\0", "it is no text"],
    ["x.svg", svg(""), "without a run"],
    ["x.html", "<!doctype html>", "markup"],
    ["x.json", '{"a":1}', "not of splicelab"],
    ["x.jsonl", '{"a":1}\n\n{"b":2}', "not of splicelab"],
    ["x.json", '{"splicelab":1, "kind": "r', "broken, or cut short"],
    ["x.txt", "https://example.org/#sl9:AbC", "a token of another version"],
    ["x.json", '{"kind":"run","on":"model"}', "without a token"],
    ["x.json", '{"kind":"explore","token":"sl1:AA"}', "a search"],
    ["x.txt", "hello sl1:AA", "no scenario"],
    ["x.txt", "x".repeat(8 * 1024 * 1024 + 1), "larger than 8 MiB"],
  ])("%s %#", (name, text, why) => {
    const found = recognise(name, text);
    expect(found.kind).toBe("unknown");
    expect(found).toHaveProperty("why", expect.stringContaining(why));
  });
});
