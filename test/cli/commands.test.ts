// Commands that need no kernel: what they print and how they end.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { EXIT } from "../../src/cli/exit.js";
import { inRoot } from "../../tools/paths.js";
import { runCli } from "./fake-edge.js";

const MAIL = inRoot("litmus/mail.litmus");
const ORDERED = inRoot("litmus/mail-ordered.litmus");

const folder = mkdtempSync(join(tmpdir(), "splicelab-cli-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const objects = (lines: readonly string[]): Record<string, unknown>[] =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe("splicelab", () => {
  test("lists its commands and exit codes", async () => {
    const { code, out } = await runCli(["--help"]);
    expect(code).toBe(EXIT.asClaimed);
    for (const name of ["run", "exec", "kernel", "test", "check", "fmt", "list", "doctor"])
      expect(
        out.some((line) => line.startsWith(`  ${name} `)),
        name,
      ).toBe(true);
    expect(out.join("\n")).toContain("130  interrupted");
  });

  test("guesses what was meant", async () => {
    const { code, err } = await runCli(["kernal"]);
    expect(code).toBe(EXIT.couldNotRun);
    expect(err.join("\n")).toContain("Did you mean kernel?");
  });

  test.each(["run", "exec", "kernel", "test", "check", "fmt", "render", "list", "doctor", "start"])(
    "%s --help shows an example",
    async (name) => {
      const { code, out } = await runCli([name, "--help"]);
      expect(code).toBe(EXIT.asClaimed);
      expect(out.join("\n")).toMatch(new RegExp(`splicelab ${name} |\\| splicelab ${name}`));
    },
  );
});

