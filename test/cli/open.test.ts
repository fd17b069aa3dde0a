// `open`: the page's address with a run in it, for a token, a scenario, and files that carry a token.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runCommand } from "../../src/cli/command.js";
import { EXIT } from "../../src/cli/exit.js";
import { decodeToken } from "../../src/trace/token.js";
import { inRoot } from "../../tools/paths.js";
import { fakeEdge, runCli } from "./fake-edge.js";

const RACE = inRoot("litmus/mail-race.litmus");
const PAGE = "https://example.org/lab/";
const AT = ["--at", `${PAGE}#old`];
const token = (await runCli(["run", RACE, "--policy", "cow"])).out.at(-1)!;

const folder = mkdtempSync(join(tmpdir(), "splicelab-open-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe("open prints an address with the run", () => {
  test("of a token", async () => {
    const { code, out } = await runCli(["open", token, ...AT]);
    expect(out).toEqual([`${PAGE}#${token}`]);
    expect(code).toBe(EXIT.asClaimed);
  });

  test.each([`${PAGE}#${token}`, `<${PAGE}#${token}>.`, token.replace(":", "%3A")])(
    "of a link, as a mail has it: %#",
    async (link) => {
      expect((await runCli(["open", link, ...AT])).out).toEqual([`${PAGE}#${token}`]);
    },
  );

  test.each([
    ["a text", "mail.splicelab", `${token}\n`],
    ["a picture", "mail.svg", `<svg xmlns="x"><metadata>${token}</metadata></svg>`],
    ["a run", "mail.json", `{"splicelab":1,"kind":"run","on":"model","token":"${token}"}`],
  ])("of a file that carries a token: %s", async (_, name, text) => {
    expect((await runCli(["open", file(name, text), ...AT])).out).toEqual([`${PAGE}#${token}`]);
  });

  test("of a scenario with its wires as they are asked for, which a token has of its own", async () => {
    const wire = inRoot("litmus/wire-late.litmus");
    const { out } = await runCli(["open", wire, "--wire", "loopback", ...AT]);
    expect(decodeToken(out[0]!.slice(PAGE.length + 1)).text).toContain("wire w loopback");
    const { code, err } = await runCli(["open", token, "--wire", "loopback", ...AT]);
    expect(code).toBe(EXIT.couldNotRun);
    expect(err.join("\n")).toContain("a token brings its own wires");
  });

  test("of a scenario, from its start, on the model that is named", async () => {
    const { out } = await runCli([
      "open",
      RACE,
      "--policy",
      "copy",
      "--profile",
      "6.18/xfs",
      ...AT,
    ]);
    const { text, ...witness } = decodeToken(out[0]!.slice(PAGE.length + 1));
    expect(witness).toMatchObject({ policy: "copy", profile: "6.18/xfs", cursor: 0 });
    expect(witness.schedule.length).toBeGreaterThan(5);
    expect(text).toContain("litmus mail-race");
  });

  test("of a scenario, its condition decided by a search", async () => {
    const { out, err } = await runCli(["open", RACE, "--witness", ...AT]);
    expect(err).toEqual([expect.stringMatching(/^Witness of .*0xf0.* \(minimal: 1 preemption/)]);
    const run = await runCli(["run", out[0]!]);
    expect(run.code).toBe(EXIT.violated);
    expect(run.out.join("\n")).toContain("forall: does not hold");
  });

  test("of a scenario whose condition no run decides, call by call", async () => {
    const { out, err } = await runCli(["open", RACE, "--witness", "--policy", "cow", ...AT]);
    expect(err[0]).toMatch(/^no run that decides the condition was found \(complete: /);
    const plain = await runCli(["open", RACE, "--policy", "cow", ...AT]);
    expect(out).toEqual(plain.out);
  });

  test("as an element for another page", async () => {
    const { out } = await runCli(["open", token, "--embed", ...AT]);
    expect(out[0]).toContain(`<iframe src="${PAGE}?embed#${token}" title="splicelab: mail-race"`);
  });
});

test("open serves the page, and asks the desktop to show it", async ({ skip }) => {
  if (!existsSync(inRoot("dist/site/index.html"))) skip("the page is not built");
  const { edge, out, browsed, interrupt } = fakeEdge();
  interrupt();
  expect(await runCommand(["open", token], edge)).toBe(EXIT.interrupted);
  expect(out).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#sl1:/)]);
  expect(browsed).toEqual(out);
});

test.each([
  [["open", "sl1:AAAA"], "the token is cut short"],
  [["open", token, "--policy", "cow"], "a token brings its own profile and policy"],
  [["open", token, "--witness"], "a token brings its own schedule"],
  [["open", token, "--at", "nowhere"], '"nowhere" is no address of a page'],
  [["open", token, "--at", "javascript:1"], "is no address of a page"],
  [["open", "nosuch.litmus"], "there is no such file"],
  [["open", "sl9:AAAA"], "remedy: open it with the splicelab that made it"],
  [["open", `${PAGE}#hello`], '"hello" is no token'],
  [["run", PAGE], "carries no run after a #"],
  [["open", file("k.json", '{"kind":"kernel-run"}')], "drop it on the page"],
  [["open", file("x.txt", "hello")], "name a scenario (.litmus), a token or link"],
  [["open", file("bad.litmus", "litmus bad\n\nthread {")], "error"],
])("open says why it cannot: %j", async (args, message) => {
  const { code, err } = await runCli(args);
  expect(err.join("\n")).toContain(message);
  expect(code).toBe(EXIT.couldNotRun);
});

test("run takes the link of a page, too", async () => {
  const { out } = await runCli(["run", `${PAGE}#${token}.`]);
  expect(out.at(-1)).toBe(token);
});
