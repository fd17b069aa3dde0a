// Commands that use this machine's kernel. Without a C compiler, or away from Linux, the executor cannot
// be built; then only the recorded run of `start` is tested.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { EXIT } from "../../src/cli/exit.js";
import { MAIL_LINES } from "../../src/cli/mail.js";
import { probeHost, profileNameOf } from "../../src/kernel/features.js";
import { buildExecutor } from "../../src/kernel/host.js";
import { PROFILES } from "../../src/model/profiles.js";
import { inRoot } from "../../tools/paths.js";
import { runCli } from "./fake-edge.js";

const MAIL = inRoot("litmus/mail.litmus");

/** Why nothing can run on this kernel, or undefined. */
const missing = await buildExecutor().then(
  () => undefined,
  (error: unknown) => (error instanceof Error ? error.message : String(error)),
);
/** Whether this kernel and the file system of the temporary folder have a profile. */
const found = missing === undefined ? profileNameOf(await probeHost(tmpdir())) : "nothing";
const exact = PROFILES.some(({ name }) => name === found);

describe("on this machine's kernel", () => {
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });

  test("kernel prints what run prints", async (context) => {
    if (!exact) context.skip(`no profile ${found}`);
    const model = await runCli(["run", MAIL, "--profile", found]);
    const { code, out } = await runCli(["kernel", MAIL]);
    expect(out.slice(0, 8)).toEqual(model.out.slice(0, 8));
    expect(out).toContain("1 schedule: 1 as the model allows");
    expect(code).toBe(model.code);
  });

  test("kernel shows a run that decides the verdict", async () => {
    const { code, out } = await runCli(["kernel", inRoot("litmus/mail-ordered.litmus")]);
    expect(code).toBe(EXIT.violated);
    expect(out).toContain("forall: does not hold");
    expect(out).toContain("the proposition is true in 2 schedules, false in 4");
    expect(out).toContain(
      "shown: client,client,writer,writer,client (on the model: splicelab run --schedule)",
    );
    expect(out).toContain("[client] b = read(p.r, 4096) = 4096  0xf0 * 4096");
  });

  test("kernel takes an exists that some orders show as it is", async () => {
    const { code, out } = await runCli([
      "kernel",
      inRoot("litmus/samba/write-loopback-sent.litmus"),
    ]);
    expect(out).toContain("the proposition is true in 4 schedules, false in 2");
    expect(out).toContain("exists: holds");
    expect(code).toBe(EXIT.asClaimed);
  });

  test("kernel takes a spread of the orders, and says of how many", async () => {
    const { code, out } = await runCli([
      ...["kernel", inRoot("litmus/mail-ordered.litmus"), "--schedules", "3"],
    ]);
    expect(code).toBe(EXIT.violated);
    expect(out.join("\n")).toContain("3 schedules (of 6, evenly spaced): 3 as the model allows");
  });

  test("kernel --schedule runs one order", async () => {
    const picks = "client,writer,writer,client,client";
    const file = inRoot("litmus/mail-ordered.litmus");
    const { out } = await runCli(["kernel", file, "--schedule", picks]);
    expect(out.at(-1)).toBe("1 schedule (of 6, as asked for): 1 as the model allows");
    expect(out.filter((line) => line.startsWith("[")).map((line) => line.split("]")[0])).toEqual([
      "[client",
      "[writer",
      "[writer",
      "[client",
      "[client",
    ]);
    const both = await runCli(["kernel", file, "--schedule", picks, "--schedules", "3"]);
    expect(both.err.join("\n")).toContain("--schedule is one order");
    const nobody = await runCli(["kernel", file, "--schedule", "nobody"]);
    expect(nobody.err.join("\n")).toContain('there is no thread "nobody"');
  });

  test("kernel says that a wire runs on the model only", async () => {
    const { code, err } = await runCli(["kernel", inRoot("litmus/wire-late.litmus")]);
    expect(code).toBe(EXIT.couldNotRun);
    expect(err.join("\n")).toContain("a wire runs on the model only");
  });

  test("kernel drops no caches without --drop-caches, and none for who is not root", async () => {
    const scenario = inRoot("litmus/storage/drop-caches-keeps-what-is-dirty.litmus");
    const { code, err } = await runCli(["kernel", scenario]);
    expect(code).toBe(EXIT.couldNotRun);
    expect(err.join("\n")).toContain("it drops the page cache of the whole machine");
    expect(err.join("\n")).toContain("allow it with --drop-caches, as root");
    const uid = vi.spyOn(process, "getuid").mockReturnValue(1000);
    const denied = await runCli(["kernel", scenario, "--drop-caches"]);
    uid.mockRestore();
    expect(denied.err.join("\n")).toContain("--drop-caches needs root");
  });

  test("kernel has a late receiver on a socket as the model does", async () => {
    const { out } = await runCli(["kernel", inRoot("litmus/socket-late.litmus")]);
    expect(out).toContain("the proposition is true in 1 schedule, false in 2");
    expect(out).toContain("3 schedules: 3 as the model allows");
  });

  test("kernel --json counts the schedules and names the one shown", async () => {
    const { out } = await runCli(["kernel", inRoot("litmus/mail-ordered.litmus"), "--json"]);
    const lines = out.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find((line) => line["kind"] === "run")).toMatchObject({
      condition: false,
      positive: 2,
      negative: 4,
      schedule: ["client", "client", "writer", "writer", "client"],
    });
  });

  test("test --on kernel takes what is allowed where a timer decides the rest", async (context) => {
    if (!exact) context.skip(`no profile ${found}`);
    const text = `litmus header
file f = 0x1f * 4096
socket s tcp
thread smbd {
  send(s.a, "hdr.", MSG_ZEROCOPY | MSG_MORE) = 4
  sendfile(s.a, f, 0, 4096) = 4096
  pwrite(f, 0xf0 * 4096, 0)
  hdr = recv(s.b, 4, MSG_WAITALL)
  body = recv(s.b, 4096, MSG_WAITALL)
}
exists (smbd:body = 0xf0 * 4096)
`;
    const folder = mkdtempSync(join(tmpdir(), "splicelab-test-"));
    const file = join(folder, "header.litmus");
    writeFileSync(file, text);
    const { code, out } = await runCli(["test", file, "--on", "kernel"]);
    rmSync(folder, { recursive: true });
    expect(code).toBe(EXIT.asClaimed);
    expect(out[0]).toMatch(/^ok .* (Never|Always)$/);
    expect(out[1]).toMatch(/not all that is allowed was seen: .*, Sometimes in the model/);
  });

  test("kernel --profile says that it was asked for", async () => {
    const other = found === "6.18/tmpfs" ? "6.18/ext4" : "6.18/tmpfs";
    const { err } = await runCli(["kernel", MAIL, "--profile", other]);
    expect(err[0]).toMatch(new RegExp(`compared with ${other}, as asked$`));
  });

  test("exec --on kernel says which expected result is another", async () => {
    const input = 'pipe2(p, 0)\nwrite(p.w, "hello") = 6\n';
    const { code, out } = await runCli(["exec", "--on", "kernel"], { input });
    expect(out.at(-1)).toBe("unexpected: expected 6, got 5");
    expect(code).toBe(EXIT.violated);
  });

  test("kernel --random finds no divergence and tells what the programs do", async (context) => {
    if (!exact) context.skip(`no profile ${found}`);
    const { code, out } = await runCli(["kernel", "--random", "200", "--seed", "11"]);
    expect(out.at(-1)).toMatch(
      /^\S+: 200 programs, \d+\/s, seed 11: 0 divergences, \d+ not modelled, 0 failed$/,
    );
    expect(out[0]).toMatch(/^call +started +succeed +block +fall short +errno$/);
    expect(code).toBe(EXIT.asClaimed);
  });

  test("kernel --random says the same for any number of workers", async (context) => {
    if (!exact) context.skip(`no profile ${found}`);
    const args = ["kernel", "--random", "400", "--seed", "11"];
    const one = await runCli([...args, "--workers", "1"]);
    const three = await runCli([...args, "--workers", "3"]);
    expect(three.out).toEqual(one.out);
    expect(one.out.at(-1)).toContain("400 programs");
  });

  test("kernel finds what a profile of another file system does not allow", async (context) => {
    if (!exact) context.skip(`no profile ${found}`);
    const other = found === "6.18/tmpfs" ? "6.18/ext4" : "6.18/tmpfs";
    const scenario = inRoot("litmus/mail-ordered.litmus");
    const { code, out } = await runCli(["kernel", scenario, "--profile", other]);
    expect(out.join("\n")).toMatch(/\d diverged\n.*client:a.*data: observed 0x/);
    expect(code).toBe(EXIT.violated);
  });

  test("kernel --random ends after Ctrl-C with a summary", async () => {
    const args = ["kernel", "--random", "200", "--seed", "11"];
    const { code, out } = await runCli(args, { interrupt: true });
    expect(code).toBe(EXIT.interrupted);
    expect(out.at(-2)).toMatch(/^\S+: 0 programs, /);
    expect(out.at(-1)).toBe(
      "interrupted after 0 of 200 programs; to go on: splicelab kernel --random 200 --seed 11 --from 0",
    );
  });

  test("exec --on kernel answers EBADF", async () => {
    const input = "splice(9, NULL, 9, NULL, 1, 0)\n";
    const { code, out } = await runCli(["exec", "--on", "kernel"], { input });
    expect(out).toEqual(["[main] splice(9, NULL, 9, NULL, 1, 0) = -1 EBADF"]);
    expect(code).toBe(EXIT.asClaimed);
  });

  test("start prints the mail's twelve lines, kernel and model agreeing", async () => {
    const { code, out } = await runCli(["start", "--no-serve"]);
    expect(out.join("\n")).toMatch(
      /^Why, in the column "model linux": read\(\) at main:a got 0xf0/m,
    );
    for (const { text } of MAIL_LINES) expect(out.join("\n")).toContain(text);
    expect(out[1]).toContain("this kernel");
    if (exact) expect(out.at(-1)).toMatch(/agree in all 12 lines\.$/);
    expect(code).toBe(EXIT.asClaimed);
  });
});

