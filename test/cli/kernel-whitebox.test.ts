// `kernel --whitebox`: the kernel's own rings and folios beside those of the model.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { EXIT } from "../../src/cli/exit.js";
import { fileSystemOf } from "../../src/kernel/features.js";
import { whyNoWhitebox } from "../../src/kernel/whitebox.js";
import { parseProgram } from "../../src/language/parse-program.js";
import { readOrder } from "../../src/report/kernel-data.js";
import { kernelRunSchema, scenarioHash } from "../../src/report/kernel-run.js";
import { runCli } from "./fake-edge.js";

const MAIL = "litmus/mail.litmus";
const missing = await whyNoWhitebox();
if (missing !== undefined) console.warn(`skipped: no white box: ${missing.why}`);

/** A folio's row of --json. */
interface Row {
  readonly kind: string;
  readonly moment: string;
  readonly refs: number;
  readonly allowed: readonly number[];
  readonly where: string;
  readonly terms: string;
}

/** A divergence's row of --json. */
interface Found {
  readonly kind: string;
  readonly text: string;
  readonly differences: readonly string[];
  readonly file: string;
}

const rowsOf = (out: readonly string[]): Row[] =>
  out.map((line) => JSON.parse(line) as Row).filter(({ kind }) => kind === "folio");

