// `render`: an SVG that needs nothing else, shows the moment that was asked for and carries its token.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { EXIT } from "../../src/cli/exit.js";
import { decodeToken } from "../../src/trace/token.js";
import { recognise } from "../../src/report/recognise.js";
import { inRoot } from "../../tools/paths.js";
import { runCli } from "./fake-edge.js";

const ORDERED = inRoot("litmus/mail-ordered.litmus");
const MAIL = ["render", ORDERED, "--schedule", "client,writer,writer,client,client"];

const folder = mkdtempSync(join(tmpdir(), "splicelab-render-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The tokens that a picture carries. */
const tokensIn = (svg: string): string[] =>
  /<metadata>([^<]*)<\/metadata>/.exec(svg)![1]!.split(" ");

async function render(...args: string[]): Promise<string> {
  const { code, out, err } = await runCli(args);
  expect([code, err]).toEqual([EXIT.asClaimed, []]);
  return out.join("\n");
}

describe("render", () => {
  test("two policies side by side, at the end, in a file", async () => {
    const file = join(folder, "race.svg");
    expect(await render(...MAIL, "--beside", "cow", "-o", file)).toBe("");
    const svg = readFileSync(file, "utf8");
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]* width="900"/);
    for (const told of [">linux<", ">cow<", "was 0x00 at splice", "as it was at splice"])
      expect(svg).toContain(told);
    expect(svg).toContain("took its reference at step");
    expect(svg).toMatch(/<title>mail-ordered, step (\d+) of \1\. linux: read\(\) at/);
    expect(svg).toMatch(/>mail-ordered, step (\d+) of \1, 6\.18\/ext4</);
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg).not.toMatch(/<script|href=|url\((?!#)|@import|\.hit|tabindex/);
    const [both, ...more] = tokensIn(svg).map(decodeToken);
    expect([both!.policy, both!.beside?.policy, more]).toEqual(["linux", "cow", []]);
    expect(both!.cursor).toBe(both!.schedule.length);
  });

  test("its token draws it again, byte by byte", async () => {
    const svg = await render(...MAIL, "--at", "9");
    const [token] = tokensIn(svg);
    expect(decodeToken(token!).cursor).toBe(9);
    expect(recognise("moment.svg", svg)).toEqual({ kind: "token", token });
    expect(await render("render", token!)).toBe(svg);
  });

  test("the moment is the one that was asked for", async () => {
    const first = await render(...MAIL, "--at", "0");
    expect(first).toContain("Nothing has happened yet.");
    expect(first).not.toContain("what the readers got");
    const wide = await render(...MAIL, "--at", "0", "--width", "1000");
    expect(wide).toContain('width="1000"');
  });

  test.each([
    [["--at", "999"], "--at 999: the run has"],
    [["--at", "soon"], "It is a number of steps, or end."],
    [["--width", "100"], "--width 100: a stage cannot be drawn so"],
    [["--beside", "cov"], "cov"],
    [["-o", join(folder, "none", "x.svg")], "cannot be written"],
  ])("%j is refused with a remedy", async (more, told) => {
    const { code, err } = await runCli([...MAIL, ...more]);
    expect(code).toBe(EXIT.couldNotRun);
    expect(err.join("\n")).toContain(told);
  });

  test("a damaged token says so", async () => {
    const { code, err } = await runCli(["render", "sl1:AAAA"]);
    expect(code).toBe(EXIT.couldNotRun);
    expect(err.join("\n")).toContain("remedy: copy the whole token");
  });
});
