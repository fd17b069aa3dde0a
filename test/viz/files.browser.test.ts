// Files that come to the page and leave it, in a real browser: results of kernels, pictures, scenarios, links.

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { parseProgram } from "../../src/language/parse-program.js";
import { Core } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import { traceOf } from "../../src/model/trace.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import { encodeToken } from "../../src/trace/token.js";
import { inRoot } from "../../tools/paths.js";
import { runCli } from "../cli/fake-edge.js";
import { openSite } from "./site.js";

const textOf = (file: string): string => readFileSync(inRoot(file), "utf8");
const KERNEL = textOf("src/viz/kernel/recorded/mail.json");

function tokenOf(file: string, policy: string): string {
  const text = textOf(file);
  const profile = "6.18/ext4";
  const program = parseProgram(text).program!;
  const names = { profile: parseProfile(profile), policy: parsePolicy(policy) };
  const { schedule } = traceOf(new Core(), { program, ...names, environment: ENVIRONMENT });
  return encodeToken({ text, profile, policy, schedule, cursor: schedule.length });
}

/** Drags a file over the page and lets it fall. `over`: looks at the page while it is held. */
async function drop(page: Page, name: string, text: string, over?: () => Promise<void>) {
  const dataTransfer = await page.evaluateHandle(
    ([file, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content!], file!));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent("main", "dragenter", { dataTransfer });
  await over?.();
  await page.dispatchEvent("main", "drop", { dataTransfer });
}

const choose = (page: Page, name: string, text: string): Promise<void> =>
  page
    .getByLabel("Open a file…")
    .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

const scenario = (page: Page): Promise<string> =>
  page.getByRole("heading", { level: 1 }).innerText();

test("a kernel's results that are dropped stand beside the model, call by call", async () => {
  const page = await openSite(`#${tokenOf("litmus/mail-race.litmus", "cow")}`);
  await drop(page, "kernel.json", KERNEL, async () => {
    await page.getByText("Drop a scenario, a picture, a run").waitFor();
  });
  const row = page.getByRole("row", { name: /^a = read/ });
  await row.waitFor();
  expect(await page.getByText("Drop a scenario, a picture, a run").count()).toBe(0);
  const cells = async (): Promise<string[]> => row.getByRole("cell").allTextContents();
  expect(await page.getByText("✓ as the model allows").count()).toBe(4);
  expect((await cells())[1]).toMatch(/^4096 {2}0xf0 \* 4096.*F1: 3 refs.*F2: 2 refs/s);
  await page.getByRole("radio", { name: "cow" }).check();
  expect((await cells())[1]).toMatch(
    /^≠ 4096 {2}0xf0 \* 4096 , the model has 4096 {2}0x00 \* 4096/,
  );
  expect((await cells())[4]).toMatch(/^4096 {2}0x00 \* 4096/);

  await page.getByRole("button", { name: /^splice/ }).click();
  const inside = page.getByRole("table", { name: /^ext4, after splice/ });
  expect(await inside.getByRole("row", { name: /^F2/ }).textContent()).toContain(
    "1 cached + 1 slot",
  );
  expect(
    await page
      .getByText("p: 2 of 16 slots used, head 2, tail 0; slot 0: 0 + 4096, no flags")
      .count(),
  ).toBe(4);

  await page.getByText("These runs are of another text").waitFor();
  await page.getByRole("button", { name: "Open its text" }).click();
  expect(await scenario(page)).toBe("mail");
  expect(await page.getByText("These runs are of another text").count()).toBe(0);
  await page.getByRole("button", { name: "Play this order" }).click();
  await page.getByRole("button", { name: "pause" }).waitFor();
});

test("the recorded run comes when it is asked for; what cannot be read is told with its place", async () => {
  const page = await openSite(`#${tokenOf("litmus/mail.litmus", "linux")}`);
  await page.getByText("On real kernels").click();
  await page.getByRole("button", { name: /^Show the recorded run/ }).click();
  await page.getByRole("button", { name: "remove ext4" }).click();
  expect(await page.getByText("✓ as the model allows").count()).toBe(3);
  expect(await page.getByText("26 Nov 2026, white box").count()).toBe(3);

  const [line] = KERNEL.split("\n").slice(1);
  await choose(page, "bad.json", `${line!.replace(/,$/, "")}\n{"splicelab":1,`);
  await page.getByText("bad.json cannot be read wholly").waitFor();
  await page.getByText(/^line 2, column \d+: this is no JSON/).waitFor();
  expect(await page.getByText("✓ as the model allows").count(), "what can be read").toBe(4);
  await choose(page, "notes.txt", "hello");
  await page
    .getByText(/^notes.txt cannot be opened: it is no scenario.* The page opens a scenario/)
    .waitFor();
});

test("a picture with a token, a run and a scenario open, on the first view, too", async () => {
  const page = await openSite();
  const token = tokenOf("litmus/mail-race.litmus", "cow");
  await drop(page, "x.svg", `<svg xmlns="x"><metadata>${token}</metadata></svg>`);
  await expect.poll(() => scenario(page)).toBe("mail-race");
  await page.getByRole("region", { name: "policy cow" }).waitFor();
  await choose(page, "mail.litmus", textOf("litmus/mail.litmus"));
  await expect.poll(() => scenario(page)).toBe("mail");
  const { out } = await runCli(["run", token, "--json"]);
  await choose(page, "run.json", out.join("\n"));
  await expect.poll(() => scenario(page)).toBe("mail-race");
});

test("the link that is copied opens the same, and the JSON is the command line's", async () => {
  const page = await openSite(`#${tokenOf("litmus/mail-race.litmus", "cow")}`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByText("Share and export").click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("Link copied").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const [address, token] = link.split("#");
  expect(address).toBe(page.url().split("#")[0]);
  const { out } = await runCli(["run", token!, "--json"]);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Run as JSON" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("mail-race-cow.json");
  expect(readFileSync(await file.path(), "utf8")).toBe(`${out.join("\n")}\n`);
  await page.getByRole("button", { name: "Copy embed form" }).click();
  await page.getByText("Embed form copied").waitFor();
  const html = await page.evaluate(() => navigator.clipboard.readText());
  expect(html).toContain(
    `<iframe src="${link.replace("#", "?embed#")}" title="splicelab: mail-race"`,
  );
});

test("the SVG carries its run and opens it again; the PNG is the same picture", async () => {
  const page = await openSite(`#${tokenOf("litmus/mail-race.litmus", "cow")}`);
  await page.getByText("Share and export").click();
  const save = async (name: string): Promise<{ name: string; bytes: Buffer }> => {
    const button = page.getByRole("button", { name, exact: true });
    const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const svg = await save("SVG");
  expect(svg.name).toBe("mail-race-cow.svg");
  const drawn = svg.bytes.toString("utf8");
  const width = Number(/width="(\d+)"/.exec(drawn)![1]);
  const png = await save("PNG");
  expect(png.name).toBe("mail-race-cow.png");
  expect(png.bytes.subarray(0, 8)).toEqual(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"));
  expect(png.bytes.readUInt32BE(16)).toBe(2 * width);
  expect(png.bytes.length).toBeGreaterThan(10_000);
  await choose(page, "mail.litmus", textOf("litmus/mail.litmus"));
  await expect.poll(() => scenario(page)).toBe("mail");
  await choose(page, svg.name, drawn);
  await expect.poll(() => scenario(page)).toBe("mail-race");
  await page.getByRole("region", { name: "policy cow" }).waitFor();
});
