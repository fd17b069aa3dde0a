// The gallery's scenarios, their groups and the search, over the corpus itself.

import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { CORPUS } from "../../../src/viz/gallery/corpus.js";
import { entryOf, entryOfText } from "../../../src/viz/gallery/entries.js";
import { HEADINGS, groupsOf, search } from "../../../src/viz/gallery/search.js";

const files = readdirSync("litmus", { recursive: true, encoding: "utf8" });
const groups = groupsOf(CORPUS);
const found = (query: string): string[] =>
  search(groups, query).flatMap(({ entries }) => entries.map(({ name }) => name));

test("has every scenario of the corpus, under a heading in words", () => {
  expect(CORPUS).toHaveLength(files.filter((file) => file.endsWith(".litmus")).length);
  const folders = CORPUS.map(({ folder }) => folder);
  expect([...new Set(folders)].filter((folder) => HEADINGS[folder] === undefined)).toEqual([]);
  expect(groups.flatMap(({ entries }) => entries)).toHaveLength(CORPUS.length);
  const [stories] = groups;
  expect(stories!.heading).toBe("Stories of a page that travels");
  expect(stories!.entries.slice(0, 3).map(({ name }) => name)).toEqual([
    "mail-ordered",
    "mail-race",
    "mail",
  ]);
});

test("each has a claim, its calls and its text", () => {
  expect(CORPUS.filter(({ claim, calls }) => claim === "" || calls.length === 0)).toEqual([]);
  const mail = CORPUS.find(({ name }) => name === "mail-ordered")!;
  expect(mail.text).toBe(readFileSync("litmus/mail-ordered.litmus", "utf8"));
  expect(mail.calls).toEqual(["splice", "read", "pwrite"]);
  expect(mail.claim).toMatch(/^A write to the file after splice\(\) has returned/);
});

test("verdicts are those of the .expected files, linux first", () => {
  const mail = CORPUS.find(({ name }) => name === "mail-ordered")!;
  expect(mail.verdicts[0]).toEqual({ policy: "linux", holds: false, observed: "Sometimes" });
  expect(mail.verdicts.slice(1).map(({ policy, holds }) => [policy, holds])).toEqual([
    ["cow", true],
    ["cow-mail", true],
    ["stable", true],
    ["steal", true],
  ]);
  const counted = CORPUS.flatMap(({ verdicts }) => verdicts).length;
  const written = files.filter(
    (file) =>
      file.endsWith(".expected") && /^Observation /m.test(readFileSync(`litmus/${file}`, "utf8")),
  );
  expect(counted).toBe(written.length);
});

test("a scenario whose question is out of the model's reach has no verdict", () => {
  const entry = entryOf("../litmus/x/y.litmus", 'litmus y\n"c"\nthread a { close(3) }', {
    "../litmus/x/y.expected":
      "Test y forall\nProfile 6.18/ext4, policy linux\nNot modelled: that\n",
  });
  expect(entry).toMatchObject({ name: "y", folder: "x", verdicts: [], calls: ["close"] });
});

test("search goes by name, claim, call and heading; every word has to be there", () => {
  expect(found("mail-o")).toEqual(["mail-ordered"]);
  expect(found("REFERENCE slips")).toContain("reference-slips-in");
  expect(found("vmsplice fork").length).toBeGreaterThan(0);
  expect(found("vmsplice fork").length).toBeLessThan(found("vmsplice").length);
  expect(found("large folios").length).toBeGreaterThanOrEqual(
    CORPUS.filter(({ folder }) => folder === "folio").length,
  );
  expect(found("no such scenario")).toEqual([]);
  expect(found("  ")).toHaveLength(CORPUS.length);
});

test("whole words stand before beginnings, and those before what is inside of a word; names and calls first", () => {
  const calls = CORPUS.filter((entry) => entry.calls.includes("tee")).map(({ name }) => name);
  const tees = found("tee");
  expect(new Set(tees.slice(0, calls.length))).toEqual(new Set(calls));
  expect(tees.slice(calls.length).join()).not.toBe("");
  expect(search(groups, "tee")[0]!.heading).toBe("tee: one page in two pipes");
  expect(found("mail")[0]).toBe("mail-ordered");
});

test("a text is the scenario that it is, or that it was changed from", () => {
  const text = readFileSync("litmus/samba/read-failover.litmus", "utf8");
  expect(entryOfText(CORPUS, text)?.name).toBe("samba-read-failover");
  expect(entryOfText(CORPUS, `${text}\n# mine`)?.name).toBe("samba-read-failover");
  expect(entryOfText(CORPUS, "litmus no-such-scenario")).toBeUndefined();
  expect(entryOfText(CORPUS, "pipe p")).toBeUndefined();
});