test("doctor names every part, whether it is there and what it is for", async () => {
  const { code, out } = await runCli(["doctor", "--json"]);
  const rows = out.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map((row) => row["name"])).toContain("C compiler");
  for (const row of rows)
    expect(row).toMatchObject({ kind: "feature", why: expect.any(String) as string });
  expect(code).toBe(EXIT.asClaimed);
});

test("kernel wants either scenarios or a number", async () => {
  expect((await runCli(["kernel"])).err.join("\n")).toContain("either scenarios or --random N");
  expect((await runCli(["kernel", "--random", "0"])).code).toBe(EXIT.couldNotRun);
});

test("start shows a recorded run, marked as such, where the kernel cannot be used", async () => {
  vi.stubEnv("XDG_CACHE_HOME", "/dev/null");
  const { code, out, err } = await runCli(["start", "--no-serve"]);
  vi.unstubAllEnvs();
  expect(out[1]).toContain("Linux 6.18, ext4 (recorded)");
  expect(err.join("\n")).toMatch(/^The kernel's column is a recorded run: /);
  expect(code).toBe(EXIT.asClaimed);
});

test.each([
  ["doctor", "--dir"],
  ["kernel", MAIL, "--dir"],
  ["start", "--no-serve", "--dir"],
])("%s says that a directory is none", async (...args) => {
  const { code, err } = await runCli([...args, "/nonexistent"]);
  expect(err).toEqual([
    "splicelab: /nonexistent is not a directory",
    "  remedy: give --dir one that exists",
  ]);
  expect(code).toBe(EXIT.couldNotRun);
});

test.each([
  ["TMPDIR", "/nonexistent", /\/nonexistent is not a directory/],
  ["XDG_CACHE_HOME", "/dev/null", /\/dev\/null\/splicelab cannot be made \(ENOTDIR\)/],
])("kernel says what is wrong with %s", async (name, value, message) => {
  vi.stubEnv(name, value);
  const { code, err } = await runCli(["kernel", MAIL]);
  vi.unstubAllEnvs();
  expect(err.join("\n")).toMatch(message);
  expect(code).toBe(EXIT.couldNotRun);
});

test("kernel --profile names the profiles there are", async () => {
  const { code, err } = await runCli(["kernel", MAIL, "--profile", "6.18/fat"]);
  expect(err.join("\n")).toContain('no profile "6.18/fat"');
  expect(code).toBe(EXIT.couldNotRun);
});

test("a compiler that fails is not one that is absent", async () => {
  const folder = mkdtempSync(join(tmpdir(), "splicelab-cc-"));
  const cc = join(folder, "cc");
  writeFileSync(cc, "#!/bin/sh\necho 'cc: broken' >&2\nexit 1\n", { mode: 0o700 });
  vi.stubEnv("CC", cc);
  vi.stubEnv("XDG_CACHE_HOME", folder);
  const doctor = await runCli(["doctor"]);
  const kernel = await runCli(["kernel", MAIL]);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  expect(doctor.out.join("\n")).toContain(`${cc} fails: cc: broken`);
  if (process.platform === "linux") expect(kernel.err.join("\n")).toContain("found but fails");
  expect(kernel.code).toBe(EXIT.couldNotRun);
});