describe("run", () => {
  test("--wire makes all wires over loopback, or none, and the token has it", async () => {
    const late = inRoot("litmus/wire-loopback-reads-late.litmus");
    const acknowledged = inRoot("litmus/wire-acknowledged.litmus");
    const ends = async (file: string, kind: string): Promise<number> =>
      (await runCli(["explore", file, "--wire", kind, "--summary"])).code;
    expect([await ends(late, "loopback"), await ends(late, "nic")]).toEqual([0, 1]);
    expect([await ends(acknowledged, "nic"), await ends(acknowledged, "loopback")]).toEqual([0, 1]);
    const { out } = await runCli(["run", acknowledged, "--wire", "loopback"]);
    expect(out.join("\n")).toContain("[receiver of w] receive  0x1f * 4096");
    expect((await runCli(["run", out.at(-1)!])).out).toEqual(out);
    const { code, err } = await runCli(["run", MAIL, "--wire", "nic"]);
    expect([code, err.join("\n")]).toEqual([
      EXIT.couldNotRun,
      expect.stringMatching(/^splicelab: --wire says nothing: .*mail\.litmus declares no wire/),
    ]);
  });

  test("prints the mail's calls as strace would, and exits 1: the condition fails", async () => {
    const { code, out } = await runCli(["run", MAIL]);
    expect(code).toBe(EXIT.violated);
    expect(out.slice(0, 8)).toEqual([
      '[main] f = open(".", O_RDWR | O_TMPFILE, 0600) = 3',
      "[main] pwrite(f, 0x1f * 4096, 4096) = 4096",
      "[main] pipe2(p, 0) = 0  [4, 5]",
      "[main] splice(f, 0, p.w, NULL, 8192, 0) = 8192  [8192]",
      "[main] pwrite(f, 0xf0 * 4096, 0) = 4096",
      "[main] pwrite(f, 0xf0 * 4096, 4096) = 4096",
      "[main] a = read(p.r, 4096) = 4096  0xf0 * 4096",
      "[main] b = read(p.r, 4096) = 4096  0xf0 * 4096",
    ]);
    expect(out).toContain("forall: does not hold");
  });

  test("exits 0 under cow", async () => {
    const { code, out } = await runCli(["run", MAIL, "--policy", "cow"]);
    expect(code).toBe(EXIT.asClaimed);
    expect(out).toContain("forall: holds");
  });

  test("says that one run is not every order", async () => {
    const schedule = ["--schedule", "client,writer,writer,client,client"];
    const cow = await runCli(["run", ORDERED, ...schedule, "--policy", "cow"]);
    expect(cow.out).toContain(
      "forall: holds in this run; the calls have 5 other orders (--schedule)",
    );
    const linux = await runCli(["run", ORDERED, ...schedule]);
    expect(linux.out).toContain("forall: does not hold");
    const wire = await runCli(["run", inRoot("litmus/wire-late.litmus")]);
    expect(wire.out).toContain(
      "forall: holds in this run; what acts beside the threads has other orders (explore)",
    );
  });

  test("prints a token that gives the same run again", async () => {
    const first = await runCli([
      "run",
      ORDERED,
      "--schedule",
      "client,writer,writer,client,client",
    ]);
    const token = first.out.at(-1)!;
    expect(token).toMatch(/^sl1:/);
    expect(token.length).toBeLessThan(400);
    expect(await runCli(["run", token])).toEqual(first);
    expect(first.code).toBe(EXIT.violated);
  });

  test("is JSON with --json, one object per call and one for the run", async () => {
    const { out } = await runCli(["run", MAIL, "--json"]);
    const lines = objects(out);
    expect(lines.map((line) => line["kind"])).toEqual([...Array<string>(8).fill("call"), "run"]);
    expect(lines[6]).toMatchObject({
      splicelab: 1,
      ret: 4096,
      data: [{ byte: 0xf0, lenBytes: 4096 }],
    });
    expect(lines[8]).toMatchObject({ condition: false, policy: "linux", profile: "6.18/ext4" });
  });

  test("shows what a network card does between the calls", async () => {
    const wire = inRoot("litmus/wire-late.litmus");
    const { out } = await runCli(["run", wire]);
    expect(out.slice(2, 5)).toEqual([
      "[nic w] transmit  0x1f * 4096",
      "[nic w] ack",
      "[writer] pwrite(f, 0xf0 * 4096, 0) = 4096",
    ]);
    const json = (await runCli(["run", wire, "--json"])).out.map(
      (line) => JSON.parse(line) as unknown,
    );
    expect(json[2]).toMatchObject({
      kind: "background",
      actor: "nic w",
      step: "transmit",
      data: [{ byte: 0x1f, lenBytes: 4096 }],
    });
  });

  test("a page that is freed as it is received is shown as it was", async () => {
    const { out } = await runCli(["run", inRoot("litmus/wire-loopback-zerocopy.litmus")]);
    expect(out.filter((line) => line.startsWith("[receiver of w]"))).toEqual(
      Array(2).fill("[receiver of w] receive  0x1f * 4096"),
    );
  });

  test("says which expected result is another", async () => {
    const text = "litmus short\npipe p\nthread t {\n  write(p.w, 0x41 * 10) = 11\n}\n";
    const { code, out } = await runCli(["run", "-"], { input: text });
    expect(code).toBe(EXIT.violated);
    expect(out.join("\n")).toMatch(/unexpected: .*expected 11, got 10/);
  });

  test.each([
    [["run", MAIL, "--policy", "cov"], /no policy "cov": there are linux, copy, sink-copy, steal/],
    [["run", MAIL, "--profile", "6.18/ext4,whole=x"], /no option "whole"/],
    [["run", MAIL, "--schedule", "nobody"], /there is no thread "nobody"/],
    [["run", "sl1:AAAA"], /cut short/],
    [["run", "sl1:AAAA", "--schedule", "a"], /brings its own schedule/],
    [["run", join(folder, "absent.litmus")], /cannot be read/],
    [["run"], /missing required argument/],
  ])("cannot run %j", async (args, message) => {
    const { code, err } = await runCli(args);
    expect(code).toBe(EXIT.couldNotRun);
    expect(err.join("\n")).toMatch(message);
  });

  test("exits 130 after Ctrl-C, with what there was", async () => {
    const { code, out } = await runCli(["run", MAIL], { interrupt: true });
    expect(code).toBe(EXIT.interrupted);
    expect(out.at(-1)).toMatch(/^sl1:/);
  });
});

describe("exec", () => {
  test("answers calls one by one, registers and pipes last", async () => {
    const input = 'pipe2(p, 0)\nwrite(p.w, "hello")\n\n# nothing\na = read(p.r, 99)\nclose(77)\n';
    const { code, out } = await runCli(["exec", "--on", "model"], { input });
    expect(code).toBe(EXIT.asClaimed);
    expect(out).toHaveLength(4);
    expect(out[0]).toMatch(/= 0 {2}\[3, 4\]$/);
    expect(out[1]).toMatch(/= 5$/);
    expect(out[2]).toMatch(/= 5 {2}"hello"$/);
    expect(out[3]).toMatch(/= -1 EBADF$/);
  });

  test("answers EBADF as JSON", async () => {
    const input = "splice(9, NULL, 9, NULL, 1, 0)\n";
    const { out } = await runCli(["exec", "--on", "model", "--json"], { input });
    expect(objects(out)).toMatchObject([{ kind: "call", ret: -1, errno: "EBADF" }]);
  });

  test("says which expected result is another, and exits 1", async () => {
    const input = 'pipe2(p, 0)\nwrite(p.w, "hello") = 6\nclose(p.w) = 0\n';
    const { code, out } = await runCli(["exec", "--on", "model"], { input });
    expect(out[2]).toBe("unexpected: expected 6, got 5");
    expect(out).toHaveLength(4);
    expect(code).toBe(EXIT.violated);
  });

  test("takes a call that blocks back and goes on", async () => {
    const input = 'pipe2(p, 0)\nread(p.r, 1)\nwrite(p.w, "x")\nread(p.r, 1)\n';
    const { out, err } = await runCli(["exec", "--on", "model"], { input });
    expect(out[1]).toContain("(blocked)");
    expect(out[3]).toContain(`= 1  "x"`);
    expect(err.join("\n")).toContain("taken back");
  });

  test("names line and column of what it cannot read, and exits 3", async () => {
    const { code, err } = await runCli(["exec", "--on", "model"], {
      input: "pipe2(p, 0)\nsplise(1)\n",
    });
    expect(code).toBe(EXIT.couldNotRun);
    expect(err[0]).toMatch(/^standard input:2:1: error: /);
  });
});

