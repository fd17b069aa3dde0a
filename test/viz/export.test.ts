// What leaves the page: the same JSON as the command line's, links that are not too long, names that files may have.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseProgram } from "../../src/language/parse-program.js";
import { Core } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import { traceOf } from "../../src/model/trace.js";
import { embedForm } from "../../src/report/embed.js";
import { recognise } from "../../src/report/recognise.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import { encodeToken } from "../../src/trace/token.js";
import { fileName, shareOf, traceJson } from "../../src/viz/files/export.js";
import { inRoot } from "../../tools/paths.js";
import { runCli } from "../cli/fake-edge.js";

test.each([
  ["mail", "cow"],
  ["mail-race", "linux"],
  ["mail-race", "stable"],
  ["wire-late", "linux"],
])("a run of %s under %s is exported as the command line prints it", async (name, policy) => {
  const text = readFileSync(inRoot(`litmus/${name}.litmus`), "utf8");
  const profile = "6.18/ext4";
  const names = { profile: parseProfile(profile), policy: parsePolicy(policy) };
  const program = parseProgram(text).program!;
  const trace = traceOf(new Core(), { program, ...names, environment: ENVIRONMENT });
  const { schedule } = trace;
  const token = encodeToken({ text, profile, policy, schedule, cursor: 2 });
  const { out } = await runCli(["run", token, "--json"]);
  const json = traceJson(trace, { token });
  expect(json).toBe(`${out.join("\n")}\n`);
  expect(recognise("run.json", json)).toEqual({ kind: "token", token });
});

test("a link above 8,000 characters is a file, which is known when it is dropped", () => {
  const link = (length: number): string => "https://x.org/#sl1:".padEnd(length, "A");
  expect(shareOf(link(8000), "m")).toEqual({ kind: "link", link: link(8000) });
  const share = shareOf(link(8001), "my mail");
  if (share.kind !== "file") throw new Error("a link");
  expect(share.name).toBe("my-mail.splicelab");
  const token = link(8001).slice("https://x.org/#".length);
  expect(recognise(share.name, share.text)).toEqual({ kind: "token", token });
});

test("names of files are plain", () => {
  expect(fileName(["mail", "cow,lock=no"], "svg")).toBe("mail-cow-lock-no.svg");
  expect(fileName(["../x y", ""], "png")).toBe("x-y.png");
  expect(fileName(["é"], "json")).toBe("splicelab.json");
});

test("the embed form is one element, whatever the names are", () => {
  const html = embedForm('https://x.org/?a&b#sl1:"', 'a"b');
  expect(html).toMatch(
    /^<iframe src="https:\/\/x\.org\/\?a&amp;b&amp;embed#sl1:&quot;" title="splicelab: a&quot;b" /,
  );
  expect(html.match(/"/g)).toHaveLength(8);
});
