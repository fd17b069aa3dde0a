// What a command says that cannot run: for people at standard error, and with --json as an object; exit 3.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runCli } from "./fake-edge.js";

const RACE = "litmus/mail-race.litmus";
const BROKEN = "litmus x\npipe p\nthread t {\n  splise(p.r, NULL, p.w, NULL, 1, 0)\n}\n";

const folder = mkdtempSync(join(tmpdir(), "splicelab-errors-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface ErrorObject {
  readonly kind: string;
  readonly message: string;
  readonly remedy?: string;
  readonly diagnostics?: readonly Record<string, unknown>[];
}
const objectOf = (out: readonly string[]): ErrorObject => JSON.parse(out[0]!) as ErrorObject;

describe("a file that is none", () => {
  test.each([
    [["explore", "sl1:AAAA"], /a token is one run .* remedy: splicelab run sl1:… shows the run/],
    [["check", "sl1:AAAA"], /a token is one run/],
    [["explore", "litmus"], /litmus cannot be read: it is a folder .* splicelab test FOLDER/],
    [["explore", "nosuch"], /nosuch cannot be read: there is no such file .* remedy: name a file/],
    [["explore", RACE, "--resume", "nosuch"], /there is no such file .* that --checkpoint wrote/],
    [["explore", RACE, "--resume", RACE], /is no checkpoint .* that --checkpoint wrote/],
    [["explore", RACE, "--merge", "nosuch"], /nosuch cannot be read/],
  ])("%j", async (args, words) => {
    const { code, err, out } = await runCli(args);
    expect(code).toBe(3);
    expect(err.join(" ")).toMatch(words);
    expect(out).toEqual([]);
  });
});

describe("--json", () => {
  test.each([
    [["explore", "nosuch", "--json"], "nosuch cannot be read: there is no such file or folder"],
    [["run", RACE, "--policy", "cov", "--json"], 'no policy "cov"'],
    [["explore", RACE, "--memory", "0", "--json"], "It must be at least 1."],
    [["explore", "--json"], "missing required argument"],
  ])("%j", async (args, words) => {
    const { code, out, err } = await runCli(args);
    expect(code).toBe(3);
    expect(out).toHaveLength(1);
    const { kind, message, remedy } = objectOf(out);
    expect(kind).toBe("error");
    expect(message).toContain(words);
    expect(remedy).toBeDefined();
    expect(err.join(" ")).toContain(words);
  });

  test("says where a text is wrong", async () => {
    const { code, out } = await runCli(["explore", "-", "--json"], { input: BROKEN });
    expect(code).toBe(3);
    expect(objectOf(out)).toMatchObject({ kind: "error", message: "standard input has 1 error" });
    const [remark] = objectOf(out).diagnostics!;
    expect(remark).toMatchObject({ file: "-", line: 4, column: 3, severity: "error" });
    expect(remark!["remedy"]).toBeDefined();
  });

  test("says that names and calls are checked once the text can be read", async () => {
    const unread = ["thread t {", "  read(p.r 1)", "  read(q.r, 1)", "  write(p.w 1)", "}"];
    const input = `litmus x\npipe p\n${unread.join("\n")}\n`;
    const { out } = await runCli(["run", "-", "--json"], { input });
    expect(objectOf(out).diagnostics!.map(({ line }) => line)).toEqual([4, 6]);
    expect(objectOf(out).remedy).toBe("mend these first: only then are names and calls checked");
    const check = await runCli(["check", "-"], { input });
    expect(check.err.at(-1)).toMatch(/^standard input: mend these first/);
    const read = await runCli(["check", "-"], { input: BROKEN });
    expect(read.err.join(" ")).not.toContain("mend these first");
  });

  test("is help where help is asked for", async () => {
    const { code, out } = await runCli(["explore", "--json", "--help"]);
    expect(code).toBe(0);
    expect(out.join(" ")).not.toContain('"kind"');
  });
});

test.each([
  [["litmus/mail.litmus", "--seconds", "5"], "--seconds says nothing without --random"],
  [["litmus/mail.litmus", "--seed", "5"], "--seed says nothing without --random"],
  [["litmus/mail.litmus", "--from", "5"], "--from says nothing without --random"],
  [["litmus/mail.litmus", "--save", "d"], "--save says nothing without --random"],
  [["litmus/mail.litmus", "--with", "sockets"], "--with says nothing without --random"],
  [["litmus/mail.litmus", "--workers", "2"], "--workers says nothing without --random"],
  [["--random", "5", "--schedules", "7"], "--schedules says nothing with --random: a random"],
])("kernel %j is refused", async (args, words) => {
  const { code, err } = await runCli(["kernel", ...args]);
  expect(code).toBe(3);
  expect(err[0]).toContain(words);
  expect(err[1]).toContain("leave it out");
});

test("a damaged checkpoint is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "splicelab-"));
  try {
    const file = join(folder, "part");
    const cut = ["explore", "litmus/mail-race.litmus", "--transitions", "60"];
    await runCli([...cut, "--checkpoint", file]);
    const bytes = readFileSync(file);
    bytes[bytes.length - 40]! ^= 4;
    writeFileSync(file, bytes);
    const { code, err } = await runCli(["explore", "litmus/mail-race.litmus", "--resume", file]);
    expect(code).toBe(3);
    expect(err.join("\n")).toContain("does not fit its checksum");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("a checkpoint", () => {
  const cut = ["explore", RACE, "--transitions", "9"];

  test("is written, and a line says so", async () => {
    const file = join(folder, "part");
    const { err } = await runCli([...cut, "--checkpoint", file]);
    expect(err).toEqual([`checkpoint written to ${file}; go on with --resume ${file}`]);
    expect(readFileSync(file).length).toBeGreaterThan(1000);
    const whole = await runCli(["explore", RACE, "--checkpoint", join(folder, "none")]);
    expect(whole.err).toEqual([
      `no checkpoint written to ${join(folder, "none")}: the search came to its end`,
    ]);
  });

  test.each([
    [join(folder, "no", "such"), "there is no such file or folder"],
    [folder, "it is a folder"],
    [`${RACE}/x`, "a part of its path is no folder"],
  ])("that cannot be written is refused before the search: %s", async (file, why) => {
    const { code, err, progress } = await runCli([...cut, "--checkpoint", file]);
    expect(code).toBe(3);
    expect(err[0]).toContain(why);
    expect(progress).toEqual([]);
  });
});