describe("check, fmt, list, test", () => {
  test("check gives line, column and a remedy, and exits 3 on errors", async () => {
    const text = "litmus x\npipe p\nthread t {\n  splise(p.r, NULL, p.w, NULL, 1, 0)\n}\n";
    const { code, err } = await runCli(["check", "-"], { input: text });
    expect(code).toBe(EXIT.couldNotRun);
    expect(err.join("\n")).toMatch(/^standard input:4:3: error: [^]*remedy: /);
    const json = await runCli(["check", "-", "--json"], { input: text });
    expect(objects(json.out)[0]).toMatchObject({ kind: "diagnostic", line: 4, severity: "error" });
    expect((await runCli(["check", MAIL])).code).toBe(EXIT.asClaimed);
  });

  test("fmt formats, leaves what is formatted alone, and --check tells", async () => {
    const file = join(folder, "ugly.litmus");
    writeFileSync(file, "litmus ugly\npipe   p\nthread t{\nread( p.r ,1 )\n}\n");
    expect((await runCli(["fmt", "--check", file])).code).toBe(EXIT.violated);
    expect((await runCli(["fmt", file])).code).toBe(EXIT.asClaimed);
    expect(readFileSync(file, "utf8")).toContain("  read(p.r, 1)\n");
    expect((await runCli(["fmt", "--check", file])).code).toBe(EXIT.asClaimed);
    expect((await runCli(["fmt", "-"], { input: "litmus {" })).code).toBe(EXIT.couldNotRun);
  });

  test.each([
    ["policies", "cow"],
    ["profiles", "6.18/tmpfs"],
    ["calls", "tee(fd_in, fd_out, len, flags)"],
    ["claims", "P1 snapshot"],
  ])("list %s has %s", async (what, name) => {
    const { out } = await runCli(["list", what, "--json"]);
    expect(objects(out).map((row) => row["name"])).toContain(name);
  });

  test("test finds the corpus as it was blessed", { timeout: 120_000 }, async () => {
    const { code, out } = await runCli(["test", inRoot("litmus")]);
    expect(out.filter((line) => !line.startsWith("ok"))).toEqual([]);
    expect(code).toBe(EXIT.asClaimed);
  });

  test("test says what is not as expected", async () => {
    writeFileSync(join(folder, "a.litmus"), "litmus a\npipe p\nthread t {\n  read(p.r, 1)\n}\n");
    expect((await runCli(["test", folder, "--bless"])).code).toBe(EXIT.asClaimed);
    writeFileSync(join(folder, "a.expected"), "Test b\n");
    const { code, out } = await runCli(["test", folder]);
    expect(code).toBe(EXIT.violated);
    expect(out.join("\n")).toContain('expected "Test b", got "Test a');
  });

  test("test takes a scenario as well as a folder, with all that is expected of it", async () => {
    const { code, out } = await runCli(["test", inRoot("litmus", "mail.litmus")]);
    expect(code).toBe(EXIT.asClaimed);
    const policies = out.map((line) => /\((.*)\)$/.exec(line)?.[1]);
    expect(policies).toEqual(["linux", "cow", "cow-mail", "stable", "steal"]);
    const absent = await runCli(["test", inRoot("litmus", "mai.litmus")]);
    expect(absent.err.join("\n")).toContain("mai.litmus cannot be read: there is no such file");
  });

  test("test --bless says which file cannot be written", async () => {
    const other = mkdtempSync(join(folder, "bless-"));
    writeFileSync(join(other, "b.litmus"), "litmus b\npipe p\nthread t {\n  read(p.r, 1)\n}\n");
    mkdirSync(join(other, "b.expected"));
    const { code, err } = await runCli(["test", other, "--bless"]);
    expect(err.join("\n")).toContain("b.expected cannot be written: EISDIR");
    expect(code).toBe(EXIT.couldNotRun);
  });
});
