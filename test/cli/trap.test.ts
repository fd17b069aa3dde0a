// What each command says and does where the core traps: here the core of a mutant, one of whose assertions fails.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import type * as randomCase from "../../src/cli/random-case.js";
import { ExecutorUnavailable, buildExecutor } from "../../src/kernel/host.js";
import { parseProgram } from "../../src/language/parse-program.js";
import { mutantCores } from "../../tools/mutants/build.js";
import { inRoot } from "../../tools/paths.js";
import { runCli } from "./fake-edge.js";
import type { CliRun } from "./fake-edge.js";

/** The number of TEE_WITHOUT_REFERENCE: whoever drops the second reference finds none. */
const MUTANT = 1;
const MINUTES_MS = 60_000;

vi.mock("../../build/core/release.js", async () => {
  const { mutantCores: build } = await import("../../tools/mutants/build.js");
  return { default: (await build([1]))[0] };
});

/** Random programs of which few trap. */
vi.mock("../../src/cli/random-case.js", async (original) => ({
  ...(await original<typeof randomCase>()),
  caseOf: (_seed: number, index: number) => ({
    program: parseProgram(index % 150 === 140 ? TEXT : WRITE).program!,
    picks: [],
  }),
}));

const folder = mkdtempSync(join(tmpdir(), "splicelab-trap-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const CALLS = [`write(p.w, "hello")`, "tee(p.r, q.w, 5, 0)", "read(p.r, 5)", "read(q.r, 5)"];
const TEXT = `litmus tee\npipe p\npipe q\nthread t {\n${CALLS.join("\n")}\n}\n`;
const FILE = join(folder, "tee.litmus");
const WRITE = `litmus write\npipe p\nthread t {\nwrite(p.w, "a")\n}\n`;
writeFileSync(FILE, TEXT);
writeFileSync(join(folder, "write.litmus"), WRITE);

const SENTENCE = /the core trapped, and that is a defect of splicelab: a reference is dropped/;
const TOKEN = /sl1:[\w-]+/;

/** The run could not be made, says whose fault that is and what to report, and nothing of the program's inside. */
function expectTold(
  { code, out, err }: CliRun,
  lines: readonly string[] = [...err, ...out],
): string {
  expect(code).toBe(3);
  const text = lines.join("\n");
  expect(text).toMatch(SENTENCE);
  expect(text).not.toMatch(/^ +at /m);
  return TOKEN.exec(text)![0];
}

test("run gives a token that traps again", async () => {
  const ran = await runCli(["run", FILE]);
  const token = expectTold(ran);
  expect(ran.out).toEqual([]);
  expect(expectTold(await runCli(["run", token]))).toBe(token);
});

test.each([[["run", FILE]], [["explore", FILE]], [["explore", FILE, "--sample", "10"]]])(
  "%j with --json prints one object",
  async (args) => {
    const ran = await runCli([...args, "--json"]);
    expectTold(ran, ran.err);
    expect(ran.out).toHaveLength(1);
    const { kind, message, remedy } = JSON.parse(ran.out[0]!) as Record<string, string>;
    expect(kind).toBe("error");
    expect(message).toMatch(SENTENCE);
    expect(remedy).toMatch(TOKEN);
  },
);

test("explore does not print a part of its result", async () => {
  const ran = await runCli(["explore", FILE]);
  expectTold(ran);
  expect(ran.out).toEqual([]);
});

test("exec goes on without the call", async () => {
  const lines = ["pipe2(p, 0)", "pipe2(q, 0)", ...CALLS, `write(p.w, "abc")`];
  const ran = await runCli(["exec", "--on", "model"], { input: `${lines.join("\n")}\n` });
  expectTold(ran, ran.err);
  expect(ran.out).toHaveLength(lines.length - 1);
  expect(ran.out.at(-1)).toMatch(/ = 3$/);
});

test("test goes on with the other scenarios", async () => {
  const text = await runCli(["test", folder]);
  expectTold(text);
  const json = await runCli(["test", folder, "--json"]);
  const cases = json.out.map((line) => JSON.parse(line) as { file: string; differences: string[] });
  expect(cases.map(({ file }) => file)).toEqual([FILE, join(folder, "write.litmus")]);
  expect(cases[0]!.differences[0]).toMatch(SENTENCE);
  expect(cases[1]!.differences[0]).toMatch(/is missing/);
});

test("threads of a search end with it", { timeout: MINUTES_MS }, async () => {
  await mutantCores([MUTANT]);
  const bytes = JSON.stringify(inRoot(`build/mutants/${MUTANT}.wasm`));
  const source = `import { readFileSync } from "node:fs"; export default new Uint8Array(readFileSync(${bytes}));`;
  const other = JSON.stringify({ format: "module", shortCircuit: true, source });
  const hook = `export const load = (url, context, next) => url.endsWith("/core/release.js") ? ${other} : next(url, context);`;
  const data = (script: string): string => `data:text/javascript,${encodeURIComponent(script)}`;
  const hooked = `import { register } from "node:module"; register(${JSON.stringify(data(hook))});`;
  const command = ["src/cli/main.ts", "explore", FILE, "--workers", "2", "--json"];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--import", data(hooked), ...command],
    { cwd: inRoot(), encoding: "utf8", timeout: MINUTES_MS },
  );
  const [out, err] = [stdout, stderr].map((text) => text.trim().split("\n")) as [
    string[],
    string[],
  ];
  expectTold({ code: status!, out, err, progress: [] }, err);
  expect(out.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(["error"]);
});

/** Why nothing can run on this kernel, or undefined. */
const missing = await buildExecutor().then(
  () => undefined,
  (error: unknown) => {
    if (error instanceof ExecutorUnavailable) return error.message;
    throw error;
  },
);

describe.skipIf(missing)("on a kernel", () => {
  test("kernel FILE tells of the case", async () => {
    const ran = await runCli(["kernel", FILE]);
    expect(await runCli(["run", expectTold(ran)])).toMatchObject({ code: 3, out: [] });
    expect(ran.out).toContain("1 schedule: 1 trapped");
  });

  test("kernel --random goes on", async () => {
    const args = ["kernel", "--random", "400", "--seed", "1", "--workers", "2"];
    const ran = await runCli(args);
    expectTold(ran);
    expect(ran.out.join("\n")).toMatch(/^program 140: the core trapped/m);
    expect(ran.out.at(-1)).toMatch(/: 400 programs, .* 0 divergences, .* 2 trapped the core$/);
    const json = await runCli([...args, "--json"]);
    expectTold(json);
    const [sum] = json.out.map((line) => JSON.parse(line) as object);
    expect(sum).toMatchObject({ programs: 400, trapped: 2, divergences: 0, complete: true });
  });

  test("test --on kernel goes on", async () => {
    const ran = await runCli(["test", folder, "--on", "kernel"]);
    expectTold(ran);
    expect(ran.err.at(-1)).toMatch(/: 1 case passed, 1 failed, 0 skipped$/);
  });
});