describe.skipIf(missing !== undefined)("with a white box", { timeout: 60_000 }, () => {
  test("the mail's folios are counted as the model says", async ({ skip }) => {
    if (fileSystemOf("/tmp").name !== "ext4") skip("the counts are those of ext4");
    const args = ["kernel", MAIL, "--whitebox", "--dir", "/tmp"];
    const { code, out, err } = await runCli([...args, "--json"]);
    expect(code, "the author's condition does not hold").toBe(EXIT.violated);
    expect(err.join("\n")).toContain("1 schedule: 1 as the model allows");
    const rows = rowsOf(out);
    const spliced = rows.filter(({ moment }) => moment === "after splice(), call 4 of main");
    expect(spliced.map(({ where, refs, terms }) => [where, refs, terms])).toEqual([
      ["p slots 0, main:f pages 0", 2, "1 cached + 1 slot"],
      ["p slots 1, main:f pages 1", 3, "1 cached + 1 private + 1 slot"],
    ]);
    for (const row of rows) expect(row.allowed).toContain(row.refs);
    const text = await runCli(args);
    expect(text.out.find((line) => line.includes("p slots 1, main:f pages 1"))).toMatch(
      / 3 +3 +1 /,
    );
  });

  test("--json ends with all orders, which can be compared again", async () => {
    const { out } = await runCli(["kernel", MAIL, "--whitebox", "--dir", "/tmp", "--json"]);
    const run = v.parse(kernelRunSchema, JSON.parse(out.at(-1)!));
    expect(run).toMatchObject({ scenario: "mail", complete: true, whitebox: true });
    const program = parseProgram(run.text).program!;
    expect(run.hash).toBe(scenarioHash(program));
    const { outcome, snapshots } = readOrder(program, run.orders[0]!);
    expect(outcome!.results.map(({ ret }) => ret)).toEqual([
      3, 4096, 0, 8192, 4096, 4096, 4096, 4096,
    ]);
    expect(snapshots).toHaveLength(9);
    expect(snapshots![4]!.pipes[0]!.slots.map(({ folio }) => folio.id)).toEqual(
      snapshots![4]!.files[0]!.pages.map(({ folio }) => folio.id),
    );
  });

  test("pages of memory are counted, and the zero page is not", async ({ skip }) => {
    if (fileSystemOf("/tmp").name !== "ext4") skip("this profile is the one that is wanted");
    const map = (flags: string, name: string): string =>
      `  ${name} = mmap(NULL, 4096, PROT_READ | PROT_WRITE, ${flags} | MAP_ANONYMOUS, -1, 0)`;
    const input = [
      ...["litmus memory", "", "pipe p", "", "thread t {"],
      ...[map("MAP_PRIVATE", "z"), map("MAP_PRIVATE", "a"), map("MAP_SHARED", "b")],
      ...["  store(a, 0x11 * 4096, 0)", "  store(b, 0x12 * 4096, 0)"],
      ...["z", "a", "b"].map((name) => `  vmsplice(p.w, ${name}, 4096, 0, 0)`),
      ...["  madvise(b, 4096, MADV_DONTNEED)", "  munmap(b, 4096)", "}", ""],
    ].join("\n");
    const args = ["kernel", "-", "--whitebox", "--dir", "/tmp", "--json"];
    const { code, out } = await runCli(args, { input });
    expect(code, out.join("\n")).toBe(EXIT.asClaimed);
    const last = rowsOf(out).filter(({ moment }) => moment.startsWith("after munmap()"));
    const before = rowsOf(out).filter(({ moment }) =>
      moment.startsWith("after vmsplice(), call 8"),
    );
    expect(before.map(({ where, allowed }) => [where, allowed])).toEqual([
      ["p slots 1", [2]],
      ["p slots 2", [3]],
    ]);
    expect(last.map(({ where, refs }) => [where, refs])).toEqual([
      ["p slots 1", 2],
      ["p slots 2", 1],
    ]);
  });

  const AROUND = `litmus around
file f = 0xa0 * 8192
thread t {
  m = mmap(NULL, 8192, PROT_READ, MAP_SHARED, f, 0)
  load(m, 1, 0)
  fsync(f)
  posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)
}`;
  const MARKED = `litmus marked
file f = hole 8192
pipe p
thread t {
  again = open("f", O_RDWR)
  splice(f, NULL, p.w, NULL, 4096, 0)
  ftruncate(again, 12288)
  read(again, 8192)
}`;

  test.for([
    ["a fault has mapped around its own", AROUND],
    ["a description read on from the mark of another one's readahead", MARKED],
  ] as const)("a page may be there: %s", async ([, input], { skip }) => {
    if (fileSystemOf("/tmp").name !== "ext4") skip("this profile is the one that is wanted");
    const args = ["kernel", "-", "--whitebox", "--dir", "/tmp"];
    const { code, out, err } = await runCli(args, { input });
    expect(code, out.join("\n")).toBe(EXIT.asClaimed);
    expect(err.join("\n") + out.join("\n")).toContain("1 schedule: 1 as the model allows");
  });

  test("random programs agree at every moment", async ({ skip }) => {
    if (fileSystemOf("/tmp").name !== "ext4") skip("this profile is the one that is wanted");
    const random = ["kernel", "--random", "80", "--seed", "1", "--workers", "1", "--dir", "/tmp"];
    const { code, out } = await runCli([...random, "--whitebox", "--json"]);
    expect(code, out.join("\n")).toBe(EXIT.asClaimed);
    const sum = JSON.parse(out.at(-1)!) as { divergences: number; moments: number };
    expect(sum.divergences).toBe(0);
    expect(sum.moments).toBeGreaterThan(400);
  });

  test("a model that counts otherwise is noticed", async ({ skip }) => {
    if (fileSystemOf("/tmp").name !== "ext4") skip("the counts are those of ext4");
    const profile = ["--profile", "6.18/ext4,private=none"];
    const { code, out } = await runCli(["kernel", MAIL, "--whitebox", "--dir", "/tmp", ...profile]);
    expect(code).toBe(EXIT.violated);
    const said = out.join("\n");
    expect(said).toContain("1 schedule: 1 diverged");
    expect(said).toContain("references: observed 2; the model allows only 1");
    expect(said).toContain("private data: observed yes; the model allows only no");
  });

  test("a divergence of the white box is shrunk as others are", async ({ skip }) => {
    if (fileSystemOf("/tmp").name !== "ext4") skip("the counts are those of ext4");
    const random = ["kernel", "--random", "5", "--seed", "1", "--workers", "1", "--dir", "/tmp"];
    const without = await runCli([...random, "--profile", "6.18/ext4,private=none"]);
    expect(without.code, "no outcome tells of it").toBe(EXIT.asClaimed);
    const profile = ["--profile", "6.18/ext4,private=none", "--whitebox", "--json"];
    const save = await mkdtemp(join(tmpdir(), "splicelab-test-"));
    const { code, out } = await runCli([...random, ...profile, "--save", save]);
    expect(code).toBe(EXIT.violated);
    const first = JSON.parse(out[0]!) as Found;
    expect(first.kind).toBe("divergence");
    expect(await readFile(first.file, "utf8")).toContain(`\n\n${first.text}`);
    await rm(save, { recursive: true });
    expect(first.text.split("\n").length).toBeLessThan(12);
    expect(first.differences.join("\n")).toContain("private data");
  });
});

test("without one it says why, and compares the rest", async ({ skip }) => {
  if (process.platform !== "linux") skip("needs Linux");
  const before = process.env["CLANG"];
  process.env["CLANG"] = "no-such-clang";
  try {
    const { code, out, err } = await runCli(["kernel", MAIL, "--whitebox"]);
    expect(err.join("\n")).toMatch(/without the white box: .+/);
    expect(out.join("\n")).toContain("1 schedule: ");
    expect([EXIT.violated, EXIT.undecided]).toContain(code);
  } finally {
    if (before === undefined) delete process.env["CLANG"];
    else process.env["CLANG"] = before;
  }
});
